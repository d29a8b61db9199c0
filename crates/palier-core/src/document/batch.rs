//! The body of an envelope that carries changes: the changes of one document, compressed.
//!
//! ```text
//! body   = zstd( change* )
//! change = flag u8 · length LEB128 · content of the chunk, without its dependencies where
//!          flag = 1, which says that it stands on the change before it in the batch alone
//! ```
//!
//! A change carries the hash of the one before it, and its own checksum: 36 random bytes that
//! no compression shrinks, and that follow from the batch itself.

use std::{
    fmt,
    io::{self, Read},
};

use zstd::{
    bulk::Compressor,
    zstd_safe::{DCtx, ResetDirective},
};

use crate::{
    bytes::Reader,
    document::chunk::{self, Chunk},
    refusal::Refusal,
};

/// The largest batch, unpacked, in bytes.
pub const MAX_UNPACKED_BYTES: u64 = 4 << 20;
/// The most changes in one batch.
pub const MAX_CHANGES: usize = 2_000;
const LEVEL: i32 = 9;

const STANDS_ON_GIVEN: u8 = 0;
const STANDS_ON_PREVIOUS: u8 = 1;
/// Bytes of "one dependency" and its hash, at the start of a chunk's content.
const ONE_DEPENDENCY: usize = 33;

/// The most memory that is kept for the next batch.
const MAX_KEPT_BYTES: usize = 1 << 20;

/// Packs changes, each the bytes of one plain change chunk.
///
/// # Errors
/// One of them is no such chunk ([`Refusal::BadChanges`]).
pub fn pack<'a>(changes: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Refusal> {
    Packer::default().pack(changes)
}

/// Packs one batch after the other: to make what compresses costs more than the batch of a
/// visit takes in it. What it packed before changes nothing in what it gives.
#[derive(Default)]
pub struct Packer(Option<Compressor<'static>>);

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Packer")
    }
}

impl Packer {
    /// As [`pack`].
    ///
    /// # Errors
    /// As [`pack`].
    pub fn pack<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Vec<u8>, Refusal> {
        let mut plain = Vec::new();
        let mut previous = None;
        for change in changes {
            let (chunk, rest) = Chunk::read(change).map_err(|_reason| Refusal::BadChanges)?;
            if !rest.is_empty() {
                return Err(Refusal::BadChanges);
            }
            let stands_on_previous =
                previous.is_some_and(|previous| chunk.dependencies == [previous]);
            let (flag, content) = if stands_on_previous {
                (STANDS_ON_PREVIOUS, chunk.content.get(ONE_DEPENDENCY..))
            } else {
                (STANDS_ON_GIVEN, Some(chunk.content))
            };
            let content = content.ok_or(Refusal::BadChanges)?;
            plain.push(flag);
            chunk::write_unsigned(&mut plain, content.len() as u64);
            plain.extend_from_slice(content);
            previous = Some(chunk.hash);
        }
        self.compress(&plain).map_err(|_reason| Refusal::BadChanges)
    }

    /// In one go: the encoder then sizes its tables to the batch, which is small.
    fn compress(&mut self, plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut compressor = match self.0.take() {
            Some(compressor) => compressor,
            None => Compressor::new(LEVEL)?,
        };
        // One that failed is not used again, nor one that holds much.
        let packed = compressor.compress(plain)?;
        self.0 = Some(compressor).filter(|_| plain.len() <= MAX_KEPT_BYTES);
        Ok(packed)
    }
}

/// Unpacks changes into the bytes of plain change chunks, never more than
/// [`MAX_UNPACKED_BYTES`].
///
/// # Errors
/// [`Refusal::TooLarge`], or [`Refusal::BadChanges`] where it does not unpack.
pub fn unpack(body: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    Unpacker::default().unpack(body)
}

/// Unpacks one batch after the other, as a [`Packer`] packs them.
#[derive(Default)]
pub struct Unpacker(Option<DCtx<'static>>);

impl Unpacker {
    /// As [`unpack`].
    ///
    /// # Errors
    /// As [`unpack`].
    pub fn unpack(&mut self, body: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
        let plain = self
            .decompress(body)
            .map_err(|_reason| Refusal::BadChanges)?;
        if plain.len() as u64 > MAX_UNPACKED_BYTES {
            return Err(Refusal::TooLarge);
        }
        let mut reader = Reader::new(&plain);
        let mut changes: Vec<Vec<u8>> = Vec::new();
        let mut previous = None;
        while !reader.is_done() {
            if changes.len() == MAX_CHANGES {
                return Err(Refusal::TooLarge);
            }
            let (hash, change) =
                unpack_one(&mut reader, previous).map_err(|_reason| Refusal::BadChanges)?;
            previous = Some(hash);
            changes.push(change);
        }
        if changes.is_empty() {
            return Err(Refusal::BadChanges);
        }
        Ok(changes)
    }

    /// One byte more than the cap, at most.
    fn decompress(&mut self, body: &[u8]) -> io::Result<Vec<u8>> {
        let kept = self.0.take().or_else(DCtx::try_create);
        let mut context = kept.ok_or_else(no_memory)?;
        let mut decoder = zstd::Decoder::with_context(body, &mut context);
        // A frame may ask for a window as large as memory; ours never do.
        decoder.window_log_max(23)?;
        let mut plain = Vec::new();
        decoder
            .take(MAX_UNPACKED_BYTES + 1)
            .read_to_end(&mut plain)?;
        // One that failed is not used again, nor one that holds much; one that was left within
        // a frame begins with the next.
        context
            .reset(ResetDirective::SessionOnly)
            .map_err(|_code| no_memory())?;
        self.0 = Some(context).filter(|context| context.sizeof() <= MAX_KEPT_BYTES);
        Ok(plain)
    }
}

fn unpack_one(
    reader: &mut Reader<'_>,
    previous: Option<[u8; 32]>,
) -> Result<([u8; 32], Vec<u8>), crate::bytes::Malformed> {
    use crate::bytes::Malformed;

    let flag = reader.u8()?;
    let length = usize::try_from(chunk::unsigned(reader)?).map_err(|_too_long| Malformed)?;
    let written = reader.take(length)?;
    let change = match (flag, previous) {
        (STANDS_ON_GIVEN, _) => chunk::enclose(written),
        (STANDS_ON_PREVIOUS, Some(previous)) => {
            chunk::enclose(&[&[1], previous.as_slice(), written].concat())
        }
        _ => return Err(Malformed),
    };
    let (chunk, _rest) = Chunk::read(&change)?;
    let hash = chunk.hash;
    Ok((hash, change))
}

fn no_memory() -> io::Error {
    io::ErrorKind::OutOfMemory.into()
}

#[cfg(test)]
mod tests {
    use automerge::{ActorId, Automerge, ROOT, ReadDoc, transaction::Transactable};

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test sets the actor itself")]
    fn changes(count: usize) -> Vec<Vec<u8>> {
        let mut doc = Automerge::new();
        doc.set_actor(ActorId::from([7; 16]));
        (0..count)
            .map(|key| {
                let mut transaction = doc.transaction();
                transaction.put(ROOT, format!("k{key}"), "v").unwrap();
                let (hash, _) = transaction.commit();
                let change = doc.get_change_by_hash(&hash.unwrap()).unwrap();
                change.raw_bytes().to_vec()
            })
            .collect()
    }

    #[test]
    fn a_batch_reads_back_and_does_not_carry_what_follows_from_it() {
        for count in [1, 2, 60] {
            let changes = changes(count);
            let body = pack(changes.iter().map(Vec::as_slice)).unwrap();
            assert_eq!(unpack(&body).unwrap(), changes);
        }
        let sixty = changes(60);
        let body = pack(sixty.iter().map(Vec::as_slice)).unwrap();
        assert!(body.len() < 60 * 32, "{} bytes", body.len());
    }

    #[test]
    fn changes_that_do_not_follow_each_other_keep_their_dependencies() {
        let changes = changes(3);
        let some = [changes[0].as_slice(), changes[2].as_slice()];
        assert_eq!(unpack(&pack(some).unwrap()).unwrap(), some);
    }

    #[test]
    fn a_bomb_is_refused_before_it_unpacks() {
        let bomb = zstd::encode_all(io::repeat(0).take(1 << 30), 1).unwrap();
        assert_eq!(unpack(&bomb), Err(Refusal::TooLarge));
    }

    #[test]
    fn what_was_packed_or_refused_before_changes_nothing() {
        let (mut packer, mut unpacker) = (Packer::default(), Unpacker::default());
        let sixty = changes(60);
        let fresh = pack(sixty.iter().map(Vec::as_slice)).unwrap();
        let bomb = zstd::encode_all(io::repeat(0).take(1 << 30), 1).unwrap();
        let small = pack(changes(1).iter().map(Vec::as_slice)).unwrap();
        for before in [bomb.as_slice(), b"rien", &small[..small.len() - 3], &small] {
            let _ = unpacker.unpack(before);
            let _ = packer.pack([before]);
            let body = packer.pack(sixty.iter().map(Vec::as_slice)).unwrap();
            assert_eq!(body, fresh);
            assert_eq!(unpacker.unpack(&body).unwrap(), sixty);
        }
    }

    #[test]
    fn bytes_that_are_no_batch_are_refused() {
        assert_eq!(unpack(b"rien"), Err(Refusal::BadChanges));
        assert_eq!(unpack(&pack([]).unwrap()), Err(Refusal::BadChanges));
        let body = pack(changes(2).iter().map(Vec::as_slice)).unwrap();
        assert_eq!(unpack(&body[..body.len() - 3]), Err(Refusal::BadChanges));
        let orphan = zstd::encode_all([STANDS_ON_PREVIOUS, 1, 0].as_slice(), 1).unwrap();
        assert_eq!(unpack(&orphan), Err(Refusal::BadChanges));
    }
}

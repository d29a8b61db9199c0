//! The outside of a change, read without automerge.
//!
//! Source: the automerge storage format, "change chunks"
//! (<https://automerge.org/automerge-binary-format-spec/>). Only plain change chunks are
//! taken; a chunk that brings its own compression is not, since the body of an envelope is
//! already compressed and its size bounded.

use sha2::{Digest, Sha256};

use crate::bytes::{Malformed, Reader};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
/// Column of the action of each operation: id 4, an unsigned number, run-length encoded.
const ACTION_COLUMN: u64 = 0x42;
/// Bit of a column that is compressed on its own.
const COMPRESSED_COLUMN: u64 = 0x08;

/// What can be told of a change before automerge reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chunk<'a> {
    /// All its bytes.
    pub bytes: &'a [u8],
    /// What stands after magic, checksum, type and length.
    pub content: &'a [u8],
    /// Its hash, as others name it.
    pub hash: [u8; 32],
    /// The changes that it stands on.
    pub dependencies: Vec<[u8; 32]>,
    /// Who wrote it.
    pub actor: &'a [u8],
    /// Its place among the actor's changes, from 1.
    pub seq: u64,
    /// When it was written, in seconds since 1970.
    pub time_s: i64,
    /// How many operations it holds; runs are counted, not unrolled.
    pub operations: u64,
}

impl<'a> Chunk<'a> {
    /// Reads the chunk at the start of `bytes`, and gives what follows it.
    ///
    /// # Errors
    /// It is no plain change chunk, or its checksum does not fit.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Malformed> {
        let mut reader = Reader::new(bytes);
        let magic: [u8; 4] = reader.array()?;
        let checksum: [u8; 4] = reader.array()?;
        let kind = reader.u8()?;
        if magic != MAGIC || kind != CHANGE {
            return Err(Malformed);
        }
        let length = usize::try_from(unsigned(&mut reader)?).map_err(|_too_long| Malformed)?;
        let content = reader.take(length)?;
        let (whole, rest) = bytes.split_at(bytes.len() - reader.left());
        let hash: [u8; 32] = Sha256::digest(whole.get(8..).ok_or(Malformed)?).into();
        if !hash.starts_with(&checksum) {
            return Err(Malformed);
        }
        Ok((Self::read_content(whole, content, hash)?, rest))
    }

    fn read_content(bytes: &'a [u8], content: &'a [u8], hash: [u8; 32]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(content);
        let dependencies = (0..unsigned(&mut reader)?)
            .map(|_| reader.array())
            .collect::<Result<_, _>>()?;
        let actor = counted(&mut reader)?;
        let seq = unsigned(&mut reader)?;
        let _start_op = unsigned(&mut reader)?;
        let time_s = signed(&mut reader)?;
        let _message = counted(&mut reader)?;
        for _ in 0..unsigned(&mut reader)? {
            counted(&mut reader)?;
        }
        Ok(Self {
            bytes,
            content,
            hash,
            dependencies,
            actor,
            seq,
            time_s,
            operations: count_operations(&mut reader)?,
        })
    }
}

/// Puts magic, checksum, type and length before a chunk's content.
#[must_use]
pub fn enclose(content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![CHANGE];
    write_unsigned(&mut hashed, content.len() as u64);
    hashed.extend_from_slice(content);
    let hash = Sha256::digest(&hashed);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(hash.iter().take(4));
    bytes.extend(hashed);
    bytes
}

/// Reads the columns' list, and sums the runs of the action column.
fn count_operations(reader: &mut Reader<'_>) -> Result<u64, Malformed> {
    let count = unsigned(reader)?;
    let mut before = 0_usize;
    let mut actions = None;
    for _ in 0..count {
        let column = unsigned(reader)?;
        let length = usize::try_from(unsigned(reader)?).map_err(|_too_long| Malformed)?;
        if column & COMPRESSED_COLUMN != 0 {
            return Err(Malformed);
        }
        if column == ACTION_COLUMN {
            actions = Some((before, length));
        }
        before = before.checked_add(length).ok_or(Malformed)?;
    }
    match actions {
        None => Ok(0),
        Some((start, length)) => {
            reader.take(start)?;
            count_run_lengths(Reader::new(reader.take(length)?))
        }
    }
}

/// Sums a run-length encoding: `n > 0` repeats one value, `n < 0` lists values, 0 is nulls.
fn count_run_lengths(mut runs: Reader<'_>) -> Result<u64, Malformed> {
    let mut sum = 0_u64;
    while !runs.is_done() {
        let run = signed(&mut runs)?;
        let values = match run {
            0 => 0,
            1.. => 1,
            _ => run.unsigned_abs(),
        };
        let counted = if run == 0 {
            unsigned(&mut runs)?
        } else {
            run.unsigned_abs()
        };
        for _ in 0..values {
            unsigned(&mut runs)?;
        }
        sum = sum.checked_add(counted).ok_or(Malformed)?;
    }
    Ok(sum)
}

fn counted<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let length = usize::try_from(unsigned(reader)?).map_err(|_too_long| Malformed)?;
    reader.take(length)
}

/// An unsigned LEB128 number.
pub(super) fn unsigned(reader: &mut Reader<'_>) -> Result<u64, Malformed> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8()?;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(Malformed);
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Malformed)
}

/// A signed LEB128 number.
fn signed(reader: &mut Reader<'_>) -> Result<i64, Malformed> {
    let mut number = 0_i64;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8()?;
        number |= i64::from(byte & 0x7f).wrapping_shl(shift);
        if byte & 0x80 == 0 {
            let negative = byte & 0x40 != 0 && shift + 7 < 64;
            return Ok(if negative {
                number | (-1_i64).wrapping_shl(shift + 7)
            } else {
                number
            });
        }
    }
    Err(Malformed)
}

/// Writes an unsigned LEB128 number.
pub(super) fn write_unsigned(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0x7f);
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use automerge::{ActorId, Automerge, Change, ROOT, ReadDoc, transaction::Transactable};
    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test sets the actor itself")]
    fn change(keys: usize) -> Change {
        let mut doc = Automerge::new();
        doc.set_actor(ActorId::from([7; 16]));
        let mut transaction = doc.transaction();
        for key in 0..keys {
            transaction.put(ROOT, format!("k{key}"), "v").unwrap();
        }
        let (hash, _) = transaction.commit();
        doc.get_change_by_hash(&hash.unwrap()).unwrap()
    }

    #[test]
    fn it_sees_what_automerge_sees() {
        for keys in [1, 2, 5, 70] {
            let change = change(keys);
            let (chunk, rest) = Chunk::read(change.raw_bytes()).unwrap();
            assert!(rest.is_empty());
            assert_eq!(chunk.hash, change.hash().0);
            assert_eq!(chunk.seq, change.seq());
            assert_eq!(chunk.actor, change.actor_id().to_bytes());
            assert_eq!(chunk.operations, change.len() as u64);
            assert_eq!(enclose(chunk.content), change.raw_bytes());
        }
    }

    #[test]
    fn a_run_of_billions_is_counted_without_being_unrolled() {
        let mut run = Vec::new();
        // 2^40 times the value 1, as a signed LEB128 length and a value.
        run.extend([0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01]);
        assert_eq!(count_run_lengths(Reader::new(&run)), Ok(1 << 40));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Chunk::read(&enclose(&bytes));
            let _ = Chunk::read(&bytes);
        }

        #[test]
        fn unsigned_numbers_read_back(number: u64) {
            let mut bytes = Vec::new();
            write_unsigned(&mut bytes, number);
            prop_assert_eq!(unsigned(&mut Reader::new(&bytes)), Ok(number));
        }
    }
}

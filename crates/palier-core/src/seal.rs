//! Sealing: a team's documents with the team's key, and a team's key or a pseudonym to a device.

mod name;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hpke::{
    Deserializable, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

pub use name::SealedName;

use crate::{
    bytes::{Malformed, Reader, Writer},
    key::{ReceiveKey, Secret, TeamKey},
};

/// It cannot be opened: another key, another header, or changed bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("it cannot be opened with this key")]
pub struct CannotOpen;

/// Bytes of a nonce before sealed bytes.
const NONCE: usize = 24;
/// What a team key is sealed for (the `info` of HPKE).
const KEY_INFO: &[u8] = b"palier team key 1";

/// Seals `plain` with a team's key, bound to `header` (XChaCha20-Poly1305).
///
/// `nonce` must be random: a device restored from a backup may seal another body under the
/// same header.
///
/// # Errors
/// The body is longer than the cipher allows (256 GiB).
pub fn seal_body(
    key: &TeamKey,
    nonce: [u8; NONCE],
    header: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, CannotOpen> {
    let payload = Payload {
        msg: plain,
        aad: header,
    };
    let sealed = XChaCha20Poly1305::new(&key.bytes.into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_reason| CannotOpen)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal_body`] sealed.
///
/// # Errors
/// Another key, another header, or changed bytes.
pub fn open_body(key: &TeamKey, header: &[u8], sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(CannotOpen)?;
    let payload = Payload {
        msg: sealed,
        aad: header,
    };
    XChaCha20Poly1305::new(&key.bytes.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_reason| CannotOpen)
}

/// A team key sealed to one receiver (HPKE, RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256),
/// HKDF-SHA256, ChaCha20-Poly1305; the team is the associated data).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedKey {
    /// Which of the team's keys.
    pub epoch: u32,
    /// To whom.
    pub to: ReceiveKey,
    /// The encapsulated key.
    encapsulated: [u8; 32],
    /// The sealed key and its tag.
    sealed: [u8; 48],
}

impl SealedKey {
    /// Seals `key` to a receiver, with 32 random bytes.
    ///
    /// # Errors
    /// The receiver's key is not a point that can be sealed to.
    pub fn seal(
        key: &TeamKey,
        to: ReceiveKey,
        team: &[u8],
        entropy: [u8; 32],
    ) -> Result<Self, CannotOpen> {
        let (encapsulated, sealed) = seal_to(
            to,
            KEY_INFO,
            &associated(team, key.epoch),
            &key.bytes,
            entropy,
        )?;
        Ok(Self {
            epoch: key.epoch,
            to,
            encapsulated,
            sealed,
        })
    }

    /// Opens it with the receiver's secret.
    ///
    /// # Errors
    /// It was sealed to another, or for another team, or was changed.
    pub fn open(&self, secret: &Secret, team: &[u8]) -> Result<TeamKey, CannotOpen> {
        let bytes = open_with(
            secret,
            KEY_INFO,
            &associated(team, self.epoch),
            &self.encapsulated,
            &self.sealed,
        )?;
        Ok(TeamKey {
            epoch: self.epoch,
            bytes: bytes.try_into().map_err(|_length| CannotOpen)?,
        })
    }

    /// Writes it into a layout.
    pub fn write(&self, writer: &mut Writer) {
        writer
            .u32(self.epoch)
            .put(&self.to.0)
            .put(&self.encapsulated)
            .put(&self.sealed);
    }

    /// Reads it from a layout.
    ///
    /// # Errors
    /// It is cut.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            epoch: reader.u32()?,
            to: ReceiveKey(reader.array()?),
            encapsulated: reader.array()?,
            sealed: reader.array()?,
        })
    }
}

/// Writes a list of sealed keys into a layout: count u16 · sealed keys.
pub fn write_keys(keys: &[SealedKey], writer: &mut Writer) {
    writer.u16(u16::try_from(keys.len()).unwrap_or(u16::MAX));
    for key in keys {
        key.write(writer);
    }
}

/// Reads a list of sealed keys from a layout.
///
/// # Errors
/// It is cut.
pub fn read_keys(reader: &mut Reader<'_>) -> Result<Vec<SealedKey>, Malformed> {
    let count = reader.u16()?;
    (0..count).map(|_| SealedKey::read(reader)).collect()
}

/// Seals `plain`, whose length every reader knows, to a receiver.
fn seal_to<const SEALED: usize>(
    to: ReceiveKey,
    info: &[u8],
    associated: &[u8],
    plain: &[u8],
    entropy: [u8; 32],
) -> Result<([u8; 32], [u8; SEALED]), CannotOpen> {
    let public = <X25519HkdfSha256 as hpke::Kem>::PublicKey::from_bytes(&to.0)
        .map_err(|_reason| CannotOpen)?;
    let (encapsulated, sealed) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            info,
            plain,
            associated,
            &mut ChaCha20Rng::from_seed(entropy),
        )
        .map_err(|_reason| CannotOpen)?;
    let mut encapsulated_bytes = [0; 32];
    encapsulated.write_exact(&mut encapsulated_bytes);
    let sealed = sealed.try_into().map_err(|_length| CannotOpen)?;
    Ok((encapsulated_bytes, sealed))
}

fn open_with(
    secret: &Secret,
    info: &[u8],
    associated: &[u8],
    encapsulated: &[u8; 32],
    sealed: &[u8],
) -> Result<Vec<u8>, CannotOpen> {
    let encapsulated = <X25519HkdfSha256 as hpke::Kem>::EncappedKey::from_bytes(encapsulated)
        .map_err(|_reason| CannotOpen)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &secret.private_receive_key(),
        &encapsulated,
        info,
        sealed,
        associated,
    )
    .map_err(|_reason| CannotOpen)
}

fn associated(team: &[u8], epoch: u32) -> Vec<u8> {
    Writer::default().piece(team).u32(epoch).done()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: TeamKey = TeamKey {
        epoch: 1,
        bytes: [5; 32],
    };

    #[test]
    fn a_body_opens_only_with_its_key_and_its_header() {
        let sealed = seal_body(&KEY, [3; NONCE], b"header", b"porte").unwrap();
        assert_eq!(open_body(&KEY, b"header", &sealed).unwrap(), b"porte");
        assert_eq!(open_body(&KEY, b"Header", &sealed), Err(CannotOpen));
        let other = TeamKey {
            epoch: 1,
            bytes: [6; 32],
        };
        assert_eq!(open_body(&other, b"header", &sealed), Err(CannotOpen));
        assert_eq!(open_body(&KEY, b"header", &sealed[..20]), Err(CannotOpen));
    }

    #[test]
    fn a_team_key_opens_only_for_its_receiver_and_its_team() {
        let (merle, pinson) = (Secret::from_seed(&[1; 32]), Secret::from_seed(&[2; 32]));
        let sealed = SealedKey::seal(&KEY, merle.receive_key(), b"team", [9; 32]).unwrap();
        assert_eq!(sealed.open(&merle, b"team"), Ok(KEY));
        assert_eq!(sealed.open(&merle, b"Team"), Err(CannotOpen));
        assert_eq!(sealed.open(&pinson, b"team"), Err(CannotOpen));

        let mut writer = Writer::default();
        sealed.write(&mut writer);
        let bytes = writer.done();
        assert_eq!(SealedKey::read(&mut Reader::new(&bytes)), Ok(sealed));
    }
}

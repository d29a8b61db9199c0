//! Secret keys. None of them prints, and each is wiped when it is dropped.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hpke::{Kem as _, Serializable, kem::X25519HkdfSha256};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::id::{CampaignId, DeviceId};

/// A signature of 64 bytes (Ed25519, RFC 8032).
pub type SignatureBytes = [u8; 64];

/// The public half of a key that things are sealed to (X25519).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiveKey(pub [u8; 32]);

impl fmt::Debug for ReceiveKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiveKey({})", data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// The signature does not fit the key and the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the signature does not fit")]
pub struct BadSignature;

/// The two secrets of a device or of an invitation: one to sign, one to receive.
///
/// The public half of the signing key is kept beside it: it costs as much to find as a
/// signature, and every signature needs it.
#[derive(ZeroizeOnDrop)]
pub struct Secret {
    /// Wipes itself.
    #[zeroize(skip)]
    sign: SigningKey,
    receive: [u8; 32],
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// The secrets that follow from 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let derive = |purpose: &[u8]| -> [u8; 32] {
            Sha256::new()
                .chain_update(purpose)
                .chain_update(seed)
                .finalize()
                .into()
        };
        Self {
            sign: SigningKey::from_bytes(&Zeroizing::new(derive(b"palier sign 1"))),
            receive: derive(b"palier receive 1"),
        }
    }

    /// The public half of the signing key.
    #[must_use]
    pub fn device(&self) -> DeviceId {
        DeviceId(self.sign.verifying_key().to_bytes())
    }

    /// The signing key as a campaign's root.
    #[must_use]
    pub fn campaign(&self) -> CampaignId {
        CampaignId(self.device().0)
    }

    /// The public half of the receiving key.
    #[must_use]
    pub fn receive_key(&self) -> ReceiveKey {
        let (_private, public) = X25519HkdfSha256::derive_keypair(&self.receive);
        let mut bytes = [0; 32];
        public.write_exact(&mut bytes);
        ReceiveKey(bytes)
    }

    /// Signs bytes, which must begin by saying what they are.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> SignatureBytes {
        self.sign.sign(bytes).to_bytes()
    }

    pub(crate) fn private_receive_key(&self) -> <X25519HkdfSha256 as hpke::Kem>::PrivateKey {
        X25519HkdfSha256::derive_keypair(&self.receive).0
    }
}

/// Checks a signature, strictly (no small-order keys, canonical encodings only).
///
/// # Errors
/// It does not fit.
pub fn verify(
    device: &DeviceId,
    bytes: &[u8],
    signature: &SignatureBytes,
) -> Result<(), BadSignature> {
    VerifyingKey::from_bytes(&device.0)
        .and_then(|key| key.verify_strict(bytes, &Signature::from_bytes(signature)))
        .map_err(|_reason| BadSignature)
}

/// The key that a team's documents are sealed with, in one epoch.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct TeamKey {
    /// Grows by one each time the key is changed; the first is 1.
    #[zeroize(skip)]
    pub epoch: u32,
    /// The key itself.
    pub bytes: [u8; 32],
}

impl fmt::Debug for TeamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TeamKey(epoch {})", self.epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_only_its_bytes_and_its_key() {
        let (merle, pinson) = (Secret::from_seed(&[1; 32]), Secret::from_seed(&[2; 32]));
        let signature = merle.sign(b"palier test");
        assert_eq!(verify(&merle.device(), b"palier test", &signature), Ok(()));
        assert_eq!(
            verify(&merle.device(), b"palier tesT", &signature),
            Err(BadSignature)
        );
        assert_eq!(
            verify(&pinson.device(), b"palier test", &signature),
            Err(BadSignature)
        );
    }

    #[test]
    fn no_secret_prints() {
        let secret = Secret::from_seed(&[7; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        let key = TeamKey {
            epoch: 3,
            bytes: [9; 32],
        };
        assert_eq!(format!("{key:?}"), "TeamKey(epoch 3)");
    }
}

//! A pseudonym sealed to those who decide about a request, so that no relay reads it.

use super::{CannotOpen, open_with, seal_to};
use crate::{
    bytes::{Malformed, Reader, Writer},
    id::DeviceId,
    key::{ReceiveKey, Secret},
};

/// What a pseudonym is sealed for (the `info` of HPKE).
const NAME_INFO: &[u8] = b"palier pseudonym 1";
/// Bytes of the longest pseudonym: 40 characters of four bytes.
const MAX_NAME_BYTES: usize = 160;
/// Bytes before sealing: a length, and the pseudonym filled up with zeros, so that the size
/// says nothing.
const PLAIN: usize = 1 + MAX_NAME_BYTES;
/// Bytes after sealing: the tag has 16.
const SEALED: usize = PLAIN + 16;

/// A pseudonym sealed to one receiver (HPKE, as a team's key; the device that bears the name
/// is the associated data).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedName {
    /// To whom.
    pub to: ReceiveKey,
    encapsulated: [u8; 32],
    sealed: [u8; SEALED],
}

impl SealedName {
    /// Seals the pseudonym of a device to a receiver, with 32 random bytes.
    ///
    /// # Errors
    /// The pseudonym is longer than 160 bytes, or the receiver's key is not a point that can
    /// be sealed to.
    pub fn seal(
        name: &str,
        device: &DeviceId,
        to: ReceiveKey,
        entropy: [u8; 32],
    ) -> Result<Self, CannotOpen> {
        let length = u8::try_from(name.len()).map_err(|_too_long| CannotOpen)?;
        let mut plain = Writer::default().u8(length).put(name.as_bytes()).done();
        if plain.len() > PLAIN {
            return Err(CannotOpen);
        }
        plain.resize(PLAIN, 0);
        let (encapsulated, sealed) = seal_to(to, NAME_INFO, &device.0, &plain, entropy)?;
        Ok(Self {
            to,
            encapsulated,
            sealed,
        })
    }

    /// Opens it with the receiver's secret.
    ///
    /// # Errors
    /// It was sealed to another, or for another device, or was changed.
    pub fn open(&self, secret: &Secret, device: &DeviceId) -> Result<String, CannotOpen> {
        let plain = open_with(
            secret,
            NAME_INFO,
            &device.0,
            &self.encapsulated,
            &self.sealed,
        )?;
        let mut reader = Reader::new(&plain);
        let name = reader
            .u8()
            .and_then(|length| reader.take(usize::from(length)))
            .map_err(|_reason| CannotOpen)?;
        String::from_utf8(name.to_vec()).map_err(|_reason| CannotOpen)
    }

    /// Writes it into a layout.
    pub fn write(&self, writer: &mut Writer) {
        writer
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
            to: ReceiveKey(reader.array()?),
            encapsulated: reader.array()?,
            sealed: reader.array()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_opens_for_its_receiver_and_its_device_and_its_length_is_hidden() {
        let (merle, pinson) = (Secret::from_seed(&[1; 32]), Secret::from_seed(&[2; 32]));
        let device = DeviceId([7; 32]);
        let mut sizes = Vec::new();
        for name in ["", "Loriot", &"🐦".repeat(40)] {
            let sealed = SealedName::seal(name, &device, merle.receive_key(), [9; 32]).unwrap();
            assert_eq!(sealed.open(&merle, &device).as_deref(), Ok(name));
            assert_eq!(sealed.open(&pinson, &device), Err(CannotOpen));
            assert_eq!(sealed.open(&merle, &DeviceId([8; 32])), Err(CannotOpen));
            let mut writer = Writer::default();
            sealed.write(&mut writer);
            let bytes = writer.done();
            assert_eq!(SealedName::read(&mut Reader::new(&bytes)), Ok(sealed));
            sizes.push(bytes.len());
        }
        assert_eq!(sizes, [sizes[0]; 3]);
        let long = SealedName::seal(&"é".repeat(81), &device, merle.receive_key(), [9; 32]);
        assert_eq!(long, Err(CannotOpen));
    }
}

//! Rights taken back: the body of an envelope of kind `revocation`.
//!
//! ```text
//! version u8 = 1 · device 32
//! ```

use crate::{
    bytes::{Malformed, Reader, Writer},
    id::DeviceId,
};

const VERSION: u8 = 1;

/// A device whose rights are taken back, in the space of the envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revocation {
    /// The device.
    pub device: DeviceId,
}

impl Revocation {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::default().u8(VERSION).put(&self.device.0).done()
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let revocation = Self {
            device: DeviceId(reader.array()?),
        };
        reader.end()?;
        Ok(revocation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back_and_nothing_else_does() {
        let revocation = Revocation {
            device: DeviceId([3; 32]),
        };
        let bytes = revocation.encode();
        assert_eq!(Revocation::decode(&bytes), Ok(revocation));
        assert_eq!(Revocation::decode(&bytes[1..]), Err(Malformed));
    }
}

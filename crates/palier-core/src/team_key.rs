//! A team key handed to its members: the body of an envelope of kind `team key`.
//!
//! ```text
//! version u8 = 1 · count u16 · sealed keys
//! ```

use crate::{
    bytes::{Malformed, Reader, Writer},
    seal::{self, SealedKey},
};

const VERSION: u8 = 1;

/// One team key, or several epochs of it, sealed to each member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TeamKeyRecord {
    /// The sealed keys.
    pub keys: Vec<SealedKey>,
}

impl TeamKeyRecord {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        seal::write_keys(&self.keys, writer.u8(VERSION));
        writer.done()
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
        let keys = seal::read_keys(&mut reader)?;
        reader.end()?;
        Ok(Self { keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{Secret, TeamKey};

    #[test]
    fn each_member_finds_its_own() {
        let members = [1, 2].map(|seed| Secret::from_seed(&[seed; 32]));
        let key = TeamKey {
            epoch: 2,
            bytes: [5; 32],
        };
        let seal = |member: &Secret| {
            SealedKey::seal(&key, member.receive_key(), b"team", [4; 32]).unwrap()
        };
        let record = TeamKeyRecord {
            keys: members.iter().map(seal).collect(),
        };
        let read = TeamKeyRecord::decode(&record.encode()).unwrap();
        for member in &members {
            let mine = read.keys.iter().find(|key| key.to == member.receive_key());
            assert_eq!(mine.unwrap().open(member, b"team").unwrap(), key);
        }
    }
}

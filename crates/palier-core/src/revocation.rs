//! Rights taken back: the body of an envelope of kind `revocation`.
//!
//! ```text
//! version u8 = 1 · device 32
//! version u8 = 2 · device 32 · until u64, not 0
//! ```
//!
//! The first takes rights back. The second says as well how far what the device wrote in the
//! space counts, wherever it is found: see [`Revocation::until`].

use crate::{
    bytes::{Malformed, Reader, Writer},
    id::{CampaignId, DeviceId},
    rights::{Rights, Role},
};

/// The layout that says nothing of what was written before.
const VERSION: u8 = 1;
/// The layout that says how far it counts.
const VERSION_UNTIL: u8 = 2;

/// Takes back every right of a device, for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revocation {
    /// Whose rights.
    pub device: DeviceId,
    /// The sequence of the last envelope in this space that counts, at least; 0 where nothing
    /// is said.
    pub until: u64,
}

impl Revocation {
    /// Takes back the rights of a device.
    #[must_use]
    pub const fn of(device: DeviceId) -> Self {
        Self { device, until: 0 }
    }

    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        if self.until == 0 {
            return writer.u8(VERSION).put(&self.device.0).done();
        }
        writer.u8(VERSION_UNTIL).put(&self.device.0);
        writer.u64(self.until).done()
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let version = reader.u8()?;
        let device = DeviceId(reader.array()?);
        let until = match version {
            VERSION => 0,
            VERSION_UNTIL => reader.u64()?,
            _ => return Err(Malformed),
        };
        reader.end()?;
        if (version == VERSION_UNTIL) != (until != 0) {
            return Err(Malformed);
        }
        Ok(Self { device, until })
    }

    /// Whether somebody may say it: an organiser of every device but the root's own, a lead
    /// of devices that are nothing but volunteers of the lead's team.
    ///
    /// `held` are the rights that the device is known to hold.
    #[must_use]
    pub fn may_be_said_by(&self, by: &Rights, campaign: &CampaignId, held: &[Rights]) -> bool {
        match by.role {
            Role::Organiser => self.device.0 != campaign.0,
            Role::Lead => {
                !held.is_empty()
                    && held
                        .iter()
                        .all(|held| held.role == Role::Volunteer && held.scope == by.scope)
            }
            Role::Volunteer | Role::Trainer | Role::Observer => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::TeamId, key::ReceiveKey, moment::Moment, rights::Scope};

    const CAMPAIGN: CampaignId = CampaignId([1; 32]);
    const DEVICE: DeviceId = DeviceId([2; 32]);

    fn rights(role: Role, scope: Scope) -> Rights {
        Rights {
            device: DEVICE,
            receive: ReceiveKey([3; 32]),
            role,
            scope,
            not_after: Moment(0),
        }
    }

    #[test]
    fn a_revocation_reads_back_and_a_cut_one_does_not() {
        for until in [0, 1, u64::MAX] {
            let revocation = Revocation {
                until,
                ..Revocation::of(DEVICE)
            };
            let bytes = revocation.encode();
            assert_eq!(Revocation::decode(&bytes), Ok(revocation));
            assert_eq!(Revocation::decode(&bytes[..32]), Err(Malformed));
            assert_eq!(
                Revocation::decode(&[&bytes, b"x".as_slice()].concat()),
                Err(Malformed)
            );
        }
        let nothing_said = [&[2], DEVICE.0.as_slice(), &[0; 8]].concat();
        assert_eq!(Revocation::decode(&nothing_said), Err(Malformed));
    }

    #[test]
    fn a_revocation_of_before_reads_as_it_did() {
        let bytes = [&[1], [2; 32].as_slice()].concat();
        assert_eq!(Revocation::decode(&bytes), Ok(Revocation::of(DEVICE)));
        assert_eq!(Revocation::of(DEVICE).encode(), bytes);
    }

    #[test]
    fn who_takes_back_whose_rights() {
        let own = Scope::Team(TeamId([7; 16]));
        let other = Scope::Team(TeamId([8; 16]));
        let organiser = rights(Role::Organiser, Scope::Campaign);
        let lead = rights(Role::Lead, own.clone());
        let volunteer = rights(Role::Volunteer, own.clone());
        let elsewhere = rights(Role::Volunteer, other);
        let said = |by: &Rights, held: &[Rights]| {
            Revocation::of(DEVICE).may_be_said_by(by, &CAMPAIGN, held)
        };
        assert!(said(&organiser, std::slice::from_ref(&lead)));
        assert!(said(&organiser, &[]));
        assert!(said(&lead, std::slice::from_ref(&volunteer)));
        assert!(!said(&lead, &[]));
        assert!(!said(&lead, std::slice::from_ref(&lead)));
        assert!(!said(&lead, std::slice::from_ref(&elsewhere)));
        assert!(!said(&lead, &[volunteer.clone(), elsewhere]));
        assert!(!said(&volunteer, std::slice::from_ref(&volunteer)));
        let root = Revocation::of(DeviceId(CAMPAIGN.0));
        assert!(!root.may_be_said_by(&organiser, &CAMPAIGN, &[]));
    }
}

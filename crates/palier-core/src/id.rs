//! Names of things: fixed bytes, written in lower-case hexadecimal.

use std::{fmt, str::FromStr};

use data_encoding::HEXLOWER_PERMISSIVE;
use sha2::{Digest, Sha256};

/// A text that is not the hexadecimal form of an id of this length.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $length]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                HEXLOWER_PERMISSIVE
                    .decode(text.as_bytes())
                    .ok()
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(Self)
                    .ok_or(NotAnId)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = NotAnId;

            fn try_from(bytes: &[u8]) -> Result<Self, NotAnId> {
                bytes.try_into().map(Self).map_err(|_length| NotAnId)
            }
        }
    };
}

id!(
    /// A campaign: the public half of its root key (Ed25519).
    CampaignId, 32
);
id!(
    /// A device: the public half of its signing key (Ed25519).
    DeviceId, 32
);
id!(
    /// What a device subscribes to, with one log.
    SpaceId, 16
);
id!(
    /// A team; also the id of its space.
    TeamId, 16
);
id!(
    /// One document.
    DocumentId, 16
);
id!(
    /// One visit, unique in its shift and, by chance alone, everywhere.
    VisitId, 10
);
id!(
    /// One leaflet round, unique in its turf and, by chance alone, everywhere.
    RoundId, 10
);
id!(
    /// One envelope: SHA-256 of all its bytes.
    EnvelopeId, 32
);
id!(
    /// One life of a relay's store; it changes when a backup is restored.
    Incarnation, 16
);

/// A door: the id of its address, and its place in the building once that is described.
///
/// `ADDRESS` is the one door of an address until its building is described, and
/// `ADDRESS/stair/floor/label` afterwards, so that two people who describe the same landing
/// offline name the same doors.
pub type DoorId = String;

impl CampaignId {
    /// The space of the campaign's open documents.
    #[must_use]
    pub fn space(&self) -> SpaceId {
        SpaceId(self.derive(b"palier campaign space 1"))
    }

    /// The space of the reports.
    #[must_use]
    pub fn reports_space(&self) -> SpaceId {
        SpaceId(self.derive(b"palier reports space 1"))
    }

    /// The campaign's one campaign document.
    #[must_use]
    pub fn document(&self) -> DocumentId {
        DocumentId(self.derive(b"palier campaign document 1"))
    }

    fn derive(&self, purpose: &[u8]) -> [u8; 16] {
        digest16(&[purpose, &self.0])
    }
}

impl TeamId {
    /// The team's space.
    #[must_use]
    pub const fn space(&self) -> SpaceId {
        SpaceId(self.0)
    }

    /// The team's one team document.
    #[must_use]
    pub fn document(&self) -> DocumentId {
        DocumentId(digest16(&[b"palier team document 1", &self.0]))
    }
}

impl DocumentId {
    /// Stands where an envelope carries no document.
    pub const NONE: Self = Self([0; 16]);

    /// The version of a kit that has these bytes.
    #[must_use]
    pub fn kit(version: &[u8]) -> Self {
        Self(digest16(&[b"palier kit 1", version]))
    }

    /// The report of one device for one day and one team.
    #[must_use]
    pub fn report(device: &DeviceId, day: &str, team: Option<TeamId>) -> Self {
        let team = team.map_or([0; 16], |team| team.0);
        Self(digest16(&[
            b"palier report 1",
            &device.0,
            &team,
            day.as_bytes(),
        ]))
    }
}

impl EnvelopeId {
    /// Stands before a device's first envelope in a space.
    pub const NONE: Self = Self([0; 32]);

    /// The id of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// The first 16 bytes of SHA-256 over the parts in a row; the first one says what for.
fn digest16(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(whole.first_chunk::<16>().unwrap_or(&[0; 16]));
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nothing_else_does() {
        let id = TeamId([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "ab", "zz", &"ab".repeat(17)] {
            assert_eq!(text.parse::<TeamId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn the_spaces_of_a_campaign_differ() {
        let campaign = CampaignId([1; 32]);
        assert_ne!(campaign.space(), campaign.reports_space());
    }
}

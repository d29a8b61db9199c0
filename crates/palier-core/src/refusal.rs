//! Why an envelope is not taken, in one word that travels.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why an envelope is not taken. The word goes over the wire; the interface has its own
/// sentences for each.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Serialize,
    Deserialize,
    TS,
    thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Refusal {
    /// The bytes do not follow the layout.
    #[error("malformed")]
    Malformed,
    /// The envelope, or what it unpacks to, is larger than allowed.
    #[error("too_large")]
    TooLarge,
    /// It belongs to another campaign, or to a space that is not known here.
    #[error("wrong_space")]
    WrongSpace,
    /// The device has not introduced itself in this space.
    #[error("unknown_device")]
    UnknownDevice,
    /// A certificate of the chain does not hold.
    #[error("bad_certificate")]
    BadCertificate,
    /// A certificate of the chain is past its end.
    #[error("expired")]
    Expired,
    /// The device's rights were taken back.
    #[error("revoked")]
    Revoked,
    /// The device's role may not write this here.
    #[error("not_allowed")]
    NotAllowed,
    /// The signature does not fit.
    #[error("bad_signature")]
    BadSignature,
    /// An envelope before this one is missing.
    #[error("gap")]
    Gap,
    /// Another envelope stands at this place of the device's sequence.
    #[error("fork")]
    Fork,
    /// The key it is sealed with is not known here, yet.
    #[error("key_unknown")]
    KeyUnknown,
    /// It cannot be opened with the team's key.
    #[error("cannot_open")]
    CannotOpen,
    /// Its changes are not whole.
    #[error("bad_changes")]
    BadChanges,
    /// It holds more operations than allowed.
    #[error("too_many_operations")]
    TooManyOperations,
    /// A change stands on one that is not known here.
    #[error("missing_dependency")]
    MissingDependency,
    /// A change is signed by one device and written by another.
    #[error("wrong_actor")]
    WrongActor,
    /// Its content is not that of its kind of document.
    #[error("bad_schema")]
    BadSchema,
    /// It is dated more than two days ahead.
    #[error("bad_time")]
    BadTime,
    /// The invitation is not known here.
    #[error("invitation_unknown")]
    InvitationUnknown,
    /// The invitation is past its end.
    #[error("invitation_expired")]
    InvitationExpired,
    /// The invitation was used as often as it may be.
    #[error("invitation_used")]
    InvitationUsed,
    /// The team has as many members as it may.
    #[error("team_full")]
    TeamFull,
    /// A lead has not accepted this device yet.
    #[error("waiting")]
    Waiting,
    /// Too many wait already; later there may be room.
    #[error("busy")]
    Busy,
}

impl From<crate::bytes::Malformed> for Refusal {
    fn from(_reason: crate::bytes::Malformed) -> Self {
        Self::Malformed
    }
}

impl From<crate::key::BadSignature> for Refusal {
    fn from(_reason: crate::key::BadSignature) -> Self {
        Self::BadSignature
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_prints_is_the_word_that_travels() {
        for refusal in [Refusal::Malformed, Refusal::TeamFull, Refusal::BadTime] {
            let json = serde_json::to_string(&refusal).unwrap();
            assert_eq!(json, format!("\"{refusal}\""));
        }
    }
}

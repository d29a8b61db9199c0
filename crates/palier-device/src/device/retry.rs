//! Trying again what was set aside for want of a key.

use palier_core::{
    envelope::{Envelope, Kind},
    id::{EnvelopeId, SpaceId},
    moment::Moment,
};

use super::reception::Reception;
use crate::{error::Error, store::envelopes};

impl Reception<'_> {
    /// Takes in what was set aside in a space before a key came. Each stands in its device's
    /// line already; only what it holds was not read.
    pub(super) fn retry(&mut self, space: SpaceId, now: Moment) -> Result<u32, Error> {
        let mut taken = 0;
        for bytes in envelopes::waiting_for_a_key(self.connection(), space)? {
            let id = EnvelopeId::of(&bytes);
            let Ok(envelope) = Envelope::decode(&bytes) else {
                continue;
            };
            match self.apply(&envelope, id, now)? {
                Ok(()) => {
                    envelopes::delete_set_aside(self.connection(), id)?;
                    taken += 1;
                }
                Err(refusal) => {
                    envelopes::set_aside(self.connection(), space, &bytes, refusal, now)?;
                }
            }
        }
        Ok(taken)
    }
}

/// Whether an envelope of this kind may change who holds which key.
pub(super) const fn is_about_people(kind: Kind) -> bool {
    !kind.is_document()
}

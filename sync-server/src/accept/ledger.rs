//! Many envelopes, one after the other: each is decided about with what those before it
//! changed, and nothing is read or written meanwhile.

mod changes;
mod known;

use std::panic::{AssertUnwindSafe, catch_unwind};

use palier_core::{id::DeviceId, moment::Moment, refusal::Refusal, wire::Pushed};

use super::{Candidate, Changes, Decision, Facts, Known, Voucher, decide};
use crate::store::Batch;

/// Facts, and what the envelopes so far change of them.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    facts: Facts,
    changes: Changes<'a>,
}

impl<'a> Ledger<'a> {
    /// A ledger that stands on these facts: all that [`super::Wanted`] asked for.
    pub(crate) fn new(facts: Facts) -> Self {
        Self {
            facts,
            changes: Changes::default(),
        }
    }

    /// Decides about each envelope of a push, in order.
    pub(crate) fn enter(&mut self, batch: &'a Batch) -> Vec<Pushed> {
        let enter = |one: &'a Result<Candidate, Refusal>| match one {
            Ok(candidate) => self.enter_one(candidate, &batch.device, batch.at),
            Err(refusal) => Pushed::Refused(*refusal),
        };
        batch.candidates.iter().map(enter).collect()
    }

    /// Takes an envelope that stood in a log before: for its time or the count of its
    /// invitation alone, it is not refused.
    pub(crate) fn replay(&mut self, candidate: &'a Candidate, at: Moment) -> Pushed {
        let decided = self.decide_guarded(candidate, Voucher::Log, at);
        self.carry_out(candidate, decided, at)
    }

    /// What is to be written, and the facts as they are once it is.
    pub(crate) fn done(self) -> (Changes<'a>, Facts) {
        (self.changes, self.facts)
    }

    fn enter_one(&mut self, candidate: &'a Candidate, pusher: &DeviceId, at: Moment) -> Pushed {
        let campaign = candidate.envelope.header.campaign;
        if self.is_revoked((campaign, *pusher)) {
            return Pushed::Refused(Refusal::Revoked);
        }
        let mut decided = self.decide_guarded(candidate, Voucher::Nobody, at);
        if matches!(
            decided,
            Err(Refusal::Revoked
                | Refusal::Expired
                | Refusal::InvitationExpired
                | Refusal::InvitationUsed)
        ) {
            let voucher = Voucher::Holder(self.rights_of(&(campaign, *pusher)));
            decided = self.decide_guarded(candidate, voucher, at);
        }
        self.carry_out(candidate, decided, at)
    }

    /// An envelope that makes the decision fall is refused alone.
    fn decide_guarded(
        &self,
        candidate: &Candidate,
        voucher: Voucher,
        at: Moment,
    ) -> Result<Decision, Refusal> {
        let known = Known {
            voucher,
            ..self.known(candidate)
        };
        let decided = catch_unwind(AssertUnwindSafe(|| decide(candidate, &known, at)));
        decided.unwrap_or_else(|_fell| {
            tracing::error!(id = %candidate.id, "an envelope made its decision fall");
            Err(Refusal::BadChanges)
        })
    }
}

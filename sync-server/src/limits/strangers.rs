//! The budget of whoever is not introduced. A relay that serves any campaign is asked for names
//! of campaigns that nobody made: the number of budgets is fixed, and a campaign is put to one of
//! them by a hash that nobody outside can compute.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

use palier_core::{id::CampaignId, moment::Moment};

use super::{
    Rate, Spent,
    devices::{Budget, Words},
};

/// How many budgets there are.
const BUDGETS: usize = 256;

const WORDS: Words = Words {
    requests: "strangers_requests",
    bytes: "strangers_bytes",
};

/// The budgets of whoever is not introduced.
#[derive(Debug)]
pub(super) struct Strangers {
    rate: Rate,
    place: RandomState,
    budgets: Vec<Mutex<Option<Budget>>>,
}

impl Strangers {
    pub(super) fn new(rate: Rate) -> Self {
        Self {
            rate,
            place: RandomState::new(),
            budgets: std::iter::repeat_with(Mutex::default)
                .take(BUDGETS)
                .collect(),
        }
    }

    /// Takes from a campaign's budget, if something is left of it.
    pub(super) fn take(
        &self,
        campaign: &CampaignId,
        requests: u64,
        bytes: u64,
        now: Moment,
    ) -> Result<(), Spent> {
        let hash = self.place.hash_one(campaign.0) % (BUDGETS as u64);
        let place = usize::try_from(hash).unwrap_or_default();
        let Some(budget) = self.budgets.get(place) else {
            return Ok(());
        };
        let mut budget = budget.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budget.get_or_insert_with(|| Budget::whole(self.rate, now));
        budget.check(self.rate, WORDS, now)?;
        budget.take(self.rate, requests, bytes, now);
        Ok(())
    }
}

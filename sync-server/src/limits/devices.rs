//! The budgets of introduced devices. A budget that is whole again is like one that was never
//! touched, and is forgotten when the table grows.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use palier_core::{
    id::{CampaignId, DeviceId},
    moment::Moment,
};

use super::{
    Rate, Spent,
    bucket::{Bucket, Flow},
};

/// The size at which a table is looked through for the first time.
const FIRST_LOOK: usize = 1_024;

/// Requests and bytes of one device, or of all strangers of a campaign.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    requests: Bucket,
    bytes: Bucket,
}

impl Budget {
    pub(super) fn whole(rate: Rate, now: Moment) -> Self {
        Self {
            requests: Bucket::full(rate.request_flow(), now),
            bytes: Bucket::full(rate.byte_flow(), now),
        }
    }

    fn is_whole(&self, rate: Rate, now: Moment) -> bool {
        self.requests.is_full(rate.request_flow(), now) && self.bytes.is_full(rate.byte_flow(), now)
    }

    pub(super) fn check(&mut self, rate: Rate, words: Words, now: Moment) -> Result<(), Spent> {
        let requests = self.requests.wait_s(rate.request_flow(), now);
        let bytes = self.bytes.wait_s(rate.byte_flow(), now);
        let (of, wait_s) = match (requests, bytes) {
            (None, None) => return Ok(()),
            (Some(wait_s), None) => (words.requests, wait_s),
            (requests, Some(wait_s)) => (words.bytes, wait_s.max(requests.unwrap_or(0))),
        };
        Err(Spent { of, wait_s })
    }

    pub(super) fn take(&mut self, rate: Rate, requests: u64, bytes: u64, now: Moment) {
        self.requests.take(rate.request_flow(), requests, now);
        self.bytes.take(rate.byte_flow(), bytes, now);
    }
}

impl Rate {
    fn request_flow(self) -> Flow {
        Flow {
            full: self.requests.into(),
            per_s: self.requests_per_s.into(),
        }
    }

    fn byte_flow(self) -> Flow {
        Flow {
            full: self.bytes,
            per_s: self.bytes_per_s,
        }
    }
}

/// What a spent budget is called in the metrics.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) requests: &'static str,
    pub(super) bytes: &'static str,
}

const WORDS: Words = Words {
    requests: "device_requests",
    bytes: "device_bytes",
};

/// There are more devices than are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Full;

/// The budgets of introduced devices.
#[derive(Debug)]
pub(super) struct Devices {
    rate: Rate,
    most: usize,
    table: Mutex<Table>,
}

#[derive(Debug)]
struct Table {
    budgets: HashMap<(CampaignId, DeviceId), Budget>,
    /// The size at which it is looked through for what can be forgotten.
    look_at: usize,
}

impl Devices {
    pub(super) fn new(rate: Rate, most: usize) -> Self {
        Self {
            rate,
            most,
            table: Mutex::new(Table {
                budgets: HashMap::new(),
                look_at: FIRST_LOOK.min(most),
            }),
        }
    }

    pub(super) fn knows(&self, campaign: &CampaignId, device: &DeviceId) -> bool {
        self.lock().budgets.contains_key(&(*campaign, *device))
    }

    pub(super) fn len(&self) -> usize {
        self.lock().budgets.len()
    }

    /// Whether something is left.
    pub(super) fn check(
        &self,
        campaign: &CampaignId,
        device: &DeviceId,
        now: Moment,
    ) -> Result<(), Spent> {
        match self.lock().budgets.get_mut(&(*campaign, *device)) {
            Some(budget) => budget.check(self.rate, WORDS, now),
            None => Ok(()),
        }
    }

    /// Takes from a device's budget, if something is left of it.
    pub(super) fn take(
        &self,
        campaign: CampaignId,
        device: DeviceId,
        requests: u64,
        bytes: u64,
        now: Moment,
    ) -> Result<Result<(), Spent>, Full> {
        let mut table = self.lock();
        let key = (campaign, device);
        if !table.budgets.contains_key(&key) {
            table.make_room(self.rate, self.most, now)?;
        }
        let whole = || Budget::whole(self.rate, now);
        let budget = table.budgets.entry(key).or_insert_with(whole);
        let left = budget.check(self.rate, WORDS, now);
        // Bytes that go out belong to a request that was granted.
        if left.is_ok() || requests == 0 {
            budget.take(self.rate, requests, bytes, now);
        }
        Ok(left)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn make_room(&mut self, rate: Rate, most: usize, now: Moment) -> Result<(), Full> {
        if self.budgets.len() < self.look_at {
            return Ok(());
        }
        self.budgets.retain(|_, budget| !budget.is_whole(rate, now));
        self.budgets.shrink_to(FIRST_LOOK);
        let kept = self.budgets.len();
        // Looking again only at twice the size keeps the cost of each newcomer the same.
        self.look_at = kept.saturating_mul(2).max(FIRST_LOOK).min(most);
        if kept < most { Ok(()) } else { Err(Full) }
    }
}

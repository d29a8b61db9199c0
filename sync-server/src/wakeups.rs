//! Who is told when a log grows or rights end. A wake-up carries no content, and a lost one
//! is harmless: devices also ask by themselves.

mod ear;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use palier_core::id::{CampaignId, DeviceId, SpaceId};

use self::ear::Ear;
pub(crate) use self::ear::News;

/// Every open event stream, found by what it listens to and by whose it is. Nothing queues: an
/// ear holds the newest place of each of its spaces.
#[derive(Debug, Default)]
pub(crate) struct Wakeups {
    ears: Mutex<Ears>,
}

#[derive(Debug, Default)]
struct Ears {
    by_space: HashMap<(CampaignId, SpaceId), Vec<Arc<Ear>>>,
    by_device: HashMap<CampaignId, HashMap<DeviceId, VecDeque<Arc<Ear>>>>,
    open: usize,
}

/// One device that listens, until this is dropped.
#[derive(Debug)]
pub(crate) struct Listening {
    wakeups: Arc<Wakeups>,
    campaign: CampaignId,
    device: DeviceId,
    ear: Arc<Ear>,
}

impl Wakeups {
    /// Listens to spaces from now on. A device has at most `most` ears: one more ends the
    /// oldest, which is likely to be what is left of a connection that was lost.
    pub(crate) fn listen(
        self: &Arc<Self>,
        campaign: CampaignId,
        device: DeviceId,
        spaces: impl IntoIterator<Item = SpaceId>,
        most: usize,
    ) -> Listening {
        let ear = Arc::new(Ear::new(spaces));
        let mut ears = self.lock();
        for space in ear.spaces() {
            let listening = ears.by_space.entry((campaign, space)).or_default();
            listening.push(Arc::clone(&ear));
        }
        ears.open += 1;
        let of_campaign = ears.by_device.entry(campaign).or_default();
        let own = of_campaign.entry(device).or_default();
        own.push_back(Arc::clone(&ear));
        if own.len() > most.max(1)
            && let Some(oldest) = own.pop_front()
        {
            oldest.end();
        }
        drop(ears);
        Listening {
            wakeups: Arc::clone(self),
            campaign,
            device,
            ear,
        }
    }

    /// Streams that are open.
    pub(crate) fn open(&self) -> usize {
        self.lock().open
    }

    /// Tells the last place of a space.
    pub(crate) fn grown(&self, campaign: CampaignId, space: SpaceId, head: u64) {
        for ear in self
            .lock()
            .by_space
            .get(&(campaign, space))
            .into_iter()
            .flatten()
        {
            ear.grown(space, head);
        }
    }

    /// Tells that rights ended: whoever listens in the campaign looks at its own again.
    pub(crate) fn revoked(&self, campaign: CampaignId) {
        let ears = self.lock();
        let of_campaign = ears.by_device.get(&campaign).into_iter();
        for ear in of_campaign.flat_map(HashMap::values).flatten() {
            ear.look_again();
        }
    }

    /// Every space that somebody listens to.
    pub(crate) fn spaces(&self) -> Vec<(CampaignId, SpaceId)> {
        self.lock().by_space.keys().copied().collect()
    }

    /// Every campaign in which somebody listens.
    pub(crate) fn campaigns(&self) -> Vec<CampaignId> {
        self.lock().by_device.keys().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Ears> {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listening {
    /// What is new, at once where something is.
    pub(crate) async fn news(&self) -> News {
        self.ear.news().await
    }

    /// The space has come to `head`, as the store says.
    pub(crate) fn found(&self, space: SpaceId, head: u64) {
        self.ear.grown(space, head);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut ears = self.wakeups.lock();
        let ears = &mut *ears;
        let is_other = |ear: &Arc<Ear>| !Arc::ptr_eq(ear, &self.ear);
        for space in self.ear.spaces() {
            let key = (self.campaign, space);
            if let Some(listening) = ears.by_space.get_mut(&key) {
                listening.retain(is_other);
                if listening.is_empty() {
                    ears.by_space.remove(&key);
                }
            }
        }
        if let Some(of_campaign) = ears.by_device.get_mut(&self.campaign) {
            if let Some(own) = of_campaign.get_mut(&self.device) {
                own.retain(is_other);
                if own.is_empty() {
                    of_campaign.remove(&self.device);
                }
            }
            if of_campaign.is_empty() {
                ears.by_device.remove(&self.campaign);
            }
        }
        ears.open -= 1;
    }
}

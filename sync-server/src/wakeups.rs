//! Who is told when a log grows or rights end. A wake-up carries no content, and a lost one
//! is harmless: devices also ask by themselves.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use palier_core::id::{CampaignId, SpaceId};
use tokio::sync::watch;

/// What one may wait for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Topic {
    /// The log of a space grows; the number is its last place.
    Space(CampaignId, SpaceId),
    /// Rights end in a campaign; the number is that of revocations since the start.
    Revocations(CampaignId),
}

/// The newest number of each topic that somebody waits for. A slow listener skips to it, so
/// that nothing queues.
#[derive(Debug, Default)]
pub(crate) struct Wakeups {
    topics: Mutex<HashMap<Topic, watch::Sender<u64>>>,
}

impl Wakeups {
    /// Listens from now on.
    pub(crate) fn listen(&self, topic: Topic) -> watch::Receiver<u64> {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        topics
            .entry(topic)
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe()
    }

    /// Tells the last place of a space.
    pub(crate) fn grown(&self, campaign: CampaignId, space: SpaceId, head: u64) {
        self.tell(Topic::Space(campaign, space), |number| {
            let grows = head > *number;
            *number = head.max(*number);
            grows
        });
    }

    /// Tells that rights ended.
    pub(crate) fn revoked(&self, campaign: CampaignId) {
        self.tell(Topic::Revocations(campaign), |number| {
            *number += 1;
            true
        });
    }

    /// Everything that somebody waits for.
    pub(crate) fn topics(&self) -> Vec<Topic> {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        topics.keys().copied().collect()
    }

    /// Wakes where the change says that something changed.
    fn tell(&self, topic: Topic, change: impl FnOnce(&mut u64) -> bool) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = topics.get(&topic) {
            if sender.receiver_count() == 0 {
                topics.remove(&topic);
            } else {
                sender.send_if_modified(change);
            }
        }
    }
}

//! What one event stream has to say, and whether it should end.

use std::sync::{Mutex, MutexGuard, PoisonError};

use palier_core::id::SpaceId;
use tokio::sync::Notify;

/// What one event stream has to say: the newest place of each space that grew.
#[derive(Debug)]
pub(super) struct Ear {
    heard: Mutex<Heard>,
    woken: Notify,
}

#[derive(Debug)]
struct Heard {
    spaces: Box<[Space]>,
    is_new: bool,
    look_again: bool,
    ended: bool,
}

#[derive(Debug)]
struct Space {
    space: SpaceId,
    head: u64,
    is_new: bool,
}

/// What is new for one event stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum News {
    /// Spaces have come so far.
    Grown(Vec<(SpaceId, u64)>),
    /// Rights ended somewhere in the campaign.
    Rights,
    /// The device listens elsewhere now.
    Ended,
}

impl Ear {
    pub(super) fn new(spaces: impl IntoIterator<Item = SpaceId>) -> Self {
        let spaces = spaces.into_iter().map(|space| Space {
            space,
            head: 0,
            is_new: false,
        });
        let mut spaces: Vec<_> = spaces.collect();
        spaces.sort_unstable_by_key(|space| space.space);
        spaces.dedup_by_key(|space| space.space);
        Self {
            heard: Mutex::new(Heard {
                spaces: spaces.into_boxed_slice(),
                is_new: false,
                look_again: false,
                ended: false,
            }),
            woken: Notify::new(),
        }
    }

    pub(super) fn spaces(&self) -> Vec<SpaceId> {
        self.lock().spaces.iter().map(|space| space.space).collect()
    }

    pub(super) fn grown(&self, space: SpaceId, head: u64) {
        let mut heard = self.lock();
        let place = heard.spaces.binary_search_by_key(&space, |one| one.space);
        let Some(found) = place.ok().and_then(|place| heard.spaces.get_mut(place)) else {
            return;
        };
        if found.head < head {
            found.head = head;
            found.is_new = true;
            heard.is_new = true;
            self.woken.notify_one();
        }
    }

    pub(super) fn look_again(&self) {
        self.lock().look_again = true;
        self.woken.notify_one();
    }

    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.woken.notify_one();
    }

    pub(super) async fn news(&self) -> News {
        loop {
            if let Some(news) = self.lock().take() {
                return news;
            }
            self.woken.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    /// What comes first is what may end the stream.
    fn take(&mut self) -> Option<News> {
        if self.ended {
            return Some(News::Ended);
        }
        if std::mem::take(&mut self.look_again) {
            return Some(News::Rights);
        }
        if !std::mem::take(&mut self.is_new) {
            return None;
        }
        let mut grown = Vec::new();
        for space in &mut self.spaces {
            if std::mem::take(&mut space.is_new) {
                grown.push((space.space, space.head));
            }
        }
        Some(News::Grown(grown))
    }
}

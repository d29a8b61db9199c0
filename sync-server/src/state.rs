//! What every route shares.

use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use palier_core::{id::CampaignId, moment::Moment};
use tokio::sync::{Semaphore, watch};

use crate::{
    config::{Config, StoreAt},
    error::StoreError,
    store::{Store, sqlite::Sqlite},
    wakeups::Wakeups,
};

/// The most pushes that are checked at once; others wait in turn.
const PUSHES_AT_ONCE: usize = 32;
/// The most packs that are received at once, since each is held in memory until it is whole.
const PACKS_AT_ONCE: usize = 2;

/// What tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Moment + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn machine() -> Self {
        Self::from_fn(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            let millis = since.map_or(0, |since| since.as_millis());
            Moment(i64::try_from(millis).unwrap_or(i64::MAX))
        })
    }

    /// A clock that a test sets.
    #[must_use]
    pub fn from_fn(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// What every route shares; a clone is the same state.
#[derive(Clone, Debug)]
pub struct AppState(Arc<App>);

#[derive(Debug)]
struct App {
    /// Where everything is kept.
    store: Arc<dyn Store>,
    /// Who is told when a log grows.
    wakeups: Arc<Wakeups>,
    /// What tells the time.
    clock: Clock,
    /// The campaigns that are served; any where empty.
    campaigns: Vec<CampaignId>,
    /// Bounds the memory of pushes.
    pushes: Semaphore,
    /// Bounds the memory of packs.
    packs: Semaphore,
    /// True once the relay stops: event streams end.
    stopping: watch::Sender<bool>,
}

impl AppState {
    /// Opens the store that a configuration names.
    ///
    /// # Errors
    /// The store cannot be opened, or a newer version wrote it.
    pub async fn open(config: &Config) -> Result<Self, StoreError> {
        let wakeups = Arc::new(Wakeups::default());
        let now = config.clock.now();
        let store: Arc<dyn Store> = match &config.store {
            StoreAt::Sqlite(path) => {
                let (path, wakeups) = (path.clone(), Arc::clone(&wakeups));
                // A file that was not closed well takes a while to open.
                let opening = move || Sqlite::open(&path, wakeups, now);
                let opened = tokio::task::spawn_blocking(opening).await;
                Arc::new(opened.map_err(|_fell| StoreError::Broken("opening fell"))??)
            }
        };
        Ok(Self(Arc::new(App {
            store,
            wakeups,
            clock: config.clock.clone(),
            campaigns: config.campaigns.clone(),
            pushes: Semaphore::new(PUSHES_AT_ONCE),
            packs: Semaphore::new(PACKS_AT_ONCE),
            stopping: watch::Sender::new(false),
        })))
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.0.store.as_ref()
    }

    pub(crate) fn wakeups(&self) -> &Wakeups {
        &self.0.wakeups
    }

    pub(crate) fn now(&self) -> Moment {
        self.0.clock.now()
    }

    pub(crate) fn serves(&self, campaign: &CampaignId) -> bool {
        self.0.campaigns.is_empty() || self.0.campaigns.contains(campaign)
    }

    pub(crate) fn pushes(&self) -> &Semaphore {
        &self.0.pushes
    }

    pub(crate) fn packs(&self) -> &Semaphore {
        &self.0.packs
    }

    /// Turns true when the relay stops.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.0.stopping.subscribe()
    }

    /// Ends the event streams.
    pub(crate) fn stop(&self) {
        self.0.stopping.send_replace(true);
    }
}

//! What every route shares.

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use palier_core::{
    id::{CampaignId, DeviceId},
    moment::Moment,
};
use tokio::{
    sync::{Semaphore, watch},
    time::timeout,
};

use crate::{
    config::{Config, StoreAt},
    error::StoreError,
    limits::{Budgets, Counted, Limits},
    metrics::{Gauges, Metrics},
    routes::routes,
    serve::Connections,
    store::{Store, postgres::Postgres, sqlite::Sqlite},
    wakeups::Wakeups,
};

/// The most packs that are received at once, since each is held in memory until it is whole.
const PACKS_AT_ONCE: usize = 2;

/// How long the store may take to answer while the relay is ready.
const STORE_ANSWERS: Duration = Duration::from_secs(2);

/// Why devices should not be sent here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NotReady {
    /// The relay is stopping.
    Draining,
    /// The store does not answer.
    Store,
}

impl NotReady {
    /// One line for whoever watches.
    pub(crate) const fn line(self) -> &'static str {
        match self {
            Self::Draining => "draining\n",
            Self::Store => "the store does not answer\n",
        }
    }
}

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

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
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
    /// Where that is.
    store_at: StoreAt,
    /// Who is told when a log grows.
    wakeups: Arc<Wakeups>,
    /// What tells the time.
    clock: Clock,
    /// The campaigns that are served; any where empty.
    campaigns: Vec<CampaignId>,
    /// A place for each processor: checking signatures leaves the writer its share.
    checks: Semaphore,
    /// Bounds the memory of packs.
    packs: Semaphore,
    /// What devices may ask for, and what is left of it.
    budgets: Budgets,
    /// What is counted.
    metrics: Metrics,
    /// Connections of devices.
    connections: Connections,
    /// True while requests are wanted.
    ready: AtomicBool,
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
            StoreAt::Postgres(url) => {
                Arc::new(Postgres::open(url, Arc::clone(&wakeups), now).await?)
            }
        };
        Ok(Self(Arc::new(App {
            store,
            store_at: config.store.clone(),
            wakeups,
            clock: config.clock.clone(),
            campaigns: config.campaigns.clone(),
            checks: Semaphore::new(processors()),
            packs: Semaphore::new(PACKS_AT_ONCE),
            budgets: Budgets::new(config.limits),
            metrics: Metrics::new(&routes()),
            connections: Connections::new(config.limits.connections),
            ready: AtomicBool::new(true),
            stopping: watch::Sender::new(false),
        })))
    }

    /// Finishes what was begun and writes nothing more.
    pub async fn close(&self) {
        self.store().close().await;
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.0.store.as_ref()
    }

    pub(crate) fn wakeups(&self) -> &Arc<Wakeups> {
        &self.0.wakeups
    }

    pub(crate) fn now(&self) -> Moment {
        self.0.clock.now()
    }

    pub(crate) fn serves(&self, campaign: &CampaignId) -> bool {
        self.0.campaigns.is_empty() || self.0.campaigns.contains(campaign)
    }

    pub(crate) fn checks(&self) -> &Semaphore {
        &self.0.checks
    }

    pub(crate) fn packs(&self) -> &Semaphore {
        &self.0.packs
    }

    pub(crate) fn limits(&self) -> &Limits {
        self.0.budgets.limits()
    }

    pub(crate) fn budgets(&self) -> &Budgets {
        &self.0.budgets
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn connections(&self) -> &Connections {
        &self.0.connections
    }

    /// Whether devices may be sent here: the relay is not stopping, and its store answers.
    pub(crate) async fn readiness(&self) -> Result<(), NotReady> {
        if !self.0.ready.load(Ordering::Relaxed) {
            return Err(NotReady::Draining);
        }
        let nobody = (CampaignId([0; 32]), DeviceId([0; 32]));
        let reading = self.store().standing(nobody.0, nobody.1);
        match timeout(STORE_ANSWERS, reading).await {
            Ok(Ok(_nothing)) => Ok(()),
            Ok(Err(cause)) => {
                tracing::error!(%cause, "the store does not answer");
                Err(NotReady::Store)
            }
            Err(_elapsed) => {
                tracing::error!("the store takes too long");
                Err(NotReady::Store)
            }
        }
    }

    pub(crate) async fn gauges(&self) -> Gauges {
        let room = |counted| self.budgets().room(counted).used_bytes();
        let nobody = CampaignId([0; 32]);
        Gauges {
            connections: self.connections().open(),
            streams: self.wakeups().open(),
            body_bytes: [
                room(Counted::Device(nobody, DeviceId([0; 32]))),
                room(Counted::Strangers(nobody)),
            ],
            counted_devices: self.budgets().counted_devices(),
            store_bytes: self.store_bytes(),
            ready: self.readiness().await.is_ok(),
        }
    }

    /// Bytes of the store's files, where it is files.
    fn store_bytes(&self) -> Option<u64> {
        let StoreAt::Sqlite(path) = &self.0.store_at else {
            return None;
        };
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        let size = |path: &Path| std::fs::metadata(path).map(|found| found.len());
        Some(size(path).ok()? + size(Path::new(&log)).unwrap_or(0))
    }

    /// Wants no more requests, and answers those that come.
    pub(crate) fn drain(&self) {
        self.0.ready.store(false, Ordering::Relaxed);
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

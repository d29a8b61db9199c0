//! The relay: its own routes over a store on a disk in memory.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{Router, body::Body, http::Request};
use palier_core::moment::{Millis, Moment};
use palier_relay::{AppState, Clock, Config, StoreAt, StoreError, router};
use rusqlite::Connection;
use tower::ServiceExt;

use crate::{
    carried::{Answered, Sent},
    chance::Chance,
    disk::{Disk, Mounted, mount, unmount},
};

const FILE: &str = "relay.sqlite3";

pub(crate) struct Relay {
    folder: PathBuf,
    place: Arc<Mutex<Mounted>>,
    now: Arc<AtomicI64>,
    router: Router,
    pub(crate) backup: Option<BTreeMap<String, Vec<u8>>>,
}

impl Relay {
    /// A relay on a sound disk.
    pub(crate) async fn begin(folder: &Path, now: Moment) -> Self {
        let begun = Self::on(Disk::default(), &folder.join("relay"), now).await;
        begun.unwrap_or_else(|_closed| panic!("a sound disk"))
    }

    /// A relay on a disk; without an open store where that could not be opened.
    pub(crate) async fn on(disk: Disk, folder: &Path, now: Moment) -> Result<Self, Self> {
        // The relay notes its openings in a file beside its store, on the real disk.
        std::fs::create_dir_all(folder).unwrap();
        let place = Mounted::new(disk);
        mount(folder, &place);
        let mut relay = Self {
            folder: folder.to_owned(),
            place,
            now: Arc::new(AtomicI64::new(now.0)),
            router: Router::new(),
            backup: None,
        };
        match relay.open().await {
            Ok(()) => Ok(relay),
            Err(_) => Err(relay),
        }
    }

    /// How many operations changed its disk.
    pub(crate) fn operations(&self) -> usize {
        self.place.lock().unwrap().disk.operations()
    }

    pub(crate) fn was_harmed(&self) -> bool {
        self.place.lock().unwrap().disk.was_harmed()
    }

    pub(crate) fn make_room(&self) {
        self.place.lock().unwrap().disk.empty();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    async fn open(&mut self) -> Result<(), StoreError> {
        let now = Arc::clone(&self.now);
        let config = Config {
            clock: Clock::from_fn(move || Moment(now.load(Ordering::SeqCst))),
            ..Config::new(([127, 0, 0, 1], 0).into(), StoreAt::Sqlite(self.path()))
        };
        self.router = router(AppState::open(&config).await?);
        Ok(())
    }

    pub(crate) fn wait(&self, span: Millis) {
        self.now.fetch_add(span.0, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.now.load(Ordering::SeqCst))
    }

    pub(crate) async fn ask(&self, sent: &Sent) -> Answered {
        let mut request = Request::builder()
            .method(sent.method.clone())
            .uri(&sent.path)
            .body(Body::from(sent.body.clone()))
            .unwrap();
        *request.headers_mut() = sent.headers.clone();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answered {
            status: parts.status,
            headers: parts.headers,
            body: body.into(),
        }
    }

    /// The power is cut, and comes back.
    pub(crate) async fn restart(&mut self, chance: &mut Chance) {
        self.place.lock().unwrap().restart(chance);
        self.open().await.unwrap();
    }

    pub(crate) fn back_up(&mut self) {
        self.backup = Some(self.place.lock().unwrap().disk.copy());
    }

    /// Comes back as it was when it was backed up, and knows it by its file beside the store.
    /// Where store and file come back together, as from a copy of the whole machine, only some
    /// devices could tell (`SNAPSHOTS=1`).
    pub(crate) async fn restore(&mut self, chance: &mut Chance) {
        let backup = self.backup.clone().unwrap();
        self.place.lock().unwrap().restore(&backup, chance);
        if std::env::var_os("SNAPSHOTS").is_none() {
            Connection::open(self.path())
                .unwrap()
                .execute("UPDATE opening SET token = randomblob(16)", [])
                .unwrap();
        }
        self.open().await.unwrap();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        unmount(&self.folder);
        let _left = std::fs::remove_dir_all(&self.folder).is_err();
    }
}

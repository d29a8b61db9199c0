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
    /// A relay on a sound disk, which serves.
    pub(crate) async fn begin(folder: &Path, now: Moment) -> Self {
        let mut relay = Self::new(Disk::default(), &folder.join("relay"), now);
        relay.open().await.unwrap();
        relay
    }

    /// A relay on a disk, which does not serve yet.
    pub(crate) fn new(disk: Disk, folder: &Path, now: Moment) -> Self {
        // On the real disk the relay notes its openings in a file beside its store, and looks
        // whether there is a store.
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(FILE), []).unwrap();
        let place = Mounted::new(disk);
        mount(folder, &place);
        Self {
            folder: folder.to_owned(),
            place,
            now: Arc::new(AtomicI64::new(now.0)),
            router: Router::new(),
            backup: None,
        }
    }

    /// How many operations changed its disk.
    pub(crate) fn operations(&self) -> usize {
        self.place.lock().unwrap().disk.operations()
    }

    pub(crate) fn was_harmed(&self) -> bool {
        self.place.lock().unwrap().disk.was_harmed()
    }

    /// Looks at the store; nothing goes wrong with its disk meanwhile.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Path) -> T) -> T {
        let harm = self.place.lock().unwrap().disk.rest();
        let seen = look(&self.path());
        self.place.lock().unwrap().disk.end_rest(harm);
        seen
    }

    pub(crate) fn make_room(&self) {
        self.place.lock().unwrap().disk.empty();
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    pub(crate) fn store(&self) -> StoreAt {
        StoreAt::Sqlite(self.path())
    }

    pub(crate) fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::from_fn(move || Moment(now.load(Ordering::SeqCst)))
    }

    /// Serves what stands on the disk.
    pub(crate) async fn open(&mut self) -> Result<(), StoreError> {
        let config = Config {
            clock: self.clock(),
            ..Config::new(([127, 0, 0, 1], 0).into(), self.store())
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

    /// The power is cut; the disk is there again, and nobody serves.
    pub(crate) fn stop(&mut self, chance: &mut Chance) {
        self.place.lock().unwrap().restart(chance);
        self.router = Router::new();
    }

    /// The power is cut, and comes back.
    pub(crate) async fn restart(&mut self, chance: &mut Chance) {
        self.stop(chance);
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

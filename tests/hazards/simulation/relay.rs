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
use palier_relay::{AppState, Clock, Config, StoreAt, router};
use rusqlite::Connection;
use tower::ServiceExt;

use super::network::{Answered, Sent};
use crate::{
    chance::Chance,
    disk::{Disk, Mounted, mount, unmount},
};

const FILE: &str = "relay.sqlite3";

pub(super) struct Relay {
    folder: PathBuf,
    place: Arc<Mutex<Mounted>>,
    now: Arc<AtomicI64>,
    router: Router,
    pub(super) backup: Option<BTreeMap<String, Vec<u8>>>,
}

impl Relay {
    pub(super) async fn begin(folder: &Path, now: Moment) -> Self {
        let folder = folder.join("relay");
        // The relay notes its openings in a file beside its store, on the real disk.
        std::fs::create_dir_all(&folder).unwrap();
        let place = Mounted::new(Disk::default());
        mount(&folder, &place);
        let mut relay = Self {
            folder,
            place,
            now: Arc::new(AtomicI64::new(now.0)),
            router: Router::new(),
            backup: None,
        };
        relay.open().await;
        relay
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    async fn open(&mut self) {
        let now = Arc::clone(&self.now);
        let config = Config {
            clock: Clock::from_fn(move || Moment(now.load(Ordering::SeqCst))),
            ..Config::new(([127, 0, 0, 1], 0).into(), StoreAt::Sqlite(self.path()))
        };
        self.router = router(AppState::open(&config).await.unwrap());
    }

    pub(super) fn wait(&self, span: Millis) {
        self.now.fetch_add(span.0, Ordering::SeqCst);
    }

    pub(super) fn now(&self) -> Moment {
        Moment(self.now.load(Ordering::SeqCst))
    }

    pub(super) async fn ask(&self, sent: &Sent) -> Answered {
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
    pub(super) async fn restart(&mut self, chance: &mut Chance) {
        self.place.lock().unwrap().restart(chance);
        self.open().await;
    }

    pub(super) fn back_up(&mut self) {
        self.backup = Some(self.place.lock().unwrap().disk.copy());
    }

    /// Comes back as it was when it was backed up, and knows it by its file beside the store.
    /// Where store and file come back together, as from a copy of the whole machine, only some
    /// devices could tell (`SNAPSHOTS=1`).
    pub(super) async fn restore(&mut self, chance: &mut Chance) {
        let backup = self.backup.clone().unwrap();
        self.place.lock().unwrap().restore(&backup, chance);
        if std::env::var_os("SNAPSHOTS").is_none() {
            Connection::open(self.path())
                .unwrap()
                .execute("UPDATE opening SET token = randomblob(16)", [])
                .unwrap();
        }
        self.open().await;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        unmount(&self.folder);
    }
}

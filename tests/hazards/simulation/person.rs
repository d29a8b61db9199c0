//! One person's device, and what it answered for.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use palier_device::{Clock, Device, Error, api::Api, pairing::Door};
use tokio::{sync::mpsc, task::JoinHandle};

use super::network::{Event, Wire};
use crate::{
    chance::Chance,
    disk::{Disk, Mounted, mount, unmount},
    template::BEGINS,
};

/// What must be found of something that was answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Found {
    Yes,
    /// It stood on a phone that is gone, and nowhere else that is known.
    Maybe,
    No,
}

/// A tap that was answered.
#[derive(Clone, Debug)]
pub(super) struct Tap {
    pub(super) id: String,
    /// Whether it is there.
    pub(super) there: Found,
    /// Whether it still counts.
    pub(super) stands: Found,
    /// Whether somebody had been removed by then who must never read of it.
    pub(super) after_removal: bool,
}

pub(super) struct Person {
    pub(super) number: usize,
    pub(super) name: String,
    folder: PathBuf,
    place: Arc<Mutex<Mounted>>,
    pub(super) clock: Clock,
    api: Option<Api>,
    events: mpsc::UnboundedSender<Event>,
    /// What it does with the network just now.
    pub(super) busy: Option<JoinHandle<()>>,
    pub(super) backup: Option<BTreeMap<String, Vec<u8>>>,
    /// The link that it tries to join with.
    pub(super) link: Option<String>,
    pub(super) joined: bool,
    /// Whether it waits to be let in.
    pub(super) asked: bool,
    /// Where others may knock.
    pub(super) door: Arc<Door>,
    pub(super) removed: bool,
    pub(super) taps: Vec<Tap>,
}

impl Person {
    pub(super) fn new(
        number: usize,
        folder: &Path,
        store: &BTreeMap<String, Vec<u8>>,
        events: &mpsc::UnboundedSender<Event>,
    ) -> Self {
        let name = format!("Person{number}");
        let folder = folder.join(&name);
        let place = Mounted::new(Disk::of(store));
        mount(&folder, &place);
        let mut person = Self {
            number,
            name,
            folder,
            place,
            clock: Clock::at(BEGINS),
            api: None,
            events: events.clone(),
            busy: None,
            backup: None,
            link: None,
            joined: false,
            asked: false,
            door: Arc::new(Door::open().unwrap()),
            removed: false,
            taps: Vec::new(),
        };
        person.open();
        person
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.join("device.sqlite3")
    }

    fn open(&mut self) {
        let device = Device::open(&self.folder, None, self.clock.clone()).unwrap();
        let wire = Wire {
            from: self.number,
            events: self.events.clone(),
        };
        self.api = Some(Api::new(device).unwrap().carried_by(Arc::new(wire)));
    }

    pub(super) fn api(&self) -> Api {
        self.api.clone().unwrap()
    }

    /// Does something without a network.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Device) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.api().with(work).await
    }

    /// Begins something that needs the network.
    pub(super) fn begin(
        &mut self,
        work: impl Future<Output = Result<String, Error>> + Send + 'static,
    ) {
        let (number, events) = (self.number, self.events.clone());
        self.busy = Some(tokio::spawn(async move {
            let done = work.await;
            let _over = events.send(Event::Ended(number, done)).is_err();
        }));
    }

    /// Stops what it does with the network: the program ends, or the person gives up.
    pub(super) async fn stop(&mut self) {
        if let Some(busy) = self.busy.take() {
            busy.abort();
            let _cut = busy.await.is_err();
        }
    }

    /// The program is killed, or the phone loses its power; then it is opened again.
    pub(super) async fn restart(&mut self, chance: &mut Chance) {
        self.stop().await;
        self.place.lock().unwrap().restart(chance);
        self.api = None;
        self.open();
    }

    pub(super) fn back_up(&mut self) {
        self.backup = Some(self.place.lock().unwrap().disk.copy());
    }

    /// The phone is lost; another one goes on from the backup.
    pub(super) async fn restore(&mut self, chance: &mut Chance) {
        self.stop().await;
        let backup = self.backup.clone().unwrap();
        self.place.lock().unwrap().restore(&backup, chance);
        self.api = None;
        self.open();
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.api = None;
        unmount(&self.folder);
    }
}

//! Stores that are made once and copied for every seed: a new one, and an organiser's whose
//! campaign is ready. Making them again each time would prove nothing more.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use palier_core::{invitation::Policy, moment::Moment, rights::Role};
use palier_device::{Clock, Device, device::Wanted};
use rusqlite::Connection;

use crate::{
    disk::{Disk, Mounted, mount, unmount},
    town::{self, TEAM},
};

/// How many addresses the town has.
const ADDRESSES: usize = 6;
/// The most people whom the link lets in.
const USES: u16 = 12;
/// When it all begins, by the true clock.
pub(crate) const BEGINS: Moment = Moment(1_773_500_000_000);

pub(crate) type Copy = BTreeMap<String, Vec<u8>>;

/// A store without an owner: who opens it first makes keys of their own.
pub(crate) static NEW: LazyLock<Copy> = LazyLock::new(|| {
    copy_of("new", |folder| {
        drop(Device::open(folder, None, Clock::at(BEGINS)).unwrap());
        let connection = Connection::open(folder.join("device.sqlite3")).unwrap();
        connection.execute("DELETE FROM device", []).unwrap();
    })
    .0
});

/// An organiser with a campaign, a team and a turf.
pub(crate) struct Ready {
    pub(crate) copy: Copy,
    pub(crate) link: String,
    pub(crate) doors: Vec<String>,
}

/// A team that the link opens.
pub(crate) static READY: LazyLock<Ready> = LazyLock::new(|| Ready::with(Policy::Open));
/// A team that accepts its members.
pub(crate) static CHOOSING: LazyLock<Ready> = LazyLock::new(|| Ready::with(Policy::Approved));

impl Ready {
    fn with(policy: Policy) -> Self {
        let (copy, (link, doors)) = copy_of("ready", |folder| prepare(folder, policy));
        Self { copy, link, doors }
    }
}

fn copy_of<T>(name: &str, make: impl FnOnce(&Path) -> T) -> (Copy, T) {
    let folder: PathBuf = tempfile::tempdir().unwrap().keep().join(name);
    let place = Mounted::new(Disk::default());
    mount(&folder, &place);
    let made = make(&folder);
    unmount(&folder);
    let left = folder.parent().unwrap_or(&folder);
    let _left = std::fs::remove_dir_all(left).is_err();
    let copy = place.lock().unwrap().disk.copy();
    (copy, made)
}

/// A device that goes on from a copy.
pub(crate) fn device_of(copy: &Copy, name: &str) -> Device {
    let folder = tempfile::tempdir().unwrap().keep().join(name);
    mount(&folder, &Mounted::new(Disk::of(copy)));
    let device = Device::open(&folder, None, Clock::at(BEGINS)).unwrap();
    let left = folder.parent().unwrap_or(&folder);
    let _left = std::fs::remove_dir_all(left).is_err();
    device
}

fn prepare(folder: &Path, policy: Policy) -> (String, Vec<String>) {
    let mut device = Device::open(folder, None, Clock::at(BEGINS)).unwrap();
    device
        .create_campaign("Campagne", "http://relay.invalid", None)
        .unwrap();
    town::prepare(&mut device, ADDRESSES, policy);
    let link = device.invite(&wanted()).unwrap().link;
    (link, town::doors(&device))
}

/// A place in the team for everybody.
pub(crate) fn wanted() -> Wanted {
    wanted_in(TEAM)
}

/// A place in a team for everybody.
pub(crate) fn wanted_in(team: &str) -> Wanted {
    Wanted {
        role: Role::Volunteer,
        team: Some(team.into()),
        station: None,
        expires: None,
        uses: Some(USES),
    }
}

//! Backups of stores, as files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::SocketAddr,
    path::Path,
};

use anyhow::Result;
use palier_core::id::SpaceId;
use palier_device::{Clock, Device, api::Api};
use rusqlite::Connection;

use super::{Person, World};

/// The file of a relay's store.
const RELAY: &str = "relay.sqlite3";

impl World {
    /// A person whose device has a clock of its own.
    pub(crate) fn person_by(&self, name: &str, clock: Clock) -> Result<Person> {
        let device = Device::open(&self.folder.path().join(name), None, clock)?;
        Ok(Person {
            name: name.to_owned(),
            api: Api::new(device)?,
        })
    }

    /// Copies the store of the relay, which is stopped.
    pub(crate) fn back_up_relay(&self, name: &str) -> Result<()> {
        fs::copy(
            self.folder.path().join(RELAY),
            self.folder.path().join(name),
        )?;
        Ok(())
    }

    /// Puts a backup in the place of the relay's store; none leaves no store at all.
    pub(crate) fn restore_relay(&self, name: Option<&str>) -> Result<()> {
        for suffix in ["", "-wal", "-shm"] {
            let _absent = fs::remove_file(self.folder.path().join(format!("{RELAY}{suffix}")));
        }
        if let Some(name) = name {
            fs::copy(
                self.folder.path().join(name),
                self.folder.path().join(RELAY),
            )?;
        }
        Ok(())
    }

    /// The ids of every envelope of the relay, which is stopped.
    pub(crate) fn log(&self) -> Result<BTreeSet<Vec<u8>>> {
        let connection = Connection::open(self.folder.path().join(RELAY))?;
        let mut query = connection.prepare("SELECT id FROM log")?;
        let ids = query.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The log of every space of the relay, which is stopped.
    pub(crate) fn logs(&self) -> Result<BTreeMap<SpaceId, Vec<Vec<u8>>>> {
        let connection = Connection::open(self.folder.path().join(RELAY))?;
        let mut query = connection.prepare("SELECT space, bytes FROM log ORDER BY space, seq")?;
        let mut rows = query.query([])?;
        let mut logs = BTreeMap::<_, Vec<_>>::new();
        while let Some(row) = rows.next()? {
            logs.entry(SpaceId(row.get(0)?))
                .or_default()
                .push(row.get(1)?);
        }
        Ok(logs)
    }

    /// Where the relay answers.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Copies the folder of a person whose device is closed.
    pub(crate) fn back_up(&self, person: &str, name: &str) -> Result<()> {
        copy(
            &self.folder.path().join(person),
            &self.folder.path().join(name),
        )
    }

    /// Puts a backup in the place of a person's folder, and opens the device.
    pub(crate) fn restore(&self, person: &str, name: &str) -> Result<Person> {
        let folder = self.folder.path().join(person);
        fs::remove_dir_all(&folder)?;
        copy(&self.folder.path().join(name), &folder)?;
        let device = Device::open(&folder, None, self.clock.clone())?;
        Ok(Person {
            name: person.to_owned(),
            api: Api::new(device)?,
        })
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

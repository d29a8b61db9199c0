//! A disk in memory: what was written is seen at once, and lasts once it was synced.
//!
//! It counts every operation that changes it, and does harm at one of them. After a crash, of
//! what was not synced each sector of 512 bytes is kept or lost by chance.

use std::collections::BTreeMap;

use crate::chance::Chance;

/// The least that is written whole.
const SECTOR_BYTES: usize = 512;

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Harm {
    /// There is no room from then on, until some is made.
    Full,
    /// One operation fails.
    Fails,
    /// The power is cut.
    Crash,
}

/// What an operation is refused with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refused {
    Full,
    Failed,
    /// There is no power, or there was none since the file was opened.
    Off,
}

/// An operation that changes the disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Operation {
    Create,
    Write,
    Truncate,
    Sync,
    Delete,
}

enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Default)]
struct File {
    /// As a process reads it.
    seen: Vec<u8>,
    /// As it would be found; `None` until its name was synced with it.
    lasting: Option<Vec<u8>>,
    /// What was done since the last sync.
    since: Vec<Change>,
}

/// A disk.
pub(crate) struct Disk {
    files: BTreeMap<String, File>,
    /// Files whose deletion was not synced, as they would come back.
    deleted: BTreeMap<String, Vec<u8>>,
    /// Every operation so far.
    operations: usize,
    /// What goes wrong, and at which operation.
    harm: Option<(usize, Harm)>,
    full: bool,
    power: bool,
    /// Grows with each start: files that were opened before are dead.
    start: u32,
}

impl Default for Disk {
    fn default() -> Self {
        Self {
            files: BTreeMap::new(),
            deleted: BTreeMap::new(),
            operations: 0,
            harm: None,
            full: false,
            power: true,
            start: 0,
        }
    }
}

impl Disk {
    /// An empty disk that does harm at its operation of this number, from 1.
    pub(crate) fn harmed(at: usize, harm: Harm) -> Self {
        Self {
            harm: Some((at, harm)),
            ..Self::default()
        }
    }

    /// A disk with these files.
    pub(crate) fn of(copy: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut disk = Self::default();
        disk.put_back(copy);
        disk
    }

    /// How many operations changed it so far.
    pub(crate) const fn operations(&self) -> usize {
        self.operations
    }

    /// Whether the harm was done.
    pub(crate) fn was_harmed(&self) -> bool {
        self.harm.is_some_and(|(at, _)| self.operations >= at)
    }

    /// Does no harm until what this gives is put back: the test itself looks.
    pub(crate) const fn rest(&mut self) -> Option<(usize, Harm)> {
        self.harm.take()
    }

    /// May do harm again.
    pub(crate) const fn end_rest(&mut self, harm: Option<(usize, Harm)>) {
        self.harm = harm;
    }

    pub(crate) const fn is_on(&self) -> bool {
        self.power
    }

    pub(crate) const fn start(&self) -> u32 {
        self.start
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Opens a file, and creates it where it is not.
    pub(crate) fn create(&mut self, name: &str) -> Result<(), Refused> {
        if !self.exists(name) {
            self.operate(Operation::Create)?;
            self.deleted.remove(name);
            self.files.insert(name.to_owned(), File::default());
        }
        Ok(())
    }

    /// What stands in a file from a place on; fewer bytes where it ends.
    pub(crate) fn read(&self, name: &str, from: usize, count: usize) -> &[u8] {
        let seen = self.files.get(name).map_or(&[][..], |file| &file.seen);
        let from = from.min(seen.len());
        &seen[from..(from + count).min(seen.len())]
    }

    pub(crate) fn size(&self, name: &str) -> usize {
        self.files.get(name).map_or(0, |file| file.seen.len())
    }

    pub(crate) fn write(&mut self, name: &str, at: usize, bytes: &[u8]) -> Result<(), Refused> {
        if !self.power {
            return Err(Refused::Off);
        }
        let refused = self.operate(Operation::Write);
        // A write that fails may have been done in part.
        let done = match refused {
            Ok(()) => bytes,
            Err(_) => &bytes[..bytes.len() / 2],
        };
        if let Some(file) = self.files.get_mut(name) {
            let change = Change::Write(at, done.to_vec());
            change.apply(&mut file.seen);
            file.since.push(change);
        }
        refused
    }

    pub(crate) fn truncate(&mut self, name: &str, size: usize) -> Result<(), Refused> {
        self.operate(Operation::Truncate)?;
        if let Some(file) = self.files.get_mut(name) {
            let change = Change::Truncate(size);
            change.apply(&mut file.seen);
            file.since.push(change);
        }
        Ok(())
    }

    pub(crate) fn sync(&mut self, name: &str) -> Result<(), Refused> {
        self.operate(Operation::Sync)?;
        if self
            .files
            .get(name)
            .is_some_and(|file| file.lasting.is_none())
        {
            self.sync_names();
        }
        if let Some(file) = self.files.get_mut(name) {
            let lasting = file.lasting.get_or_insert_default();
            for change in file.since.drain(..) {
                change.apply(lasting);
            }
        }
        Ok(())
    }

    /// With the first sync of a new file SQLite syncs its folder: what was created and deleted
    /// there until then lasts.
    fn sync_names(&mut self) {
        self.deleted.clear();
        for file in self.files.values_mut() {
            file.lasting.get_or_insert_default();
        }
    }

    pub(crate) fn delete(&mut self, name: &str, durably: bool) -> Result<(), Refused> {
        self.operate(Operation::Delete)?;
        let lasting = self.files.remove(name).and_then(|file| file.lasting);
        match lasting {
            Some(lasting) if !durably => drop(self.deleted.insert(name.to_owned(), lasting)),
            _ => drop(self.deleted.remove(name)),
        }
        Ok(())
    }

    /// Every file as a process reads it: a backup, where nothing writes just now.
    pub(crate) fn copy(&self) -> BTreeMap<String, Vec<u8>> {
        let files = self.files.iter();
        files
            .map(|(name, file)| (name.clone(), file.seen.clone()))
            .collect()
    }

    /// Puts a backup in place of everything; the power was cut before.
    pub(crate) fn put_back(&mut self, copy: &BTreeMap<String, Vec<u8>>) {
        self.files.clear();
        self.deleted.clear();
        for (name, bytes) in copy {
            let file = File {
                seen: bytes.clone(),
                lasting: Some(bytes.clone()),
                since: Vec::new(),
            };
            self.files.insert(name.clone(), file);
        }
    }

    /// Makes room.
    pub(crate) fn empty(&mut self) {
        self.full = false;
    }

    /// Starts again after a crash, with what lasted.
    pub(crate) fn restart(&mut self, chance: &mut Chance) {
        let mood = chance.below(4);
        let lucky = move |chance: &mut Chance| match mood {
            0 => false,
            1 => true,
            _ => chance.one_in(2),
        };
        for (name, lasting) in std::mem::take(&mut self.deleted) {
            if lucky(chance) {
                self.files.entry(name).or_insert(File {
                    seen: lasting.clone(),
                    lasting: Some(lasting),
                    since: Vec::new(),
                });
            }
        }
        self.files.retain(|_, file| {
            if file.lasting.is_none() && !lucky(chance) {
                return false;
            }
            let mut lasting = file.lasting.take().unwrap_or_default();
            for change in file.since.drain(..) {
                for part in change.sectors() {
                    if lucky(chance) {
                        part.apply(&mut lasting);
                    }
                }
            }
            file.seen.clone_from(&lasting);
            file.lasting = Some(lasting);
            true
        });
        (self.power, self.full) = (true, false);
        self.start += 1;
    }

    fn operate(&mut self, operation: Operation) -> Result<(), Refused> {
        if !self.power {
            return Err(Refused::Off);
        }
        self.operations += 1;
        match self.harm {
            Some((at, Harm::Full)) if at == self.operations => self.full = true,
            Some((at, Harm::Fails)) if at == self.operations => return Err(Refused::Failed),
            Some((at, Harm::Crash)) if at == self.operations => {
                self.power = false;
                return Err(Refused::Off);
            }
            _ => {}
        }
        if self.full && matches!(operation, Operation::Create | Operation::Write) {
            return Err(Refused::Full);
        }
        Ok(())
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(at, written) => {
                let end = at + written.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(written);
            }
            Self::Truncate(size) => bytes.resize(*size, 0),
        }
    }

    /// The same change in parts that are each done whole or not at all.
    fn sectors(self) -> Vec<Self> {
        let Self::Write(mut at, written) = self else {
            return vec![self];
        };
        let mut parts = Vec::new();
        let mut rest = &written[..];
        while !rest.is_empty() {
            let room = SECTOR_BYTES - at % SECTOR_BYTES;
            let (part, after) = rest.split_at(room.min(rest.len()));
            parts.push(Self::Write(at, part.to_vec()));
            at += part.len();
            rest = after;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_synced_lasts_and_the_rest_may_be_torn() {
        let mut outcomes = std::collections::BTreeSet::new();
        for seed in 0..64 {
            let mut disk = Disk::harmed(5, Harm::Crash);
            disk.create("file").unwrap();
            disk.write("file", 0, &[1; 1_024]).unwrap();
            disk.sync("file").unwrap();
            disk.write("file", 0, &[2; 1_024]).unwrap();
            assert_eq!(disk.sync("file"), Err(Refused::Off));
            assert_eq!(disk.write("file", 0, &[3; 512]), Err(Refused::Off));
            disk.restart(&mut Chance::from_seed(seed));
            let found = disk.read("file", 0, 2_000);
            assert_eq!(found.len(), 1_024);
            outcomes.insert((found[0], found[512], found[1_023]));
        }
        let torn = [(1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 2, 2)];
        assert_eq!(outcomes.into_iter().collect::<Vec<_>>(), torn);
    }

    #[test]
    fn a_full_disk_takes_nothing_more_until_there_is_room() {
        let mut disk = Disk::harmed(2, Harm::Full);
        disk.create("file").unwrap();
        for _ in 0..3 {
            assert_eq!(disk.write("file", 0, &[1; 8]), Err(Refused::Full));
        }
        disk.sync("file").unwrap();
        disk.empty();
        disk.write("file", 0, &[1; 8]).unwrap();
    }
}

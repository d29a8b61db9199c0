//! Who holds which lock of a database file, as SQLite's five levels have it, and the shared
//! memory beside its log.

use std::{collections::BTreeSet, sync::Mutex};

use rusqlite::ffi;

/// A file that is open, among all.
pub(crate) type Holder = u64;

/// The locks of one file.
#[derive(Default)]
pub(crate) struct Locks {
    shared: BTreeSet<Holder>,
    reserved: Option<Holder>,
    /// Lets no new reader in.
    pending: Option<Holder>,
}

impl Locks {
    /// Takes a higher level; false where another stands in the way.
    pub(crate) fn raise(&mut self, holder: Holder, level: i32) -> bool {
        let by_another = |held: Option<Holder>| held.is_some_and(|by| by != holder);
        if level == ffi::SQLITE_LOCK_SHARED {
            let free = !by_another(self.pending);
            if free {
                self.shared.insert(holder);
            }
            return free;
        }
        if by_another(self.reserved) || by_another(self.pending) {
            return false;
        }
        self.reserved = Some(holder);
        if level == ffi::SQLITE_LOCK_RESERVED {
            return true;
        }
        self.pending = Some(holder);
        self.shared.iter().all(|reader| *reader == holder)
    }

    /// Goes back to a lower level.
    pub(crate) fn lower(&mut self, holder: Holder, level: i32) {
        for lock in [&mut self.reserved, &mut self.pending] {
            *lock = lock.filter(|by| *by != holder);
        }
        if level == ffi::SQLITE_LOCK_NONE {
            self.shared.remove(&holder);
        }
    }

    pub(crate) const fn is_reserved(&self) -> bool {
        self.reserved.is_some()
    }
}

/// The memory that the connections of one log share, and its eight locks.
#[derive(Default)]
pub(crate) struct Shared {
    /// Never moved while anybody has the file open: pointers into them are handed out.
    regions: Mutex<Vec<Box<[u64]>>>,
    slots: Mutex<[Slot; ffi::SQLITE_SHM_NLOCK as usize]>,
}

#[derive(Default)]
struct Slot {
    readers: BTreeSet<Holder>,
    writer: Option<Holder>,
}

impl Shared {
    /// Where a region begins; `None` where it is not there and is not to be made.
    pub(crate) fn region(&self, number: usize, bytes: usize, make: bool) -> Option<*mut u64> {
        let mut regions = self.regions.lock().unwrap();
        if number >= regions.len() && !make {
            return None;
        }
        while number >= regions.len() {
            regions.push(vec![0; bytes.div_ceil(8)].into());
        }
        Some(regions[number].as_mut_ptr())
    }

    /// Takes or gives back some of the locks; false where another stands in the way.
    pub(crate) fn lock(&self, holder: Holder, from: usize, count: usize, flags: i32) -> bool {
        let mut slots = self.slots.lock().unwrap();
        let slots = &mut slots[from..from + count];
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            slots.iter_mut().for_each(|slot| slot.leave(holder));
            return true;
        }
        let alone = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
        let free = slots.iter().all(|slot| slot.is_free(holder, alone));
        if free {
            for slot in slots {
                if alone {
                    slot.writer = Some(holder);
                } else {
                    slot.readers.insert(holder);
                }
            }
        }
        free
    }

    /// Gives back everything.
    pub(crate) fn leave(&self, holder: Holder) {
        let mut slots = self.slots.lock().unwrap();
        slots.iter_mut().for_each(|slot| slot.leave(holder));
    }
}

impl Slot {
    fn is_free(&self, holder: Holder, alone: bool) -> bool {
        self.writer.is_none_or(|by| by == holder)
            && (!alone || self.readers.iter().all(|by| *by == holder))
    }

    fn leave(&mut self, holder: Holder) {
        self.readers.remove(&holder);
        self.writer = self.writer.filter(|by| *by != holder);
    }
}

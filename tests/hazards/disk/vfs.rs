//! SQLite on disks in memory: a VFS that is the default one of this process, so that the stores
//! under test are opened as they always are.
//!
//! A file belongs to the disk that is mounted at its folder. Whoever opened it before a crash
//! finds it dead after it.

#![expect(
    unsafe_code,
    reason = "SQLite calls its file system through C pointers; there is no other way in"
)]

use std::{
    collections::BTreeMap,
    ffi::{CStr, c_char, c_int, c_void},
    path::{Path, PathBuf},
    ptr,
    sync::{
        Arc, LazyLock, Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::ffi;

use super::{
    locks::{Holder, Locks, Shared},
    model::{Disk, Refused},
};
use crate::chance::Chance;

/// A disk with what its open files share.
#[derive(Default)]
pub(crate) struct Mounted {
    pub(crate) disk: Disk,
    locks: BTreeMap<String, Locks>,
    shared: BTreeMap<String, Arc<Shared>>,
}

impl Mounted {
    /// A disk that is not yet anywhere.
    pub(crate) fn new(disk: Disk) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self {
            disk,
            ..Self::default()
        }))
    }

    /// Cuts and restores the power: nobody holds anything any more.
    pub(crate) fn restart(&mut self, chance: &mut Chance) {
        self.disk.restart(chance);
        self.locks.clear();
        self.shared.clear();
    }

    /// Comes back with what stood there when a backup was made.
    pub(crate) fn restore(&mut self, copy: &BTreeMap<String, Vec<u8>>, chance: &mut Chance) {
        self.restart(chance);
        self.disk.put_back(copy);
    }
}

type Place = Arc<Mutex<Mounted>>;

static PLACES: LazyLock<Mutex<BTreeMap<PathBuf, Place>>> = LazyLock::new(Mutex::default);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Puts a disk at a folder until it is taken away.
pub(crate) fn mount(folder: &Path, disk: &Place) {
    static ONCE: Once = Once::new();
    ONCE.call_once(register);
    PLACES
        .lock()
        .unwrap()
        .insert(folder.to_owned(), Arc::clone(disk));
}

/// Takes the disk at a folder away.
pub(crate) fn unmount(folder: &Path) {
    PLACES.lock().unwrap().remove(folder);
}

/// A file that is open.
struct Open {
    place: Place,
    name: String,
    holder: Holder,
    /// The disk's start when it was opened.
    start: u32,
    /// The memory that goes with it, once it was asked for.
    shared: Option<Arc<Shared>>,
    /// A file without a name, gone when it is closed.
    passing: bool,
}

/// What SQLite allocates for each file.
#[repr(C)]
struct Slot {
    base: ffi::sqlite3_file,
    open: *mut Open,
}

impl Open {
    /// Does `work` with the disk, unless the power was cut since this was opened.
    fn alive<T>(
        &self,
        work: impl FnOnce(&mut Mounted) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        let mut place = self.place.lock().unwrap();
        if !place.disk.is_on() || place.disk.start() != self.start {
            return Err(Refused::Off);
        }
        work(&mut place)
    }
}

/// SQLite's word for a refusal, where a broken operation has one of its own.
fn code(done: Result<(), Refused>, broken: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(Refused::Full) => ffi::SQLITE_FULL,
        Err(Refused::Failed | Refused::Off) => broken,
    }
}

fn number<T: TryInto<usize>>(value: T) -> usize {
    value.try_into().unwrap_or_default()
}

/// # Safety
/// `file` is one that [`open`] filled and [`close`] has not closed.
unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Open {
    unsafe { &mut *(*file.cast::<Slot>()).open }
}

/// # Safety
/// As SQLite calls `xOpen`.
unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let slot = unsafe { &mut *file.cast::<Slot>() };
    // No methods: where this fails, SQLite does not close it.
    slot.base.pMethods = ptr::null();
    let holder = NEXT.fetch_add(1, Ordering::Relaxed);
    let passing = name.is_null();
    let found = if passing {
        let place = Mounted::new(Disk::default());
        Some((place, format!("passing-{holder}")))
    } else {
        let name = unsafe { CStr::from_ptr(name) };
        find(&name.to_string_lossy())
    };
    let Some((place, name)) = found else {
        return ffi::SQLITE_CANTOPEN;
    };
    let start = {
        let mut place = place.lock().unwrap();
        if !place.disk.is_on() {
            return ffi::SQLITE_CANTOPEN;
        }
        if !place.disk.exists(&name) {
            if !passing && flags & ffi::SQLITE_OPEN_CREATE == 0 {
                return ffi::SQLITE_CANTOPEN;
            }
            match place.disk.create(&name) {
                Ok(()) => {}
                Err(Refused::Full) => return ffi::SQLITE_FULL,
                Err(_) => return ffi::SQLITE_CANTOPEN,
            }
        }
        place.disk.start()
    };
    slot.open = Box::into_raw(Box::new(Open {
        place,
        name,
        holder,
        start,
        shared: None,
        passing,
    }));
    slot.base.pMethods = &raw const METHODS;
    if !out_flags.is_null() {
        unsafe { *out_flags = flags };
    }
    ffi::SQLITE_OK
}

/// The disk of a path, and the file's name on it.
fn find(path: &str) -> Option<(Place, String)> {
    let (folder, name) = path.rsplit_once('/')?;
    let place = Arc::clone(PLACES.lock().unwrap().get(Path::new(folder))?);
    Some((place, name.to_owned()))
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let open = unsafe { Box::from_raw((*file.cast::<Slot>()).open) };
    // A dead file holds nothing.
    let _dead = open
        .alive(|place| {
            if let Some(locks) = place.locks.get_mut(&open.name) {
                locks.lower(open.holder, ffi::SQLITE_LOCK_NONE);
            }
            if open.passing {
                place.disk.delete(&open.name, true)?;
            }
            Ok(())
        })
        .is_err();
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    count: c_int,
    from: ffi::sqlite3_int64,
) -> c_int {
    let open = unsafe { opened(file) };
    let into = unsafe { std::slice::from_raw_parts_mut(into.cast::<u8>(), number(count)) };
    let read = open.alive(|place| {
        let found = place.disk.read(&open.name, number(from), into.len());
        into[..found.len()].copy_from_slice(found);
        into[found.len()..].fill(0);
        Ok(found.len())
    });
    match read {
        Ok(count) if count == into.len() => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    let open = unsafe { opened(file) };
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), number(count)) };
    let done = open.alive(|place| place.disk.write(&open.name, number(at), bytes));
    code(done, ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let open = unsafe { opened(file) };
    let done = open.alive(|place| place.disk.truncate(&open.name, number(size)));
    code(done, ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    let open = unsafe { opened(file) };
    let done = open.alive(|place| place.disk.sync(&open.name));
    code(done, ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, out: *mut ffi::sqlite3_int64) -> c_int {
    let open = unsafe { opened(file) };
    match open.alive(|place| Ok(place.disk.size(&open.name))) {
        Ok(size) => {
            unsafe { *out = i64::try_from(size).unwrap_or(i64::MAX) };
            ffi::SQLITE_OK
        }
        Err(_) => ffi::SQLITE_IOERR_FSTAT,
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let open = unsafe { opened(file) };
    let taken = open.alive(|place| {
        let locks = place.locks.entry(open.name.clone()).or_default();
        Ok(locks.raise(open.holder, level))
    });
    taken_code(taken, ffi::SQLITE_IOERR_LOCK)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let open = unsafe { opened(file) };
    let done = open.alive(|place| {
        let locks = place.locks.entry(open.name.clone()).or_default();
        locks.lower(open.holder, level);
        Ok(())
    });
    code(done, ffi::SQLITE_IOERR_UNLOCK)
}

fn taken_code(taken: Result<bool, Refused>, broken: c_int) -> c_int {
    match taken {
        Ok(true) => ffi::SQLITE_OK,
        Ok(false) => ffi::SQLITE_BUSY,
        Err(_) => broken,
    }
}

unsafe extern "C" fn check_reserved(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    let open = unsafe { opened(file) };
    let held = open.alive(|place| Ok(place.locks.get(&open.name).is_some_and(Locks::is_reserved)));
    unsafe { *out = c_int::from(held.unwrap_or_default()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4_096
}

/// As SQLite's own file system says of every disk: a write leaves its neighbours alone.
unsafe extern "C" fn characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    make: c_int,
    out: *mut *mut c_void,
) -> c_int {
    let open = unsafe { opened(file) };
    let shared = open.alive(|place| {
        let shared = place.shared.entry(open.name.clone()).or_default();
        Ok(Arc::clone(shared))
    });
    let Ok(shared) = shared else {
        return ffi::SQLITE_IOERR_SHMMAP;
    };
    let region = shared.region(number(region), number(bytes), make != 0);
    unsafe { *out = region.map_or(ptr::null_mut(), <*mut u64>::cast) };
    open.shared = Some(shared);
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    from: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let open = unsafe { opened(file) };
    let taken = open.alive(|_| {
        let shared = open.shared.as_ref().ok_or(Refused::Failed)?;
        Ok(shared.lock(open.holder, number(from), number(count), flags))
    });
    taken_code(taken, ffi::SQLITE_IOERR_SHMLOCK)
}

unsafe extern "C" fn shm_barrier(_: *mut ffi::sqlite3_file) {
    std::sync::atomic::fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    let open = unsafe { opened(file) };
    if let Some(shared) = open.shared.take() {
        shared.leave(open.holder);
        // Where this was the last who had it, it is empty for the next.
        let _dead = open
            .alive(|place| {
                drop(shared);
                place
                    .shared
                    .retain(|_, shared| Arc::strong_count(shared) > 1);
                Ok(())
            })
            .is_err();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    durably: c_int,
) -> c_int {
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    let Some((place, name)) = find(&name) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    let mut place = place.lock().unwrap();
    if !place.disk.exists(&name) {
        return ffi::SQLITE_IOERR_DELETE_NOENT;
    }
    code(
        place.disk.delete(&name, durably != 0),
        ffi::SQLITE_IOERR_DELETE,
    )
}

unsafe extern "C" fn access(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    let name = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    let there = find(&name).is_some_and(|(place, name)| place.lock().unwrap().disk.exists(&name));
    unsafe { *out = c_int::from(there) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if bytes.len() > number(room) {
        return ffi::SQLITE_CANTOPEN;
    }
    unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len()) };
    ffi::SQLITE_OK
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Makes this the file system of every database that is opened from now on. Time and chance
/// stay the machine's.
fn register() {
    // SAFETY: the system's VFS lives for as long as the process; the copy is never freed.
    unsafe {
        let system = ffi::sqlite3_vfs_find(ptr::null());
        assert!(!system.is_null(), "SQLite has no file system");
        let ours = Box::leak(Box::new(*system));
        ours.iVersion = 2;
        ours.szOsFile = c_int::try_from(size_of::<Slot>()).unwrap();
        ours.pNext = ptr::null_mut();
        ours.zName = c"disks in memory".as_ptr();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        ours.xAccess = Some(access);
        ours.xFullPathname = Some(full_path);
        let registered = ffi::sqlite3_vfs_register(ours, 1);
        assert_eq!(registered, ffi::SQLITE_OK);
    }
}

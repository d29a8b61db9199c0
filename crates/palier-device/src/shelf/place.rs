//! Where each campaign's files stand in the device's folder.
//!
//! The first one stands in the folder itself, where the only one stood before there could be
//! several; each further one has a folder of its own.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{basemap, device::DATABASE};

/// The number of the campaign in the device's folder itself.
pub(super) const FIRST: u32 = 1;
/// The folder of the others.
const OTHERS: &str = "campaigns";

/// The folder of one campaign.
pub(super) fn folder(home: &Path, number: u32) -> PathBuf {
    if number == FIRST {
        home.to_owned()
    } else {
        home.join(OTHERS).join(number.to_string())
    }
}

/// The campaigns that are there, by number.
pub(super) fn numbers(home: &Path) -> Vec<u32> {
    let others = fs::read_dir(home.join(OTHERS)).into_iter().flatten();
    let mut numbers: Vec<u32> = others
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .chain([FIRST])
        .filter(|number| folder(home, *number).join(DATABASE).exists())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Removes every file of one campaign: its database, the database's log, copies of it that were
/// damaged, and its base maps. Done again, it finishes what was begun.
///
/// # Errors
/// A file cannot be removed.
pub(super) fn wipe(home: &Path, number: u32) -> io::Result<()> {
    let folder = folder(home, number);
    if number == FIRST {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(DATABASE) {
                gone(fs::remove_file(entry.path()))?;
            }
        }
        gone(fs::remove_dir_all(folder.join(basemap::FOLDER)))?;
        keep(&folder);
    } else {
        gone(fs::remove_dir_all(&folder))?;
        keep(&home.join(OTHERS));
    }
    Ok(())
}

/// What is not there is removed.
fn gone(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Keeps a folder's entries on the disk, where the system lets a folder be opened; elsewhere it
/// does so by itself.
fn keep(folder: &Path) {
    let _elsewhere = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

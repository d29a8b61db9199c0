//! A copy of a store that can be served when the store is lost.
//!
//! The copy carries a mark (its `application_id`). The first relay that opens it begins another
//! life: devices see another incarnation, and offer again everything that they hold. So whatever
//! came after the copy comes back, and however often one copy is restored, each is a life of its
//! own.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use rusqlite::params;
use serde::Serialize;

use super::file_of;
use crate::{config::StoreAt, error::StoreError, store::sqlite::open};

/// A copy that was made and looked over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Copied {
    /// The copy.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// Envelopes in it.
    pub envelopes: u64,
}

/// Copies a store into a new file; the relay may run. The copy is one state of the store, with
/// everything that was answered for before the copy began. It gets its name only once it is
/// whole, on disk and looked over.
///
/// # Errors
/// There is no store, it is damaged, the file exists already, or the disk is full.
pub fn backup(store: &StoreAt, to: &Path) -> Result<Copied, StoreError> {
    let path = file_of(store)?;
    let failed = |reason: std::io::Error| StoreError::NotWritten {
        path: to.to_owned(),
        reason,
    };
    if to.exists() {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    let partial = with_suffix(to, ".partial");
    let name = partial.to_str();
    let name = name.ok_or_else(|| failed(std::io::ErrorKind::InvalidFilename.into()))?;
    remove_if_there(&partial).map_err(failed)?;
    let source = open::to_look(path)?;
    // Unlike the backup interface, this reads one snapshot and is not begun again by writers.
    source.execute_batch("PRAGMA query_only = OFF;")?;
    source.execute("VACUUM INTO ?1", params![name])?;
    let envelopes = open::mark_as_copy(&partial)?;
    let file = File::open(&partial).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    std::fs::rename(&partial, to).map_err(failed)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let folder = File::open(folder).map_err(failed)?;
        folder.sync_all().map_err(failed)?;
    }
    Ok(Copied {
        path: to.to_owned(),
        bytes,
        envelopes,
    })
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    name.into()
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(reason) if reason.kind() != std::io::ErrorKind::NotFound => Err(reason),
        _ => Ok(()),
    }
}

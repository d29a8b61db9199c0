//! What whoever runs a relay does with its store: looks it over, copies it, counts it, and
//! erases a campaign from it.

mod backup;
pub(crate) mod check;
mod purge;
mod stats;

use std::path::Path;

pub use backup::{Copied, backup};
pub use check::{Checked, Problem, check};
pub use purge::{Receipt, purge};
pub use stats::{CampaignStats, SpaceStats, Stats, stats};

use crate::{config::StoreAt, error::StoreError};

/// The file of a store that is a file.
fn file_of(store: &StoreAt) -> Result<&Path, StoreError> {
    match store {
        StoreAt::Sqlite(path) if path.is_file() => Ok(path),
        StoreAt::Sqlite(path) => Err(StoreError::NotAStore {
            path: path.clone(),
            reason: "there is no such file".into(),
        }),
        StoreAt::Postgres(_) => Err(StoreError::NoFile),
    }
}

/// A name as it is printed.
fn hex(name: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(name)
}

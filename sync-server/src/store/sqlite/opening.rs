//! Telling a store that goes on from one that was put back from a copy.
//!
//! At each opening the store and a small file beside it are given the same random bytes. A copy
//! that was made before, or that stands in another place, has others than the file, or none: it
//! lost what came since, and begins a new life, so that devices offer everything again. Where
//! only the file was lost, they do so in vain, which harms nothing.

use std::{fs, io::ErrorKind, path::Path};

use palier_core::moment::Moment;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::StoreError;

/// Random bytes that name a life, or an opening.
pub(super) fn random() -> Result<[u8; 16], StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|_reason| StoreError::Broken("no random bytes for an incarnation"))?;
    Ok(bytes)
}

/// Notes that the store was opened, and begins a new life where it was put back from a copy.
pub(super) fn remember(db: &mut Connection, path: &Path, now: Moment) -> Result<(), StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-opening");
    let beside = Path::new(&beside);
    let said = match fs::read(beside) {
        Err(reason) if reason.kind() != ErrorKind::NotFound => Err(unusable()),
        said => Ok(said.ok()),
    }?;
    let token = random()?;
    let transaction = db.transaction()?;
    let known: Option<Vec<u8>> = transaction
        .query_row("SELECT token FROM opening", [], |row| row.get(0))
        .optional()?;
    if known.is_some() && known != said {
        tracing::warn!("the store was put back from a copy: devices offer everything again");
        transaction.execute(
            "UPDATE relay SET incarnation = ?1, since = ?2",
            params![random()?, now.0],
        )?;
    }
    transaction.execute(
        "INSERT INTO opening (one, token) VALUES (1, ?1)
         ON CONFLICT (one) DO UPDATE SET token = excluded.token",
        [token],
    )?;
    transaction.commit()?;
    fs::write(beside, token).map_err(|_reason| unusable())
}

const fn unusable() -> StoreError {
    StoreError::Broken("the file beside it that notes its openings cannot be used")
}

#[cfg(test)]
mod tests {
    use super::super::open::{incarnation, to_write};
    use super::*;

    #[test]
    fn a_store_that_is_put_back_begins_a_new_life_and_one_that_goes_on_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("relay.db"), folder.path().join("copy"));
        let open = || incarnation(&to_write(&path, Moment(1)).unwrap()).unwrap();
        let first = open();
        assert_eq!(open(), first);
        fs::copy(&path, &copy).unwrap();
        assert_eq!(open(), first);
        fs::copy(&copy, &path).unwrap();
        let second = open();
        assert_ne!(second, first);
        assert_eq!(open(), second);
        let elsewhere = incarnation(&to_write(&copy, Moment(1)).unwrap()).unwrap();
        assert_ne!(elsewhere, first);
    }
}

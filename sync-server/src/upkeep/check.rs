//! Looks a store over: whether its log is whole and signed, and whether everything else is what
//! follows from it. Nothing is changed.

mod log;
mod packs;

use rusqlite::Connection;
use serde::Serialize;

use super::file_of;
use crate::{
    config::StoreAt,
    error::StoreError,
    rebuild::{DERIVED, differs, replay},
    state::Clock,
    store::sqlite::open,
};

/// The most problems that are named.
const NAMED: usize = 1_000;

/// What a look found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Checked {
    /// Envelopes in the log.
    pub envelopes: u64,
    /// Territory packs.
    pub packs: u64,
    /// What is not as it should be, the first thousand.
    pub problems: Vec<Problem>,
}

/// Something that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Problem {
    /// What.
    pub what: &'static str,
    /// Where: ids and numbers.
    pub place: String,
}

impl Checked {
    fn found(&mut self, what: &'static str, place: impl Into<String>) {
        if self.problems.len() < NAMED {
            let place = place.into();
            self.problems.push(Problem { what, place });
        }
    }
}

/// Looks a store over; the relay may run, and the look is at one state of the store.
///
/// # Errors
/// There is no store, or a newer version wrote it. A store that is damaged is no error, but a
/// problem that is found.
pub fn check(store: &StoreAt, clock: &Clock) -> Result<Checked, StoreError> {
    let path = file_of(store)?;
    let mut db = open::to_look(path)?;
    let db = db.transaction()?;
    let mut checked = Checked {
        envelopes: 0,
        packs: 0,
        problems: Vec::new(),
    };
    for look in [file, log::look, packs::look] {
        // What cannot be read any more is damage, and the rest is looked at all the same.
        if let Err(reason) = look(&db, &mut checked) {
            checked.found("the store cannot be read here", reason.to_string());
        }
    }
    if let Err(reason) = projections(&db, &mut checked, clock) {
        checked.found("the log does not give what is kept", reason.to_string());
    }
    Ok(checked)
}

/// What SQLite itself finds.
fn file(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut said = db.prepare("PRAGMA integrity_check(100)")?;
    let mut said = said.query([])?;
    while let Some(row) = said.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            checked.found("the file is damaged", line);
        }
    }
    let mut said = db.prepare("PRAGMA foreign_key_check")?;
    let mut said = said.query([])?;
    while let Some(row) = said.next()? {
        let table: String = row.get(0)?;
        checked.found("a line refers to nothing", table);
    }
    Ok(())
}

/// Everything that follows from the log, made again beside it.
fn projections(db: &Connection, checked: &mut Checked, clock: &Clock) -> Result<(), StoreError> {
    let mut scratch = open::scratch(clock.now())?;
    let replayed = scratch.transaction()?;
    replay(db, &replayed)?;
    for (table, key) in DERIVED {
        if differs(db, &replayed, table, key)? {
            checked.found("a table is not what the log says", table);
        }
    }
    Ok(())
}

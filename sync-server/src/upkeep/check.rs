//! Looks a store over: whether its log is whole and signed, and whether everything else is what
//! follows from it. Nothing is changed. What is looked for stands here, how it is read from a
//! file in `file`, and from a database in `store::postgres`.

mod file;
mod log;
mod packs;

use serde::Serialize;

use super::file_of;
use crate::{config::StoreAt, error::StoreError, state::Clock, store::postgres};

pub(crate) use log::{AT_A_TIME, Line, Log};
pub(crate) use packs::Pack;

/// The most problems that are named.
const NAMED: usize = 1_000;

/// What a look found.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize)]
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
    pub(crate) fn found(&mut self, what: &'static str, place: impl Into<String>) {
        if self.problems.len() < NAMED {
            let place = place.into();
            self.problems.push(Problem { what, place });
        }
    }

    /// The counter of a space is somewhere else.
    pub(crate) fn found_counter(&mut self, campaign: &[u8], space: &[u8]) {
        let (campaign, space) = (super::hex(campaign), super::hex(space));
        let place = format!("campaign {campaign} space {space}");
        self.found("a counter is not at the end of its log", place);
    }

    pub(crate) fn found_dangling(&mut self, table: impl Into<String>) {
        self.found("a line refers to nothing", table);
    }

    pub(crate) fn found_unreadable(&mut self, reason: &StoreError) {
        self.found("the store cannot be read here", reason.to_string());
    }

    pub(crate) fn found_table(&mut self, table: &str) {
        self.found("a table is not what the log says", table);
    }

    pub(crate) fn found_no_replay(&mut self, reason: &StoreError) {
        self.found("the log does not give what is kept", reason.to_string());
    }
}

/// Looks a store over; the relay may run, and the look is at one state of the store.
///
/// # Errors
/// There is no store, or another version wrote it. A store that is damaged is no error, but a
/// problem that is found.
pub fn check(store: &StoreAt, clock: &Clock) -> Result<Checked, StoreError> {
    match store {
        StoreAt::Sqlite(_) => file::check(file_of(store)?, clock.now()),
        StoreAt::Postgres(url) => postgres::check(url, clock.now()),
    }
}

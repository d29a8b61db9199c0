//! Reading reference data: stations, addresses and past results, from bytes.
//!
//! Pure: no file is opened and nothing is stored here. A layout is recognised by what the bytes
//! hold, never by a file's name. A row that is not understood is listed with its line and the
//! reason; a file that is not understood is an [`ImportError`] that says what it looks like.

mod addresses;
mod bad_row;
mod error;
mod join;
mod json;
mod look;
mod note;
mod place;
mod results;
mod stations;
mod table;
mod text;
mod value;

use crate::api::{
    reply::{ImportReport, RejectedRow},
    request::Subject,
};

pub use self::{
    addresses::read_addresses,
    bad_row::{BadRow, Column, NamedStation},
    error::{ImportError, Looks, Wanted},
    join::join_results,
    note::Note,
    place::{Placement, place_addresses},
    results::{RawResult, read_results},
    stations::read_stations,
};

/// Largest file that is read, bytes.
pub const MAX_FILE_BYTES: usize = 256 * 1024 * 1024;

/// What was understood of a file.
#[derive(Clone, Debug)]
pub struct Parsed<T> {
    /// What is kept, in the file's order.
    pub items: Vec<T>,
    /// The layout, for instance `ban-csv`.
    pub format: &'static str,
    /// The encoding, `utf-8`, `utf-16` or `latin-1`.
    pub encoding: &'static str,
    /// Rows or features in the file.
    pub rows: u32,
    /// Every row that is not kept, with its line in the file and the reason.
    pub rejected: Vec<RejectedRow>,
    /// What a reader should know, one line each.
    pub notes: Vec<Note>,
    /// Names of the ballots found, oldest first; empty unless the file holds results.
    pub ballots: Vec<String>,
}

impl<T> Parsed<T> {
    fn new(format: &'static str, text: &text::Text) -> Self {
        Self {
            items: Vec::new(),
            format,
            encoding: text.encoding,
            rows: 0,
            rejected: Vec::new(),
            notes: text.notes.clone(),
            ballots: Vec::new(),
        }
    }

    /// What to tell whoever chose the file, before anything is joined or placed.
    #[must_use]
    pub fn report(&self, subject: Subject, dry_run: bool) -> ImportReport {
        ImportReport {
            subject,
            format: self.format.to_owned(),
            encoding: self.encoding.to_owned(),
            rows: self.rows,
            accepted: u32::try_from(self.items.len()).unwrap_or(u32::MAX),
            rejected: self.rejected.clone(),
            notes: self.notes.clone(),
            ballots: self.ballots.clone(),
            in_no_perimeter: Vec::new(),
            in_many_perimeters: Vec::new(),
            dry_run,
        }
    }

    /// Counts a row, and keeps it or lists it.
    fn take(&mut self, line: u32, row: Result<T, BadRow>) {
        self.rows = self.rows.saturating_add(1);
        match row {
            Ok(item) => self.items.push(item),
            Err(reason) => self.reject(line, reason),
        }
    }

    fn reject(&mut self, line: u32, reason: BadRow) {
        self.rejected.push(RejectedRow { line, reason });
    }
}

#[cfg(test)]
mod tests;

//! What the open and the shared documents say, as rows: made from documents, never edited.

mod campaign;
mod handout;
mod kit;
mod member;
mod shift;
mod turf;
mod turnout;

pub(crate) use campaign::{Team, campaign, set_campaign, teams};
pub(crate) use handout::{own_handouts, standing_of};
pub(crate) use kit::{insert_kit, kit, kits};
pub(crate) use member::{members, pseudonyms, set_members};
pub(crate) use shift::{add_to_shift, is_any_shift_open, open_shift, set_envelope, set_shift};
pub(crate) use turf::{TurfHead, rounds, set_handed_turf, set_turf, turf, turfs};
pub(crate) use turnout::{clear_turnout, set_turnout};

use rusqlite::Connection;

use crate::error::Error;

/// The tables that [`clear`] empties and a rebuild fills again.
pub(crate) const TABLES: [&str; 16] = [
    "peer",
    "unapplied",
    "document",
    "campaign",
    "kit",
    "team",
    "member",
    "turf",
    "turf_address",
    "turf_door",
    "turf_access",
    "shift",
    "visit",
    "round",
    "handout",
    "turnout",
];

/// Empties every projection.
pub(crate) fn clear(connection: &Connection) -> Result<(), Error> {
    for table in TABLES {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

/// A digest of every projection but the saved documents, to tell whether a rebuild changed
/// anything.
pub(crate) fn picture(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut rows = Vec::new();
    for table in TABLES.into_iter().filter(|table| *table != "document") {
        let mut query = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = query.column_count();
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let values = (0..columns)
                .map(|column| row.get::<_, rusqlite::types::Value>(column))
                .collect::<Result<Vec<_>, _>>()?;
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows.sort();
    Ok(rows)
}

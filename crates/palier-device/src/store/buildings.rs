//! What a team described of its buildings: doors, and how one gets in. Made from the turf's
//! document, never edited.

use std::collections::BTreeMap;

use palier_core::{
    building::Access,
    document::turf::{Buildings, Door},
    id::DocumentId,
    moment::Moment,
};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::projections::{self, TurfHead};
use crate::error::Error;

/// Writes what a turf says of its buildings. Only rows that differ are written: a turf has
/// thousands of doors, and a person adds one.
pub(crate) fn set(
    connection: &Connection,
    turf: DocumentId,
    buildings: &Buildings,
) -> Result<(), Error> {
    // A turf without a name yet is shown nowhere.
    if projections::turf(connection, turf)?.is_none() {
        return Ok(());
    }
    set_doors(connection, turf, &buildings.doors)?;
    set_access(connection, turf, &buildings.access)
}

fn set_doors(connection: &Connection, turf: DocumentId, doors: &[Door]) -> Result<(), Error> {
    let mut known = known_doors(connection, turf)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO turf_door (turf, door, address, stair, floor, label, landing)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (turf, door) DO UPDATE SET label = excluded.label,
             landing = excluded.landing",
    )?;
    for door in doors {
        let id = door.place.to_string();
        let shown = known.remove(&id);
        if shown.is_some_and(|names| names == (door.label.clone(), door.landing.clone())) {
            continue;
        }
        let at = &door.place.landing;
        insert.execute(params![
            turf.0,
            id,
            at.address,
            at.stair,
            at.floor,
            door.label,
            door.landing
        ])?;
    }
    let mut delete =
        connection.prepare_cached("DELETE FROM turf_door WHERE turf = ?1 AND door = ?2")?;
    for gone in known.keys() {
        delete.execute(params![turf.0, gone])?;
    }
    Ok(())
}

/// The doors of a turf that are shown, each with its label and what its landing is called.
fn known_doors(
    connection: &Connection,
    turf: DocumentId,
) -> Result<BTreeMap<String, (String, String)>, Error> {
    let mut query =
        connection.prepare_cached("SELECT door, label, landing FROM turf_door WHERE turf = ?1")?;
    let rows = query.query_map([turf.0], |row| {
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn set_access(
    connection: &Connection,
    turf: DocumentId,
    access: &[(String, Access)],
) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM turf_access WHERE turf = ?1")?
        .execute([turf.0])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO turf_access (turf, address, way, code, code_ends)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (address, access) in access {
        let (code, ends) = match &access.code {
            Some((code, ends)) => (code.as_str(), ends.0),
            None => ("", 0),
        };
        insert.execute(params![turf.0, address, access.way.word(), code, ends])?;
    }
    Ok(())
}

/// Forgets the codes that have ended.
pub(crate) fn forget_codes(connection: &Connection, now: Moment) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE turf_access SET code = '' WHERE code <> '' AND code_ends <= ?1")?
        .execute([now.0])?;
    Ok(())
}

/// How one gets into a building, as it was noted.
#[derive(Clone)]
pub(crate) struct Noted {
    /// One of five words.
    pub(crate) way: String,
    /// Empty where there is none, or once it has ended.
    pub(crate) code: String,
    /// When the code ends, or ended.
    pub(crate) ends: Option<Moment>,
}

pub(crate) fn access(
    connection: &Connection,
    turf: DocumentId,
    address: &str,
    now: Moment,
) -> Result<Option<Noted>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT way, CASE WHEN code_ends > :now THEN code ELSE '' END, code_ends
         FROM turf_access WHERE turf = :turf AND address = :address",
    )?;
    let noted = query.query_row(
        named_params! { ":turf": turf.0, ":address": address, ":now": now.0 },
        |row| read_access(row, 0),
    );
    Ok(noted.optional()?)
}

/// How one gets into the buildings of a turf, by address.
pub(crate) fn every_access(
    connection: &Connection,
    turf: DocumentId,
    now: Moment,
) -> Result<BTreeMap<String, Noted>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT address, way, CASE WHEN code_ends > :now THEN code ELSE '' END, code_ends
         FROM turf_access WHERE turf = :turf",
    )?;
    let noted = query.query_map(named_params! { ":turf": turf.0, ":now": now.0 }, |row| {
        Ok((row.get(0)?, read_access(row, 1)?))
    })?;
    Ok(noted.collect::<Result<_, _>>()?)
}

fn read_access(row: &Row<'_>, first: usize) -> rusqlite::Result<Noted> {
    let ends: i64 = row.get(first + 2)?;
    Ok(Noted {
        way: row.get(first)?,
        code: row.get(first + 1)?,
        ends: Some(Moment(ends)).filter(|_| ends != 0),
    })
}

/// Ids of the doors that are described at an address.
pub(crate) fn doors_at(
    connection: &Connection,
    turf: DocumentId,
    address: &str,
) -> Result<Vec<String>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT door FROM turf_door WHERE turf = ?1 AND address = ?2 ORDER BY door",
    )?;
    let doors = query.query_map(params![turf.0, address], |row| row.get(0))?;
    Ok(doors.collect::<Result<_, _>>()?)
}

/// The number and street of an address of a turf; nothing where it is none of it.
pub(crate) fn address_of_turf(
    connection: &Connection,
    turf: &TurfHead,
    address: &str,
) -> Result<Option<(String, String)>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT a.number, a.street FROM address AS a
         WHERE a.id = :address AND CASE :station
             WHEN '' THEN EXISTS (SELECT 1 FROM turf_address AS t
                                  WHERE t.turf = :turf AND t.address = a.id)
             ELSE a.station = :station END",
    )?;
    let found = query.query_row(
        named_params! { ":address": address, ":station": turf.station, ":turf": turf.id.0 },
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    Ok(found.optional()?)
}

//! Doors to come back to, and when doors open.

use palier_core::{id::DocumentId, moment::Moment, outcome::Outcome};
use rusqlite::Connection;

use super::LATEST;
use crate::error::Error;

/// The doors whose latest visit asked to come back, with when it was said to be, if it was.
pub(crate) fn asked_back(connection: &Connection) -> Result<Vec<(String, String)>, Error> {
    let mut query = connection.prepare_cached(&format!(
        "WITH door AS (SELECT DISTINCT door AS id FROM visit
                       WHERE outcome = 'come_back' AND standing = 1)
         SELECT door.id, v.back FROM door {LATEST} WHERE v.outcome = 'come_back'"
    ))?;
    let doors = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(doors.collect::<Result<_, _>>()?)
}

/// Passes every standing visit: when it was, what came of it, and how many doors its address
/// has as far as it is described.
pub(crate) fn knocks(
    connection: &Connection,
    mut each: impl FnMut(Moment, Outcome, u32),
) -> Result<(), Error> {
    let mut query = connection.prepare_cached(
        "SELECT v.at, v.outcome,
                (SELECT count(DISTINCT d.door) FROM turf_door AS d
                 WHERE d.address = CASE instr(v.door, '/')
                     WHEN 0 THEN v.door ELSE substr(v.door, 1, instr(v.door, '/') - 1) END)
         FROM visit AS v WHERE v.standing = 1",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        if let Ok(outcome) = row.get::<_, String>(1)?.parse() {
            each(Moment(row.get(0)?), outcome, row.get(2)?);
        }
    }
    Ok(())
}

/// At how many doors one shift knocked.
pub(crate) fn distinct_doors(connection: &Connection, shift: DocumentId) -> Result<u32, Error> {
    let mut query = connection.prepare_cached(
        "SELECT count(DISTINCT door) FROM visit WHERE shift = ?1 AND standing = 1",
    )?;
    Ok(query.query_row([shift.0], |row| row.get(0))?)
}

//! Ballots that observers reported.

use palier_core::{document::report::Report, id::DocumentId};
use rusqlite::{Connection, params};

use crate::error::Error;

pub(crate) fn set_turnout(
    connection: &Connection,
    id: DocumentId,
    report: &Report,
) -> Result<(), Error> {
    clear_turnout(connection, id)?;
    for ((station, hour), votes) in &report.turnout {
        connection.execute(
            "INSERT INTO turnout (document, day, station, hour, votes, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id.0,
                report.day,
                station,
                hour.to_string(),
                votes.votes,
                votes.at.0
            ],
        )?;
    }
    Ok(())
}

/// Empties the ballots of a report that is written again.
pub(crate) fn clear_turnout(connection: &Connection, id: DocumentId) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM turnout WHERE document = ?1")?
        .execute([id.0])?;
    Ok(())
}

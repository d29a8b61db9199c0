//! What this device was handed when it was let in by a code.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

pub(crate) fn get(connection: &Connection) -> Result<Option<Vec<u8>>, Error> {
    Ok(connection
        .query_row("SELECT answer FROM handed", [], |row| row.get(0))
        .optional()?)
}

pub(crate) fn set(connection: &Connection, answer: &[u8]) -> Result<(), Error> {
    connection.execute(
        "INSERT OR REPLACE INTO handed (one, answer) VALUES (1, ?1)",
        [answer],
    )?;
    Ok(())
}

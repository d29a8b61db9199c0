//! What stands in a SQLite file, read as anybody could.

use std::path::Path;

use anyhow::{Result, ensure};
use rusqlite::Connection;

/// Opens a store that nobody has open, and checks every page of it.
pub(super) fn whole(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(verdict == "ok", "{verdict}");
    Ok(connection)
}

/// That every log of a relay counts from one without a gap, up to its head.
pub(super) fn check_logs(relay: &Connection) -> Result<()> {
    let torn: i64 = relay.query_row(
        "SELECT count(*) FROM spaces AS s WHERE s.head <> (
             SELECT count(*) FROM log AS l WHERE l.campaign = s.campaign AND l.space = s.space)
         OR s.head <> (
             SELECT max(seq) FROM log AS l WHERE l.campaign = s.campaign AND l.space = s.space)",
        [],
        |row| row.get(0),
    )?;
    ensure!(torn == 0, "{torn} logs have a gap");
    Ok(())
}

//! What stands in a store, in counts that are the same in every run.

use std::path::Path;

use rusqlite::Connection;

/// Counts of every table, and of what changes without adding a row.
pub(super) fn picture(path: &Path, also: &[&str]) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let tables = texts(
        &connection,
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    );
    let counts = tables
        .iter()
        .map(|table| format!("SELECT '{table} ' || count(*) FROM {table}"));
    counts
        .chain(also.iter().map(|query| (*query).to_owned()))
        .flat_map(|query| texts(&connection, &query))
        .collect()
}

/// Whether every page of a store is sound.
pub(super) fn is_whole(path: &Path) -> bool {
    texts(&Connection::open(path).unwrap(), "PRAGMA integrity_check") == ["ok"]
}

pub(super) fn texts(connection: &Connection, query: &str) -> Vec<String> {
    let mut query = connection.prepare(query).unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

//! Small things that are remembered by name.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// Names of what is remembered.
pub(crate) mod name {
    pub(crate) const LAST_SYNC: &str = "last_sync";
    pub(crate) const ONLINE: &str = "online";
    pub(crate) const INCARNATION: &str = "incarnation";
    /// The relay's time when it was last heard.
    pub(crate) const TRUE_THEN: &str = "true_then";
    /// What this device's clock said then.
    pub(crate) const OURS_THEN: &str = "ours_then";
    /// When changes were last sealed: those that wait are younger.
    pub(crate) const SEALED_AT: &str = "sealed_at";
    pub(crate) const PLACE_TURF: &str = "place_turf";
    pub(crate) const PLACE_DOOR: &str = "place_door";
    /// The pseudonym in this device's request code.
    pub(crate) const CODE_NAME: &str = "code_name";
    /// The campaign of the link that the request code was made with.
    pub(crate) const CODE_CAMPAIGN: &str = "code_campaign";
    /// Whether the relay said that this device's rights were taken back.
    pub(crate) const REMOVED: &str = "removed";
    pub(crate) const LANGUAGE: &str = "language";
    /// The hash of the territory pack that stands in the tables.
    pub(crate) const TERRITORY: &str = "territory";
    /// The hash of the territory pack that the relay has from here.
    pub(crate) const TERRITORY_SENT: &str = "territory_sent";
}

pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<String>, Error> {
    let mut query = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(query.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn set(connection: &Connection, name: &str, value: Option<&str>) -> Result<(), Error> {
    match value {
        Some(value) => connection
            .prepare_cached(
                "INSERT INTO setting (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value
                 WHERE value <> excluded.value",
            )?
            .execute(params![name, value])?,
        None => connection
            .prepare_cached("DELETE FROM setting WHERE name = ?1")?
            .execute([name])?,
    };
    Ok(())
}

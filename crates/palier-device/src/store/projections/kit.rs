//! Versions of kits, as they were published.

use palier_core::{
    id::DocumentId,
    kit::{Published, Version},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// Keeps a version. It is never changed: what stands under its id is what its id is the digest of.
pub(crate) fn insert_kit(
    connection: &Connection,
    id: DocumentId,
    version: &Version,
    bytes: &[u8],
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO kit (id, number, language, version) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![id.0, version.number, version.kit.language, bytes])?;
    Ok(())
}

/// Every version that is known here.
pub(crate) fn kits(connection: &Connection) -> Result<Vec<Published>, Error> {
    let mut query = connection
        .prepare_cached("SELECT id, number, language FROM kit ORDER BY language, number, id")?;
    let rows = query.query_map([], |row| {
        Ok(Published {
            id: DocumentId(row.get(0)?),
            number: row.get(1)?,
            language: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One version.
pub(crate) fn kit(connection: &Connection, id: DocumentId) -> Result<Option<Version>, Error> {
    let mut query = connection.prepare_cached("SELECT version FROM kit WHERE id = ?1")?;
    let bytes: Option<Vec<u8>> = query.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(bytes.and_then(|bytes| Version::decode(&bytes)))
}

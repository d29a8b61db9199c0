//! This device's own line of envelopes in a space, and what is taken out of it to be sealed
//! again.

use palier_core::{
    envelope::{Envelope, Kind},
    id::{DeviceId, DocumentId, EnvelopeId, SpaceId},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// One envelope of the line.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) n: i64,
    pub(crate) records: u32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) envelope: Envelope,
}

/// The line from a place on, in order.
pub(crate) fn from(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    seq: u64,
) -> Result<Vec<Link>, Error> {
    let mut query = connection.prepare(
        "SELECT n, records, bytes FROM envelope
         WHERE space = ?1 AND device = ?2 AND device_seq >= ?3 ORDER BY device_seq",
    )?;
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let mut rows = query.query(params![space.0, device.0, seq])?;
    let mut line = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(2)?;
        line.push(Link {
            n: row.get(0)?,
            records: row.get(1)?,
            envelope: Envelope::decode(&bytes)?,
            bytes,
        });
    }
    Ok(line)
}

/// The envelope at a place of the line; none before its first.
pub(crate) fn at(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    seq: u64,
) -> Result<EnvelopeId, Error> {
    let mut query = connection.prepare_cached(
        "SELECT id FROM envelope WHERE space = ?1 AND device = ?2 AND device_seq = ?3",
    )?;
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let id = query
        .query_row(params![space.0, device.0, seq], |row| row.get(0))
        .optional()?;
    Ok(id.map_or(EnvelopeId::NONE, EnvelopeId))
}

/// Takes an envelope out of the record; its visits wait for another.
pub(crate) fn remove(connection: &Connection, link: &Link) -> Result<(), Error> {
    let id = EnvelopeId::of(&link.bytes);
    connection.execute("DELETE FROM offer WHERE n = ?1", [link.n])?;
    connection.execute("DELETE FROM envelope WHERE n = ?1", [link.n])?;
    connection.execute("DELETE FROM unapplied WHERE id = ?1", [id.0])?;
    connection.execute(
        "UPDATE visit SET envelope = x'' WHERE shift = ?1 AND envelope = ?2",
        params![link.envelope.header.document.0, id.0],
    )?;
    Ok(())
}

/// Marks a space where nothing is sealed before the device's own line there was read.
pub(crate) fn set_behind(connection: &Connection, space: SpaceId) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO behind (space) VALUES (?1) ON CONFLICT DO NOTHING",
        [space.0],
    )?;
    Ok(())
}

/// Ends that; whether it was so marked.
pub(crate) fn end_behind(connection: &Connection, space: SpaceId) -> Result<bool, Error> {
    let mut delete = connection.prepare_cached("DELETE FROM behind WHERE space = ?1")?;
    Ok(delete.execute([space.0])? > 0)
}

pub(crate) fn is_behind(connection: &Connection, space: SpaceId) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM behind WHERE space = ?1")?;
    Ok(query.exists([space.0])?)
}

/// Keeps a body without document until it is sealed again.
pub(crate) fn insert_body(
    connection: &Connection,
    space: SpaceId,
    kind: Kind,
    body: &[u8],
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO pending_body (space, kind, bytes) VALUES (?1, ?2, ?3)",
        params![space.0, kind.byte(), body],
    )?;
    Ok(())
}

/// Takes the next of those out.
pub(crate) fn take_body(
    connection: &Connection,
) -> Result<Option<(SpaceId, Kind, Vec<u8>)>, Error> {
    let mut query = connection.prepare_cached(
        "DELETE FROM pending_body WHERE n =
             (SELECT min(n) FROM pending_body WHERE space NOT IN (SELECT space FROM behind))
         RETURNING space, kind, bytes",
    )?;
    let row = query
        .query_row([], |row| {
            Ok((SpaceId(row.get(0)?), row.get(1)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    row.map(|(space, kind, bytes)| {
        let kind = Kind::from_byte(kind).ok_or(Error::Document)?;
        Ok((space, kind, bytes))
    })
    .transpose()
}

/// The documents of a space with changes that wait for an envelope.
pub(crate) fn documents_with_pending(
    connection: &Connection,
    space: SpaceId,
) -> Result<Vec<DocumentId>, Error> {
    let mut query = connection.prepare(
        "SELECT DISTINCT p.document FROM pending_change AS p
         JOIN document AS d ON d.id = p.document WHERE d.space = ?1",
    )?;
    let ids = query.query_map([space.0], |row| Ok(DocumentId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Takes out what waits of one document, each change with its records, in order.
pub(crate) fn take_pending(
    connection: &Connection,
    document: DocumentId,
) -> Result<Vec<(u32, Vec<u8>)>, Error> {
    let mut query = connection
        .prepare("SELECT records, bytes FROM pending_change WHERE document = ?1 ORDER BY n")?;
    let rows = query.query_map([document.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let changes = rows.collect::<Result<_, _>>()?;
    connection.execute(
        "DELETE FROM pending_change WHERE document = ?1",
        [document.0],
    )?;
    Ok(changes)
}

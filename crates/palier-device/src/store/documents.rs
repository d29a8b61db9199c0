//! Saved documents: a cache of what the envelopes and the waiting changes say.

use palier_core::{
    document::{Actor, Document},
    envelope::Kind,
    id::{DeviceId, DocumentId, SpaceId},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// A document with its place.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) id: DocumentId,
    pub(crate) kind: Kind,
    pub(crate) space: SpaceId,
    /// Its writer, for a document with one writer; otherwise who made it known here.
    pub(crate) device: DeviceId,
    /// Grows with each save, so that a copy in memory can be told from a newer one on disk.
    pub(crate) version: i64,
    pub(crate) document: Document,
}

impl Kept {
    /// A document that nobody has written to yet.
    pub(crate) fn new(
        id: DocumentId,
        kind: Kind,
        space: SpaceId,
        device: DeviceId,
        actor: Actor,
    ) -> Result<Self, Error> {
        Ok(Self {
            id,
            kind,
            space,
            device,
            version: 0,
            document: Document::new(kind, actor)?,
        })
    }
}

pub(crate) fn load(
    connection: &Connection,
    id: DocumentId,
    actor: Actor,
) -> Result<Option<Kept>, Error> {
    let mut query = connection
        .prepare_cached("SELECT kind, space, device, version, saved FROM document WHERE id = ?1")?;
    let row = query
        .query_row([id.0], |row| {
            Ok((
                row.get(0)?,
                SpaceId(row.get(1)?),
                DeviceId(row.get(2)?),
                row.get(3)?,
                row.get::<_, Vec<u8>>(4)?,
            ))
        })
        .optional()?;
    row.map(|(kind, space, device, version, saved)| {
        Ok(Kept {
            id,
            kind: Kind::from_byte(kind).ok_or(Error::Document)?,
            space,
            device,
            version,
            document: Document::load(&saved, actor)?,
        })
    })
    .transpose()
}

/// Whether the document on disk is still the one of this version.
pub(crate) fn is_current(
    connection: &Connection,
    id: DocumentId,
    version: i64,
) -> Result<bool, Error> {
    let mut query =
        connection.prepare_cached("SELECT 1 FROM document WHERE id = ?1 AND version = ?2")?;
    Ok(query.exists(params![id.0, version])?)
}

pub(crate) fn save(connection: &Connection, kept: &mut Kept) -> Result<(), Error> {
    kept.version += 1;
    let mut insert = connection.prepare_cached(
        "INSERT INTO document (id, kind, space, device, version, saved)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, saved = excluded.saved",
    )?;
    insert.execute(params![
        kept.id.0,
        kept.kind.byte(),
        kept.space.0,
        kept.device.0,
        kept.version,
        kept.document.save()
    ])?;
    Ok(())
}

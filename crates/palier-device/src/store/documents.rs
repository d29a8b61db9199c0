//! Saved documents: a cache of what the envelopes and the waiting changes say.
//!
//! A shift is only followed, as long as its changes do nothing but add: then its row says where
//! they have come to, and the document is made again from them where it is needed.

mod assembled;

use palier_core::{
    document::{Actor, Document, shift::Trail},
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

/// A shift as far as its changes have come.
#[derive(Clone, Debug)]
pub(crate) struct Followed {
    pub(crate) id: DocumentId,
    pub(crate) space: SpaceId,
    /// Its writer.
    pub(crate) device: DeviceId,
    /// As in [`Kept`].
    pub(crate) version: i64,
    pub(crate) trail: Trail,
}

impl Followed {
    /// Whether nothing of it was followed yet.
    pub(crate) const fn is_new(&self) -> bool {
        self.trail.is_empty()
    }

    /// Keeps where its changes have come to.
    pub(crate) fn keep(&mut self, connection: &Connection) -> Result<(), Error> {
        set_trail(connection, self)
    }
}

/// How a document stands in the store.
#[derive(Debug)]
pub(crate) enum Standing {
    /// It is not there.
    New,
    /// It is a shift that is followed.
    Followed(Followed),
    /// It is there as automerge saved it.
    Whole,
}

/// How a document stands in the store.
pub(crate) fn standing(connection: &Connection, id: DocumentId) -> Result<Standing, Error> {
    let mut query = connection
        .prepare_cached("SELECT space, device, version, trail FROM document WHERE id = ?1")?;
    let row = query
        .query_row([id.0], |row| {
            Ok((
                SpaceId(row.get(0)?),
                DeviceId(row.get(1)?),
                row.get(2)?,
                row.get::<_, Vec<u8>>(3)?,
            ))
        })
        .optional()?;
    Ok(match row {
        None => Standing::New,
        Some((_, _, _, trail)) if trail.is_empty() => Standing::Whole,
        Some((space, device, version, trail)) => Standing::Followed(Followed {
            id,
            space,
            device,
            version,
            trail: Trail::decode(&trail)?,
        }),
    })
}

fn set_trail(connection: &Connection, shift: &mut Followed) -> Result<(), Error> {
    let trail = shift.trail.encode();
    let written = if shift.version == 0 {
        connection
            .prepare_cached(
                "INSERT INTO document (id, kind, space, device, version, saved, trail)
                 VALUES (?1, ?2, ?3, ?4, 1, x'', ?5)",
            )?
            .execute(params![
                shift.id.0,
                Kind::Shift.byte(),
                shift.space.0,
                shift.device.0,
                trail
            ])?
    } else {
        connection
            .prepare_cached(
                "UPDATE document SET version = version + 1, trail = ?3
                 WHERE id = ?1 AND version = ?2",
            )?
            .execute(params![shift.id.0, shift.version, trail])?
    };
    shift.version += 1;
    if written == 1 {
        Ok(())
    } else {
        Err(Error::Document)
    }
}

/// A document from disk; one that is only followed is made from its changes.
pub(crate) fn load(
    connection: &Connection,
    id: DocumentId,
    actor: Actor,
) -> Result<Option<Kept>, Error> {
    if let Standing::Followed(shift) = standing(connection, id)? {
        return Ok(Some(Kept {
            id,
            kind: Kind::Shift,
            space: shift.space,
            device: shift.device,
            version: shift.version,
            document: assembled::document(connection, &shift, actor)?,
        }));
    }
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

/// The reports that a device wrote.
pub(crate) fn reports_of(
    connection: &Connection,
    device: DeviceId,
) -> Result<Vec<DocumentId>, Error> {
    let mut query =
        connection.prepare("SELECT id FROM document WHERE kind = ?1 AND device = ?2")?;
    let ids = query.query_map(params![Kind::Report.byte(), device.0], |row| {
        Ok(DocumentId(row.get(0)?))
    })?;
    Ok(ids.collect::<Result<_, _>>()?)
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
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, saved = excluded.saved,
             trail = x''",
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

//! What came before something that it stands on: whole envelopes, and changes of envelopes
//! that stand in their line.

use palier_core::{
    envelope::Header,
    id::{DeviceId, DocumentId, EnvelopeId, SpaceId},
    moment::Moment,
    refusal::Refusal,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// How much may be kept of what could not be taken in: beyond, the bytes are not kept here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    rows: i64,
    bytes: i64,
}

impl Room {
    const ROWS: i64 = 50_000;
    const BYTES: i64 = 64 << 20;

    /// What is left for envelopes that wait.
    pub(crate) fn to_wait(connection: &Connection) -> Result<Self, Error> {
        Self::read(
            connection,
            "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM waiting",
        )
    }

    /// What is left for envelopes that are set aside.
    pub(crate) fn aside(connection: &Connection) -> Result<Self, Error> {
        Self::read(
            connection,
            "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM set_aside",
        )
    }

    fn read(connection: &Connection, sql: &str) -> Result<Self, Error> {
        let (rows, bytes): (i64, i64) = connection
            .prepare_cached(sql)?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self {
            rows: Self::ROWS - rows,
            bytes: Self::BYTES - bytes,
        })
    }

    /// Takes room for an envelope, where there is some.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> bool {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let fits = self.rows > 0 && self.bytes >= size;
        if fits {
            self.rows -= 1;
            self.bytes -= size;
        }
        fits
    }
}

/// Keeps an envelope until what it follows has come.
pub(crate) fn insert(
    connection: &Connection,
    header: &Header,
    bytes: &[u8],
    refusal: Refusal,
    now: Moment,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO waiting (id, space, device, device_seq, refusal, kept_at, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            EnvelopeId::of(bytes).0,
            header.space.0,
            header.device.0,
            i64::try_from(header.device_seq).unwrap_or(i64::MAX),
            refusal.to_string(),
            now.0,
            bytes
        ])?;
    Ok(())
}

/// Takes out one that stands at a place of a device's line.
pub(crate) fn take(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    seq: u64,
) -> Result<Option<Vec<u8>>, Error> {
    let mut query = connection.prepare_cached(
        "DELETE FROM waiting WHERE id =
             (SELECT id FROM waiting WHERE space = ?1 AND device = ?2 AND device_seq = ?3 LIMIT 1)
         RETURNING bytes",
    )?;
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    Ok(query
        .query_row(params![space.0, device.0, seq], |row| row.get(0))
        .optional()?)
}

/// Whether anything of a device's line waits.
pub(crate) fn is_line(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<bool, Error> {
    let mut query = connection
        .prepare_cached("SELECT 1 FROM waiting WHERE space = ?1 AND device = ?2 LIMIT 1")?;
    Ok(query.exists(params![space.0, device.0])?)
}

pub(crate) fn is_any(connection: &Connection) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM waiting LIMIT 1")?
        .exists([])?)
}

/// Notes that the changes of an envelope in line wait.
pub(crate) fn insert_unapplied(
    connection: &Connection,
    id: EnvelopeId,
    header: &Header,
    refusal: Refusal,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO unapplied (id, space, document, refusal) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET refusal = excluded.refusal",
        )?
        .execute(params![
            id.0,
            header.space.0,
            header.document.0,
            refusal.to_string()
        ])?;
    Ok(())
}

pub(crate) fn remove_unapplied(connection: &Connection, id: EnvelopeId) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM unapplied WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

pub(crate) fn is_any_unapplied(connection: &Connection) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM unapplied LIMIT 1")?
        .exists([])?)
}

/// How many envelopes wait for changes of others.
pub(crate) fn count_orphans(connection: &Connection) -> Result<u32, Error> {
    let mut query =
        connection.prepare_cached("SELECT count(*) FROM unapplied WHERE refusal = ?1")?;
    let refusal = Refusal::MissingDependency.to_string();
    Ok(query.query_row([refusal], |row| row.get(0))?)
}

/// An envelope whose changes wait.
#[derive(Debug)]
pub(crate) struct Unapplied {
    pub(crate) id: EnvelopeId,
    pub(crate) space: SpaceId,
    pub(crate) document: DocumentId,
    pub(crate) refusal: String,
}

/// Every envelope whose changes wait, in the order in which they came.
pub(crate) fn unapplied(connection: &Connection) -> Result<Vec<Unapplied>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT u.id, u.space, u.document, u.refusal
         FROM unapplied AS u JOIN envelope AS e ON e.id = u.id ORDER BY e.n",
    )?;
    let rows = query.query_map([], |row| {
        Ok(Unapplied {
            id: EnvelopeId(row.get(0)?),
            space: SpaceId(row.get(1)?),
            document: DocumentId(row.get(2)?),
            refusal: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The bytes of an envelope that is kept.
pub(crate) fn bytes(connection: &Connection, id: EnvelopeId) -> Result<Option<Vec<u8>>, Error> {
    let mut query = connection.prepare_cached("SELECT bytes FROM envelope WHERE id = ?1")?;
    Ok(query.query_row([id.0], |row| row.get(0)).optional()?)
}

//! What is handed to other devices directly, and how far theirs was read.

use palier_core::{
    id::{DeviceId, Incarnation, SpaceId},
    moment::Moment,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// Stands for "everything that is handed on" where a cursor names a space.
pub(crate) const EVERYTHING: SpaceId = SpaceId([0; 16]);

/// Gives every envelope that may be handed on, in an order in which it can be taken in:
/// of documents, only what came since a moment. Reports are between a device and the relay.
pub(crate) fn for_each(
    connection: &Connection,
    reports: SpaceId,
    since: Moment,
    mut each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut query = connection.prepare(
        "SELECT bytes FROM envelope
         WHERE state <> 'refused' AND space <> ?2 AND (kept_at >= ?1 OR kind < 16) ORDER BY n",
    )?;
    let mut rows = query.query(params![since.0, reports.0])?;
    while let Some(row) = rows.next()? {
        each(
            row.get_ref(0)?
                .as_blob()
                .map_err(|_reason| Error::Document)?,
        )?;
    }
    Ok(())
}

/// Envelopes with their places here.
pub(crate) type Placed = Vec<(u64, Vec<u8>)>;

/// Envelopes that came here after a place, of one space or of all, at most `count` and about
/// `bytes` bytes.
pub(crate) fn after(
    connection: &Connection,
    space: SpaceId,
    reports: SpaceId,
    place: u64,
    [count, bytes]: [usize; 2],
) -> Result<Placed, Error> {
    let mut query = connection.prepare_cached(
        "SELECT n, bytes FROM envelope
         WHERE n > ?1 AND (space = ?2 OR (?2 = ?3 AND space <> ?4)) AND state <> 'refused'
         ORDER BY n",
    )?;
    let place = i64::try_from(place).unwrap_or(i64::MAX);
    let mut rows = query.query(params![place, space.0, EVERYTHING.0, reports.0])?;
    let mut found = Placed::new();
    let mut size = 0;
    while let Some(row) = rows.next()? {
        let envelope: Vec<u8> = row.get(1)?;
        size += envelope.len() + 12;
        if found.len() == count || (size > bytes && !found.is_empty()) {
            break;
        }
        let n = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
        found.push((n, envelope));
    }
    Ok(found)
}

/// The last place of a space here.
pub(crate) fn head(connection: &Connection, space: SpaceId) -> Result<u64, Error> {
    let mut query = connection.prepare_cached(
        "SELECT coalesce(max(n), 0) FROM envelope WHERE space = ?1 AND state <> 'refused'",
    )?;
    let n: i64 = query.query_row([space.0], |row| row.get(0))?;
    Ok(u64::try_from(n).unwrap_or_default())
}

/// How far a space of another device was read; for [`EVERYTHING`], how far ours was given.
pub(crate) fn cursor(
    connection: &Connection,
    peer: Incarnation,
    space: SpaceId,
) -> Result<u64, Error> {
    let mut query = connection
        .prepare_cached("SELECT pulled FROM peer_cursor WHERE peer = ?1 AND space = ?2")?;
    let pulled: Option<i64> = query
        .query_row(params![peer.0, space.0], |row| row.get(0))
        .optional()?;
    Ok(pulled
        .and_then(|pulled| u64::try_from(pulled).ok())
        .unwrap_or_default())
}

pub(crate) fn set_cursor(
    connection: &Connection,
    peer: Incarnation,
    space: SpaceId,
    place: u64,
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO peer_cursor (peer, space, pulled) VALUES (?1, ?2, ?3)
         ON CONFLICT (peer, space) DO UPDATE SET pulled = excluded.pulled",
        params![peer.0, space.0, i64::try_from(place).unwrap_or(i64::MAX)],
    )?;
    Ok(())
}

/// The chains that a device showed, and whether its rights were taken back anywhere.
pub(crate) fn chains(
    connection: &Connection,
    device: DeviceId,
) -> Result<(Vec<Vec<u8>>, bool), Error> {
    let mut query =
        connection.prepare_cached("SELECT chain, revoked FROM peer WHERE device = ?1")?;
    let mut rows = query.query([device.0])?;
    let (mut chains, mut revoked) = (Vec::new(), false);
    while let Some(row) = rows.next()? {
        chains.push(row.get(0)?);
        revoked |= row.get::<_, bool>(1)?;
    }
    Ok((chains, revoked))
}

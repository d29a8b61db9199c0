//! Devices that were removed from a space: how far what they wrote there counts.
//!
//! The rule is in `docs/adr/0017-what-a-removed-member-wrote.md`.

use std::collections::{BTreeMap, BTreeSet};

use palier_core::{
    envelope::Envelope,
    id::{DeviceId, EnvelopeId, SpaceId},
    moment::Moment,
    refusal::Refusal,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{envelopes, line, peers};
use crate::error::Error;

/// How far the line of a removed device counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Removal {
    /// The last of its envelopes that counts, as far as anybody said.
    pub(crate) until: u64,
    /// Whether the removal was read in the relay's log: what has not come by then counts no
    /// more.
    pub(crate) closed: bool,
}

pub(crate) fn get(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<Option<Removal>, Error> {
    let mut query = connection
        .prepare_cached("SELECT until, closed FROM removal WHERE space = ?1 AND device = ?2")?;
    Ok(query
        .query_row(params![space.0, device.0], |row| {
            Ok(Removal {
                until: u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default(),
                closed: row.get(1)?,
            })
        })
        .optional()?)
}

/// Whether anybody was removed from a space.
pub(crate) fn is_any(connection: &Connection, space: SpaceId) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM removal WHERE space = ?1 LIMIT 1")?;
    Ok(query.exists([space.0])?)
}

/// Keeps that a device was removed, and that its line counts up to a place at least; whether
/// that is further than was known.
pub(crate) fn say(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    until: u64,
) -> Result<bool, Error> {
    let known = get(connection, space, device)?;
    if known.is_some_and(|known| known.until >= until) {
        return Ok(false);
    }
    let mut insert = connection.prepare_cached(
        "INSERT INTO removal (space, device, until, closed) VALUES (?1, ?2, ?3, 0)
         ON CONFLICT (space, device) DO UPDATE SET until = excluded.until",
    )?;
    insert.execute(params![space.0, device.0, signed(until)])?;
    Ok(until > 0)
}

/// Ends the line of a removed device, whose removal was now read in the relay's log, where it
/// stands there; whether something that came another way was taken out behind it, where it may be.
pub(crate) fn close(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    may_cut: bool,
    now: Moment,
) -> Result<bool, Error> {
    let Some(removal) = get(connection, space, device)?.filter(|removal| !removal.closed) else {
        return Ok(false);
    };
    let first = first_unread(connection, space, device, removal.until)?;
    let cut = match first {
        Some(first) if may_cut => cut(connection, space, device, first, now)?,
        _ => false,
    };
    let last = peers::line(connection, space, device)?.map_or(0, |line| line.last_seq);
    let last = first.filter(|_| cut).map_or(last, |first| first - 1);
    connection.execute(
        "UPDATE removal SET until = max(until, ?3), closed = 1 WHERE space = ?1 AND device = ?2",
        params![space.0, device.0, signed(last)],
    )?;
    Ok(cut)
}

/// The first envelope of a line behind `until` that was handed over and not read in the log.
fn first_unread(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    until: u64,
) -> Result<Option<u64>, Error> {
    let first: Option<i64> = connection.query_row(
        "SELECT min(e.device_seq) FROM unread AS u JOIN envelope AS e ON e.n = u.n
         WHERE e.space = ?1 AND e.device = ?2 AND e.device_seq > ?3",
        params![space.0, device.0, signed(until)],
        |row| row.get(0),
    )?;
    Ok(first.and_then(|first| u64::try_from(first).ok()))
}

/// Sets aside a line from a place on, where it is of documents alone.
fn cut(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    first: u64,
    now: Moment,
) -> Result<bool, Error> {
    let line = line::from(connection, space, device, first)?;
    let is_document = |link: &line::Link| link.envelope.header.kind.is_document();
    if !line.iter().all(is_document) {
        return Ok(false);
    }
    for link in line {
        envelopes::set_aside(connection, space, &link.bytes, Refusal::Revoked, now)?;
        for table in ["offer", "unread", "envelope"] {
            connection.execute(&format!("DELETE FROM {table} WHERE n = ?1"), [link.n])?;
        }
    }
    Ok(true)
}

/// Takes out what a removed device wrote that was set aside for that, up to where its line now
/// counts, in its order.
pub(crate) fn take_back(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<Vec<Vec<u8>>, Error> {
    let until = get(connection, space, device)?.map_or(0, |removal| removal.until);
    let mut query =
        connection.prepare("SELECT bytes FROM set_aside WHERE space = ?1 AND refusal = ?2")?;
    let refusal = Refusal::Revoked.to_string();
    let mut rows = query.query(params![space.0, refusal])?;
    let mut line = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        if let Ok(Envelope { header, .. }) = Envelope::decode(&bytes)
            && header.device == device
            && header.device_seq <= until
        {
            line.insert((header.device_seq, EnvelopeId::of(&bytes)), bytes);
        }
    }
    for (_, id) in line.keys() {
        connection.execute("DELETE FROM set_aside WHERE id = ?1", [id.0])?;
    }
    Ok(line.into_values().collect())
}

/// Notes that an envelope was handed over, not read in the relay's log.
pub(crate) fn note_unread(connection: &Connection, n: i64) -> Result<(), Error> {
    connection
        .prepare_cached("INSERT INTO unread (n) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([n])?;
    Ok(())
}

/// Notes that an envelope was read in the relay's log.
pub(crate) fn note_read(connection: &Connection, n: i64) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM unread WHERE n = ?1")?
        .execute([n])?;
    Ok(())
}

/// Whether an envelope was handed over, and not read in the relay's log yet.
pub(crate) fn is_unread(connection: &Connection, n: i64) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM unread WHERE n = ?1")?;
    Ok(query.exists([n])?)
}

/// Whose introduction to a space was handed over, and not read in the relay's log yet.
pub(crate) fn unread_introductions(
    connection: &Connection,
    space: SpaceId,
) -> Result<BTreeSet<DeviceId>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT e.device FROM unread AS u JOIN envelope AS e ON e.n = u.n
         WHERE e.space = ?1 AND e.device_seq = 1",
    )?;
    let devices = query.query_map([space.0], |row| row.get(0).map(DeviceId))?;
    Ok(devices.collect::<Result<_, _>>()?)
}

/// Whether there is any such envelope.
pub(crate) fn is_any_unread(connection: &Connection) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM unread LIMIT 1")?;
    Ok(query.exists([])?)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

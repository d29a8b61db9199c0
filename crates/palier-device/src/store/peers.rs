//! Devices that introduced themselves in a space, this one too, and how far each has come.

use palier_core::{
    certificate::Chain,
    id::{DeviceId, EnvelopeId, SpaceId},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// One device in one space.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) chain: Chain,
    pub(crate) last_seq: u64,
    pub(crate) revoked: bool,
}

/// How far one device has come in one space, its chain as bytes.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) chain: Vec<u8>,
    pub(crate) last_seq: u64,
    pub(crate) last_id: EnvelopeId,
    pub(crate) revoked: bool,
}

pub(crate) fn line(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<Option<Line>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT chain, last_seq, last_id, revoked FROM peer WHERE space = ?1 AND device = ?2",
    )?;
    Ok(query
        .query_row(params![space.0, device.0], |row| {
            Ok(Line {
                chain: row.get(0)?,
                last_seq: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
                last_id: EnvelopeId(row.get(2)?),
                revoked: row.get(3)?,
            })
        })
        .optional()?)
}

pub(crate) fn get(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<Option<Peer>, Error> {
    line(connection, space, device)?
        .map(|line| {
            Ok(Peer {
                chain: Chain::decode(&line.chain)?,
                last_seq: line.last_seq,
                revoked: line.revoked,
            })
        })
        .transpose()
}

/// The spaces where a device introduced itself.
pub(crate) fn spaces(connection: &Connection, device: DeviceId) -> Result<Vec<SpaceId>, Error> {
    let mut query =
        connection.prepare("SELECT space FROM peer WHERE device = ?1 ORDER BY space")?;
    let spaces = query.query_map([device.0], |row| Ok(SpaceId(row.get(0)?)))?;
    Ok(spaces.collect::<Result<_, _>>()?)
}

/// Every device that introduced itself in a space.
pub(crate) fn all(connection: &Connection, space: SpaceId) -> Result<Vec<(DeviceId, Peer)>, Error> {
    let mut query =
        connection.prepare_cached("SELECT device FROM peer WHERE space = ?1 ORDER BY device")?;
    let devices: Vec<DeviceId> = query
        .query_map([space.0], |row| Ok(DeviceId(row.get(0)?)))?
        .collect::<Result<_, _>>()?;
    devices
        .into_iter()
        .filter_map(|device| match get(connection, space, device) {
            Ok(peer) => peer.map(|peer| Ok((device, peer))),
            Err(reason) => Some(Err(reason)),
        })
        .collect()
}

/// Introduces a device, or gives it a newer chain, which was verified: it is not looked at
/// again.
pub(crate) fn introduce(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    chain: &Chain,
) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO peer (space, device, chain, last_seq, last_id, revoked)
         VALUES (?1, ?2, ?3, 0, zeroblob(32),
             EXISTS (SELECT 1 FROM removal WHERE space = ?1 AND device = ?2))
         ON CONFLICT (space, device) DO UPDATE SET chain = excluded.chain",
    )?;
    insert.execute(params![space.0, device.0, chain.encode()])?;
    Ok(())
}

/// Forgets a device of which nothing is kept in a space.
pub(crate) fn remove(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<(), Error> {
    connection.execute(
        "DELETE FROM peer WHERE space = ?1 AND device = ?2",
        params![space.0, device.0],
    )?;
    Ok(())
}

/// Notes a device's latest envelope in a space.
pub(crate) fn advance(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    seq: u64,
    id: EnvelopeId,
) -> Result<(), Error> {
    let mut update = connection.prepare_cached(
        "UPDATE peer SET last_seq = ?3, last_id = ?4 WHERE space = ?1 AND device = ?2",
    )?;
    update.execute(params![
        space.0,
        device.0,
        i64::try_from(seq).unwrap_or(i64::MAX),
        id.0
    ])?;
    Ok(())
}

pub(crate) fn revoke(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<(), Error> {
    connection.execute(
        "UPDATE peer SET revoked = 1 WHERE space = ?1 AND device = ?2",
        params![space.0, device.0],
    )?;
    Ok(())
}

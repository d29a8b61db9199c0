//! Requests of others to join teams whose members this device may accept.

use palier_core::{
    envelope::Kind,
    id::{DeviceId, SpaceId},
};
use rusqlite::{Connection, params};

use crate::error::Error;

/// What was answered to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// Nothing yet.
    Waiting,
    /// Yes.
    Accepted,
    /// No.
    Declined,
}

impl Answer {
    const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }
}

/// The requests with one answer: space, device and envelope of each.
pub(crate) fn all(
    connection: &Connection,
    answer: Answer,
) -> Result<Vec<(SpaceId, DeviceId, Vec<u8>)>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT space, device, envelope FROM request WHERE answer = ?1 ORDER BY space, device",
    )?;
    let rows = query.query_map([answer.word()], |row| {
        Ok((SpaceId(row.get(0)?), DeviceId(row.get(1)?), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a request; one that was answered stays so.
pub(crate) fn insert(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    envelope: &[u8],
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO request (space, device, envelope, answer)
             VALUES (?1, ?2, ?3, 'waiting')
             ON CONFLICT (space, device) DO UPDATE SET
                 envelope = excluded.envelope,
                 answer = iif(envelope = excluded.envelope, answer, 'waiting')",
        )?
        .execute(params![space.0, device.0, envelope])?;
    Ok(())
}

pub(crate) fn set_answer(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    answer: Answer,
) -> Result<(), Error> {
    connection.execute(
        "UPDATE request SET answer = ?3 WHERE space = ?1 AND device = ?2",
        params![space.0, device.0, answer.word()],
    )?;
    Ok(())
}

pub(crate) fn delete(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
) -> Result<(), Error> {
    connection.execute(
        "DELETE FROM request WHERE space = ?1 AND device = ?2",
        params![space.0, device.0],
    )?;
    Ok(())
}

/// Forgets a request, but one that is an envelope of this kind.
pub(crate) fn delete_but(
    connection: &Connection,
    space: SpaceId,
    device: DeviceId,
    kind: Kind,
) -> Result<(), Error> {
    connection.execute(
        "DELETE FROM request WHERE space = ?1 AND device = ?2 AND substr(envelope, 2, 1) <> ?3",
        params![space.0, device.0, [kind.byte()]],
    )?;
    Ok(())
}

/// Forgets the requests of a space that the relay no longer has, but for answers that it has
/// not heard.
pub(crate) fn keep_only(
    connection: &Connection,
    space: SpaceId,
    devices: &[DeviceId],
) -> Result<(), Error> {
    for answer in [Answer::Waiting, Answer::Accepted] {
        for (of, device, _) in all(connection, answer)? {
            if of == space && !devices.contains(&device) {
                delete(connection, space, device)?;
            }
        }
    }
    Ok(())
}

//! Who is in a team, by pseudonym.

use palier_core::id::{DeviceId, TeamId};
use rusqlite::{Connection, params};

use crate::error::Error;

pub(crate) fn set_members(
    connection: &Connection,
    team: TeamId,
    members: &[(DeviceId, String)],
) -> Result<(), Error> {
    connection.execute("DELETE FROM member WHERE team = ?1", [team.0])?;
    for (device, pseudonym) in members {
        connection.execute(
            "INSERT INTO member (team, device, pseudonym) VALUES (?1, ?2, ?3)",
            params![team.0, device.0, pseudonym],
        )?;
    }
    Ok(())
}

/// The pseudonym of each device that gave one in a team, those who left too.
pub(crate) fn pseudonyms(
    connection: &Connection,
    team: TeamId,
) -> Result<Vec<(DeviceId, String)>, Error> {
    let mut query =
        connection.prepare_cached("SELECT device, pseudonym FROM member WHERE team = ?1")?;
    let names = query.query_map([team.0], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Pseudonyms of a team's members, in alphabetical order.
pub(crate) fn members(connection: &Connection, team: TeamId) -> Result<Vec<String>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT pseudonym FROM member AS m
         WHERE m.team = ?1 AND NOT EXISTS (
             SELECT 1 FROM peer AS p
             WHERE p.space = m.team AND p.device = m.device AND p.revoked = 1)
         ORDER BY pseudonym",
    )?;
    let names = query.query_map([team.0], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

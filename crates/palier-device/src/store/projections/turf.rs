//! Turfs and their addresses. What teams described of them: [`crate::store::buildings`].

use palier_core::{
    document::turf::{Cover, Turf},
    id::{DocumentId, RoundId, TeamId},
    moment::Moment,
    round::Round,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Error;

/// One turf, without its doors.
#[derive(Clone, Debug)]
pub(crate) struct TurfHead {
    pub(crate) id: DocumentId,
    pub(crate) team: TeamId,
    pub(crate) name: String,
    /// Empty where it covers a list of addresses.
    pub(crate) station: String,
}

pub(crate) fn turfs(connection: &Connection) -> Result<Vec<TurfHead>, Error> {
    let mut query =
        connection.prepare_cached("SELECT id, team, name, station FROM turf ORDER BY name, id")?;
    let turfs = query.query_map([], read_turf)?;
    Ok(turfs.collect::<Result<_, _>>()?)
}

/// One turf by its id.
pub(crate) fn turf(connection: &Connection, id: DocumentId) -> Result<Option<TurfHead>, Error> {
    let mut query =
        connection.prepare_cached("SELECT id, team, name, station FROM turf WHERE id = ?1")?;
    Ok(query.query_row([id.0], read_turf).optional()?)
}

/// The leaflet rounds, each with its turf: the latest first.
pub(crate) fn rounds(connection: &Connection) -> Result<Vec<(DocumentId, Round)>, Error> {
    let mut query = connection
        .prepare_cached("SELECT turf, id, name, made_at FROM round ORDER BY made_at DESC, id")?;
    let rounds = query.query_map([], |row| {
        let round = Round {
            id: RoundId(row.get(1)?),
            name: row.get(2)?,
            made: Moment(row.get(3)?),
        };
        Ok((DocumentId(row.get(0)?), round))
    })?;
    Ok(rounds.collect::<Result<_, _>>()?)
}

fn read_turf(row: &Row<'_>) -> rusqlite::Result<TurfHead> {
    Ok(TurfHead {
        id: DocumentId(row.get(0)?),
        team: TeamId(row.get(1)?),
        name: row.get(2)?,
        station: row.get(3)?,
    })
}

/// Shows a turf that was handed over, until its document is there.
pub(crate) fn set_handed_turf<'a>(
    connection: &Connection,
    turf: &TurfHead,
    addresses: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO turf (id, team, name, station) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO NOTHING",
        params![turf.id.0, turf.team.0, turf.name, turf.station],
    )?;
    if !turf.station.is_empty() {
        return Ok(());
    }
    for address in addresses {
        connection.execute(
            "INSERT INTO turf_address (turf, address) VALUES (?1, ?2)
             ON CONFLICT (turf, address) DO NOTHING",
            params![turf.id.0, address],
        )?;
    }
    Ok(())
}

pub(crate) fn set_turf(
    connection: &Connection,
    id: DocumentId,
    team: TeamId,
    turf: &Turf,
) -> Result<(), Error> {
    let (station, addresses) = match &turf.cover {
        Cover::Station(station) => (station.as_str(), [].as_slice()),
        Cover::Addresses(addresses) => ("", addresses.as_slice()),
    };
    connection.execute(
        "INSERT INTO turf (id, team, name, station) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET team = excluded.team, name = excluded.name,
             station = excluded.station",
        params![id.0, team.0, turf.name, station],
    )?;
    connection.execute("DELETE FROM turf_address WHERE turf = ?1", [id.0])?;
    connection.execute("DELETE FROM round WHERE turf = ?1", [id.0])?;
    for round in &turf.rounds {
        connection
            .prepare_cached("INSERT INTO round (turf, id, name, made_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![id.0, round.id.0, round.name, round.made.0])?;
    }
    let mut insert =
        connection.prepare_cached("INSERT INTO turf_address (turf, address) VALUES (?1, ?2)")?;
    for address in addresses {
        insert.execute(params![id.0, address])?;
    }
    Ok(())
}

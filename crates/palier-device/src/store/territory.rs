//! Reference data: stations, addresses in walking order, past results.

use palier_core::territory::{
    Address, PastResult, Station, StationCode, StationId, Territory, ballot_order,
};
use rusqlite::{Connection, Row, params};

use crate::{
    api::reply::{PastBallot, StationRow},
    error::Error,
    store::projections::TurfHead,
};

/// Puts a territory, in its order, in the place of the one that is there.
pub(crate) fn replace(connection: &Connection, territory: &Territory) -> Result<(), Error> {
    for table in ["station", "address", "past_result"] {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    for station in &territory.stations {
        connection
            .prepare_cached(
                "INSERT INTO station (id, code, commune, name, perimeter)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                station.id.as_str(),
                station.code.as_str(),
                station.commune.as_deref().unwrap_or_default(),
                station.name,
                serde_json::to_string(&station.perimeter).map_err(|_reason| Error::Document)?
            ])?;
    }
    insert_addresses(connection, &territory.addresses)?;
    for result in &territory.results {
        connection
            .prepare_cached(
                "INSERT INTO past_result (station, ballot, registered, votes)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                result.station.as_str(),
                result.ballot,
                result.registered,
                result.votes
            ])?;
    }
    Ok(())
}

fn insert_addresses(connection: &Connection, addresses: &[Address]) -> Result<(), Error> {
    for (place, address) in (0_i64..).zip(addresses) {
        connection
            .prepare_cached(
                "INSERT INTO address
                     (id, place, number, street, postcode, commune, commune_code, lon, lat, station)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                address.id,
                place,
                address.number,
                address.street,
                address.postcode,
                address.commune,
                address.commune_code.as_deref().unwrap_or_default(),
                address.lon,
                address.lat,
                address.station.as_ref().map_or("", StationId::as_str)
            ])?;
    }
    Ok(())
}

/// Keeps addresses that were handed over, those that are not there yet.
pub(crate) fn insert_missing(connection: &Connection, addresses: &[Address]) -> Result<(), Error> {
    let mut missing = Vec::new();
    for address in addresses {
        if !has_address(connection, &address.id)? {
            missing.push(address.clone());
        }
    }
    insert_addresses(connection, &missing)
}

/// The addresses of a turf, in walking order.
pub(crate) fn of_turf(connection: &Connection, turf: &TurfHead) -> Result<Vec<Address>, Error> {
    let mut query = connection.prepare_cached(&format!(
        "{ADDRESSES}
         WHERE (?1 <> '' AND station = ?1)
             OR (?1 = '' AND id IN (SELECT address FROM turf_address WHERE turf = ?2))
         ORDER BY place"
    ))?;
    let addresses = query.query_map(params![turf.station, turf.id.0], read_address)?;
    Ok(addresses.collect::<Result<_, _>>()?)
}

/// The columns that [`read_address`] reads.
const ADDRESSES: &str =
    "SELECT id, number, street, postcode, commune, commune_code, lon, lat, station FROM address";

fn read_address(row: &Row<'_>) -> rusqlite::Result<Address> {
    Ok(Address {
        id: row.get(0)?,
        number: row.get(1)?,
        street: row.get(2)?,
        postcode: row.get(3)?,
        commune: row.get(4)?,
        commune_code: present(row.get(5)?),
        lon: row.get(6)?,
        lat: row.get(7)?,
        station: present(row.get(8)?).map(|id| StationId::stored(&id)),
        doors: 1,
    })
}

/// The territory that is there.
pub(crate) fn get(connection: &Connection) -> Result<Territory, Error> {
    Ok(Territory {
        stations: stations(connection)?,
        addresses: addresses(connection)?,
        results: results(connection)?,
    })
}

/// Every station with its perimeter, by id.
pub(crate) fn stations(connection: &Connection) -> Result<Vec<Station>, Error> {
    let mut query = connection
        .prepare_cached("SELECT id, code, commune, name, perimeter FROM station ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut stations = Vec::new();
    while let Some(row) = rows.next()? {
        let perimeter: String = row.get(4)?;
        stations.push(Station {
            id: StationId::stored(&row.get::<_, String>(0)?),
            code: StationCode::new(&row.get::<_, String>(1)?).map_err(|_reason| Error::Document)?,
            commune: present(row.get(2)?),
            name: row.get(3)?,
            perimeter: serde_json::from_str(&perimeter).map_err(|_reason| Error::Document)?,
        });
    }
    Ok(stations)
}

fn addresses(connection: &Connection) -> Result<Vec<Address>, Error> {
    let mut query = connection.prepare_cached(&format!("{ADDRESSES} ORDER BY place"))?;
    let addresses = query.query_map([], read_address)?;
    Ok(addresses.collect::<Result<_, _>>()?)
}

fn results(connection: &Connection) -> Result<Vec<PastResult>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT station, ballot, registered, votes FROM past_result ORDER BY station, ballot",
    )?;
    let results = query.query_map([], |row| {
        Ok(PastResult {
            station: StationId::stored(&row.get::<_, String>(0)?),
            ballot: row.get(1)?,
            registered: row.get(2)?,
            votes: row.get(3)?,
        })
    })?;
    Ok(results.collect::<Result<_, _>>()?)
}

/// Ids of the stations, by id.
pub(crate) fn station_ids(connection: &Connection) -> Result<Vec<StationId>, Error> {
    let mut query = connection.prepare_cached("SELECT id FROM station ORDER BY id")?;
    let ids = query.query_map([], |row| Ok(StationId::stored(&row.get::<_, String>(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

pub(crate) fn has_address(connection: &Connection, id: &str) -> Result<bool, Error> {
    let mut query = connection.prepare_cached("SELECT 1 FROM address WHERE id = ?1")?;
    Ok(query.exists([id])?)
}

/// The stations as they are shown, by id: counts of addresses and doors, past ballots.
pub(crate) fn rows(connection: &Connection) -> Result<Vec<StationRow>, Error> {
    let results = results(connection)?;
    let mut query = connection.prepare_cached(
        "SELECT s.id, s.name,
                (SELECT count(*) FROM address AS a WHERE a.station = s.id),
                (SELECT count(*) FROM address AS a WHERE a.station = s.id
                     AND NOT EXISTS (SELECT 1 FROM turf_door AS d WHERE d.address = a.id))
                + (SELECT count(DISTINCT d.door) FROM turf_door AS d
                   JOIN address AS a ON a.id = d.address WHERE a.station = s.id)
         FROM station AS s ORDER BY s.id",
    )?;
    let mut rows = query.query([])?;
    let mut stations = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let mut history: Vec<&PastResult> = results
            .iter()
            .filter(|result| result.station.as_str() == id)
            .collect();
        history.sort_by_cached_key(|result| ballot_order(&result.ballot));
        stations.push(StationRow {
            registered: palier_core::territory::registered(history.iter().copied()),
            history: history
                .into_iter()
                .map(|result| PastBallot {
                    ballot: result.ballot.clone(),
                    registered: result.registered,
                    votes: result.votes,
                })
                .collect(),
            station: id,
            name: row.get(1)?,
            addresses: row.get(2)?,
            doors: row.get(3)?,
        });
    }
    Ok(stations)
}

fn present(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

//! Walking a turf: its doors one after the other, with no more of each than a walk asks for.

use std::collections::BTreeMap;

use palier_core::{
    id::{DeviceId, DocumentId, VisitId},
    moment::Moment,
    walk::Passed,
};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::{LATEST, OF_TURF, Stretch, WALKED, WHOLE, address_of, doors_of_turf};
use crate::{error::Error, store::projections::TurfHead};

/// Passes the doors of a turf on a stretch of the walk, in walking order.
pub(crate) fn pass(
    connection: &Connection,
    turf: &TurfHead,
    stretch: &Stretch,
    mut each: impl FnMut(String, Passed),
) -> Result<(), Error> {
    let doors = doors_of_turf();
    let mut query = connection.prepare_cached(&format!(
        "{doors}
         SELECT door.id, door.place, door.address, door.number, door.street, door.stair,
                door.label, v.outcome
         FROM door {LATEST} ORDER BY {WALKED}"
    ))?;
    let mut rows = query.query(named_params! {
        ":station": turf.station, ":turf": turf.id.0,
        ":from": stretch.start(), ":to": stretch.end(),
    })?;
    while let Some(row) = rows.next()? {
        let outcome: Option<String> = row.get(7)?;
        let door = Passed {
            place: row.get(1)?,
            address: row.get(2)?,
            number: row.get(3)?,
            street: row.get(4)?,
            stair: row.get(5)?,
            label: row.get(6)?,
            state: outcome.and_then(|word| word.parse().ok()),
        };
        each(row.get(0)?, door);
    }
    Ok(())
}

/// How many doors each address of a turf has.
pub(crate) fn doors_by_address(
    connection: &Connection,
    turf: &TurfHead,
) -> Result<BTreeMap<String, u32>, Error> {
    let doors = doors_of_turf();
    let mut query = connection.prepare_cached(&format!(
        "{doors} SELECT door.address, count(*) FROM door GROUP BY door.address"
    ))?;
    let counted = query.query_map(
        named_params! {
            ":station": turf.station, ":turf": turf.id.0,
            ":from": WHOLE.start(), ":to": WHOLE.end(),
        },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(counted.collect::<Result<_, _>>()?)
}

/// The place in walking order of the address of a door.
pub(crate) fn place_of(connection: &Connection, door: &str) -> Result<Option<u32>, Error> {
    let mut query = connection.prepare_cached("SELECT place FROM address WHERE id = ?1")?;
    Ok(query
        .query_row([address_of(door)], |row| row.get(0))
        .optional()?)
}

/// The end of the stretch of `addresses` addresses of a turf from a place on; nothing where
/// there is none from there on.
pub(crate) fn stretch_end(
    connection: &Connection,
    turf: &TurfHead,
    from: u32,
    addresses: u32,
) -> Result<Option<u32>, Error> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT max(place) FROM (SELECT place FROM ({OF_TURF}) ORDER BY place LIMIT :addresses)"
    ))?;
    let end = query.query_row(
        named_params! {
            ":station": turf.station, ":turf": turf.id.0,
            ":from": from, ":to": WHOLE.end(), ":addresses": addresses,
        },
        |row| row.get(0),
    )?;
    Ok(end)
}

/// This device's latest visit at a door of a turf since a moment.
pub(crate) fn last_own(
    connection: &Connection,
    turf: DocumentId,
    me: DeviceId,
    since: Moment,
) -> Result<Option<(VisitId, String)>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT v.id, v.door FROM visit AS v JOIN shift AS s ON s.id = v.shift
         WHERE v.device = ?1 AND v.at > ?2 AND v.standing = 1 AND s.turf = ?3
         ORDER BY v.at DESC, v.id DESC LIMIT 1",
    )?;
    Ok(query
        .query_row(params![me.0, since.0, turf.0], |row| {
            Ok((VisitId(row.get(0)?), row.get(1)?))
        })
        .optional()?)
}

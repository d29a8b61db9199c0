//! The doors of one building, as they are read.

use palier_core::{
    building::DoorPlace,
    id::{DeviceId, DocumentId},
    moment::Moment,
    outcome::Outcome,
};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::{
    COLUMNS, LATEST, TRAVELLED, WALKED, WHOLE, address_of, described_doors, doors_of_turf,
    plain_doors, read_door,
};
use crate::{
    api::reply::{DoorRow, PastVisit},
    error::Error,
    store::projections::TurfHead,
};

/// The doors of one address, in walking order.
pub(crate) fn doors_at(
    connection: &Connection,
    turf: DocumentId,
    address: &str,
    me: DeviceId,
) -> Result<Vec<DoorRow>, Error> {
    let (plain, described) = (plain_doors("address"), described_doors("address"));
    let mut query = connection.prepare_cached(&format!(
        "WITH door AS ({plain} AND a.id = :address
                       UNION ALL {described} WHERE a.id = :address)
         {COLUMNS} FROM door {LATEST} {TRAVELLED} ORDER BY {WALKED}"
    ))?;
    let rows = query.query_map(
        named_params! { ":address": address, ":turf": turf.0 },
        |row| read_door(row, me),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A door that is no longer one, as it was.
pub(crate) fn door_as_it_was(
    connection: &Connection,
    door: &str,
    me: DeviceId,
) -> Result<Option<DoorRow>, Error> {
    let mut query = connection.prepare_cached(&format!(
        "WITH door AS (
             SELECT :door AS id, a.id AS address, a.place, a.number, a.street, a.station,
                    a.lon, a.lat, '' AS stair, NULL AS floor, '' AS label, '' AS landing
             FROM address AS a WHERE a.id = :address)
         {COLUMNS} FROM door {LATEST} {TRAVELLED}"
    ))?;
    let row = query
        .query_row(
            named_params! { ":address": address_of(door), ":door": door },
            |row| read_door(row, me),
        )
        .optional()?;
    Ok(row.map(|mut row| {
        if let Ok(place) = door.parse::<DoorPlace>() {
            row.stair = place.landing.stair;
            row.floor = Some(place.landing.floor);
            row.label = place.label;
        }
        row
    }))
}

/// Doors of an address with a visit that stands, which are no doors of the turf any more: the
/// address itself once its building is described, and doors that were taken out.
pub(crate) fn left_at(
    connection: &Connection,
    turf: DocumentId,
    address: &str,
) -> Result<Vec<String>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT DISTINCT v.door FROM visit AS v
         WHERE v.standing = 1 AND (v.door = :address OR v.door >= :first AND v.door < :end)
           AND NOT EXISTS (SELECT 1 FROM turf_door AS d WHERE d.turf = :turf AND d.door = v.door)
           AND (v.door <> :address OR EXISTS (
                SELECT 1 FROM turf_door AS d WHERE d.turf = :turf AND d.address = :address))
         ORDER BY v.door",
    )?;
    // The sign after the slash is the nought.
    let (first, end) = (format!("{address}/"), format!("{address}0"));
    let doors = query.query_map(
        named_params! { ":address": address, ":turf": turf.0, ":first": first, ":end": end },
        |row| row.get(0),
    )?;
    Ok(doors.collect::<Result<_, _>>()?)
}

/// The next door that nobody visited at another address of a turf: after this one in walking
/// order, then from the start.
pub(crate) fn next_elsewhere(
    connection: &Connection,
    turf: &TurfHead,
    address: &str,
) -> Result<Option<DoorRow>, Error> {
    let doors = doors_of_turf();
    let mut query = connection.prepare_cached(&format!(
        "{doors} {COLUMNS} FROM door {LATEST} {TRAVELLED}
         WHERE v.id IS NULL AND door.address <> :address
         ORDER BY door.place < (SELECT h.place FROM address AS h WHERE h.id = :address),
                  {WALKED} LIMIT 1"
    ))?;
    let row = query.query_row(
        named_params! {
            ":station": turf.station, ":turf": turf.id.0, ":address": address,
            ":from": WHOLE.start(), ":to": WHOLE.end(),
        },
        |row| read_door(row, DeviceId([0; 32])),
    );
    Ok(row.optional()?)
}

/// What a door is: what came of the visit that speaks for it.
pub(crate) fn outcome_at(connection: &Connection, door: &str) -> Result<Option<Outcome>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT outcome FROM visit WHERE door = ?1 AND standing = 1
         ORDER BY outcome <> 'do_not_contact', at DESC, device DESC, id DESC LIMIT 1",
    )?;
    let word: Option<String> = query.query_row([door], |row| row.get(0)).optional()?;
    Ok(word.and_then(|word| word.parse().ok()))
}

/// The latest visits at a door that stand, the latest first.
pub(crate) fn latest_at(
    connection: &Connection,
    door: &str,
    me: DeviceId,
    most: u32,
) -> Result<Vec<PastVisit>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT v.outcome, v.at, coalesce(m.pseudonym, ''), v.device, v.leaflet
         FROM visit AS v
         LEFT JOIN shift AS s ON s.id = v.shift
         LEFT JOIN member AS m ON m.team = s.team AND m.device = v.device
         WHERE v.door = ?1 AND v.standing = 1
         ORDER BY v.at DESC, v.device DESC, v.id DESC LIMIT ?2",
    )?;
    let mut rows = query.query(params![door, most])?;
    let mut visits = Vec::new();
    while let Some(row) = rows.next()? {
        // What a newer app called otherwise is left out.
        if let Ok(outcome) = row.get::<_, String>(0)?.parse() {
            visits.push(PastVisit {
                outcome,
                at: Moment(row.get(1)?).to_string(),
                by: row.get(2)?,
                mine: DeviceId(row.get(3)?) == me,
                leaflet: row.get(4)?,
            });
        }
    }
    Ok(visits)
}

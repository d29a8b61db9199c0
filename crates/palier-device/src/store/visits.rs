//! Visits and doors, as they are read.

mod building;
mod revisits;
mod walk;

use palier_core::{
    id::{DeviceId, DocumentId, TeamId, VisitId},
    outcome::Outcome,
    tally::Tally,
};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use crate::{
    api::reply::{DoorRow, LastVisit, Sending},
    error::Error,
    store::projections::TurfHead,
};
use palier_core::moment::Moment;

pub(crate) use building::{
    door_as_it_was, doors_at, latest_at, left_at, next_elsewhere, outcome_at,
};
pub(crate) use revisits::{asked_back, distinct_doors, knocks};
pub(crate) use walk::{doors_by_address, last_own, pass, place_of, stretch_end};

/// Where a visit stands, as an undo needs it.
#[derive(Clone, Debug)]
pub(crate) struct VisitPlace {
    pub(crate) shift: DocumentId,
    pub(crate) device: DeviceId,
    pub(crate) door: String,
    pub(crate) at: Moment,
    pub(crate) team: TeamId,
    pub(crate) standing: bool,
    pub(crate) outcome: String,
    pub(crate) leaflet: bool,
}

pub(crate) fn place(connection: &Connection, id: VisitId) -> Result<Option<VisitPlace>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT v.shift, v.device, v.door, v.at, s.team, v.standing, v.outcome, v.leaflet
         FROM visit AS v JOIN shift AS s ON s.id = v.shift WHERE v.id = ?1",
    )?;
    Ok(query
        .query_row([id.0], |row| {
            Ok(VisitPlace {
                shift: DocumentId(row.get(0)?),
                device: DeviceId(row.get(1)?),
                door: row.get(2)?,
                at: Moment(row.get(3)?),
                team: TeamId(row.get(4)?),
                standing: row.get(5)?,
                outcome: row.get(6)?,
                leaflet: row.get(7)?,
            })
        })
        .optional()?)
}

/// A stretch of a walk: from the place of one address to that of another, both with it.
pub(crate) type Stretch = std::ops::RangeInclusive<u32>;

/// The whole walk.
pub(crate) const WHOLE: Stretch = 0..=u32::MAX;

/// The addresses of a turf on a stretch of the walk: those of its station, or those of its list.
const OF_TURF: &str = "
        SELECT a.* FROM address AS a
        WHERE :station <> '' AND a.station = :station AND a.place BETWEEN :from AND :to
        UNION ALL
        SELECT a.* FROM turf_address AS t JOIN address AS a ON a.id = t.address
        WHERE :station = '' AND t.turf = :turf AND a.place BETWEEN :from AND :to";

/// The doors of addresses whose building is not described: one each.
fn plain_doors(addresses: &str) -> String {
    format!(
        "SELECT a.id AS id, a.id AS address, a.place, a.number, a.street, a.station,
                a.lon, a.lat, '' AS stair, NULL AS floor, '' AS label, '' AS landing
         FROM {addresses} AS a
         WHERE NOT EXISTS (
             SELECT 1 FROM turf_door AS d WHERE d.turf = :turf AND d.address = a.id)"
    )
}

/// The doors of addresses that the team described.
fn described_doors(addresses: &str) -> String {
    format!(
        "SELECT d.door AS id, a.id AS address, a.place, a.number, a.street, a.station,
                a.lon, a.lat, d.stair, d.floor, d.label, d.landing
         FROM {addresses} AS a JOIN turf_door AS d ON d.turf = :turf AND d.address = a.id"
    )
}

/// Doors of the territory and of the team, each once: an address has one door until its
/// building is described, and then only those that were described.
fn doors_of_turf() -> String {
    let (plain, described) = (plain_doors("of_turf"), described_doors("of_turf"));
    format!("WITH of_turf AS ({OF_TURF}), door AS ({plain} UNION ALL {described})")
}

/// One door, from the tables where it stands if it is one.
fn one_door(door: &str) -> String {
    let door = if door.contains('/') {
        described_doors("address")
    } else {
        plain_doors("address")
    };
    format!("WITH door AS ({door})")
}

/// The visit that speaks for a door: the latest one, by time, then device, then id; but where
/// somebody asked not to be contacted, that one, whatever came after.
const LATEST: &str = "
    LEFT JOIN visit AS v ON v.rowid = coalesce(
        (SELECT n.rowid FROM visit AS n
         WHERE n.door = door.id AND n.standing = 1 AND n.outcome = 'do_not_contact'
         ORDER BY n.at DESC, n.device DESC, n.id DESC LIMIT 1),
        (SELECT l.rowid FROM visit AS l WHERE l.door = door.id AND l.standing = 1
         ORDER BY l.at DESC, l.device DESC, l.id DESC LIMIT 1))";

/// Who made that visit, and how far it has travelled.
const TRAVELLED: &str = "
    LEFT JOIN shift AS s ON s.id = v.shift
    LEFT JOIN member AS m ON m.team = s.team AND m.device = v.device
    LEFT JOIN envelope AS e ON e.id = v.envelope";

/// The columns that [`read_door`] reads.
const COLUMNS: &str = "
    SELECT door.id, door.address, door.number, door.street, door.station, door.stair,
           door.floor, door.label, door.lon, door.lat,
           v.id, v.outcome, v.at, v.leaflet, v.device, coalesce(m.pseudonym, ''),
           v.envelope, e.state, v.back, door.landing";

/// The order in which doors are walked: stair by stair from the top down, and on a landing as
/// the doors were called first.
const WALKED: &str = "
    door.place, length(door.stair), door.stair, door.floor DESC, length(door.id), door.id";

/// The doors of a turf on a stretch of the walk, in walking order.
pub(crate) fn doors(
    connection: &Connection,
    turf: &TurfHead,
    stretch: &Stretch,
    me: DeviceId,
) -> Result<Vec<DoorRow>, Error> {
    let doors = doors_of_turf();
    let mut query = connection.prepare_cached(&format!(
        "{doors} {COLUMNS} FROM door {LATEST} {TRAVELLED} ORDER BY {WALKED}"
    ))?;
    let rows = query.query_map(
        named_params! {
            ":station": turf.station, ":turf": turf.id.0,
            ":from": stretch.start(), ":to": stretch.end(),
        },
        |row| read_door(row, me),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One door of a turf.
pub(crate) fn door(
    connection: &Connection,
    turf: DocumentId,
    door: &str,
    me: DeviceId,
) -> Result<Option<DoorRow>, Error> {
    let doors = one_door(door);
    let mut query = connection.prepare_cached(&format!(
        "{doors} {COLUMNS} FROM door {LATEST} {TRAVELLED} WHERE door.id = :door AND door.address = :address"
    ))?;
    Ok(query
        .query_row(
            named_params! { ":address": address_of(door), ":turf": turf.0, ":door": door },
            |row| read_door(row, me),
        )
        .optional()?)
}

/// The address of a door, from the door's id.
fn address_of(door: &str) -> &str {
    door.split('/').next().unwrap_or_default()
}

fn read_door(row: &Row<'_>, me: DeviceId) -> rusqlite::Result<DoorRow> {
    let number: String = row.get(2)?;
    let street: String = row.get(3)?;
    let station: String = row.get(4)?;
    let visit: Option<[u8; 10]> = row.get(10)?;
    let state = row
        .get::<_, Option<String>>(11)?
        .and_then(|word| word.parse::<Outcome>().ok());
    Ok(DoorRow {
        door: row.get(0)?,
        address_id: row.get(1)?,
        address: format!("{number} {street}").trim().to_owned(),
        street,
        number,
        station: Some(station).filter(|station| !station.is_empty()),
        stair: row.get(5)?,
        floor: row.get(6)?,
        label: row.get(7)?,
        landing: row.get(19)?,
        state,
        lon: row.get(8)?,
        lat: row.get(9)?,
        last_visit: visit
            .map(|id| {
                let device = DeviceId(row.get(14)?);
                let envelope: Vec<u8> = row.get(16)?;
                let state: Option<String> = row.get(17)?;
                let back: String = row.get(18)?;
                Ok::<_, rusqlite::Error>(LastVisit {
                    visit: VisitId(id).to_string(),
                    at: Moment(row.get(12)?).to_string(),
                    by: row.get(15)?,
                    mine: device == me,
                    leaflet: row.get(13)?,
                    back: Some(back).filter(|back| !back.is_empty()),
                    sending: match state.as_deref() {
                        _ if envelope.is_empty() => Sending::Saved,
                        Some("queued") => Sending::Queued,
                        Some("refused") => Sending::Refused,
                        _ => Sending::Sent,
                    },
                })
            })
            .transpose()?,
    })
}

/// How many doors a turf has, how many were visited, how many opened.
pub(crate) fn progress(connection: &Connection, turf: &TurfHead) -> Result<[u32; 3], Error> {
    let doors = doors_of_turf();
    let mut query = connection.prepare_cached(&format!(
        "{doors}
         SELECT count(*), count(v.id),
                count(v.id) FILTER (WHERE v.outcome IN
                    ('spoke', 'refused', 'come_back', 'do_not_contact'))
         FROM door {LATEST}"
    ))?;
    Ok(query.query_row(
        named_params! {
            ":station": turf.station, ":turf": turf.id.0,
            ":from": WHOLE.start(), ":to": WHOLE.end(),
        },
        |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]),
    )?)
}

/// One visit with what an export says of it.
#[derive(Clone, Debug)]
pub(crate) struct VisitRow {
    pub(crate) id: VisitId,
    pub(crate) door: String,
    pub(crate) address: String,
    pub(crate) station: String,
    pub(crate) outcome: String,
    pub(crate) at: Moment,
    pub(crate) leaflet: bool,
    pub(crate) by: String,
    pub(crate) lon: Option<f64>,
    pub(crate) lat: Option<f64>,
}

/// Every standing visit that is known here, by time.
pub(crate) fn all(connection: &Connection) -> Result<Vec<VisitRow>, Error> {
    let mut query = connection.prepare(
        "SELECT v.id, v.door, coalesce(a.number, ''), coalesce(a.street, ''),
                coalesce(a.station, ''), v.outcome, v.at, v.leaflet,
                coalesce(m.pseudonym, ''), a.lon, a.lat
         FROM visit AS v
         LEFT JOIN shift AS s ON s.id = v.shift
         LEFT JOIN member AS m ON m.team = s.team AND m.device = v.device
         LEFT JOIN address AS a ON a.id = CASE instr(v.door, '/')
             WHEN 0 THEN v.door ELSE substr(v.door, 1, instr(v.door, '/') - 1) END
         WHERE v.standing = 1 ORDER BY v.at, v.device, v.id",
    )?;
    let rows = query.query_map([], |row| {
        let (number, street): (String, String) = (row.get(2)?, row.get(3)?);
        Ok(VisitRow {
            id: VisitId(row.get(0)?),
            door: row.get(1)?,
            address: format!("{number} {street}").trim().to_owned(),
            station: row.get(4)?,
            outcome: row.get(5)?,
            at: Moment(row.get(6)?),
            leaflet: row.get(7)?,
            by: row.get(8)?,
            lon: row.get(9)?,
            lat: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One of this device's own standing visits, as a tally needs it.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// Empty where the address stands in no perimeter.
    pub(crate) station: String,
    pub(crate) team: TeamId,
    pub(crate) at: Moment,
    pub(crate) outcome: Outcome,
    pub(crate) leaflet: bool,
}

/// This device's own standing visits between two moments.
pub(crate) fn own(
    connection: &Connection,
    me: DeviceId,
    from: Moment,
    to: Moment,
) -> Result<Vec<Counted>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT coalesce(a.station, ''), s.team, v.at, v.outcome, v.leaflet
         FROM visit AS v
         JOIN shift AS s ON s.id = v.shift
         LEFT JOIN address AS a ON a.id = CASE instr(v.door, '/')
             WHEN 0 THEN v.door ELSE substr(v.door, 1, instr(v.door, '/') - 1) END
         WHERE v.device = ?1 AND v.at BETWEEN ?2 AND ?3 AND v.standing = 1",
    )?;
    let rows = query.query_map(params![me.0, from.0, to.0], |row| {
        let word: String = row.get(3)?;
        Ok(word.parse().ok().map(|outcome| {
            Ok::<_, rusqlite::Error>(Counted {
                station: row.get(0)?,
                team: TeamId(row.get(1)?),
                at: Moment(row.get(2)?),
                outcome,
                leaflet: row.get(4)?,
            })
        }))
    })?;
    let mut counted = Vec::new();
    for row in rows {
        if let Some(visit) = row? {
            counted.push(visit?);
        }
    }
    Ok(counted)
}

/// What one shift counts.
pub(crate) fn of_shift(connection: &Connection, shift: DocumentId) -> Result<Tally, Error> {
    let mut query = connection
        .prepare_cached("SELECT outcome, leaflet FROM visit WHERE shift = ?1 AND standing = 1")?;
    let mut rows = query.query(params![shift.0])?;
    let mut tally = Tally::default();
    while let Some(row) = rows.next()? {
        if let Ok(outcome) = row.get::<_, String>(0)?.parse() {
            tally.count(outcome, row.get(1)?);
        }
    }
    Ok(tally)
}

/// The turf of a door, among those of this device: where it has an open shift first.
pub(crate) fn turf_of_door(
    connection: &Connection,
    door: &str,
    me: DeviceId,
) -> Result<Option<DocumentId>, Error> {
    // Few turfs have one address, and sorting them here spares SQLite a temporary table a tap.
    let mut query = connection.prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM shift AS s WHERE s.turf = t.id
                            AND s.device = :me AND s.closed_at = 0), t.id
         FROM address AS a CROSS JOIN turf AS t
         WHERE a.id = :address
           AND (t.station <> '' AND t.station = a.station
                OR EXISTS (SELECT 1 FROM turf_address AS l WHERE l.turf = t.id AND l.address = a.id))
           AND CASE instr(:door, '/')
               WHEN 0 THEN NOT EXISTS (SELECT 1 FROM turf_door AS d
                                       WHERE d.turf = t.id AND d.address = a.id)
               ELSE EXISTS (SELECT 1 FROM turf_door AS d WHERE d.turf = t.id AND d.door = :door)
               END",
    )?;
    let mut rows = query.query(named_params! {
        ":address": address_of(door), ":door": door, ":me": me.0
    })?;
    let mut first: Option<(bool, DocumentId)> = None;
    while let Some(row) = rows.next()? {
        let found = (row.get(0)?, DocumentId(row.get(1)?));
        first = Some(first.map_or(found, |first| first.min(found)));
    }
    Ok(first.map(|(_, turf)| turf))
}

/// The station of a door's address; empty where it stands in none, or is not known.
pub(crate) fn station_of(connection: &Connection, door: &str) -> Result<String, Error> {
    let mut query = connection.prepare_cached("SELECT station FROM address WHERE id = ?1")?;
    let found = query.query_row([address_of(door)], |row| row.get(0));
    Ok(found.optional()?.unwrap_or_default())
}

/// Whether a visit of this device that stands found somebody who spoke or refused at a door.
pub(crate) fn opened_to(connection: &Connection, door: &str, me: DeviceId) -> Result<bool, Error> {
    let mut query = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM visit WHERE door = ?1 AND device = ?2 AND standing = 1
                        AND outcome IN ('spoke', 'refused'))",
    )?;
    Ok(query.query_row(params![door, me.0], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, plan};

    #[test]
    fn the_lists_of_doors_read_no_whole_table_of_addresses_or_visits() {
        let store = Store::open(None, None).unwrap();
        let of_turf = doors_of_turf();
        let one = |door| {
            let doors = one_door(door);
            format!(
                "{doors} {COLUMNS} FROM door {LATEST} {TRAVELLED} WHERE door.id = :door AND door.address = :address"
            )
        };
        for (what, sql) in [
            (
                "a turf",
                format!("{of_turf} {COLUMNS} FROM door {LATEST} {TRAVELLED}"),
            ),
            ("a door", one("1")),
            ("a described door", one("1/A/2/left")),
        ] {
            let plan = plan(store.read(), &sql);
            let scans: Vec<_> = plan
                .iter()
                .filter(|step| step.starts_with("SCAN "))
                .filter(|step| ["SCAN a", "SCAN l", "SCAN v", "SCAN e"].contains(&step.as_str()))
                .collect();
            assert!(scans.is_empty(), "{what}: {plan:#?}");
            assert!(
                plan.iter().any(|step| step.contains("visit_by_door")),
                "{what}: {plan:#?}"
            );
        }
    }
}

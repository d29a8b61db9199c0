//! What the owner of this device wrote, for an export of their own data.

use palier_core::{
    id::{DeviceId, DocumentId, VisitId},
    moment::Moment,
};
use rusqlite::{Connection, OptionalExtension};

use crate::error::Error;

/// When this device entered its campaign.
pub(crate) fn joined_at(connection: &Connection) -> Result<Option<Moment>, Error> {
    Ok(connection
        .query_row("SELECT joined_at FROM membership", [], |row| row.get(0))
        .optional()?
        .map(Moment))
}

/// One outing.
#[derive(Clone, Debug)]
pub(crate) struct OwnShift {
    pub(crate) id: DocumentId,
    pub(crate) team: String,
    pub(crate) turf: String,
    pub(crate) opened: Moment,
    pub(crate) closed: Option<Moment>,
}

pub(crate) fn shifts(connection: &Connection, me: &DeviceId) -> Result<Vec<OwnShift>, Error> {
    let mut query = connection.prepare(
        "SELECT s.id, coalesce(e.name, ''), coalesce(t.name, ''), s.opened_at, s.closed_at
         FROM shift AS s LEFT JOIN turf AS t ON t.id = s.turf LEFT JOIN team AS e ON e.id = s.team
         WHERE s.device = ?1 ORDER BY s.opened_at, s.id",
    )?;
    let rows = query.query_map([me.0], |row| {
        let closed: i64 = row.get(4)?;
        Ok(OwnShift {
            id: DocumentId(row.get(0)?),
            team: row.get(1)?,
            turf: row.get(2)?,
            opened: Moment(row.get(3)?),
            closed: (closed != 0).then_some(Moment(closed)),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One knock, those that were taken back among them.
#[derive(Clone, Debug)]
pub(crate) struct OwnVisit {
    pub(crate) id: VisitId,
    pub(crate) shift: DocumentId,
    pub(crate) at: Moment,
    pub(crate) door: String,
    pub(crate) address: String,
    pub(crate) station: String,
    pub(crate) outcome: String,
    pub(crate) leaflet: bool,
    pub(crate) come_back: String,
    pub(crate) stands: bool,
}

pub(crate) fn visits(connection: &Connection, me: &DeviceId) -> Result<Vec<OwnVisit>, Error> {
    let mut query = connection.prepare(
        "SELECT v.id, v.shift, v.at, v.door, coalesce(a.number || ' ' || a.street, ''),
                coalesce(a.station, ''), v.outcome, v.leaflet, v.back, v.standing
         FROM visit AS v
         LEFT JOIN address AS a ON a.id = CASE instr(v.door, '/')
             WHEN 0 THEN v.door ELSE substr(v.door, 1, instr(v.door, '/') - 1) END
         WHERE v.device = ?1 ORDER BY v.at, v.id",
    )?;
    let rows = query.query_map([me.0], |row| {
        Ok(OwnVisit {
            id: VisitId(row.get(0)?),
            shift: DocumentId(row.get(1)?),
            at: Moment(row.get(2)?),
            door: row.get(3)?,
            address: row.get::<_, String>(4)?.trim().to_owned(),
            station: row.get(5)?,
            outcome: row.get(6)?,
            leaflet: row.get(7)?,
            come_back: row.get(8)?,
            stands: row.get(9)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was noted once of the letter boxes of one building.
#[derive(Clone, Debug)]
pub(crate) struct OwnHandout {
    pub(crate) id: VisitId,
    pub(crate) shift: DocumentId,
    pub(crate) at: Moment,
    pub(crate) round: String,
    pub(crate) address_id: String,
    pub(crate) number: String,
    pub(crate) street: String,
    pub(crate) station: String,
    pub(crate) boxes: String,
    pub(crate) count: u32,
    pub(crate) stands: bool,
}

pub(crate) fn handouts(connection: &Connection, me: &DeviceId) -> Result<Vec<OwnHandout>, Error> {
    let mut query = connection.prepare(
        "SELECT h.id, h.shift, h.at, coalesce(r.name, ''), h.address, coalesce(a.number, ''),
                coalesce(a.street, ''), coalesce(a.station, ''), h.boxes, h.count,
                NOT EXISTS (SELECT 1 FROM handout AS later
                            WHERE later.device = h.device AND later.round = h.round
                              AND later.address = h.address
                              AND (later.at, later.id) > (h.at, h.id))
         FROM handout AS h
         LEFT JOIN round AS r ON r.id = h.round
         LEFT JOIN address AS a ON a.id = h.address
         WHERE h.device = ?1 ORDER BY h.at, h.id",
    )?;
    let rows = query.query_map([me.0], |row| {
        Ok(OwnHandout {
            id: VisitId(row.get(0)?),
            shift: DocumentId(row.get(1)?),
            at: Moment(row.get(2)?),
            round: row.get(3)?,
            address_id: row.get(4)?,
            number: row.get(5)?,
            street: row.get(6)?,
            station: row.get(7)?,
            boxes: row.get(8)?,
            count: row.get(9)?,
            stands: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One count of ballots.
#[derive(Clone, Debug)]
pub(crate) struct OwnCount {
    pub(crate) day: String,
    pub(crate) station: String,
    pub(crate) hour: String,
    pub(crate) votes: u32,
    pub(crate) at: Moment,
}

pub(crate) fn turnout(connection: &Connection, me: &DeviceId) -> Result<Vec<OwnCount>, Error> {
    let mut query = connection.prepare(
        "SELECT document, day, station, hour, votes, at FROM turnout ORDER BY day, station, hour",
    )?;
    let rows = query.query_map([], |row| {
        let count = OwnCount {
            day: row.get(1)?,
            station: row.get(2)?,
            hour: row.get(3)?,
            votes: row.get(4)?,
            at: Moment(row.get(5)?),
        };
        Ok((DocumentId(row.get(0)?), count))
    })?;
    let all: Vec<(DocumentId, OwnCount)> = rows.collect::<Result<_, _>>()?;
    // A report is named after its device and its day.
    let own =
        |(id, count): &(DocumentId, OwnCount)| *id == DocumentId::report(me, &count.day, None);
    Ok(all
        .into_iter()
        .filter(own)
        .map(|(_, count)| count)
        .collect())
}

//! What was noted of letter boxes, in shifts.

use palier_core::{
    id::{DeviceId, DocumentId, RoundId, TeamId, VisitId},
    moment::Moment,
    round::{Handout, Standing},
};
use rusqlite::{Connection, Row, params};

use crate::error::Error;

/// Writes handouts of a shift. Whether none of them was there already: then the document tells.
pub(super) fn add(
    connection: &Connection,
    shift: DocumentId,
    device: DeviceId,
    handouts: &[Handout],
) -> Result<bool, Error> {
    for (place, handout) in handouts.iter().enumerate() {
        if !insert(connection, shift, device, handout, "NOTHING")? {
            for written in handouts.iter().take(place) {
                connection
                    .prepare_cached("DELETE FROM handout WHERE shift = ?1 AND id = ?2")?
                    .execute(params![shift.0, written.id.0])?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes the handouts of a shift as its document has them.
pub(super) fn set(
    connection: &Connection,
    shift: DocumentId,
    device: DeviceId,
    handouts: &[Handout],
) -> Result<(), Error> {
    for handout in handouts {
        insert(connection, shift, device, handout, UPDATE)?;
    }
    Ok(())
}

/// What is written over where a handout is there already: a clock that was put right changes
/// the moment.
const UPDATE: &str = "UPDATE SET at = excluded.at, boxes = excluded.boxes, count = excluded.count,
     round = excluded.round, address = excluded.address";

fn insert(
    connection: &Connection,
    shift: DocumentId,
    device: DeviceId,
    handout: &Handout,
    otherwise: &str,
) -> Result<bool, Error> {
    let mut insert = connection.prepare_cached(&format!(
        "INSERT INTO handout (shift, id, device, round, address, boxes, count, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (shift, id) DO {otherwise}"
    ))?;
    let written = insert.execute(params![
        shift.0,
        handout.id.0,
        device.0,
        handout.round.0,
        handout.address,
        handout.boxes.word(),
        handout.count,
        handout.at.0
    ])?;
    Ok(written == 1)
}

/// What stands of each building of a round.
pub(crate) fn standing_of(connection: &Connection, round: RoundId) -> Result<Standing, Error> {
    let mut query = connection.prepare_cached(
        "SELECT device, id, round, address, boxes, count, at FROM handout WHERE round = ?1",
    )?;
    let mut rows = query.query([round.0])?;
    let mut standing = Standing::default();
    while let Some(row) = rows.next()? {
        if let Some(handout) = read(row, 1)? {
            standing.note(DeviceId(row.get(0)?), handout);
        }
    }
    Ok(standing)
}

/// A handout of this device that stands, as a tally needs it.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    pub(crate) shift: DocumentId,
    pub(crate) team: TeamId,
    /// Empty where the address stands in no perimeter.
    pub(crate) station: String,
    pub(crate) handout: Handout,
}

/// The latest handout of this device for each building of each round.
pub(crate) fn own_handouts(connection: &Connection, me: DeviceId) -> Result<Vec<Noted>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT h.shift, s.team, coalesce(a.station, ''),
                h.id, h.round, h.address, h.boxes, h.count, h.at
         FROM handout AS h
         JOIN shift AS s ON s.id = h.shift
         LEFT JOIN address AS a ON a.id = h.address
         WHERE h.device = ?1
         ORDER BY h.round, h.address, h.at, h.id",
    )?;
    let mut rows = query.query([me.0])?;
    let mut noted: Vec<Noted> = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(handout) = read(row, 3)? else {
            continue;
        };
        let same = |before: &Noted| {
            before.handout.round == handout.round && before.handout.address == handout.address
        };
        if noted.last().is_some_and(same) {
            noted.pop();
        }
        noted.push(Noted {
            shift: DocumentId(row.get(0)?),
            team: TeamId(row.get(1)?),
            station: row.get(2)?,
            handout,
        });
    }
    Ok(noted)
}

/// The handout in the columns from `at`.
fn read(row: &Row<'_>, at: usize) -> Result<Option<Handout>, Error> {
    let word: String = row.get(at + 3)?;
    let Ok(boxes) = word.parse() else {
        return Ok(None);
    };
    Ok(Some(Handout {
        id: VisitId(row.get(at)?),
        round: RoundId(row.get(at + 1)?),
        address: row.get(at + 2)?,
        boxes,
        count: row.get(at + 4)?,
        at: Moment(row.get(at + 5)?),
    }))
}

//! Shifts and the visits of each.

use std::collections::BTreeSet;

use palier_core::{
    document::shift::Shift,
    id::{DeviceId, DocumentId, EnvelopeId, TeamId, VisitId},
    moment::Moment,
    visit::{Entry, Visit, standing},
};
use rusqlite::{Connection, OptionalExtension, params};

use super::handout;
use crate::{error::Error, store::documents::Followed};

/// Writes a shift and its entries. Entries that were here keep the envelope that brought
/// them; those that had none yet get this one, where there is one.
pub(crate) fn set_shift(
    connection: &Connection,
    id: DocumentId,
    device: DeviceId,
    team: TeamId,
    shift: &Shift,
    envelope: Option<EnvelopeId>,
) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO shift (id, device, team, turf, opened_at, closed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET turf = excluded.turf,
             opened_at = excluded.opened_at, closed_at = excluded.closed_at",
    )?;
    insert.execute(params![
        id.0,
        device.0,
        team.0,
        shift.turf.map_or([0; 16], |turf| turf.0),
        shift.opened.map_or(0, |at| at.0),
        shift.closed.map_or(0, |at| at.0)
    ])?;
    let standing: BTreeSet<VisitId> = standing(&shift.entries).map(|(id, _)| id).collect();
    for entry in &shift.entries {
        let stands = standing.contains(&entry.id);
        set_visit(connection, id, device, entry, stands, envelope)?;
    }
    handout::set(connection, id, device, &shift.handouts)
}

/// Writes what changes add to a shift; whether the rows show it whole. Where an entry is there
/// already, or one that is replaced is not, nothing of the entries is written: then the
/// document tells.
pub(crate) fn add_to_shift(
    connection: &Connection,
    shift: &Followed,
    is_new: bool,
    added: &Shift,
    envelope: Option<EnvelopeId>,
) -> Result<bool, Error> {
    if is_new || added.turf.is_some() || added.opened.is_some() || added.closed.is_some() {
        add_fields(connection, shift, added)?;
    }
    for handout in &added.handouts {
        if is_visit(connection, shift.id, handout.id)? {
            return Ok(false);
        }
    }
    Ok(
        handout::add(connection, shift.id, shift.device, &added.handouts)?
            && add_entries(connection, shift, &added.entries, envelope)?,
    )
}

fn add_fields(connection: &Connection, shift: &Followed, added: &Shift) -> Result<(), Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO shift (id, device, team, turf, opened_at, closed_at)
         VALUES (?1, ?2, ?3, coalesce(?4, zeroblob(16)), coalesce(?5, 0), coalesce(?6, 0))
         ON CONFLICT (id) DO UPDATE SET turf = coalesce(?4, turf),
             opened_at = coalesce(?5, opened_at), closed_at = coalesce(?6, closed_at)",
    )?;
    insert.execute(params![
        shift.id.0,
        shift.device.0,
        shift.space.0,
        added.turf.map(|turf| turf.0),
        added.opened.map(|at| at.0),
        added.closed.map(|at| at.0)
    ])?;
    Ok(())
}

fn add_entries(
    connection: &Connection,
    shift: &Followed,
    entries: &[Entry],
    envelope: Option<EnvelopeId>,
) -> Result<bool, Error> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO visit
             (shift, id, device, door, outcome, at, leaflet, standing, envelope, back)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9) ON CONFLICT DO NOTHING",
    )?;
    let brought_by = envelope
        .as_ref()
        .map_or([].as_slice(), |id| id.0.as_slice());
    for (place, entry) in entries.iter().enumerate() {
        let whole = match &entry.visit {
            None => !is_visit(connection, shift.id, entry.id)?,
            Some(visit) => {
                insert.execute(params![
                    shift.id.0,
                    entry.id.0,
                    shift.device.0,
                    visit.door,
                    visit.outcome.word(),
                    visit.at.0,
                    visit.leaflet,
                    brought_by,
                    back(visit)
                ])? == 1
            }
        };
        if !whole {
            take_out(connection, shift.id, entries.iter().take(place))?;
            return Ok(false);
        }
    }
    for replaced in entries.iter().filter_map(|entry| entry.replaces) {
        if !is_visit(connection, shift.id, replaced)? {
            take_out(connection, shift.id, entries.iter())?;
            return Ok(false);
        }
    }
    for replaced in entries.iter().filter_map(|entry| entry.replaces) {
        connection
            .prepare_cached("UPDATE visit SET standing = 0 WHERE shift = ?1 AND id = ?2")?
            .execute(params![shift.id.0, replaced.0])?;
    }
    Ok(true)
}

/// When to come back, as its column holds it.
fn back(visit: &Visit) -> String {
    visit.back.map(|back| back.to_string()).unwrap_or_default()
}

fn is_visit(connection: &Connection, shift: DocumentId, id: VisitId) -> Result<bool, Error> {
    let mut query =
        connection.prepare_cached("SELECT 1 FROM visit WHERE shift = ?1 AND id = ?2")?;
    Ok(query.exists(params![shift.0, id.0])?)
}

/// Takes out what was written of these entries.
fn take_out<'a>(
    connection: &Connection,
    shift: DocumentId,
    entries: impl Iterator<Item = &'a Entry>,
) -> Result<(), Error> {
    let mut delete = connection.prepare_cached("DELETE FROM visit WHERE shift = ?1 AND id = ?2")?;
    for entry in entries.filter(|entry| entry.visit.is_some()) {
        delete.execute(params![shift.0, entry.id.0])?;
    }
    Ok(())
}

fn set_visit(
    connection: &Connection,
    shift: DocumentId,
    device: DeviceId,
    entry: &Entry,
    stands: bool,
    envelope: Option<EnvelopeId>,
) -> Result<(), Error> {
    let Some(visit) = &entry.visit else {
        return Ok(());
    };
    let mut insert = connection.prepare_cached(
        "INSERT INTO visit
             (shift, id, device, door, outcome, at, leaflet, standing, envelope, back)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (shift, id) DO UPDATE SET standing = excluded.standing, at = excluded.at,
             envelope = CASE envelope WHEN x'' THEN excluded.envelope ELSE envelope END
         WHERE standing <> excluded.standing OR envelope = x'' OR at <> excluded.at",
    )?;
    insert.execute(params![
        shift.0,
        entry.id.0,
        device.0,
        visit.door,
        visit.outcome.word(),
        visit.at.0,
        visit.leaflet,
        stands,
        envelope.map_or_else(Vec::new, |id| id.0.to_vec()),
        back(visit)
    ])?;
    Ok(())
}

/// Gives the entries of a shift that had none yet the envelope that now carries them.
pub(crate) fn set_envelope(
    connection: &Connection,
    shift: DocumentId,
    envelope: EnvelopeId,
) -> Result<(), Error> {
    let mut update = connection
        .prepare_cached("UPDATE visit SET envelope = ?2 WHERE shift = ?1 AND envelope = x''")?;
    update.execute(params![shift.0, envelope.0])?;
    Ok(())
}

/// This device's open shift on a turf.
pub(crate) fn open_shift(
    connection: &Connection,
    device: DeviceId,
    turf: DocumentId,
) -> Result<Option<(DocumentId, Moment)>, Error> {
    let mut query = connection.prepare_cached(
        "SELECT id, opened_at FROM shift
         WHERE device = ?1 AND turf = ?2 AND closed_at = 0
         ORDER BY opened_at DESC, id LIMIT 1",
    )?;
    Ok(query
        .query_row(params![device.0, turf.0], |row| {
            Ok((DocumentId(row.get(0)?), Moment(row.get(1)?)))
        })
        .optional()?)
}

/// Whether an outing of this device goes on.
pub(crate) fn is_any_shift_open(connection: &Connection, device: DeviceId) -> Result<bool, Error> {
    let mut query =
        connection.prepare_cached("SELECT 1 FROM shift WHERE device = ?1 AND closed_at = 0")?;
    Ok(query.exists([device.0])?)
}

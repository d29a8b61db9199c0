//! What the open and the shared documents say, as rows: made from documents, never edited.

use std::collections::BTreeSet;

use palier_core::{
    document::{campaign::Campaign, report::Report, shift::Shift, turf::Cover, turf::Turf},
    id::{DeviceId, DocumentId, EnvelopeId, TeamId, VisitId},
    invitation::Policy,
    moment::{Moment, TimeZone},
    visit::{Entry, standing},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{error::Error, store::documents::Followed};

/// The tables that [`clear`] empties and a rebuild fills again.
pub(crate) const TABLES: [&str; 13] = [
    "peer",
    "unapplied",
    "document",
    "campaign",
    "team",
    "member",
    "turf",
    "turf_address",
    "turf_door",
    "turf_access",
    "shift",
    "visit",
    "turnout",
];

/// Empties every projection.
pub(crate) fn clear(connection: &Connection) -> Result<(), Error> {
    for table in TABLES {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

pub(crate) fn set_campaign(connection: &Connection, campaign: &Campaign) -> Result<(), Error> {
    connection.execute(
        "INSERT INTO campaign (one, name, time_zone, territory) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET name = excluded.name,
             time_zone = excluded.time_zone, territory = excluded.territory",
        params![
            campaign.name,
            campaign.time_zone.name(),
            campaign.territory.as_deref().unwrap_or_default()
        ],
    )?;
    for team in &campaign.teams {
        connection.execute(
            "INSERT INTO team (id, name, member_limit, policy) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name,
                 member_limit = excluded.member_limit, policy = excluded.policy",
            params![
                team.id.0,
                team.name,
                team.limit,
                match team.policy {
                    Policy::Open => "open",
                    Policy::Approved => "approved",
                }
            ],
        )?;
    }
    Ok(())
}

/// What the campaign says of itself.
#[derive(Clone, Debug)]
pub(crate) struct CampaignRow {
    pub(crate) name: String,
    pub(crate) time_zone: TimeZone,
    /// The hash of its territory pack, empty where there is none.
    pub(crate) territory: String,
}

pub(crate) fn campaign(connection: &Connection) -> Result<Option<CampaignRow>, Error> {
    let mut query = connection.prepare_cached("SELECT name, time_zone, territory FROM campaign")?;
    Ok(query
        .query_row([], |row| {
            Ok(CampaignRow {
                name: row.get(0)?,
                time_zone: row.get::<_, String>(1)?.parse().unwrap_or(TimeZone::PARIS),
                territory: row.get(2)?,
            })
        })
        .optional()?)
}

/// A team as the campaign knows it.
#[derive(Clone, Debug)]
pub(crate) struct Team {
    pub(crate) id: TeamId,
    pub(crate) name: String,
    pub(crate) limit: u16,
    pub(crate) policy: Policy,
}

pub(crate) fn teams(connection: &Connection) -> Result<Vec<Team>, Error> {
    let mut query = connection
        .prepare_cached("SELECT id, name, member_limit, policy FROM team ORDER BY name")?;
    let teams = query.query_map([], |row| {
        Ok(Team {
            id: TeamId(row.get(0)?),
            name: row.get(1)?,
            limit: row.get(2)?,
            policy: match row.get::<_, String>(3)?.as_str() {
                "open" => Policy::Open,
                _ => Policy::Approved,
            },
        })
    })?;
    Ok(teams.collect::<Result<_, _>>()?)
}

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
    let mut insert =
        connection.prepare_cached("INSERT INTO turf_address (turf, address) VALUES (?1, ?2)")?;
    for address in addresses {
        insert.execute(params![id.0, address])?;
    }
    Ok(())
}

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

fn read_turf(row: &Row<'_>) -> rusqlite::Result<TurfHead> {
    Ok(TurfHead {
        id: DocumentId(row.get(0)?),
        team: TeamId(row.get(1)?),
        name: row.get(2)?,
        station: row.get(3)?,
    })
}

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
    Ok(())
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
    add_entries(connection, shift, &added.entries, envelope)
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
        "INSERT INTO visit (shift, id, device, door, outcome, at, leaflet, standing, envelope)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8) ON CONFLICT DO NOTHING",
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
                    brought_by
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
        "INSERT INTO visit (shift, id, device, door, outcome, at, leaflet, standing, envelope)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
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
        envelope.map_or_else(Vec::new, |id| id.0.to_vec())
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

pub(crate) fn set_turnout(
    connection: &Connection,
    id: DocumentId,
    report: &Report,
) -> Result<(), Error> {
    clear_turnout(connection, id)?;
    for ((station, hour), votes) in &report.turnout {
        connection.execute(
            "INSERT INTO turnout (document, day, station, hour, votes, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id.0,
                report.day,
                station,
                hour.to_string(),
                votes.votes,
                votes.at.0
            ],
        )?;
    }
    Ok(())
}

/// Empties the ballots of a report that is written again.
pub(crate) fn clear_turnout(connection: &Connection, id: DocumentId) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM turnout WHERE document = ?1")?
        .execute([id.0])?;
    Ok(())
}

/// A digest of every projection but the saved documents, to tell whether a rebuild changed
/// anything.
pub(crate) fn picture(connection: &Connection) -> Result<Vec<String>, Error> {
    let mut rows = Vec::new();
    for table in TABLES.into_iter().filter(|table| *table != "document") {
        let mut query = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = query.column_count();
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let values = (0..columns)
                .map(|column| row.get::<_, rusqlite::types::Value>(column))
                .collect::<Result<Vec<_>, _>>()?;
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows.sort();
    Ok(rows)
}

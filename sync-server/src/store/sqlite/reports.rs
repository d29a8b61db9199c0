//! Reports: the document, and its counts by station.

use palier_core::{
    document::report::Report,
    id::{CampaignId, DocumentId},
};
use rusqlite::{Connection, params, params_from_iter, types::Value};

use crate::{accept::NewReport, error::StoreError};

/// A report, by its campaign and its id.
type Key = (CampaignId, DocumentId);

/// Keeps a report, and puts its counts in the place of those it gave before.
pub(super) fn replace(
    db: &Connection,
    (campaign, document): &Key,
    new: &NewReport,
) -> Result<(), StoreError> {
    let key = params![campaign.0, document.0];
    db.prepare_cached(
        "INSERT INTO reports (campaign, document, device, saved) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (campaign, document) DO UPDATE SET saved = excluded.saved",
    )?
    .execute(params![campaign.0, document.0, new.device.0, new.saved])?;
    db.prepare_cached("DELETE FROM tallies WHERE campaign = ?1 AND document = ?2")?
        .execute(key)?;
    db.prepare_cached("DELETE FROM turnout WHERE campaign = ?1 AND document = ?2")?
        .execute(key)?;
    write_tallies(db, (campaign, document), &new.report)?;
    write_turnout(db, (campaign, document), new)
}

fn write_tallies(
    db: &Connection,
    (campaign, document): (&CampaignId, &DocumentId),
    report: &Report,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO tallies (campaign, document, station, day, team, absent, spoke, refused,
                              come_back, inaccessible, vacant, do_not_contact, leaflets)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let team = report.team.map(|team| team.0.to_vec()).unwrap_or_default();
    for (station, tally) in &report.stations {
        let names: [Value; 5] = [
            Value::Blob(campaign.0.to_vec()),
            Value::Blob(document.0.to_vec()),
            Value::Text(station.clone()),
            Value::Text(report.day.clone()),
            Value::Blob(team.clone()),
        ];
        let counts = tally.counts().map(|count| Value::Integer(count.into()));
        statement.execute(params_from_iter(names.into_iter().chain(counts)))?;
    }
    Ok(())
}

fn write_turnout(
    db: &Connection,
    (campaign, document): (&CampaignId, &DocumentId),
    new: &NewReport,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO turnout (campaign, document, station, hour, day, device, at, votes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for ((station, hour), votes) in &new.report.turnout {
        statement.execute(params![
            campaign.0,
            document.0,
            station,
            hour.to_string(),
            new.report.day,
            new.device.0,
            votes.at.0,
            votes.votes,
        ])?;
    }
    Ok(())
}

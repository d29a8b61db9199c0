//! Reports: the document, and its counts by station.

use palier_core::{
    document::report::Report,
    id::{CampaignId, DocumentId},
};
use rusqlite::{Connection, params, params_from_iter, types::Value};

use crate::{accept::NewReport, error::StoreError};

/// Puts the lines of a report into what is added up (`?3` is 1), or takes them out of it (-1).
const ADD: &str =
    "INSERT INTO sums (campaign, along, key, lines, absent, spoke, refused, come_back,
                      inaccessible, vacant, do_not_contact, leaflets, doors, support_1, support_2,
                      support_3, support_4, support_5, registration, proxy)
     SELECT campaign, along, key, ?3 * count(*), ?3 * sum(absent), ?3 * sum(spoke),
            ?3 * sum(refused), ?3 * sum(come_back), ?3 * sum(inaccessible), ?3 * sum(vacant),
            ?3 * sum(do_not_contact), ?3 * sum(leaflets), ?3 * sum(doors), ?3 * sum(support_1),
            ?3 * sum(support_2), ?3 * sum(support_3), ?3 * sum(support_4), ?3 * sum(support_5),
            ?3 * sum(registration), ?3 * sum(proxy)
     FROM (SELECT *, 'station' AS along, station AS key FROM tallies
           WHERE campaign = ?1 AND document = ?2
           UNION ALL SELECT *, 'day', day FROM tallies WHERE campaign = ?1 AND document = ?2
           UNION ALL SELECT *, 'team', lower(hex(team)) FROM tallies
           WHERE campaign = ?1 AND document = ?2)
     WHERE true GROUP BY along, key
     ON CONFLICT (campaign, along, key) DO UPDATE SET
         lines = lines + excluded.lines, absent = absent + excluded.absent,
         spoke = spoke + excluded.spoke, refused = refused + excluded.refused,
         come_back = come_back + excluded.come_back,
         inaccessible = inaccessible + excluded.inaccessible,
         vacant = vacant + excluded.vacant,
         do_not_contact = do_not_contact + excluded.do_not_contact,
         leaflets = leaflets + excluded.leaflets, doors = doors + excluded.doors,
         support_1 = support_1 + excluded.support_1, support_2 = support_2 + excluded.support_2,
         support_3 = support_3 + excluded.support_3, support_4 = support_4 + excluded.support_4,
         support_5 = support_5 + excluded.support_5,
         registration = registration + excluded.registration, proxy = proxy + excluded.proxy";
/// What no line is in any more.
pub(super) const FORGET_EMPTY: &str =
    "DELETE FROM sums INDEXED BY sums_of_nothing WHERE campaign = ?1 AND lines = 0";

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
    add(db, (campaign, document), -1)?;
    db.prepare_cached("DELETE FROM tallies WHERE campaign = ?1 AND document = ?2")?
        .execute(key)?;
    db.prepare_cached("DELETE FROM turnout WHERE campaign = ?1 AND document = ?2")?
        .execute(key)?;
    write_tallies(db, (campaign, document), &new.report)?;
    add(db, (campaign, document), 1)?;
    db.prepare_cached(FORGET_EMPTY)?.execute([campaign.0])?;
    write_turnout(db, (campaign, document), new)
}

fn add(
    db: &Connection,
    (campaign, document): (&CampaignId, &DocumentId),
    sign: i64,
) -> Result<(), StoreError> {
    db.prepare_cached(ADD)?
        .execute(params![campaign.0, document.0, sign])?;
    Ok(())
}

fn write_tallies(
    db: &Connection,
    (campaign, document): (&CampaignId, &DocumentId),
    report: &Report,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO tallies (campaign, document, station, day, team, absent, spoke, refused,
                              come_back, inaccessible, vacant, do_not_contact, leaflets,
                              doors, support_1, support_2, support_3, support_4, support_5,
                              registration, proxy)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                 ?19, ?20, ?21)",
    )?;
    let team = report.team.map(|team| team.0.to_vec()).unwrap_or_default();
    for (station, line) in report.lines() {
        let names: [Value; 5] = [
            Value::Blob(campaign.0.to_vec()),
            Value::Blob(document.0.to_vec()),
            Value::Text(station.to_owned()),
            Value::Text(report.day.clone()),
            Value::Blob(team.clone()),
        ];
        let counts = line.map(|count| Value::Integer(count.into()));
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

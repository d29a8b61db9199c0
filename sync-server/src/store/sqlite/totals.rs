//! What the reports of a campaign add up to.

use std::collections::BTreeMap;

use palier_core::{document::report::NO_STATION, id::CampaignId, wire::TotalsLine};
use rusqlite::{Connection, params};

use super::rows;
use crate::{error::StoreError, store::TotalsBy};

/// Ballots by station, the latest count of an hour last.
pub(super) const TURNOUT: &str = "SELECT station, day, hour, votes FROM turnout
     WHERE campaign = ?1 ORDER BY station, day, hour, at, device";

/// The lines of a campaign, by their key.
pub(super) fn totals(
    db: &Connection,
    campaign: &CampaignId,
    by: TotalsBy,
) -> Result<Vec<TotalsLine>, StoreError> {
    let mut lines = tallied(db, campaign, by)?;
    if by == TotalsBy::Station {
        for (station, turnout) in turnout(db, campaign)? {
            let line = lines.entry(station.clone()).or_insert_with(|| TotalsLine {
                key: station,
                ..TotalsLine::default()
            });
            line.turnout = turnout;
        }
    }
    Ok(lines.into_values().collect())
}

/// What is added up along one of what totals are asked by.
pub(super) const SUMS: &str = "SELECT key, absent, spoke, refused, come_back, inaccessible, vacant,
            do_not_contact, leaflets, doors, support_1, support_2, support_3, support_4, support_5,
            registration, proxy
     FROM sums WHERE campaign = ?1 AND along = ?2 ORDER BY key";

fn tallied(
    db: &Connection,
    campaign: &CampaignId,
    by: TotalsBy,
) -> Result<BTreeMap<String, TotalsLine>, StoreError> {
    let mut statement = db.prepare_cached(SUMS)?;
    let mut found = statement.query(params![campaign.0, by.word()])?;
    let mut lines = BTreeMap::new();
    while let Some(row) = found.next()? {
        let key = shown(row.get(0)?);
        let mut counts = [0; 8];
        for (count, column) in counts.iter_mut().zip(1_usize..) {
            *count = rows::small(row.get(column)?);
        }
        let mut answers = [0; 8];
        for (number, column) in answers.iter_mut().zip(9_usize..) {
            *number = rows::small(row.get(column)?);
        }
        let line = TotalsLine {
            key: key.clone(),
            counts,
            answers,
            turnout: Vec::new(),
        };
        lines.insert(key, line);
    }
    Ok(lines)
}

/// Day, hour and votes of each count of a station.
type Turnout = Vec<(String, String, u32)>;

fn turnout(
    db: &Connection,
    campaign: &CampaignId,
) -> Result<BTreeMap<String, Turnout>, StoreError> {
    let mut statement = db.prepare_cached(TURNOUT)?;
    let mut found = statement.query(params![campaign.0])?;
    let mut latest: BTreeMap<(String, String, String), u32> = BTreeMap::new();
    while let Some(row) = found.next()? {
        latest.insert((shown(row.get(0)?), row.get(1)?, row.get(2)?), row.get(3)?);
    }
    let mut stations: BTreeMap<String, Turnout> = BTreeMap::new();
    for ((station, day, hour), votes) in latest {
        stations
            .entry(station)
            .or_default()
            .push((day, hour, votes));
    }
    Ok(stations)
}

/// "In no perimeter" is an empty key in an answer.
fn shown(key: String) -> String {
    if key == NO_STATION {
        String::new()
    } else {
        key
    }
}

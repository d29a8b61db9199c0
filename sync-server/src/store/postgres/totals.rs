//! What the reports of a campaign add up to.

use std::collections::BTreeMap;

use palier_core::{
    answers::Answers, document::report::NO_STATION, id::CampaignId, tally::Tally, wire::TotalsLine,
};
use tokio_postgres::Transaction;

use super::{Connection, rows};
use crate::{error::StoreError, store::TotalsBy};

/// Ballots by station: the latest count of each hour.
pub(super) const TURNOUT: &str = "SELECT DISTINCT ON (station, day, hour)
            station, day, hour, votes
     FROM turnout WHERE campaign = $1
     ORDER BY station, day, hour, at DESC, device DESC";
/// The lines of a campaign, by their key.
pub(super) async fn totals(
    db: &mut Connection,
    campaign: &CampaignId,
    by: TotalsBy,
) -> Result<Vec<TotalsLine>, StoreError> {
    let one_state = db
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await?;
    let mut lines = tallied(&one_state, campaign, by).await?;
    if by == TotalsBy::Station {
        for (station, turnout) in turnout(&one_state, campaign).await? {
            let line = lines.entry(station.clone()).or_insert_with(|| TotalsLine {
                key: station,
                ..TotalsLine::default()
            });
            line.turnout = turnout;
        }
    }
    one_state.commit().await?;
    Ok(lines.into_values().collect())
}

/// What is added up along one of what totals are asked by.
pub(super) const SUMS: &str = "SELECT key, absent, spoke, refused, come_back, inaccessible, vacant,
            do_not_contact, leaflets, doors, support_1, support_2, support_3, support_4, support_5,
            registration, proxy
     FROM sums WHERE campaign = $1 AND along = $2";

async fn tallied(
    db: &Transaction<'_>,
    campaign: &CampaignId,
    by: TotalsBy,
) -> Result<BTreeMap<String, TotalsLine>, StoreError> {
    let found = db
        .query(SUMS, &[&campaign.0.as_slice(), &by.word()])
        .await?;
    let mut lines = BTreeMap::new();
    for row in &found {
        let key = shown(row.try_get("key")?);
        let mut counts = [0; 8];
        for (count, word) in counts.iter_mut().zip(Tally::WORDS) {
            *count = rows::small(row.try_get(word)?);
        }
        let mut answers = [0; 8];
        for (number, word) in answers.iter_mut().zip(Answers::WORDS) {
            *number = rows::small(row.try_get(word)?);
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

async fn turnout(
    db: &Transaction<'_>,
    campaign: &CampaignId,
) -> Result<BTreeMap<String, Turnout>, StoreError> {
    let mut stations: BTreeMap<String, Turnout> = BTreeMap::new();
    for row in db.query(TURNOUT, &[&campaign.0.as_slice()]).await? {
        stations
            .entry(shown(row.try_get("station")?))
            .or_default()
            .push((
                row.try_get("day")?,
                row.try_get("hour")?,
                rows::small(row.try_get("votes")?),
            ));
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

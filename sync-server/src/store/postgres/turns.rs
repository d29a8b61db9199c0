//! Who may write in a campaign at the same time.
//!
//! What changes who may do what (certificates, revocations, invitations, requests, keys) is
//! written alone in its campaign; what only adds to a document shares the campaign with
//! others of its kind, and meets them at the counter of its space. So a thirteenth member, a
//! use too many or an envelope after a revocation find the fact that refuses them, whichever
//! process they come through, and a Saturday's visits do not wait for each other.
//!
//! The locks are advisory: those queue fairly, where shared locks of a row would keep the one
//! that wants it alone waiting, and each would be a write.
//!
//! Every envelope remembers its turn. Turns say in which order the log is replayed: those
//! that came alone each have their own, and those that shared one, which knew the same facts,
//! are told apart by space and place.

use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::GenericClient;
use palier_core::id::CampaignId;

use tokio_postgres::Statement;

use super::rows;
use crate::{
    accept::{Changes, Row},
    error::StoreError,
    store::Batch,
};

/// How a group of pushes writes in a campaign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Turn {
    /// Together with others.
    Shared,
    /// Alone.
    Alone,
}

/// How these pushes write in each of their campaigns.
pub(super) fn of(batches: &[Batch]) -> Vec<(CampaignId, Turn)> {
    let mut turns = BTreeMap::new();
    let candidates = batches.iter().flat_map(|batch| &batch.candidates);
    for candidate in candidates.flatten() {
        let header = &candidate.envelope.header;
        let turn = if header.kind.is_document() {
            Turn::Shared
        } else {
            Turn::Alone
        };
        let known = turns.entry(header.campaign).or_insert(turn);
        *known = turn.max(*known);
    }
    turns.into_iter().collect()
}

/// Waits for turns, which hold until the transaction ends: one after the other, and in the same
/// order everywhere, so that nobody waits for each other.
pub(super) const TAKE: &str = "SELECT CASE WHEN alone THEN pg_advisory_xact_lock(key)
                ELSE pg_advisory_xact_lock_shared(key) END
     FROM unnest($1::bigint[], $2::boolean[]) AS a (key, alone)";

/// Waits for these turns. The statement is [`TAKE`].
pub(super) async fn take(
    db: &impl GenericClient,
    statement: &Statement,
    turns: &[(CampaignId, Turn)],
) -> Result<(), StoreError> {
    let mut keys: BTreeMap<i64, Turn> = BTreeMap::new();
    for (campaign, turn) in turns {
        let known = keys.entry(key(campaign)).or_insert(*turn);
        *known = (*turn).max(*known);
    }
    let alone: Vec<bool> = keys.values().map(|turn| *turn == Turn::Alone).collect();
    let keys: Vec<i64> = keys.into_keys().collect();
    db.query(statement, &[&keys, &alone]).await?;
    Ok(())
}

/// Waits to be alone in a campaign.
pub(super) async fn take_alone(
    db: &impl GenericClient,
    campaign: CampaignId,
) -> Result<(), StoreError> {
    let statement = db.prepare_cached(TAKE).await?;
    take(db, &statement, &[(campaign, Turn::Alone)]).await
}

/// Two campaigns with the same key wait for each other, and nothing worse.
fn key(campaign: &CampaignId) -> i64 {
    let first = campaign.0.first_chunk().copied().unwrap_or_default();
    i64::from_be_bytes(first)
}

/// The turns of those who share one now.
pub(super) async fn last(
    db: &impl GenericClient,
    turns: &[(CampaignId, Turn)],
) -> Result<HashMap<CampaignId, i64>, StoreError> {
    let campaigns: Vec<&[u8]> = turns
        .iter()
        .map(|(campaign, _)| campaign.0.as_slice())
        .collect();
    let statement = db
        .prepare_cached("SELECT campaign, turn FROM campaigns WHERE campaign = ANY ($1)")
        .await?;
    let found = db.query(&statement, &[&campaigns]).await?;
    let turns = found.iter().map(|row| {
        let campaign = CampaignId(rows::id(row, "campaign")?);
        Ok((campaign, row.try_get("turn")?))
    });
    turns.collect()
}

/// Numbers the turns of what is written, and keeps the last one of each campaign.
pub(super) async fn number(
    db: &impl GenericClient,
    turns: &[(CampaignId, Turn)],
    mut last: HashMap<CampaignId, i64>,
    changes: &Changes<'_>,
) -> Result<Vec<i64>, StoreError> {
    let alone: Vec<CampaignId> = (turns.iter())
        .filter(|(_, turn)| *turn == Turn::Alone)
        .map(|(campaign, _)| *campaign)
        .collect();
    let number = |row: &Row<'_>| {
        let campaign = row.header().campaign;
        let last = last.entry(campaign).or_default();
        if alone.contains(&campaign) {
            *last += 1;
        }
        *last
    };
    let numbered = changes.log.iter().map(number).collect();
    keep(db, &alone, &last).await?;
    Ok(numbered)
}

/// Those who share the next turn come after all who were alone.
async fn keep(
    db: &impl GenericClient,
    alone: &[CampaignId],
    last: &HashMap<CampaignId, i64>,
) -> Result<(), StoreError> {
    let grown = || (alone.iter()).filter_map(|of| last.get(of).map(|turn| (of, turn + 1)));
    let campaigns: Vec<&[u8]> = grown().map(|(campaign, _)| campaign.0.as_slice()).collect();
    if campaigns.is_empty() {
        return Ok(());
    }
    let turns: Vec<i64> = grown().map(|(_, turn)| turn).collect();
    let statement = db
        .prepare_cached(
            "INSERT INTO campaigns (campaign, turn)
             SELECT * FROM unnest($1::bytea[], $2::bigint[])
             ON CONFLICT (campaign) DO UPDATE SET turn = excluded.turn",
        )
        .await?;
    db.execute(&statement, &[&campaigns, &turns]).await?;
    Ok(())
}

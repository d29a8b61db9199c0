//! One transaction for a group of pushes: locks, facts, the decision, and what it changes.

use deadpool_postgres::Transaction;
use palier_core::wire::Pushed;
use tokio::runtime::{Handle, RuntimeFlavor};

use super::{Connection, load, news::News, save, turns};
use crate::{
    accept::{Facts, Ledger, SpaceKey, Wanted},
    error::StoreError,
    store::Batch,
};

/// What a commit did.
pub(super) struct Written {
    /// The answers, for each push.
    pub(super) pushed: Vec<Vec<Pushed>>,
    /// What others are told.
    pub(super) news: News,
}

/// The counters of spaces, each held until the commit, always taken in the same order.
pub(super) const LOCK: &str = "SELECT 1 FROM spaces s
     JOIN unnest($1::bytea[], $2::bytea[]) AS a (campaign, space)
          ON s.campaign = a.campaign AND s.space = a.space
     ORDER BY s.campaign, s.space FOR UPDATE OF s";

/// Decides about pushes and writes what they change, or nothing of it.
pub(super) async fn write(db: &mut Connection, batches: &[Batch]) -> Result<Written, StoreError> {
    let transaction = db.transaction().await?;
    let turns = turns::of(batches);
    turns::take(&transaction, &turns).await?;
    let wanted = Wanted::of(batches);
    lock(&transaction, wanted.locks.iter()).await?;
    // Each statement sees what was committed before it began: the locks come first.
    let mut facts = Facts::default();
    load::read(&transaction, &wanted, &mut facts).await?;
    let following = Wanted::following(batches, &facts);
    if !following.is_empty() {
        load::read(&transaction, &following, &mut facts).await?;
    }
    let mut ledger = Ledger::new(facts);
    let pushed = aside(|| batches.iter().map(|batch| ledger.enter(batch)).collect());
    let (changes, _facts) = ledger.done();
    let news = News::of(&changes);
    if changes.is_empty() {
        transaction.rollback().await?;
    } else {
        let numbered = turns::number(&transaction, &turns, &changes).await?;
        let now = batches.iter().map(|batch| batch.at).max();
        save::changes(&transaction, &changes, &numbered, now.unwrap_or_default()).await?;
        transaction.commit().await?;
    }
    Ok(Written { pushed, news })
}

async fn lock(
    db: &Transaction<'_>,
    spaces: impl Iterator<Item = &SpaceKey> + Clone,
) -> Result<(), StoreError> {
    let campaigns: Vec<&[u8]> = spaces
        .clone()
        .map(|(campaign, _)| campaign.0.as_slice())
        .collect();
    let spaces: Vec<&[u8]> = spaces.map(|(_, space)| space.0.as_slice()).collect();
    let statement = db.prepare_cached(LOCK).await?;
    db.query(&statement, &[&campaigns, &spaces]).await?;
    Ok(())
}

/// Reports take time to decide about: other requests are answered meanwhile.
fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

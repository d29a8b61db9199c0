//! One transaction for a group of pushes: locks, facts, the decision, and what it changes.

use palier_core::wire::Pushed;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio_postgres::Statement;

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

/// Decides about pushes and writes what they change, or nothing of it. Where this fails, the
/// connection is given up, and the transaction with it.
///
/// What needs no answer is not waited for: the locks and what is read behind them travel
/// together, and so do what is written and its commit. The server takes them in their order.
pub(super) async fn write(db: &Connection, batches: &[Batch]) -> Result<Written, StoreError> {
    let turns = turns::of(batches);
    let wanted = Wanted::of(batches);
    let mut facts = Facts::default();
    // Nothing that is sent behind the locks may overtake them: they are prepared before.
    let locks = db.prepare_cached(LOCK).await?;
    let turn = db.prepare_cached(turns::TAKE).await?;
    // Each statement sees what was committed before it began.
    let (_, _, _, last, _) = tokio::try_join!(
        biased;
        begin(db),
        turns::take(db, &turn, &turns),
        lock(db, &locks, wanted.locks.iter()),
        turns::last(db, &turns),
        load::read(db, &wanted, &mut facts),
    )?;
    let following = Wanted::following(batches, &facts);
    if !following.is_empty() {
        load::read(db, &following, &mut facts).await?;
    }
    let mut ledger = Ledger::new(facts);
    let pushed = aside(|| batches.iter().map(|batch| ledger.enter(batch)).collect());
    let (changes, _facts) = ledger.done();
    let news = News::of(&changes);
    if changes.is_empty() {
        db.batch_execute("ROLLBACK").await?;
    } else {
        let numbered = turns::number(db, &turns, last, &changes).await?;
        let now = batches.iter().map(|batch| batch.at).max();
        save::and_commit(db, &changes, &numbered, now.unwrap_or_default()).await?;
    }
    Ok(Written { pushed, news })
}

async fn begin(db: &Connection) -> Result<(), StoreError> {
    Ok(db.batch_execute("BEGIN").await?)
}

async fn lock(
    db: &Connection,
    statement: &Statement,
    spaces: impl Iterator<Item = &SpaceKey> + Clone,
) -> Result<(), StoreError> {
    let campaigns: Vec<&[u8]> = spaces
        .clone()
        .map(|(campaign, _)| campaign.0.as_slice())
        .collect();
    let spaces: Vec<&[u8]> = spaces.map(|(_, space)| space.0.as_slice()).collect();
    db.query(statement, &[&campaigns, &spaces]).await?;
    Ok(())
}

/// Reports take time to decide about: other requests are answered meanwhile.
fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

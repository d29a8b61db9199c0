//! Makes everything that follows from the log again, in a schema of its own beside it, and
//! puts it in the place of what differs: all in one transaction, with the writers shut out.

use std::pin::pin;

use deadpool_postgres::Transaction;
use futures_util::{Stream, StreamExt};
use palier_core::moment::Moment;
use tokio_postgres::Row;

use super::{PostgresUrl, check, in_a_thread, load, open, pool, save};
use crate::{
    accept::{Facts, Ledger, Wanted},
    error::StoreError,
    rebuild::Rebuilt,
    replay::{self, AT_A_TIME, DERIVED},
    store::Batch,
};

/// Where they are made again.
const BESIDE: &str = "palier_rebuild";
/// Every envelope in the order of its turn.
pub(super) const LOG: &str = "SELECT campaign, device, id, bytes, received_at FROM log
     ORDER BY campaign, turn, space, seq";

/// Makes everything that follows from the log again.
pub(crate) fn rebuild(url: &PostgresUrl, now: Moment) -> Result<Rebuilt, StoreError> {
    in_a_thread(|| rebuild_all(url, now))
}

async fn rebuild_all(url: &PostgresUrl, now: Moment) -> Result<Rebuilt, StoreError> {
    let connections = pool(url, 2)?;
    let mut db = connections.get().await?;
    open::migrate(&mut db, now).await?;
    let mut reading = connections.get().await?;
    let here: String = db
        .query_one("SELECT quote_ident(current_schema()) AS here", &[])
        .await?
        .try_get("here")?;
    let transaction = db.transaction().await?;
    transaction
        .batch_execute(&format!(
            "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;
             LOCK TABLE campaigns, spaces, {} IN EXCLUSIVE MODE;
             CREATE SCHEMA {BESIDE}; SET LOCAL search_path = {BESIDE};",
            DERIVED.map(|(table, _key)| table).join(", ")
        ))
        .await?;
    for step in open::MIGRATIONS {
        transaction.batch_execute(step).await?;
    }
    let envelopes = read_log(&mut reading, &transaction).await?;
    copy_asked(&transaction, &here).await?;
    let mut differed = Vec::new();
    for (table, _key) in DERIVED {
        if differs(&transaction, &here, table).await? {
            differed.push(table.to_owned());
        }
    }
    if !differed.is_empty() {
        replace(&transaction, &here).await?;
    }
    transaction
        .batch_execute(&format!(
            "SET LOCAL search_path = {here}; DROP SCHEMA {BESIDE} CASCADE"
        ))
        .await?;
    if raise_heads(&transaction).await? != 0 {
        differed.push("spaces".to_owned());
    }
    transaction.commit().await?;
    Ok(Rebuilt {
        envelopes,
        differed,
    })
}

/// Offers every envelope to the empty tables, each at the moment when it came.
async fn read_log(
    reading: &mut super::Connection,
    to: &Transaction<'_>,
) -> Result<u64, StoreError> {
    let reading = reading.transaction().await?;
    reading
        .batch_execute("SET LOCAL statement_timeout = 0")
        .await?;
    let log = reading.query_raw(LOG, Vec::<i64>::new()).await?;
    let mut log = pin!(log.fuse());
    let mut envelopes = 0;
    loop {
        let batches = next_batches(&mut log).await?;
        if batches.is_empty() {
            return Ok(envelopes);
        }
        envelopes += replay(to, &batches).await?;
    }
}

async fn next_batches(
    log: &mut (impl Stream<Item = Result<Row, tokio_postgres::Error>> + Unpin),
) -> Result<Vec<Batch>, StoreError> {
    let mut batches = Vec::new();
    while batches.len() < AT_A_TIME
        && let Some(row) = log.next().await
    {
        batches.push(check::kept(&row?)?.batch()?);
    }
    Ok(batches)
}

async fn replay(to: &Transaction<'_>, batches: &[Batch]) -> Result<u64, StoreError> {
    let mut facts = Facts::default();
    load::read(to, &Wanted::of(batches), &mut facts).await?;
    let following = Wanted::following(batches, &facts);
    load::read(to, &following, &mut facts).await?;
    let mut ledger = Ledger::new(facts);
    let envelopes = replay::enter(&mut ledger, batches)?;
    let (mut changes, _facts) = ledger.done();
    // The log itself stays where it is.
    changes.log.clear();
    save::changes(to, &changes, &Vec::new(), Moment(0)).await?;
    Ok(envelopes)
}

/// That a lead had accepted a request stands in no log.
async fn copy_asked(db: &Transaction<'_>, here: &str) -> Result<(), StoreError> {
    db.batch_execute(&format!(
        "INSERT INTO {BESIDE}.redemptions SELECT * FROM {here}.redemptions WHERE asked
         ON CONFLICT DO NOTHING"
    ))
    .await?;
    Ok(())
}

async fn differs(db: &Transaction<'_>, here: &str, table: &str) -> Result<bool, StoreError> {
    let sql = format!(
        "SELECT EXISTS ((TABLE {here}.{table} EXCEPT TABLE {BESIDE}.{table})
                        UNION ALL (TABLE {BESIDE}.{table} EXCEPT TABLE {here}.{table})) AS differs"
    );
    Ok(db.query_one(&sql, &[]).await?.try_get("differs")?)
}

/// Tables refer to each other: where one differs, all are written again.
async fn replace(db: &Transaction<'_>, here: &str) -> Result<(), StoreError> {
    for (table, _key) in DERIVED.iter().rev() {
        db.batch_execute(&format!("DELETE FROM {here}.{table}"))
            .await?;
    }
    for (table, _key) in DERIVED {
        db.batch_execute(&format!(
            "INSERT INTO {here}.{table} SELECT * FROM {BESIDE}.{table}"
        ))
        .await?;
    }
    Ok(())
}

/// Brings each counter to the last place of its log.
async fn raise_heads(db: &Transaction<'_>) -> Result<u64, StoreError> {
    Ok(db
        .execute(
            "INSERT INTO spaces (campaign, space, head)
             SELECT l.campaign, l.space, l.head
             FROM (SELECT campaign, space, max(seq) AS head FROM log GROUP BY campaign, space) l
             LEFT JOIN spaces s ON s.campaign = l.campaign AND s.space = l.space
             WHERE s.head IS DISTINCT FROM l.head
             ON CONFLICT (campaign, space) DO UPDATE SET head = excluded.head",
            &[],
        )
        .await?)
}

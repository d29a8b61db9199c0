//! Bringing the schema up to date, and what is refused.

use std::path::PathBuf;

use palier_core::{id::Incarnation, moment::Moment};
use tokio_postgres::{Client, GenericClient, Transaction};

use super::rows;
use crate::error::StoreError;

/// Every step of the schema, in order.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/relay-postgres/0001_create_log.sql"),
    include_str!("../../../../migrations/relay-postgres/0002_add_up_tallies.sql"),
    include_str!("../../../../migrations/relay-postgres/0003_count_answers.sql"),
];
/// "PLRY": the advisory lock under which the schema is changed.
const SCHEMA_LOCK: i64 = 0x504c_5259;

/// Takes the steps that are missing, one process at a time, and gives the life of the store.
pub(super) async fn migrate(db: &mut Client, now: Moment) -> Result<Incarnation, StoreError> {
    let transaction = db.transaction().await?;
    // A step may take long, and so may the one before us.
    transaction
        .batch_execute("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0")
        .await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&SCHEMA_LOCK])
        .await?;
    let taken = taken(&transaction).await?;
    for (step, sql) in (1_i32..).zip(MIGRATIONS).skip(taken) {
        transaction.batch_execute(sql).await?;
        transaction
            .execute(
                "INSERT INTO steps (step, taken_at) VALUES ($1, $2)",
                &[&step, &now.0],
            )
            .await?;
    }
    if taken == 0 {
        begin_life(&transaction, now).await?;
    }
    let incarnation = incarnation(&transaction).await?;
    transaction.commit().await?;
    Ok(incarnation)
}

/// Whether the schema is the one known here: looking at a database does not change it.
pub(super) async fn check_current(db: &Transaction<'_>) -> Result<(), StoreError> {
    let reason = match taken(db).await? {
        current if current == MIGRATIONS.len() => return Ok(()),
        0 => "there is none yet",
        _ => "an older version wrote it: start this one on it first",
    };
    Err(StoreError::NotAStore {
        path: name(db).await?,
        reason: reason.into(),
    })
}

/// How a database is named in a message.
async fn name(db: &Transaction<'_>) -> Result<PathBuf, StoreError> {
    let row = db
        .query_one("SELECT current_database() AS name", &[])
        .await?;
    let name: &str = row.try_get("name")?;
    Ok(format!("the PostgreSQL database {name}").into())
}

/// How many steps were taken, where they are ours and known here.
async fn taken(db: &Transaction<'_>) -> Result<usize, StoreError> {
    let row = db
        .query_one(
            "SELECT to_regclass('steps') IS NOT NULL AND to_regclass('relay') IS NOT NULL AS ours,
                    EXISTS (SELECT 1 FROM pg_class
                            WHERE relnamespace = current_schema()::regnamespace) AS used",
            &[],
        )
        .await?;
    let path = name(db).await?;
    match (row.try_get("ours")?, row.try_get("used")?) {
        (true, _) => {}
        (false, false) => return Ok(0),
        (false, true) => {
            return Err(StoreError::NotAStore {
                path,
                reason: "it holds another program's tables".into(),
            });
        }
    }
    let row = db
        .query_one(
            "SELECT coalesce(max(step), 0)::bigint AS step FROM steps",
            &[],
        )
        .await?;
    let found: i64 = row.try_get("step")?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { path, found, known });
    }
    Ok(usize::try_from(found).unwrap_or_default())
}

/// Gives the store a new life: devices offer it everything that they hold.
pub(super) async fn begin_life(db: &impl GenericClient, now: Moment) -> Result<(), StoreError> {
    let mut incarnation = [0_u8; 16];
    getrandom::fill(&mut incarnation)
        .map_err(|_reason| StoreError::Broken("no random bytes for an incarnation"))?;
    db.execute(
        "INSERT INTO relay (one, incarnation, since) VALUES (1, $1, $2)
         ON CONFLICT (one) DO UPDATE SET incarnation = excluded.incarnation,
                                         since = excluded.since",
        &[&incarnation.as_slice(), &now.0],
    )
    .await?;
    Ok(())
}

/// The life of the store.
pub(super) async fn incarnation(db: &impl GenericClient) -> Result<Incarnation, StoreError> {
    let row = db.query_one("SELECT incarnation FROM relay", &[]).await?;
    Ok(Incarnation(rows::id(&row, "incarnation")?))
}

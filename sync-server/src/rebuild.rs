//! Makes everything that follows from the log again, and says whether anything differed.

use std::path::Path;

use palier_core::{
    id::{CampaignId, DeviceId, EnvelopeId},
    moment::Moment,
};
use rusqlite::{Connection, Row, TransactionBehavior, params_from_iter, types::Value};
use serde::Serialize;

use crate::{
    config::StoreAt,
    error::StoreError,
    replay::{ASKED, AT_A_TIME, DERIVED, Kept, Replay},
    state::Clock,
    store::{postgres, sqlite::open},
};

/// What a rebuild found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rebuilt {
    /// Envelopes in the log.
    pub envelopes: u64,
    /// Tables that were not what the log says; they are now.
    pub differed: Vec<String>,
}

/// Makes everything that follows from the log again, in one transaction. The relay should
/// be stopped meanwhile.
///
/// # Errors
/// There is no store, it is damaged, or its log holds an envelope that would be refused; then
/// nothing is changed.
pub fn rebuild(store: &StoreAt, clock: &Clock) -> Result<Rebuilt, StoreError> {
    match store {
        StoreAt::Sqlite(path) => rebuild_file(path, clock),
        StoreAt::Postgres(url) => postgres::rebuild(url, clock.now()),
    }
}

fn rebuild_file(path: &Path, clock: &Clock) -> Result<Rebuilt, StoreError> {
    if !path.is_file() {
        return Err(StoreError::NotAStore {
            path: path.to_owned(),
            reason: "there is no such file".into(),
        });
    }
    let mut db = open::to_write(path, clock.now())?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON;")?;
    let (replay, envelopes) = replay(&transaction, clock.now())?;
    let mut differed = Vec::new();
    for (table, key) in DERIVED {
        if differs(&transaction, &replay, table, key)? {
            copy(&replay, &transaction, table, key)?;
            differed.push(table.to_owned());
        }
    }
    if raise_heads(&transaction)? != 0 {
        differed.push("spaces".to_owned());
    }
    transaction.commit()?;
    Ok(Rebuilt {
        envelopes,
        differed,
    })
}

/// Offers every envelope to an empty store, each at the moment when it came; and how many
/// they are.
pub(crate) fn replay(from: &Connection, now: Moment) -> Result<(Replay, u64), StoreError> {
    let replay = Replay::begin(now)?;
    let mut statement =
        from.prepare("SELECT campaign, bytes, received_at, id, device FROM log ORDER BY place")?;
    let mut found = statement.query([])?;
    let mut envelopes = 0;
    loop {
        let mut batches = Vec::new();
        while batches.len() < AT_A_TIME
            && let Some(row) = found.next()?
        {
            batches.push(read_kept(row)?.batch()?);
        }
        if batches.is_empty() {
            break;
        }
        envelopes += replay.take(&batches)?;
    }
    let mut asked = from.prepare(ASKED)?;
    let mut asked = asked.query([])?;
    while let Some(redemption) = values(asked.next()?)? {
        replay.take_asked(redemption)?;
    }
    Ok((replay, envelopes))
}

fn read_kept(row: &Row<'_>) -> Result<Kept, StoreError> {
    Ok(Kept {
        campaign: CampaignId(row.get(0)?),
        bytes: row.get(1)?,
        at: Moment(row.get(2)?),
        id: EnvelopeId(row.get(3)?),
        device: DeviceId(row.get(4)?),
    })
}

/// Whether a table stands otherwise than it follows from the log.
pub(crate) fn differs(
    kept: &Connection,
    replay: &Replay,
    table: &str,
    key: &str,
) -> Result<bool, StoreError> {
    let mut kept = kept.prepare(&format!("SELECT * FROM {table} ORDER BY {key}"))?;
    let mut replayed = replay.lines(table, key)?;
    let (mut kept, mut replayed) = (kept.query([])?, replayed.query([])?);
    loop {
        match (values(kept.next()?)?, values(replayed.next()?)?) {
            (None, None) => return Ok(false),
            (kept, replayed) if kept != replayed => return Ok(true),
            _ => {}
        }
    }
}

fn copy(from: &Replay, to: &Connection, table: &str, key: &str) -> Result<(), StoreError> {
    to.execute(&format!("DELETE FROM {table}"), [])?;
    let mut statement = from.lines(table, key)?;
    let places = vec!["?"; statement.column_count()].join(", ");
    let mut insert = to.prepare(&format!("INSERT INTO {table} VALUES ({places})"))?;
    let mut found = statement.query([])?;
    while let Some(row) = values(found.next()?)? {
        insert.execute(params_from_iter(row))?;
    }
    Ok(())
}

/// Brings each counter to the last place of its log.
fn raise_heads(db: &Connection) -> Result<usize, StoreError> {
    Ok(db.execute(
        "INSERT INTO spaces (campaign, space, head)
         SELECT campaign, space, max(seq) FROM log GROUP BY campaign, space
         HAVING max(seq) IS NOT (SELECT head FROM spaces s
             WHERE s.campaign = log.campaign AND s.space = log.space)
         ON CONFLICT (campaign, space) DO UPDATE SET head = excluded.head",
        [],
    )?)
}

/// What stands in a line, whatever its columns.
pub(crate) fn values(row: Option<&Row<'_>>) -> Result<Option<Vec<Value>>, StoreError> {
    let Some(row) = row else {
        return Ok(None);
    };
    let count = row.as_ref().column_count();
    let values = (0..count).map(|column| row.get(column));
    Ok(Some(values.collect::<Result<_, _>>()?))
}

//! Makes everything that follows from the log again, and says whether anything differed.

use std::path::Path;

use palier_core::{
    id::{CampaignId, DeviceId},
    moment::Moment,
    wire::Pushed,
};
use rusqlite::{Connection, TransactionBehavior, params_from_iter, types::Value};
use serde::Serialize;

use crate::{
    accept::{Candidate, Facts, Ledger},
    config::StoreAt,
    error::StoreError,
    state::Clock,
    store::{
        Batch, postgres,
        sqlite::{self, open},
    },
};

/// Tables that follow from the log, and the columns that order them. A table stands after
/// those that it refers to.
pub(crate) const DERIVED: [(&str, &str); 7] = [
    ("introductions", "campaign, device, space"),
    ("revocations", "campaign, device"),
    ("invitations", "campaign, key"),
    ("redemptions", "campaign, key, device"),
    ("reports", "campaign, document"),
    ("tallies", "campaign, document, station"),
    ("turnout", "campaign, document, station, hour"),
];

/// How many envelopes are decided about together.
const AT_A_TIME: usize = 500;

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
    let mut scratch = open::scratch(clock.now())?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON;")?;
    let replayed = scratch.transaction()?;
    let mut rebuilt = Rebuilt {
        envelopes: replay(&transaction, &replayed)?,
        differed: Vec::new(),
    };
    for (table, key) in DERIVED {
        if differs(&transaction, &replayed, table, key)? {
            copy(&replayed, &transaction, table)?;
            rebuilt.differed.push(table.to_owned());
        }
    }
    if raise_heads(&transaction)? != 0 {
        rebuilt.differed.push("spaces".to_owned());
    }
    transaction.commit()?;
    Ok(rebuilt)
}

/// Offers every envelope to an empty store, each at the moment when it came.
pub(crate) fn replay(from: &Connection, to: &Connection) -> Result<u64, StoreError> {
    let mut statement =
        from.prepare("SELECT campaign, bytes, received_at, id, device FROM log ORDER BY place")?;
    let mut found = statement.query([])?;
    let mut envelopes = 0;
    loop {
        let mut batches = Vec::new();
        while batches.len() < AT_A_TIME
            && let Some(row) = found.next()?
        {
            batches.push(read_kept(row)?);
        }
        if batches.is_empty() {
            break;
        }
        envelopes += replay_some(to, &batches)?;
    }
    // That a lead had accepted a request stands in no log.
    let asked = "SELECT campaign, key, device, redeemed_at, asked FROM redemptions WHERE asked = 1";
    copy_rows(from, to, "redemptions", asked)?;
    Ok(envelopes)
}

fn read_kept(row: &rusqlite::Row<'_>) -> Result<Batch, StoreError> {
    let campaign = CampaignId(row.get(0)?);
    let bytes: Vec<u8> = row.get(1)?;
    let candidate = Candidate::read(bytes.into(), &campaign)
        .map_err(|_refusal| StoreError::Broken("an envelope of the log does not read"))?;
    if candidate.id.0 != row.get::<_, [u8; 32]>(3)? {
        return Err(StoreError::Broken("an envelope of the log was changed"));
    }
    Ok(Batch {
        device: DeviceId(row.get(4)?),
        candidates: vec![Ok(candidate)],
        at: Moment(row.get(2)?),
    })
}

fn replay_some(to: &Connection, batches: &[Batch]) -> Result<u64, StoreError> {
    let mut facts = Facts::default();
    sqlite::load(to, batches.iter(), &mut facts)?;
    let mut ledger = Ledger::new(facts);
    let mut envelopes = 0;
    for batch in batches {
        for candidate in batch.candidates.iter().flatten() {
            match ledger.replay(candidate, batch.at) {
                Pushed::Stored(_) => envelopes += 1,
                Pushed::Duplicate(_) => return Err(StoreError::Broken("an envelope stands twice")),
                Pushed::Refused(refusal) => {
                    tracing::error!(id = %candidate.id, %refusal, "the log holds what is refused");
                    return Err(StoreError::Broken("an envelope of the log is refused"));
                }
            }
        }
    }
    let (changes, _facts) = ledger.done();
    sqlite::save(to, &changes, Moment(0))?;
    Ok(envelopes)
}

/// Whether a table stands otherwise in two stores.
pub(crate) fn differs(
    kept: &Connection,
    replayed: &Connection,
    table: &str,
    key: &str,
) -> Result<bool, StoreError> {
    let sql = format!("SELECT * FROM {table} ORDER BY {key}");
    let (mut kept, mut replayed) = (kept.prepare(&sql)?, replayed.prepare(&sql)?);
    let (mut kept, mut replayed) = (kept.query([])?, replayed.query([])?);
    loop {
        match (values(kept.next()?)?, values(replayed.next()?)?) {
            (None, None) => return Ok(false),
            (kept, replayed) if kept != replayed => return Ok(true),
            _ => {}
        }
    }
}

fn copy(from: &Connection, to: &Connection, table: &str) -> Result<(), StoreError> {
    to.execute(&format!("DELETE FROM {table}"), [])?;
    copy_rows(from, to, table, &format!("SELECT * FROM {table}"))
}

fn copy_rows(
    from: &Connection,
    to: &Connection,
    table: &str,
    select: &str,
) -> Result<(), StoreError> {
    let mut statement = from.prepare(select)?;
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

fn values(row: Option<&rusqlite::Row<'_>>) -> Result<Option<Vec<Value>>, StoreError> {
    let Some(row) = row else {
        return Ok(None);
    };
    let count = row.as_ref().column_count();
    let values = (0..count).map(|column| row.get(column));
    Ok(Some(values.collect::<Result<_, _>>()?))
}

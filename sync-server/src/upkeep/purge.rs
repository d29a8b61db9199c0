//! Erases one campaign from a store, whatever tables it has.

use std::collections::BTreeMap;

use palier_core::{id::CampaignId, moment::Moment};
use rusqlite::{Connection, TransactionBehavior, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{file_of, hex};
use crate::{
    config::StoreAt,
    error::StoreError,
    state::Clock,
    store::{postgres, sqlite::open},
};

/// What was erased. It names no device and no document: whoever keeps a list of the envelopes
/// can prove with it that they are gone, and nobody can learn them from it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Receipt {
    /// The campaign.
    pub campaign: String,
    /// The life of the store.
    pub incarnation: String,
    /// When, in milliseconds since 1970.
    pub at: Moment,
    /// The program's version.
    pub version: &'static str,
    /// Lines erased, by table; every table that knows campaigns.
    pub erased: BTreeMap<String, usize>,
    /// SHA-256 of the ids of the erased envelopes, in the order in which they had come.
    pub envelopes: String,
    /// SHA-256 of this receipt as JSON, with this line empty.
    pub receipt: String,
}

/// Erases one campaign: every line that knows it, and the bytes where those lines stood. The
/// relay has to be stopped.
///
/// # Errors
/// There is no store, it is in use or damaged; then nothing is erased.
pub fn purge(store: &StoreAt, campaign: &CampaignId, clock: &Clock) -> Result<Receipt, StoreError> {
    let at = clock.now();
    if let StoreAt::Postgres(url) = store {
        return postgres::upkeep::purge(url, campaign, at);
    }
    let path = file_of(store)?;
    let mut db = open::to_write(path, at)?;
    alone(&db)?;
    db.execute_batch("PRAGMA secure_delete = ON;")?;
    let incarnation = open::incarnation(&db)?.to_string();
    let envelopes = ids(&db, campaign)?;
    let mut erased = BTreeMap::new();
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON;")?;
    for table in tables(&transaction)? {
        let erase = format!("DELETE FROM \"{table}\" WHERE campaign = ?1");
        let lines = transaction.execute(&erase, params![campaign.0])?;
        erased.insert(table, lines);
    }
    transaction.commit()?;
    // Written anew, the file holds nothing but what is left; then the log is a log again.
    db.execute_batch("VACUUM; PRAGMA journal_mode = WAL;")?;
    Receipt::new(campaign, incarnation, at, erased, envelopes)
}

impl Receipt {
    /// A receipt that says its own hash.
    pub(crate) fn new(
        campaign: &CampaignId,
        incarnation: String,
        at: Moment,
        erased: BTreeMap<String, usize>,
        envelopes: String,
    ) -> Result<Self, StoreError> {
        let mut receipt = Self {
            campaign: hex(&campaign.0),
            incarnation,
            at,
            version: env!("CARGO_PKG_VERSION"),
            erased,
            envelopes,
            receipt: String::new(),
        };
        let json =
            serde_json::to_vec(&receipt).map_err(|_never| StoreError::Broken("a receipt"))?;
        receipt.receipt = hex(&Sha256::digest(json));
        Ok(receipt)
    }
}

/// Only who is alone with a file can leave its write-ahead log.
fn alone(db: &Connection) -> Result<(), StoreError> {
    use rusqlite::{Error, ErrorCode};

    db.busy_timeout(std::time::Duration::from_secs(1))?;
    let mode = db.query_row("PRAGMA journal_mode = DELETE", [], |row| {
        row.get::<_, String>(0)
    });
    match mode {
        Ok(mode) if mode == "delete" => Ok(()),
        Ok(_still) => Err(StoreError::InUse),
        Err(Error::SqliteFailure(reason, _)) if reason.code == ErrorCode::DatabaseBusy => {
            Err(StoreError::InUse)
        }
        Err(reason) => Err(reason.into()),
    }
}

/// Every table that knows campaigns, also those that a later step of the schema adds.
fn tables(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut found = db.prepare(
        "SELECT t.name FROM sqlite_master t
         WHERE t.type = 'table'
           AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'campaign')
         ORDER BY t.name",
    )?;
    let tables = found.query_map([], |row| row.get(0))?;
    Ok(tables.collect::<Result<_, _>>()?)
}

fn ids(db: &Connection, campaign: &CampaignId) -> Result<String, StoreError> {
    let mut found = db.prepare("SELECT id FROM log WHERE campaign = ?1 ORDER BY place")?;
    let mut found = found.query(params![campaign.0])?;
    let mut hash = Sha256::new();
    while let Some(row) = found.next()? {
        hash.update(row.get::<_, [u8; 32]>(0)?);
    }
    Ok(hex(&hash.finalize()))
}

//! How much stands in a store. Ids and counts, nothing that anybody wrote.

use palier_core::{
    id::{CampaignId, SpaceId},
    rights::Place,
};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::{file_of, hex};
use crate::{
    config::StoreAt,
    error::StoreError,
    store::{
        postgres,
        sqlite::{open, rows},
    },
};

/// How much stands in a store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Stats {
    /// The life of the store.
    pub incarnation: String,
    /// Bytes of its file.
    pub bytes: u64,
    /// What stands there of each campaign.
    pub campaigns: Vec<CampaignStats>,
}

/// How much stands there of one campaign.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CampaignStats {
    /// The campaign.
    pub campaign: String,
    /// Envelopes.
    pub envelopes: u64,
    /// Their bytes.
    pub envelope_bytes: u64,
    /// Devices that introduced themselves.
    pub devices: u64,
    /// Devices whose rights were taken back.
    pub revoked: u64,
    /// Reports.
    pub reports: u64,
    /// Bytes of territory packs.
    pub pack_bytes: u64,
    /// When the first envelope came, and the last, in milliseconds since 1970.
    pub received: Option<(i64, i64)>,
    /// Where each space has come to.
    pub spaces: Vec<SpaceStats>,
}

/// Where a space has come to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SpaceStats {
    /// The space.
    pub space: String,
    /// `campaign`, `reports` or `team`.
    pub of: &'static str,
    /// The last place of its log.
    pub head: u64,
}

/// Counts what stands in a store; the relay may run.
///
/// # Errors
/// There is no store, or it is damaged.
pub fn stats(store: &StoreAt) -> Result<Stats, StoreError> {
    if let StoreAt::Postgres(url) = store {
        return postgres::upkeep::stats(url);
    }
    let path = file_of(store)?;
    let mut db = open::to_look(path)?;
    let db = db.transaction()?;
    let pages = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let bytes = pages("page_count")?.saturating_mul(pages("page_size")?);
    let mut found = db.prepare("SELECT DISTINCT campaign FROM spaces ORDER BY campaign")?;
    let campaigns = found.query_map([], |row| Ok(CampaignId(row.get(0)?)))?;
    let campaigns = campaigns.collect::<Result<Vec<_>, _>>()?;
    let counted = campaigns.iter().map(|campaign| of_campaign(&db, campaign));
    Ok(Stats {
        incarnation: open::incarnation(&db)?.to_string(),
        bytes: rows::count(bytes)?,
        campaigns: counted.collect::<Result<_, _>>()?,
    })
}

fn of_campaign(db: &Connection, campaign: &CampaignId) -> Result<CampaignStats, StoreError> {
    let one = |sql: &str| -> Result<u64, StoreError> {
        rows::count(db.query_row(sql, params![campaign.0], |row| row.get(0))?)
    };
    let received = db.query_row(
        "SELECT min(received_at), max(received_at) FROM log WHERE campaign = ?1",
        params![campaign.0],
        |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)),
    )?;
    Ok(CampaignStats {
        campaign: hex(&campaign.0),
        envelopes: one("SELECT count(*) FROM log WHERE campaign = ?1")?,
        envelope_bytes: one("SELECT coalesce(sum(length(bytes)), 0) FROM log WHERE campaign = ?1")?,
        devices: one("SELECT count(DISTINCT device) FROM introductions WHERE campaign = ?1")?,
        revoked: one("SELECT count(*) FROM revocations WHERE campaign = ?1")?,
        reports: one("SELECT count(*) FROM reports WHERE campaign = ?1")?,
        pack_bytes: one("SELECT coalesce(sum(size), 0) FROM packs WHERE campaign = ?1")?,
        received: received.0.zip(received.1),
        spaces: spaces(db, campaign)?,
    })
}

fn spaces(db: &Connection, campaign: &CampaignId) -> Result<Vec<SpaceStats>, StoreError> {
    let mut found =
        db.prepare("SELECT space, head FROM spaces WHERE campaign = ?1 ORDER BY space")?;
    let mut found = found.query(params![campaign.0])?;
    let mut spaces = Vec::new();
    while let Some(row) = found.next()? {
        let space = SpaceId(row.get(0)?);
        spaces.push(SpaceStats {
            space: space.to_string(),
            of: match Place::of(campaign, space) {
                Place::Campaign => "campaign",
                Place::Reports => "reports",
                Place::Team(_) => "team",
            },
            head: rows::count(row.get(1)?)?,
        });
    }
    Ok(spaces)
}

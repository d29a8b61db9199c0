//! Counting what stands in a database, and erasing a campaign from it.

use std::collections::BTreeMap;

use palier_core::{
    id::{CampaignId, SpaceId},
    moment::Moment,
    rights::Place,
};
use sha2::{Digest, Sha256};
use tokio_postgres::GenericClient;

use super::{PostgresUrl, in_a_thread, open, pool, rows, turns};
use crate::{
    error::StoreError,
    upkeep::{CampaignStats, Receipt, SpaceStats, Stats},
};

/// Every table that knows campaigns, also those that a later step of the schema adds. Those that
/// refer to others come before them.
const TABLES: &str = "SELECT c.relname AS name FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition
       AND EXISTS (SELECT 1 FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attname = 'campaign' AND NOT a.attisdropped)
     ORDER BY EXISTS (SELECT 1 FROM pg_constraint k
                      WHERE k.conrelid = c.oid AND k.contype = 'f') DESC, c.relname";
const COUNTS: &str = "SELECT
         (SELECT count(*) FROM log WHERE campaign = $1) AS envelopes,
         (SELECT coalesce(sum(octet_length(bytes)), 0)::bigint FROM log
          WHERE campaign = $1) AS envelope_bytes,
         (SELECT count(DISTINCT device) FROM introductions WHERE campaign = $1) AS devices,
         (SELECT count(*) FROM revocations WHERE campaign = $1) AS revoked,
         (SELECT count(*) FROM reports WHERE campaign = $1) AS reports,
         (SELECT coalesce(sum(size), 0)::bigint FROM packs WHERE campaign = $1) AS pack_bytes,
         (SELECT min(received_at) FROM log WHERE campaign = $1) AS first,
         (SELECT max(received_at) FROM log WHERE campaign = $1) AS last";

/// Counts what stands there; the relay may run.
pub(crate) fn stats(url: &PostgresUrl) -> Result<Stats, StoreError> {
    in_a_thread(async || {
        let mut db = pool(url, 1)?.get().await?;
        let db = db
            .build_transaction()
            .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
            .read_only(true)
            .start()
            .await?;
        db.batch_execute("SET LOCAL statement_timeout = 0").await?;
        let bytes = db
            .query_one(
                "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS bytes FROM pg_class
                 WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'",
                &[],
            )
            .await?;
        let mut campaigns = Vec::new();
        for row in db
            .query(
                "SELECT DISTINCT campaign FROM spaces ORDER BY campaign",
                &[],
            )
            .await?
        {
            let campaign = CampaignId(rows::id(&row, "campaign")?);
            campaigns.push(of_campaign(&*db, &campaign).await?);
        }
        Ok(Stats {
            incarnation: open::incarnation(&*db).await?.to_string(),
            bytes: rows::count(bytes.try_get("bytes")?)?,
            campaigns,
        })
    })
}

async fn of_campaign(
    db: &impl GenericClient,
    campaign: &CampaignId,
) -> Result<CampaignStats, StoreError> {
    let row = db.query_one(COUNTS, &[&campaign.0.as_slice()]).await?;
    let count = |column| -> Result<u64, StoreError> { rows::count(row.try_get(column)?) };
    let (first, last): (Option<i64>, Option<i64>) = (row.try_get("first")?, row.try_get("last")?);
    let found = db
        .query(
            "SELECT space, head FROM spaces WHERE campaign = $1 ORDER BY space",
            &[&campaign.0.as_slice()],
        )
        .await?;
    let spaces = found.iter().map(|row| {
        let space = SpaceId(rows::id(row, "space")?);
        Ok(SpaceStats {
            space: space.to_string(),
            of: match Place::of(campaign, space) {
                Place::Campaign => "campaign",
                Place::Reports => "reports",
                Place::Team(_) => "team",
            },
            head: rows::count(row.try_get("head")?)?,
        })
    });
    Ok(CampaignStats {
        campaign: campaign.to_string(),
        envelopes: count("envelopes")?,
        envelope_bytes: count("envelope_bytes")?,
        devices: count("devices")?,
        revoked: count("revoked")?,
        reports: count("reports")?,
        pack_bytes: count("pack_bytes")?,
        received: first.zip(last),
        spaces: spaces.collect::<Result<_, StoreError>>()?,
    })
}

/// Erases one campaign: every line that knows it, and then the bytes where those lines stood.
pub(crate) fn purge(
    url: &PostgresUrl,
    campaign: &CampaignId,
    at: Moment,
) -> Result<Receipt, StoreError> {
    in_a_thread(async || {
        let mut db = pool(url, 1)?.get().await?;
        open::migrate(&mut db, at).await?;
        db.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")
            .await?;
        let transaction = db.transaction().await?;
        turns::take_alone(&transaction, *campaign).await?;
        let incarnation = open::incarnation(&*transaction).await?.to_string();
        let envelopes = ids(&*transaction, campaign).await?;
        let tables = transaction.query(TABLES, &[]).await?;
        let tables = tables.iter().map(|row| row.try_get("name"));
        let tables: Vec<String> = tables.collect::<Result<_, _>>()?;
        let mut erased = BTreeMap::new();
        for table in &tables {
            let erase = format!("DELETE FROM \"{table}\" WHERE campaign = $1");
            let lines = transaction
                .execute(&erase, &[&campaign.0.as_slice()])
                .await?;
            erased.insert(table.clone(), usize::try_from(lines).unwrap_or(usize::MAX));
        }
        transaction.commit().await?;
        for table in &tables {
            // Written anew, a table holds nothing but what is left.
            db.batch_execute(&format!("VACUUM (FULL) \"{table}\""))
                .await?;
        }
        Receipt::new(campaign, incarnation, at, erased, envelopes)
    })
}

/// SHA-256 of the ids of a campaign's envelopes, in the order of a rebuild.
async fn ids(db: &impl GenericClient, campaign: &CampaignId) -> Result<String, StoreError> {
    let found = db
        .query(
            "SELECT id FROM log WHERE campaign = $1 ORDER BY turn, space, seq",
            &[&campaign.0.as_slice()],
        )
        .await?;
    let mut hash = Sha256::new();
    for row in &found {
        hash.update(rows::id::<32>(row, "id")?);
    }
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

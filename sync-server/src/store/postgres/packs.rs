//! Territory packs, in parts.

use palier_core::id::CampaignId;

use super::{Connection, rows};
use crate::{
    error::StoreError,
    store::{NewPack, PART_BYTES},
};

/// Keeps a pack; one that is there already stays as it is.
pub(super) async fn keep(db: &mut Connection, pack: &NewPack) -> Result<(), StoreError> {
    let transaction = db.transaction().await?;
    let (campaign, hash) = (pack.campaign.0.as_slice(), pack.hash.as_slice());
    let size = rows::number(pack.bytes.len() as u64);
    let new = transaction
        .execute(
            "INSERT INTO packs (campaign, hash, size, received_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (campaign, hash) DO NOTHING",
            &[&campaign, &hash, &size, &pack.at.0],
        )
        .await?;
    if new != 0 {
        let statement = transaction
            .prepare("INSERT INTO pack_parts (campaign, hash, part, bytes) VALUES ($1, $2, $3, $4)")
            .await?;
        let part_bytes = usize::try_from(PART_BYTES).unwrap_or(usize::MAX);
        for (part, bytes) in (0_i64..).zip(pack.bytes.chunks(part_bytes)) {
            transaction
                .execute(&statement, &[&campaign, &hash, &part, &bytes])
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Bytes of a pack, where it is there.
pub(super) async fn size(
    db: &Connection,
    campaign: &CampaignId,
    hash: &[u8; 32],
) -> Result<Option<u64>, StoreError> {
    let found = db
        .query_opt(
            "SELECT size FROM packs WHERE campaign = $1 AND hash = $2",
            &[&campaign.0.as_slice(), &hash.as_slice()],
        )
        .await?;
    found
        .map(|row| rows::count(row.try_get("size")?))
        .transpose()
}

/// One part of a pack.
pub(super) async fn part(
    db: &Connection,
    campaign: &CampaignId,
    hash: &[u8; 32],
    part: u64,
) -> Result<Vec<u8>, StoreError> {
    let statement = db
        .prepare_cached(
            "SELECT bytes FROM pack_parts WHERE campaign = $1 AND hash = $2 AND part = $3",
        )
        .await?;
    let (campaign, hash, part) = (campaign.0.as_slice(), hash.as_slice(), rows::number(part));
    let row = db.query_one(&statement, &[&campaign, &hash, &part]).await?;
    Ok(row.try_get("bytes")?)
}

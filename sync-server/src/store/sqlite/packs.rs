//! Territory packs, in parts.

use palier_core::id::CampaignId;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows;
use crate::{
    error::StoreError,
    store::{NewPack, PART_BYTES},
};

/// Keeps a pack; one that is there already stays as it is.
pub(super) fn keep(db: &Connection, pack: &NewPack) -> Result<(), StoreError> {
    let size = rows::number(pack.bytes.len() as u64);
    let new = db
        .prepare_cached(
            "INSERT INTO packs (campaign, hash, size, received_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (campaign, hash) DO NOTHING",
        )?
        .execute(params![pack.campaign.0, pack.hash, size, pack.at.0])?;
    if new == 0 {
        return Ok(());
    }
    let mut statement = db.prepare_cached(
        "INSERT INTO pack_parts (campaign, hash, part, bytes) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let part_bytes = usize::try_from(PART_BYTES).unwrap_or(usize::MAX);
    for (part, bytes) in (0_i64..).zip(pack.bytes.chunks(part_bytes)) {
        statement.execute(params![pack.campaign.0, pack.hash, part, bytes])?;
    }
    Ok(())
}

/// Bytes of a pack, where it is there.
pub(super) fn size(
    db: &Connection,
    campaign: &CampaignId,
    hash: &[u8; 32],
) -> Result<Option<u64>, StoreError> {
    let size: Option<i64> = db
        .prepare_cached("SELECT size FROM packs WHERE campaign = ?1 AND hash = ?2")?
        .query_row(params![campaign.0, hash], |row| row.get(0))
        .optional()?;
    size.map(rows::count).transpose()
}

/// One part of a pack.
pub(super) fn part(
    db: &Connection,
    campaign: &CampaignId,
    hash: &[u8; 32],
    part: u64,
) -> Result<Vec<u8>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT bytes FROM pack_parts WHERE campaign = ?1 AND hash = ?2 AND part = ?3",
        )?
        .query_row(params![campaign.0, hash, rows::number(part)], |row| {
            row.get(0)
        })?)
}

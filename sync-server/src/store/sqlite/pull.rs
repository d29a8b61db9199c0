//! Pages of a log.

use palier_core::{
    id::{CampaignId, Incarnation, SpaceId},
    wire::{MAX_BATCH, MAX_BATCH_BYTES, Page},
};
use rusqlite::{Connection, OptionalExtension, params};

use super::rows;
use crate::{error::StoreError, store::PageAsked};

/// A page of a space.
pub(super) const PAGE: &str = "SELECT seq, bytes FROM log
     WHERE campaign = ?1 AND space = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4";
/// A page of what one device wrote; its sequence grows with the places. The plus keeps SQLite
/// from going through everybody's.
pub(super) const OWN_PAGE: &str = "SELECT seq, bytes FROM log
     WHERE campaign = ?1 AND space = ?2 AND device = ?5 AND +seq > ?3
     ORDER BY device_seq LIMIT ?4";
/// The last place that a device wrote.
pub(super) const OWN_HEAD: &str = "SELECT seq FROM log
     WHERE campaign = ?1 AND space = ?2 AND device = ?3 ORDER BY device_seq DESC LIMIT 1";

/// What stands before each envelope of a page: its place and its length.
const ENTRY_BYTES: usize = 12;

/// One page: at least one envelope where there is one, and otherwise within both bounds.
pub(super) fn page(
    db: &Connection,
    incarnation: Incarnation,
    asked: &PageAsked,
) -> Result<Page, StoreError> {
    let head = head(db, asked)?;
    let mut page = Page {
        incarnation,
        head,
        entries: Vec::new(),
    };
    if asked.after >= head {
        return Ok(page);
    }
    let limit = asked.limit.clamp(1, MAX_BATCH);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (campaign, space) = (asked.campaign.0, asked.space.0);
    let after = rows::number(asked.after);
    let mut statement = db.prepare_cached(if asked.only.is_some() { OWN_PAGE } else { PAGE })?;
    let mut found = match asked.only {
        Some(device) => statement.query(params![campaign, space, after, limit, device.0])?,
        None => statement.query(params![campaign, space, after, limit])?,
    };
    let mut page_bytes = 0;
    while let Some(row) = found.next()? {
        let bytes: Vec<u8> = row.get(1)?;
        page_bytes += ENTRY_BYTES + bytes.len();
        if page_bytes > MAX_BATCH_BYTES && !page.entries.is_empty() {
            break;
        }
        page.entries.push((rows::count(row.get(0)?)?, bytes));
    }
    Ok(page)
}

/// The last place of each of these spaces, 0 where nothing was written.
pub(super) fn heads(
    db: &Connection,
    campaign: &CampaignId,
    spaces: &[SpaceId],
) -> Result<Vec<(SpaceId, u64)>, StoreError> {
    spaces
        .iter()
        .map(|space| Ok((*space, space_head(db, campaign, space)?)))
        .collect()
}

/// The last place that the asking device sees: where it sees only what it wrote, that is the
/// last of those.
fn head(db: &Connection, asked: &PageAsked) -> Result<u64, StoreError> {
    let Some(device) = asked.only else {
        return space_head(db, &asked.campaign, &asked.space);
    };
    let own: Option<i64> = db
        .prepare_cached(OWN_HEAD)?
        .query_row(params![asked.campaign.0, asked.space.0, device.0], |row| {
            row.get(0)
        })
        .optional()?;
    rows::count(own.unwrap_or(0))
}

/// The last place of a space.
pub(super) fn space_head(
    db: &Connection,
    campaign: &CampaignId,
    space: &SpaceId,
) -> Result<u64, StoreError> {
    let head: Option<i64> = db
        .prepare_cached("SELECT head FROM spaces WHERE campaign = ?1 AND space = ?2")?
        .query_row(params![campaign.0, space.0], |row| row.get(0))
        .optional()?;
    rows::count(head.unwrap_or(0))
}

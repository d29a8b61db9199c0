//! Pages of a log.

use palier_core::{
    id::{CampaignId, Incarnation, SpaceId},
    wire::{MAX_BATCH, MAX_BATCH_BYTES, Page},
};
use tokio_postgres::types::ToSql;

use super::{Connection, rows};
use crate::{error::StoreError, store::PageAsked};

/// What stands before each envelope of a page: its place and its length.
const ENTRY_BYTES: usize = 12;

/// A page of a space and where the space is, of one state of the store. Lengths are summed
/// without the bytes being read; the first envelope comes whatever its length.
pub(super) const PAGE: &str = "SELECT h.head, r.incarnation, p.seq, p.bytes
     FROM relay r
     CROSS JOIN (SELECT coalesce((SELECT head FROM spaces
                                  WHERE campaign = $1 AND space = $2), 0) AS head) h
     LEFT JOIN LATERAL
         (SELECT * FROM
             (SELECT l.seq, l.bytes, octet_length(l.bytes) + $6 AS size,
                     sum(octet_length(l.bytes) + $6)
                         OVER (ORDER BY l.seq ROWS UNBOUNDED PRECEDING) AS so_far
              FROM log l WHERE l.campaign = $1 AND l.space = $2 AND l.seq > $3
              ORDER BY l.seq LIMIT $4) first
          WHERE so_far <= $5 OR so_far = size) p ON true
     ORDER BY p.seq";
/// A page of what one device wrote, in the order of its sequence, which is that of the places.
/// Where it is, is the last place that the device wrote.
pub(super) const OWN_PAGE: &str = "SELECT h.head, r.incarnation, p.seq, p.bytes
     FROM relay r
     CROSS JOIN (SELECT coalesce((SELECT seq FROM log
                                  WHERE campaign = $1 AND space = $2 AND device = $7
                                  ORDER BY device_seq DESC LIMIT 1), 0) AS head) h
     LEFT JOIN LATERAL
         (SELECT * FROM
             (SELECT l.seq, l.bytes, octet_length(l.bytes) + $6 AS size,
                     sum(octet_length(l.bytes) + $6)
                         OVER (ORDER BY l.device_seq ROWS UNBOUNDED PRECEDING) AS so_far
              FROM log l
              WHERE l.campaign = $1 AND l.space = $2 AND l.device = $7 AND l.seq > $3
              ORDER BY l.device_seq LIMIT $4) first
          WHERE so_far <= $5 OR so_far = size) p ON true
     ORDER BY p.seq";
/// The last place of each space that is asked for, in their order.
pub(super) const HEADS: &str = "SELECT coalesce(s.head, 0) AS head
     FROM unnest($2::bytea[]) WITH ORDINALITY AS asked (space, place)
     LEFT JOIN spaces s ON s.campaign = $1 AND s.space = asked.space
     ORDER BY asked.place";

/// One page: at least one envelope where there is one, and otherwise within both bounds.
pub(super) async fn page(db: &Connection, asked: &PageAsked) -> Result<Page, StoreError> {
    let (campaign, space) = (asked.campaign.0.as_slice(), asked.space.0.as_slice());
    let after = rows::number(asked.after);
    let limit = i64::try_from(asked.limit.clamp(1, MAX_BATCH)).unwrap_or(i64::MAX);
    let most = i64::try_from(MAX_BATCH_BYTES).unwrap_or(i64::MAX);
    let before = i32::try_from(ENTRY_BYTES).unwrap_or(i32::MAX);
    let device = asked.only.map(|device| device.0);
    let device = device.as_ref().map(<[u8; 32]>::as_slice);
    let mut parameters: Vec<&(dyn ToSql + Sync)> =
        vec![&campaign, &space, &after, &limit, &most, &before];
    if device.is_some() {
        parameters.push(&device);
    }
    let sql = if device.is_some() { OWN_PAGE } else { PAGE };
    let statement = db.prepare_cached(sql).await?;
    let found = db.query(&statement, &parameters).await?;
    let first = found.first().ok_or(StoreError::Broken("no incarnation"))?;
    let mut page = Page {
        incarnation: Incarnation(rows::id(first, "incarnation")?),
        head: rows::count(first.try_get("head")?)?,
        entries: Vec::new(),
    };
    for row in &found {
        if let Some(seq) = row.try_get("seq")? {
            page.entries
                .push((rows::count(seq)?, row.try_get("bytes")?));
        }
    }
    Ok(page)
}

/// The last place of each of these spaces, 0 where nothing was written.
pub(super) async fn heads(
    db: &Connection,
    campaign: &CampaignId,
    spaces: &[SpaceId],
) -> Result<Vec<(SpaceId, u64)>, StoreError> {
    let asked: Vec<&[u8]> = spaces.iter().map(|space| space.0.as_slice()).collect();
    let statement = db.prepare_cached(HEADS).await?;
    let found = db
        .query(&statement, &[&campaign.0.as_slice(), &asked])
        .await?;
    spaces
        .iter()
        .zip(&found)
        .map(|(space, row)| Ok((*space, rows::count(row.try_get("head")?)?)))
        .collect()
}

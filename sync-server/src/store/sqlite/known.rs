//! What a device may do in a campaign.

use palier_core::id::{CampaignId, DeviceId};
use rusqlite::{Connection, params};

use super::rows;
use crate::{accept::Standing, error::StoreError};

/// What a device may do in a campaign.
pub(super) fn standing(
    db: &Connection,
    campaign: &CampaignId,
    device: &DeviceId,
) -> Result<Standing, StoreError> {
    let sql = format!(
        "SELECT {} FROM introductions WHERE campaign = ?1 AND device = ?2",
        rows::RIGHTS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = statement.query(params![campaign.0, device.0])?;
    let mut rights = Vec::new();
    while let Some(row) = found.next()? {
        rights.push(rows::rights(row)?);
    }
    Ok(Standing {
        revoked: is_revoked(db, campaign, device)?,
        rights,
    })
}

/// Whether a device's rights were taken back.
pub(super) fn is_revoked(
    db: &Connection,
    campaign: &CampaignId,
    device: &DeviceId,
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM revocations WHERE campaign = ?1 AND device = ?2")?
        .exists(params![campaign.0, device.0])?)
}

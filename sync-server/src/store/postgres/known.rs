//! What a device may do in a campaign.

use palier_core::id::{CampaignId, DeviceId};

use super::{Connection, rows};
use crate::{accept::Standing, error::StoreError};

/// What a device may do, and whether its rights were taken back, of one state of the store.
pub(super) const STANDING: &str = "SELECT EXISTS (SELECT 1 FROM revocations
                    WHERE campaign = $1 AND device = $2) AS revoked,
            i.space IS NOT NULL AS introduced,
            i.device, i.receive, i.role, i.scope, i.not_after
     FROM relay LEFT JOIN introductions i ON i.campaign = $1 AND i.device = $2";

/// What a device may do in a campaign.
pub(super) async fn standing(
    db: &Connection,
    campaign: &CampaignId,
    device: &DeviceId,
) -> Result<Standing, StoreError> {
    let statement = db.prepare_cached(STANDING).await?;
    let key = (campaign.0.as_slice(), device.0.as_slice());
    let mut standing = Standing::default();
    for row in db.query(&statement, &[&key.0, &key.1]).await? {
        standing.revoked = row.try_get("revoked")?;
        if row.try_get("introduced")? {
            standing.rights.push(rows::rights(&row)?);
        }
    }
    Ok(standing)
}

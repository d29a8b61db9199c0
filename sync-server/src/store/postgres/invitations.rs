//! Invitations, for those who hold the link.

use palier_core::{
    id::{CampaignId, DeviceId},
    moment::Moment,
};

use super::{Connection, rows};
use crate::{error::StoreError, store::OpenInvitation};

/// An invitation as those who hold its link find it.
pub(super) async fn open(
    db: &Connection,
    campaign: &CampaignId,
    key: &DeviceId,
) -> Result<Option<OpenInvitation>, StoreError> {
    let found = db
        .query_opt(
            "SELECT i.record, i.expires, i.uses,
                    EXISTS (SELECT 1 FROM revocations r
                            WHERE r.campaign = i.campaign AND r.device = i.issuer) AS revoked,
                    (SELECT count(*) FROM redemptions d
                     WHERE d.campaign = i.campaign AND d.key = i.key) AS used
             FROM invitations i WHERE i.campaign = $1 AND i.key = $2",
            &[&campaign.0.as_slice(), &key.0.as_slice()],
        )
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let uses = rows::sixteen(row.try_get("uses")?)?;
    let used = rows::small(row.try_get("used")?);
    Ok(Some(OpenInvitation {
        record: row.try_get("record")?,
        expires: Moment(row.try_get("expires")?),
        uses_left: u32::from(uses).saturating_sub(used),
        issuer_revoked: row.try_get("revoked")?,
    }))
}

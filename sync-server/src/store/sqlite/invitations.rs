//! Invitations and who used them.

use palier_core::{
    id::{CampaignId, DeviceId},
    invitation::{Invitation, Policy},
    moment::Moment,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{load, rows};
use crate::{accept::Redemption, error::StoreError, store::OpenInvitation};

/// Keeps an invitation, in the place of an older one with the same key.
pub(super) fn keep(
    db: &Connection,
    campaign: &CampaignId,
    invitation: &Invitation,
    record: &[u8],
) -> Result<(), StoreError> {
    let team = invitation.offer.scope.team().map(|team| team.0.to_vec());
    db.prepare_cached(
        "INSERT INTO invitations (campaign, key, issuer, approved, uses, member_limit, expires,
                                  record, team)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (campaign, key) DO UPDATE SET
             issuer = excluded.issuer, approved = excluded.approved, uses = excluded.uses,
             member_limit = excluded.member_limit, expires = excluded.expires,
             record = excluded.record, team = excluded.team",
    )?
    .execute(params![
        campaign.0,
        invitation.key.0,
        invitation.issuer.0,
        invitation.offer.policy == Policy::Approved,
        invitation.offer.uses,
        invitation.offer.limit,
        invitation.offer.expires.0,
        record,
        team.unwrap_or_default(),
    ])?;
    Ok(())
}

/// Counts a device as one that used an invitation.
pub(super) fn redeem(db: &Connection, redemption: &Redemption) -> Result<(), StoreError> {
    let (campaign, key) = redemption.invitation;
    db.prepare_cached(
        "INSERT INTO redemptions (campaign, key, device, redeemed_at, asked)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (campaign, key, device) DO NOTHING",
    )?
    .execute(params![
        campaign.0,
        key.0,
        redemption.device.0,
        redemption.at.0,
        redemption.asked,
    ])?;
    Ok(())
}

/// An invitation as those who hold its link find it.
pub(super) fn open(
    db: &Connection,
    campaign: &CampaignId,
    key: &DeviceId,
) -> Result<Option<OpenInvitation>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT record, expires, uses, EXISTS
                 (SELECT 1 FROM revocations r
                  WHERE r.campaign = i.campaign AND r.device = i.issuer)
             FROM invitations i WHERE i.campaign = ?1 AND i.key = ?2",
        )?
        .query_row(params![campaign.0, key.0], |row| {
            Ok(OpenInvitation {
                record: row.get(0)?,
                expires: Moment(row.get(1)?),
                uses_left: row.get(2)?,
                issuer_revoked: row.get(3)?,
            })
        })
        .optional()?;
    let Some(mut invitation) = found else {
        return Ok(None);
    };
    let used = used(db, campaign, key)?;
    invitation.uses_left = invitation.uses_left.saturating_sub(used);
    Ok(Some(invitation))
}

fn used(db: &Connection, campaign: &CampaignId, key: &DeviceId) -> Result<u32, StoreError> {
    let used = db
        .prepare_cached(load::USED)?
        .query_row(params![campaign.0, key.0], |row| row.get(0))?;
    Ok(rows::small(used))
}

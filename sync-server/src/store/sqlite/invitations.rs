//! Invitations and who used them.

use palier_core::{
    id::{CampaignId, DeviceId},
    invitation::{InvitationRecord, Policy},
    moment::Moment,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::rows;
use crate::{accept::KnownInvitation, error::StoreError, store::OpenInvitation};

/// Members of a team whose rights were not taken back.
pub(super) const MEMBERS: &str = "SELECT count(DISTINCT i.device) FROM introductions i
     WHERE i.campaign = ?1 AND i.team = ?2 AND NOT EXISTS
         (SELECT 1 FROM revocations r WHERE r.campaign = i.campaign AND r.device = i.device)";
/// Devices that used an invitation.
pub(super) const USED: &str = "SELECT count(*) FROM redemptions WHERE campaign = ?1 AND key = ?2";

/// An invitation, and how far a device and others used it.
pub(super) fn known(
    db: &Connection,
    campaign: &CampaignId,
    key: &DeviceId,
    device: &DeviceId,
) -> Result<Option<KnownInvitation>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT issuer, approved, uses, member_limit, expires, record
             FROM invitations WHERE campaign = ?1 AND key = ?2",
        )?
        .query_row(params![campaign.0, key.0], |row| {
            let invitation = KnownInvitation {
                issuer: DeviceId(row.get(0)?),
                approved: row.get(1)?,
                uses: row.get(2)?,
                member_limit: row.get(3)?,
                expires: Moment(row.get(4)?),
                used: 0,
                redeemed: false,
                members: 0,
                is_member: false,
            };
            Ok((invitation, row.get::<_, Vec<u8>>(5)?))
        })
        .optional()?;
    let Some((mut invitation, record)) = found else {
        return Ok(None);
    };
    invitation.used = used(db, campaign, key)?;
    invitation.redeemed = db
        .prepare_cached(
            "SELECT 1 FROM redemptions WHERE campaign = ?1 AND key = ?2 AND device = ?3",
        )?
        .exists(params![campaign.0, key.0, device.0])?;
    let record =
        InvitationRecord::decode(&record).map_err(|_layout| StoreError::Broken("an invitation"))?;
    if let Some(team) = record.invitation.offer.scope.team() {
        let members = db
            .prepare_cached(MEMBERS)?
            .query_row(params![campaign.0, team.0], |row| row.get(0))?;
        invitation.members = rows::small(members);
        invitation.is_member = db
            .prepare_cached(
                "SELECT 1 FROM introductions
                 WHERE campaign = ?1 AND team = ?2 AND device = ?3",
            )?
            .exists(params![campaign.0, team.0, device.0])?;
    }
    Ok(Some(invitation))
}

/// Keeps an invitation, in the place of an older one with the same key.
pub(super) fn keep(
    db: &Connection,
    campaign: &CampaignId,
    record: &InvitationRecord,
    body: &[u8],
) -> Result<(), StoreError> {
    let invitation = &record.invitation;
    db.prepare_cached(
        "INSERT INTO invitations (campaign, key, issuer, approved, uses, member_limit, expires,
                                  record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (campaign, key) DO UPDATE SET
             issuer = excluded.issuer, approved = excluded.approved, uses = excluded.uses,
             member_limit = excluded.member_limit, expires = excluded.expires,
             record = excluded.record",
    )?
    .execute(params![
        campaign.0,
        invitation.key.0,
        invitation.issuer.0,
        invitation.offer.policy == Policy::Approved,
        invitation.offer.uses,
        invitation.offer.limit,
        invitation.offer.expires.0,
        body,
    ])?;
    Ok(())
}

/// Counts a device as one that used an invitation.
pub(super) fn redeem(
    db: &Connection,
    campaign: &CampaignId,
    key: &DeviceId,
    device: &DeviceId,
    at: Moment,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO redemptions (campaign, key, device, redeemed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (campaign, key, device) DO NOTHING",
    )?
    .execute(params![campaign.0, key.0, device.0, at.0])?;
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
        .prepare_cached(USED)?
        .query_row(params![campaign.0, key.0], |row| row.get(0))?;
    Ok(rows::small(used))
}

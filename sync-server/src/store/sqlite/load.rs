//! Reads the facts that a ledger asks for; those that it knows are not read again.

use std::collections::{HashMap, HashSet};

use palier_core::id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{known, pull, rows};
use crate::{
    accept::{
        EntryKey, Facts, Here, InvitationKey, KnownRequest, PlaceKey, RequestKey, StoredInvitation,
        Wanted,
    },
    error::StoreError,
    store::Batch,
};

/// A device in a space.
pub(super) const HERE: &str = "SELECT device, receive, role, scope, not_after, last_seq, last_id
     FROM introductions WHERE campaign = ?1 AND device = ?2 AND space = ?3";
/// A device's sequence at one place.
pub(super) const AT_PLACE: &str = "SELECT seq, id FROM log
     WHERE campaign = ?1 AND space = ?2 AND device = ?3 AND device_seq = ?4";
/// Members of a team whose rights were not taken back.
pub(super) const MEMBERS: &str = "SELECT DISTINCT i.device FROM introductions i
     WHERE i.campaign = ?1 AND i.team = ?2 AND NOT EXISTS
         (SELECT 1 FROM revocations r WHERE r.campaign = i.campaign AND r.device = i.device)";
/// Devices that used an invitation.
pub(super) const USED: &str = "SELECT count(*) FROM redemptions WHERE campaign = ?1 AND key = ?2";
/// Requests that came through an invitation.
pub(super) const ASKED: &str =
    "SELECT count(*) FROM requests WHERE campaign = ?1 AND invitation = ?2";

/// The highest limit that an invitation into a team sets.
pub(super) const LIMIT: &str = "SELECT coalesce(max(member_limit), 0) FROM invitations
     WHERE campaign = ?1 AND team = ?2";

/// Everything that bears on these pushes.
pub(crate) fn facts<'a>(
    db: &Connection,
    batches: impl Iterator<Item = &'a Batch> + Clone,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    read(db, &Wanted::of(batches.clone()), facts)?;
    let wanted = Wanted::following(batches, facts);
    if wanted.is_empty() {
        return Ok(());
    }
    read(db, &wanted, facts)
}

/// Reads what is wanted and not known.
fn read(db: &Connection, wanted: &Wanted, facts: &mut Facts) -> Result<(), StoreError> {
    missing(&wanted.heads, &mut facts.heads, |key| head(db, key))?;
    missing(&wanted.here, &mut facts.here, |key| here(db, key))?;
    missing(&wanted.revoked, &mut facts.revoked, |(campaign, device)| {
        known::is_revoked(db, campaign, device)
    })?;
    missing(&wanted.standings, &mut facts.standings, |key| {
        standing(db, key)
    })?;
    missing(&wanted.entries, &mut facts.entries, |key| entry(db, key))?;
    missing(&wanted.invitations, &mut facts.invitations, |key| {
        invitation(db, key)
    })?;
    missing(&wanted.redeemed, &mut facts.redeemed, |key| {
        redeemed(db, key)
    })?;
    missing(&wanted.members, &mut facts.members, |key| members(db, key))?;
    missing(&wanted.limits, &mut facts.limits, |key| limit(db, key))?;
    let closed = |key: &&_| !facts.opened.contains_key(*key);
    let reports = wanted.reports.iter().filter(closed);
    missing(reports, &mut facts.reports, |key| report(db, key))?;
    missing(&wanted.requests, &mut facts.requests, |key| {
        request(db, key)
    })
}

fn missing<'a, Key, Fact>(
    wanted: impl IntoIterator<Item = &'a Key>,
    known: &mut HashMap<Key, Fact>,
    read: impl Fn(&Key) -> Result<Fact, StoreError>,
) -> Result<(), StoreError>
where
    Key: Copy + Eq + std::hash::Hash + 'a,
{
    for key in wanted {
        if !known.contains_key(key) {
            known.insert(*key, read(key)?);
        }
    }
    Ok(())
}

fn head(db: &Connection, (campaign, space): &(CampaignId, SpaceId)) -> Result<u64, StoreError> {
    pull::space_head(db, campaign, space)
}

fn here(db: &Connection, (campaign, device, space): &PlaceKey) -> Result<Option<Here>, StoreError> {
    let mut statement = db.prepare_cached(HERE)?;
    let mut found = statement.query(params![campaign.0, device.0, space.0])?;
    let Some(row) = found.next()? else {
        return Ok(None);
    };
    Ok(Some(Here {
        rights: rows::rights(row)?,
        last_seq: rows::count(row.get(5)?)?,
        last_id: EnvelopeId(row.get(6)?),
    }))
}

fn standing(
    db: &Connection,
    (campaign, device): &(CampaignId, DeviceId),
) -> Result<HashMap<SpaceId, palier_core::rights::Rights>, StoreError> {
    let sql = format!(
        "SELECT {}, space FROM introductions WHERE campaign = ?1 AND device = ?2",
        rows::RIGHTS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = statement.query(params![campaign.0, device.0])?;
    let mut spaces = HashMap::new();
    while let Some(row) = found.next()? {
        spaces.insert(SpaceId(row.get(5)?), rows::rights(row)?);
    }
    Ok(spaces)
}

fn entry(
    db: &Connection,
    (campaign, space, device, device_seq): &EntryKey,
) -> Result<Option<(u64, EnvelopeId)>, StoreError> {
    let key = params![campaign.0, space.0, device.0, rows::number(*device_seq)];
    let found: Option<(i64, [u8; 32])> = db
        .prepare_cached(AT_PLACE)?
        .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(seq, id)| Ok((rows::count(seq)?, EnvelopeId(id))))
        .transpose()
}

fn invitation(
    db: &Connection,
    (campaign, key): &InvitationKey,
) -> Result<Option<StoredInvitation>, StoreError> {
    let key = params![campaign.0, key.0];
    let found = db
        .prepare_cached(
            "SELECT issuer, approved, uses, member_limit, expires
             FROM invitations WHERE campaign = ?1 AND key = ?2",
        )?
        .query_row(key, |row| {
            Ok(StoredInvitation {
                issuer: DeviceId(row.get(0)?),
                approved: row.get(1)?,
                uses: row.get(2)?,
                member_limit: row.get(3)?,
                expires: palier_core::moment::Moment(row.get(4)?),
                used: 0,
                asked: 0,
            })
        })
        .optional()?;
    let Some(mut invitation) = found else {
        return Ok(None);
    };
    let count = |sql| -> Result<u32, StoreError> {
        let count = db.prepare_cached(sql)?.query_row(key, |row| row.get(0))?;
        Ok(rows::small(count))
    };
    invitation.used = count(USED)?;
    invitation.asked = count(ASKED)?;
    Ok(Some(invitation))
}

fn redeemed(
    db: &Connection,
    ((campaign, key), device): &(InvitationKey, DeviceId),
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT 1 FROM redemptions WHERE campaign = ?1 AND key = ?2 AND device = ?3",
        )?
        .exists(params![campaign.0, key.0, device.0])?)
}

fn members(
    db: &Connection,
    (campaign, team): &(CampaignId, TeamId),
) -> Result<HashSet<DeviceId>, StoreError> {
    let mut statement = db.prepare_cached(MEMBERS)?;
    let found =
        statement.query_map(params![campaign.0, team.0], |row| Ok(DeviceId(row.get(0)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn limit(db: &Connection, (campaign, team): &(CampaignId, TeamId)) -> Result<u16, StoreError> {
    Ok(db
        .prepare_cached(LIMIT)?
        .query_row(params![campaign.0, team.0], |row| row.get(0))?)
}

fn report(
    db: &Connection,
    (campaign, document): &(CampaignId, DocumentId),
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(db
        .prepare_cached("SELECT saved FROM reports WHERE campaign = ?1 AND document = ?2")?
        .query_row(params![campaign.0, document.0], |row| row.get(0))
        .optional()?)
}

fn request(
    db: &Connection,
    (campaign, device, space): &RequestKey,
) -> Result<Option<KnownRequest>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT invitation, length(answer) != 0 FROM requests
             WHERE campaign = ?1 AND device = ?2 AND space = ?3",
        )?
        .query_row(params![campaign.0, device.0, space.0], |row| {
            Ok(KnownRequest {
                invitation: DeviceId(row.get(0)?),
                accepted: row.get(1)?,
            })
        })
        .optional()?)
}

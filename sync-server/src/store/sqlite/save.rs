//! Writes what a ledger changed.

use palier_core::{id::EnvelopeId, moment::Moment};
use rusqlite::{Connection, params};

use super::{invitations, reports, requests, rows};
use crate::{
    accept::{Changes, DeviceKey, Here, PlaceKey, Row, SpaceKey},
    error::StoreError,
};

/// Writes all of it. An error may leave half of it: the caller then drops the transaction.
pub(crate) fn changes(
    db: &Connection,
    changes: &Changes<'_>,
    now: Moment,
) -> Result<(), StoreError> {
    for row in &changes.log {
        write_log(db, row)?;
    }
    for (space, head) in &changes.heads {
        raise_head(db, space, *head)?;
    }
    for (place, here) in &changes.introductions {
        introduce(db, place, here)?;
    }
    for (place, last) in &changes.advances {
        advance(db, place, *last)?;
    }
    for (device, at) in &changes.revocations {
        revoke(db, device, *at)?;
    }
    for ((campaign, _key), (invitation, record)) in &changes.invitations {
        invitations::keep(db, campaign, invitation, record)?;
    }
    for redemption in &changes.redemptions {
        invitations::redeem(db, redemption)?;
    }
    for (document, report) in &changes.reports {
        reports::replace(db, document, report)?;
    }
    requests::write(db, &changes.requests, now)
}

fn write_log(db: &Connection, row: &Row<'_>) -> Result<(), StoreError> {
    let header = row.header();
    db.prepare_cached(
        "INSERT INTO log (campaign, space, seq, device, device_seq, id, kind, document, bytes,
                          received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        header.campaign.0,
        header.space.0,
        rows::number(row.seq),
        header.device.0,
        rows::number(header.device_seq),
        row.candidate.id.0,
        header.kind.byte(),
        header.document.0,
        row.candidate.bytes.as_ref(),
        row.at.0,
    ])?;
    Ok(())
}

fn raise_head(db: &Connection, (campaign, space): &SpaceKey, head: u64) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO spaces (campaign, space, head) VALUES (?1, ?2, ?3)
         ON CONFLICT (campaign, space) DO UPDATE SET head = excluded.head",
    )?
    .execute(params![campaign.0, space.0, rows::number(head)])?;
    Ok(())
}

fn introduce(
    db: &Connection,
    (campaign, device, space): &PlaceKey,
    here: &Here,
) -> Result<(), StoreError> {
    let rights = &here.rights;
    let team = rights.scope.team().map(|team| team.0.to_vec());
    db.prepare_cached(
        "INSERT INTO introductions (campaign, device, space, role, scope, team, receive,
                                    not_after, last_seq, last_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (campaign, device, space) DO UPDATE SET
             role = excluded.role, scope = excluded.scope, team = excluded.team,
             receive = excluded.receive, not_after = excluded.not_after,
             last_seq = excluded.last_seq, last_id = excluded.last_id",
    )?
    .execute(params![
        campaign.0,
        device.0,
        space.0,
        rights.role.byte(),
        rows::scope_bytes(&rights.scope),
        team.unwrap_or_default(),
        rights.receive.0,
        rights.not_after.0,
        rows::number(here.last_seq),
        here.last_id.0,
    ])?;
    Ok(())
}

fn advance(
    db: &Connection,
    (campaign, device, space): &PlaceKey,
    (last_seq, last_id): (u64, EnvelopeId),
) -> Result<(), StoreError> {
    db.prepare_cached(
        "UPDATE introductions SET last_seq = ?4, last_id = ?5
         WHERE campaign = ?1 AND device = ?2 AND space = ?3",
    )?
    .execute(params![
        campaign.0,
        device.0,
        space.0,
        rows::number(last_seq),
        last_id.0,
    ])?;
    Ok(())
}

fn revoke(db: &Connection, (campaign, device): &DeviceKey, at: Moment) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO revocations (campaign, device, revoked_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (campaign, device) DO NOTHING",
    )?
    .execute(params![campaign.0, device.0, at.0])?;
    Ok(())
}

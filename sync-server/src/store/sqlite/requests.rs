//! Requests to join, kept until a lead answers.

use palier_core::{
    id::{CampaignId, SpaceId},
    moment::Moment,
    wire::{MAX_BATCH, MAX_BATCH_BYTES},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    accept::{Request, RequestKey},
    error::StoreError,
    store::{RequestAsked, RequestState},
};

/// Those who wait in a space, the longest first.
pub(super) const WAITING: &str = "SELECT bytes FROM requests
     WHERE campaign = ?1 AND space = ?2 AND expires >= ?3 AND length(answer) = 0
     ORDER BY asked_at LIMIT ?4";

/// Keeps, answers and drops, in order.
pub(super) fn write(
    db: &Connection,
    requests: &[(RequestKey, Request<'_>)],
    now: Moment,
) -> Result<(), StoreError> {
    if requests.is_empty() {
        return Ok(());
    }
    db.prepare_cached("DELETE FROM requests WHERE expires < ?1 AND length(answer) = 0")?
        .execute(params![now.0])?;
    for ((campaign, device, space), request) in requests {
        match request {
            Request::Asked {
                invitation,
                expires,
                bytes,
                at,
            } => db
                .prepare_cached(
                    "INSERT INTO requests (campaign, device, space, invitation, expires, bytes,
                                           asked_at, answer)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, x'')
                     ON CONFLICT (campaign, device, space) DO UPDATE SET
                         invitation = excluded.invitation, expires = excluded.expires,
                         bytes = excluded.bytes",
                )?
                .execute(params![
                    campaign.0,
                    device.0,
                    space.0,
                    invitation.0,
                    expires.0,
                    bytes,
                    at.0
                ])?,
            Request::Accepted(chain) => db
                .prepare_cached(
                    "UPDATE requests SET answer = ?4
                     WHERE campaign = ?1 AND device = ?2 AND space = ?3",
                )?
                .execute(params![campaign.0, device.0, space.0, chain])?,
            Request::Dropped => db
                .prepare_cached(
                    "DELETE FROM requests WHERE campaign = ?1 AND device = ?2 AND space = ?3",
                )?
                .execute(params![campaign.0, device.0, space.0])?,
        };
    }
    Ok(())
}

/// Drops a request that waits; whether there was one.
pub(super) fn decline(
    db: &Connection,
    (campaign, device, space): &RequestKey,
) -> Result<bool, StoreError> {
    let dropped = db
        .prepare_cached(
            "DELETE FROM requests
             WHERE campaign = ?1 AND device = ?2 AND space = ?3 AND length(answer) = 0",
        )?
        .execute(params![campaign.0, device.0, space.0])?;
    Ok(dropped != 0)
}

/// The envelopes of those who wait in a space, within the bounds of a push.
pub(super) fn waiting(
    db: &Connection,
    campaign: &CampaignId,
    space: &SpaceId,
    now: Moment,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let most = i64::try_from(MAX_BATCH).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached(WAITING)?;
    let mut found = statement.query(params![campaign.0, space.0, now.0, most])?;
    let mut envelopes: Vec<Vec<u8>> = Vec::new();
    let mut total_bytes = 0;
    while let Some(row) = found.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        total_bytes += bytes.len() + 4;
        if total_bytes > MAX_BATCH_BYTES {
            break;
        }
        envelopes.push(bytes);
    }
    Ok(envelopes)
}

/// What became of a device's request.
pub(super) fn state(db: &Connection, asked: &RequestAsked) -> Result<RequestState, StoreError> {
    let space = asked.space.map(|space| space.0);
    let found: Option<(Vec<u8>, i64)> = db
        .prepare_cached(
            "SELECT answer, expires FROM requests
             WHERE campaign = ?1 AND device = ?2 AND (?3 IS NULL OR space = ?3)
             ORDER BY asked_at DESC LIMIT 1",
        )?
        .query_row(params![asked.campaign.0, asked.device.0, space], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(match found {
        Some((answer, _)) if !answer.is_empty() => RequestState::Accepted(answer),
        Some((_, expires)) if expires >= asked.now.0 => RequestState::Waiting,
        _ => RequestState::Unknown,
    })
}

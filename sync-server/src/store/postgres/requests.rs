//! Requests to join, kept until a lead answers. They are few: a statement each will do.

use std::collections::BTreeSet;

use deadpool_postgres::GenericClient;
use palier_core::{
    id::{CampaignId, SpaceId},
    moment::Moment,
    wire::{MAX_BATCH, MAX_BATCH_BYTES},
};

use super::{Connection, turns};
use crate::{
    accept::{Changes, Request, RequestKey},
    error::StoreError,
    store::{RequestAsked, RequestState},
};

/// Those who wait in a space, the longest first, within the bounds of a push.
pub(super) const WAITING: &str = "SELECT bytes FROM
         (SELECT bytes, asked_at, device,
                 sum(octet_length(bytes) + 4)
                     OVER (ORDER BY asked_at, device ROWS UNBOUNDED PRECEDING) AS so_far
          FROM requests
          WHERE campaign = $1 AND space = $2 AND expires >= $3 AND octet_length(answer) = 0
          ORDER BY asked_at, device LIMIT $4) first
     WHERE so_far <= $5 ORDER BY asked_at, device";

/// Keeps, answers and drops, in order.
pub(super) async fn write(
    db: &impl GenericClient,
    changes: &Changes<'_>,
    now: Moment,
) -> Result<(), StoreError> {
    let requests = &changes.requests;
    let campaigns: BTreeSet<CampaignId> = requests
        .iter()
        .map(|((campaign, ..), _)| *campaign)
        .collect();
    for campaign in campaigns {
        db.execute(
            "DELETE FROM requests
             WHERE campaign = $1 AND expires < $2 AND octet_length(answer) = 0",
            &[&campaign.0.as_slice(), &now.0],
        )
        .await?;
    }
    for (key, request) in requests {
        write_one(db, key, request).await?;
    }
    Ok(())
}

async fn write_one(
    db: &impl GenericClient,
    (campaign, device, space): &RequestKey,
    request: &Request<'_>,
) -> Result<(), StoreError> {
    let (campaign, device) = (campaign.0.as_slice(), device.0.as_slice());
    let space = space.0.as_slice();
    match request {
        Request::Asked {
            invitation,
            expires,
            bytes,
            at,
        } => {
            db.execute(
                "INSERT INTO requests (campaign, device, space, invitation, expires, bytes,
                                       asked_at, answer)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, '')
                 ON CONFLICT (campaign, device, space) DO UPDATE SET
                     invitation = excluded.invitation, expires = excluded.expires,
                     bytes = excluded.bytes",
                &[
                    &campaign,
                    &device,
                    &space,
                    &invitation.0.as_slice(),
                    &expires.0,
                    bytes,
                    &at.0,
                ],
            )
            .await?
        }
        Request::Accepted(chain) => {
            db.execute(
                "UPDATE requests SET answer = $4
                 WHERE campaign = $1 AND device = $2 AND space = $3",
                &[&campaign, &device, &space, chain],
            )
            .await?
        }
        Request::Dropped => {
            db.execute(
                "DELETE FROM requests WHERE campaign = $1 AND device = $2 AND space = $3",
                &[&campaign, &device, &space],
            )
            .await?
        }
    };
    Ok(())
}

/// Drops a request that waits; whether there was one.
pub(super) async fn decline(
    db: &mut Connection,
    (campaign, device, space): &RequestKey,
) -> Result<bool, StoreError> {
    let transaction = db.transaction().await?;
    turns::take_alone(&transaction, *campaign).await?;
    let dropped = transaction
        .execute(
            "DELETE FROM requests
             WHERE campaign = $1 AND device = $2 AND space = $3 AND octet_length(answer) = 0",
            &[
                &campaign.0.as_slice(),
                &device.0.as_slice(),
                &space.0.as_slice(),
            ],
        )
        .await?;
    transaction.commit().await?;
    Ok(dropped != 0)
}

/// The envelopes of those who wait in a space.
pub(super) async fn waiting(
    db: &Connection,
    campaign: &CampaignId,
    space: &SpaceId,
    now: Moment,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let most = i64::try_from(MAX_BATCH).unwrap_or(i64::MAX);
    let most_bytes = i64::try_from(MAX_BATCH_BYTES).unwrap_or(i64::MAX);
    let found = db
        .query(
            WAITING,
            &[
                &campaign.0.as_slice(),
                &space.0.as_slice(),
                &now.0,
                &most,
                &most_bytes,
            ],
        )
        .await?;
    found.iter().map(|row| Ok(row.try_get("bytes")?)).collect()
}

/// What became of a device's request.
pub(super) async fn state(
    db: &Connection,
    asked: &RequestAsked,
) -> Result<RequestState, StoreError> {
    let space = asked.space.map(|space| space.0.to_vec());
    let found = db
        .query_opt(
            "SELECT answer, expires FROM requests
             WHERE campaign = $1 AND device = $2 AND ($3::bytea IS NULL OR space = $3)
             ORDER BY asked_at DESC LIMIT 1",
            &[
                &asked.campaign.0.as_slice(),
                &asked.device.0.as_slice(),
                &space,
            ],
        )
        .await?;
    let Some(row) = found else {
        return Ok(RequestState::Unknown);
    };
    let answer: Vec<u8> = row.try_get("answer")?;
    let expires: i64 = row.try_get("expires")?;
    Ok(if !answer.is_empty() {
        RequestState::Accepted(answer)
    } else if expires >= asked.now.0 {
        RequestState::Waiting
    } else {
        RequestState::Unknown
    })
}

//! Envelopes come in.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use axum::{
    Json,
    body::Bytes,
    extract::{Request, State},
};
use futures_util::future::try_join_all;
use palier_core::{
    id::CampaignId,
    refusal::Refusal,
    wire::{MAX_BATCH_BYTES, PushAnswer, Pushed, read_push},
};

use crate::{
    accept::Candidate,
    auth::{SMALL_BYTES, Signed},
    error::{ApiError, StoreError},
    state::AppState,
    store::Batch,
};

/// Envelopes that are checked by one thread at a time.
const AT_A_TIME: usize = 64;
/// So few are checked where they are received.
const FEW: usize = 4;

/// `POST /v1/push`: each envelope is answered for, in order, after the commit.
pub(super) async fn push(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<PushAnswer>, ApiError> {
    let signed = Signed::read(&state, request, MAX_BATCH_BYTES).await?;
    let device = signed.device;
    // Of a device that was here lately, the transaction itself looks whether it still may.
    let known = !signed.body.is_empty() && state.budgets().knows(&signed.campaign, &device);
    let introduced = known || is_introduced(&state, &signed).await?;
    let batch = read(&state, &signed).await?;
    let presents = |one: &Result<Candidate, Refusal>| {
        one.as_ref()
            .is_ok_and(|candidate| candidate.presents(&device))
    };
    if !introduced && !batch.candidates.iter().any(presents) {
        return Err(Refusal::UnknownDevice.into());
    }
    let begun = Instant::now();
    let pushed = state.store().push(batch).await?;
    state.metrics().pushed(&pushed, begun.elapsed());
    log(&pushed);
    if pushed.contains(&Pushed::Refused(Refusal::Revoked)) {
        is_introduced(&state, &signed).await?;
    }
    Ok(Json(PushAnswer {
        incarnation: state.store().incarnation().to_string(),
        pushed,
    }))
}

/// Whether a device is introduced anywhere, its rights not taken back.
async fn is_introduced(state: &AppState, signed: &Signed) -> Result<bool, ApiError> {
    let standing = state.store().standing(signed.campaign, signed.device);
    let standing = standing.await?;
    if standing.revoked {
        return Err(Refusal::Revoked.into());
    }
    Ok(!standing.rights.is_empty())
}

/// Checks what needs no store: many envelopes on as many threads as there are processors.
async fn read(state: &AppState, signed: &Signed) -> Result<Batch, ApiError> {
    let envelopes = read_push(&signed.body)?;
    let campaign = signed.campaign;
    let owned = envelopes.iter().map(|bytes| signed.body.slice_ref(bytes));
    let candidates = if envelopes.len() <= FEW && signed.body.len() <= SMALL_BYTES {
        owned.map(|bytes| read_one(bytes, &campaign)).collect()
    } else {
        let owned: Vec<Bytes> = owned.collect();
        let chunks = owned.chunks(AT_A_TIME).map(<[Bytes]>::to_vec);
        let checked = try_join_all(chunks.map(|chunk| read_some(state, chunk, campaign))).await?;
        checked.into_iter().flatten().collect()
    };
    Ok(Batch {
        device: signed.device,
        candidates,
        at: signed.at,
    })
}

async fn read_some(
    state: &AppState,
    envelopes: Vec<Bytes>,
    campaign: CampaignId,
) -> Result<Vec<Result<Candidate, Refusal>>, ApiError> {
    let processor = state.checks().acquire().await;
    let _processor = processor.map_err(|_closed| ApiError::Busy)?;
    let read = move || {
        let envelopes = envelopes.into_iter();
        envelopes.map(|one| read_one(one, &campaign)).collect()
    };
    let checked = tokio::task::spawn_blocking(read).await;
    Ok(checked.map_err(|_fell| StoreError::Broken("a check fell"))?)
}

/// An envelope that makes its reader fall is refused alone.
fn read_one(bytes: Bytes, campaign: &CampaignId) -> Result<Candidate, Refusal> {
    let length = bytes.len();
    let read = || Candidate::read(bytes, campaign);
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_fell| {
        tracing::error!(bytes = length, "an envelope made its reader fall");
        Err(Refusal::Malformed)
    })
}

fn log(pushed: &[Pushed]) {
    let count = |fits: fn(&Pushed) -> bool| pushed.iter().filter(|one| fits(one)).count();
    tracing::debug!(
        stored = count(|one| matches!(one, Pushed::Stored(_))),
        duplicate = count(|one| matches!(one, Pushed::Duplicate(_))),
        refused = count(|one| matches!(one, Pushed::Refused(_))),
        "push"
    );
}

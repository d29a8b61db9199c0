//! Envelopes come in.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use axum::{
    Json,
    extract::{Request, State},
};
use palier_core::{
    refusal::Refusal,
    wire::{MAX_BATCH_BYTES, PushAnswer, Pushed, read_push},
};

use crate::{
    accept::Candidate,
    auth::Signed,
    error::{ApiError, StoreError},
    state::AppState,
    store::Batch,
};

/// `POST /v1/push`: each envelope is answered for, in order, after the commit.
pub(super) async fn push(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<PushAnswer>, ApiError> {
    let signed = Signed::read(&state, request, MAX_BATCH_BYTES).await?;
    let _turn = state
        .pushes()
        .acquire()
        .await
        .map_err(|_closed| ApiError::Busy)?;
    let standing = state
        .store()
        .standing(signed.campaign, signed.device)
        .await?;
    if standing.revoked {
        return Err(Refusal::Revoked.into());
    }
    let introduced = !standing.rights.is_empty();
    let device = signed.device;
    let batch = tokio::task::spawn_blocking(move || read(&signed))
        .await
        .map_err(|_fell| StoreError::Broken("a check fell"))??;
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
    Ok(Json(PushAnswer {
        incarnation: state.store().incarnation().to_string(),
        pushed,
    }))
}

fn read(signed: &Signed) -> Result<Batch, Refusal> {
    let candidates = read_push(&signed.body)?
        .into_iter()
        .map(|bytes| read_one(bytes, signed))
        .collect();
    Ok(Batch {
        device: signed.device,
        candidates,
        at: signed.at,
    })
}

/// An envelope that makes its reader fall is refused alone.
fn read_one(bytes: &[u8], signed: &Signed) -> Result<Candidate, Refusal> {
    let read = || Candidate::read(signed.body.slice_ref(bytes), &signed.campaign);
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_fell| {
        tracing::error!(bytes = bytes.len(), "an envelope made its reader fall");
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

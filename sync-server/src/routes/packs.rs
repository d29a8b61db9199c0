//! Packs, of a territory or of map tiles: whole on the way in, resumed on the way out.

use axum::{
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream::unfold;
use palier_core::{
    id::CampaignId,
    refusal::Refusal,
    rights::{Rights, Role},
};
use sha2::{Digest, Sha256};

use crate::{
    auth::{Signed, claimed},
    error::{ApiError, StoreError},
    state::AppState,
    store::{NewPack, PART_BYTES},
};

/// The largest pack, in bytes.
const MAX_PACK_BYTES: usize = 64 << 20;

/// `PUT /v1/packs/{hash}`: an organiser's bytes, if their SHA-256 is the name.
pub(super) async fn keep(
    State(state): State<AppState>,
    Path(hash): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let hash = read_hash(&hash)?;
    let is_organiser = |rights: &Rights| rights.role == Role::Organiser;
    claimed(&state, request.headers())
        .await?
        .check(is_organiser)?;
    let _turn = state.packs().try_acquire().map_err(|_all| ApiError::Busy)?;
    let signed = Signed::read(&state, request, MAX_PACK_BYTES).await?;
    let member = signed.member(&state).await?;
    member.check(is_organiser)?;
    let bytes = signed.body;
    let hashed = bytes.clone();
    let found: [u8; 32] = tokio::task::spawn_blocking(move || Sha256::digest(&hashed).into())
        .await
        .map_err(|_fell| StoreError::Broken("a check fell"))?;
    if found != hash {
        return Err(Refusal::Malformed.into());
    }
    let pack = NewPack {
        campaign: member.campaign,
        hash,
        bytes,
        at: signed.at,
    };
    state.store().keep_pack(pack).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /v1/packs/{hash}`, whole, or from a byte on with `range: bytes=N-`, or up to one with
/// `bytes=N-M`.
pub(super) async fn show(
    State(state): State<AppState>,
    Path(hash): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let hash = read_hash(&hash)?;
    let range = range(request.headers());
    let signed = Signed::read(&state, request, 0).await?;
    let campaign = signed.member(&state).await?.campaign;
    let size = state.store().pack_size(campaign, hash).await?;
    let size = size.ok_or(ApiError::NotFound)?;
    let (start, last) = range.unwrap_or((0, u64::MAX));
    let end = last.saturating_add(1).min(size);
    let rest = usize::try_from(end.saturating_sub(start)).unwrap_or(usize::MAX);
    let budgets = state.budgets();
    budgets.send(campaign, signed.device, rest, signed.at);
    if range.is_some() && start >= size {
        let whole = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
        return Ok((whole, ApiError::OutOfRange).into_response());
    }
    let status = match range {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    };
    let mut response = (
        status,
        [
            (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
            (header::CONTENT_LENGTH, (end - start).to_string()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::CACHE_CONTROL, "private, immutable".to_owned()),
        ],
        body(state, campaign, hash, start, end),
    )
        .into_response();
    if range.is_some() {
        let last = end - 1;
        if let Ok(range) = format!("bytes {start}-{last}/{size}").parse() {
            response.headers_mut().insert(header::CONTENT_RANGE, range);
        }
    }
    Ok(response)
}

/// Part after part until `end`, each read when the one before is sent.
fn body(state: AppState, campaign: CampaignId, hash: [u8; 32], start: u64, end: u64) -> Body {
    Body::from_stream(unfold(start, move |at| {
        let state = state.clone();
        async move {
            if at >= end {
                return None;
            }
            let part = state
                .store()
                .pack_part(campaign, hash, at / PART_BYTES)
                .await;
            let skipped = usize::try_from(at % PART_BYTES).unwrap_or(usize::MAX);
            let wanted = usize::try_from(end - at).unwrap_or(usize::MAX);
            let rest = part.map(|part| within(part.into(), skipped, wanted));
            let next = match &rest {
                Ok(rest) if !rest.is_empty() => at.saturating_add(rest.len() as u64),
                _ => end,
            };
            Some((rest, next))
        }
    }))
}

fn within(mut bytes: Bytes, at: usize, most: usize) -> Bytes {
    let mut rest = bytes.split_off(at.min(bytes.len()));
    rest.truncate(most);
    rest
}

fn read_hash(text: &str) -> Result<[u8; 32], Refusal> {
    data_encoding::HEXLOWER_PERMISSIVE
        .decode(text.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Refusal::Malformed)
}

/// The first and the last byte that are asked for; other kinds of ranges are answered with the
/// whole.
fn range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let first = first.parse().ok()?;
    let last = match last {
        "" => u64::MAX,
        last => last.parse().ok()?,
    };
    (first <= last).then_some((first, last))
}

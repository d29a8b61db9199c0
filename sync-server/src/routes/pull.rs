//! Envelopes go out.

use axum::{
    extract::{Request, State},
    http::{HeaderName, header},
    response::IntoResponse,
};
use palier_core::{id::SpaceId, refusal::Refusal, rights::Place, wire::MAX_BATCH};
use serde::Deserialize;

use crate::{auth::Signed, error::ApiError, state::AppState, store::PageAsked};

#[derive(Deserialize)]
struct Asked {
    space: String,
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

/// What a page is sent as.
pub(super) const BYTES: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "application/octet-stream"),
    (header::CACHE_CONTROL, "no-store"),
];

/// `GET /v1/pull?space=&after=&limit=`: the log of the reports gives a device that is not an
/// organiser's only what it wrote itself.
pub(super) async fn pull(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    let uri = request.uri().clone();
    let signed = Signed::read(&state, request, 0).await?;
    let member = signed.member(&state).await?;
    let asked: Asked = super::query(&uri)?;
    let space: SpaceId = asked.space.parse().map_err(|_reason| Refusal::Malformed)?;
    let campaign = member.campaign;
    let may_read = member.any(|rights| rights.may_read(&campaign, space));
    if !may_read && Place::of(&campaign, space) != Place::Reports {
        return Err(Refusal::NotAllowed.into());
    }
    let page = state
        .store()
        .page(PageAsked {
            campaign,
            space,
            after: asked.after,
            limit: asked.limit.unwrap_or(MAX_BATCH),
            only: (!may_read).then_some(signed.device),
        })
        .await?;
    let page = page.encode();
    let budgets = state.budgets();
    budgets.send(campaign, signed.device, page.len(), signed.at);
    Ok((BYTES, page))
}

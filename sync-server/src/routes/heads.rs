//! Where logs have come to.

use axum::{
    Json,
    extract::{Request, State},
};
use palier_core::{id::SpaceId, refusal::Refusal, wire::Heads};
use serde::Deserialize;

use crate::{auth::Signed, error::ApiError, state::AppState};

#[derive(Deserialize)]
struct Asked {
    spaces: String,
}

/// `GET /v1/heads?spaces=a,b`: who has read all of them to their ends asks once, and pulls none.
pub(super) async fn show(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<Heads>, ApiError> {
    let uri = request.uri().clone();
    let signed = Signed::read(&state, request, 0).await?;
    let member = signed.member(&state).await?;
    let asked: Asked = super::query(&uri)?;
    if asked.spaces.split(',').count() > state.limits().spaces {
        return Err(Refusal::TooLarge.into());
    }
    let spaces: Result<Vec<SpaceId>, _> = asked.spaces.split(',').map(str::parse).collect();
    let spaces = spaces.map_err(|_reason| Refusal::Malformed)?;
    let campaign = member.campaign;
    for space in &spaces {
        member.check(|rights| rights.may_read(&campaign, *space))?;
    }
    let store = state.store();
    let heads = store.heads(campaign, spaces).await?;
    Ok(Json(Heads {
        incarnation: store.incarnation().to_string(),
        heads: heads.into_iter().map(|(_, head)| head).collect(),
    }))
}

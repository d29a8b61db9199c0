//! Requests to join a team that accepts its members.

use axum::{
    extract::{Path, Request, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use palier_core::{
    id::{DeviceId, SpaceId},
    refusal::Refusal,
    rights::{Place, Role, Scope},
    wire::write_push,
};
use serde::Deserialize;

use super::pull::BYTES;
use crate::{
    auth::Signed,
    error::ApiError,
    state::AppState,
    store::{RequestAsked, RequestState},
};

#[derive(Deserialize)]
struct InSpace {
    space: String,
}

#[derive(Deserialize)]
struct MaybeInSpace {
    space: Option<String>,
}

/// `GET /v1/requests?space=`: the envelopes of those who wait, for those who may accept them.
pub(super) async fn list(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    let (signed, space) = answering(&state, request).await?;
    let waiting = state.store().requests(signed.campaign, space, signed.at);
    let envelopes = waiting.await?;
    Ok((BYTES, write_push(envelopes.iter().map(Vec::as_slice))))
}

/// `DELETE /v1/requests/{device}?space=`: those who may accept it decline.
pub(super) async fn decline(
    State(state): State<AppState>,
    Path(device): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let device: DeviceId = device.parse().map_err(|_reason| Refusal::Malformed)?;
    let (signed, space) = answering(&state, request).await?;
    let declined = state.store().decline(signed.campaign, space, device);
    if declined.await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound)
    }
}

/// `GET /v1/requests/mine?space=`: what became of the asking device's own request: the chain
/// once it is accepted, 202 while it waits, 404 where there is none (any more).
pub(super) async fn mine(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, ApiError> {
    let uri = request.uri().clone();
    let signed = Signed::read(&state, request, 0).await?;
    let asked: MaybeInSpace = super::query(&uri)?;
    let asked = RequestAsked {
        campaign: signed.campaign,
        device: signed.device,
        space: asked.space.as_deref().map(read_space).transpose()?,
        now: signed.at,
    };
    match state.store().request(asked).await? {
        RequestState::Accepted(chain) => Ok((BYTES, chain).into_response()),
        RequestState::Waiting => Ok(StatusCode::ACCEPTED.into_response()),
        RequestState::Unknown => Err(ApiError::NotFound),
    }
}

/// A request of somebody who may make volunteers in the team whose space it names.
async fn answering(state: &AppState, request: Request) -> Result<(Signed, SpaceId), ApiError> {
    let uri: Uri = request.uri().clone();
    let signed = Signed::read(state, request, 0).await?;
    let member = signed.member(state).await?;
    let asked: InSpace = super::query(&uri)?;
    let space = read_space(&asked.space)?;
    let Place::Team(team) = Place::of(&signed.campaign, space) else {
        return Err(Refusal::NotAllowed.into());
    };
    member.check(|rights| rights.may_issue(Role::Volunteer, &Scope::Team(team)))?;
    Ok((signed, space))
}

fn read_space(text: &str) -> Result<SpaceId, Refusal> {
    text.parse().map_err(|_reason| Refusal::Malformed)
}

//! Invitations, for those who hold the link.

use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::IntoResponse,
};
use palier_core::{
    id::{CampaignId, DeviceId},
    refusal::Refusal,
};
use serde::Deserialize;

use super::pull::BYTES;
use crate::{error::ApiError, limits::Counted, state::AppState};

#[derive(Deserialize)]
struct Asked {
    campaign: String,
}

/// `GET /v1/invitations/{key}?campaign=`: whoever holds the link knows the key, and is known
/// to nobody yet.
pub(super) async fn show(
    State(state): State<AppState>,
    Path(key): Path<String>,
    uri: Uri,
) -> Result<impl IntoResponse, ApiError> {
    let asked: Asked = super::query(&uri)?;
    let campaign: CampaignId = asked
        .campaign
        .parse()
        .map_err(|_reason| Refusal::Malformed)?;
    let now = state.now();
    state.budgets().check(Counted::Strangers(campaign), now)?;
    let key: DeviceId = key.parse().map_err(|_reason| Refusal::Malformed)?;
    let invitation = state.store().invitation(campaign, key).await?;
    let invitation = invitation.ok_or(Refusal::InvitationUnknown)?;
    let ended = if invitation.issuer_revoked {
        Some(Refusal::Revoked)
    } else if invitation.expires < now {
        Some(Refusal::InvitationExpired)
    } else if invitation.uses_left == 0 {
        Some(Refusal::InvitationUsed)
    } else {
        None
    };
    match ended {
        Some(refusal) => Err(ApiError::Refused(StatusCode::GONE, refusal)),
        None => Ok((BYTES, invitation.record)),
    }
}

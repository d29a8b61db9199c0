//! Every route of the relay.

mod date;
mod events;
mod health;
mod invitations;
mod join;
mod packs;
mod pull;
mod push;
mod requests;
mod totals;

use axum::{
    Router,
    extract::Query,
    http::Uri,
    middleware::from_fn_with_state,
    routing::{delete, get, post},
};
use palier_core::refusal::Refusal;
use serde::de::DeserializeOwned;

use crate::{error::ApiError, state::AppState};

/// Every route of the relay.
pub fn router(state: AppState) -> Router {
    Router::new()
        // Without a signature.
        .route("/join", get(join::show))
        .route("/v1/health", get(health::show))
        .route("/v1/invitations/{key}", get(invitations::show))
        // Signed by a device of the campaign.
        .route("/v1/push", post(push::push))
        .route("/v1/pull", get(pull::pull))
        .route("/v1/events", get(events::listen))
        .route("/v1/totals", get(totals::show))
        .route("/v1/packs/{hash}", get(packs::show).put(packs::keep))
        .route("/v1/requests", get(requests::list))
        .route("/v1/requests/{device}", delete(requests::decline))
        // Signed by a device that may be known to nobody yet.
        .route("/v1/requests/mine", get(requests::mine))
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(|| async { ApiError::WrongMethod })
        .layer(from_fn_with_state(state.clone(), date::stamp))
        .with_state(state)
}

/// What stands after the question mark.
fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, ApiError> {
    Query::try_from_uri(uri)
        .map(|Query(query)| query)
        .map_err(|_reason| Refusal::Malformed.into())
}

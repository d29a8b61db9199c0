//! Every route of the relay.

mod date;
mod events;
mod heads;
mod health;
mod invitations;
mod join;
mod measure;
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
    routing::{MethodRouter, delete, get, post, put},
};
use palier_core::refusal::Refusal;
use serde::de::DeserializeOwned;

use crate::{error::ApiError, state::AppState};

/// One route: how it is asked, and what answers.
struct Route {
    method: &'static str,
    path: &'static str,
    handler: MethodRouter<AppState>,
}

/// Every route, in one place.
fn table() -> Vec<Route> {
    let route = |method, path, handler| Route {
        method,
        path,
        handler,
    };
    vec![
        // Without a signature.
        route("GET", "/join", get(join::show)),
        route("GET", "/v1/health", get(health::show)),
        route("GET", "/v1/invitations/{key}", get(invitations::show)),
        // Signed by a device of the campaign.
        route("POST", "/v1/push", post(push::push)),
        route("GET", "/v1/pull", get(pull::pull)),
        route("GET", "/v1/heads", get(heads::show)),
        route("GET", "/v1/events", get(events::listen)),
        route("GET", "/v1/totals", get(totals::show)),
        route("GET", "/v1/packs/{hash}", get(packs::show)),
        route("PUT", "/v1/packs/{hash}", put(packs::keep)),
        route("GET", "/v1/requests", get(requests::list)),
        route("DELETE", "/v1/requests/{device}", delete(requests::decline)),
        // Signed by a device that may be known to nobody yet.
        route("GET", "/v1/requests/mine", get(requests::mine)),
    ]
}

/// The method and the path of every route, for those who must look at each of them.
#[must_use]
pub fn routes() -> Vec<(&'static str, &'static str)> {
    let named = |route: Route| (route.method, route.path);
    table().into_iter().map(named).collect()
}

/// What answers all of them.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for (place, route) in table().into_iter().enumerate() {
        let measured = from_fn_with_state((state.clone(), place), measure::measure);
        router = router.route(route.path, route.handler.layer(measured));
    }
    router
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

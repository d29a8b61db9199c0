//! What whoever runs the relay asks of it, on an address of its own that no device reaches.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};

use crate::{error::ApiError, state::AppState};

/// What metrics are sent as.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /live`, `/ready` and `/metrics`.
pub fn admin_router(state: AppState) -> Router {
    Router::new()
        // The program runs, and its threads are not stuck.
        .route("/live", get(|| async { "live\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(|| async { ApiError::WrongMethod })
        .with_state(state)
}

/// Requests are taken, and the store answers: a proxy may send devices here.
async fn ready(State(state): State<AppState>) -> impl IntoResponse {
    match state.readiness().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, why.line()),
    }
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    let text = state.metrics().text(&state.gauges().await);
    ([(header::CONTENT_TYPE, TEXT)], text)
}

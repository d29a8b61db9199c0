//! Counts what each route answers, and how long that takes.

use std::time::Instant;

use axum::{
    body::HttpBody,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::{error::Faulted, state::AppState};

/// Counts an answer of the route at a place of the table.
pub(super) async fn measure(
    State((state, route)): State<(AppState, usize)>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let took = begun.elapsed();
    let metrics = state.metrics();
    metrics.answered(route, response.status().as_u16(), took);
    if let Some(bytes) = response.body().size_hint().exact() {
        metrics.sent(bytes);
    }
    if let Some(faulted) = response.extensions_mut().remove::<Faulted>() {
        metrics.faulted(&faulted.code);
        if let Some(of) = faulted.of {
            metrics.spent(of);
        }
    }
    response
}

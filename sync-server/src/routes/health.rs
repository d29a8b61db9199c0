//! The relay's word about itself.

use axum::{Json, extract::State};
use palier_core::wire::Health;

use crate::state::AppState;

/// `GET /v1/health`
pub(super) async fn show(State(state): State<AppState>) -> Json<Health> {
    Json(Health {
        ok: true,
        incarnation: state.store().incarnation().to_string(),
        version: env!("CARGO_PKG_VERSION").into(),
    })
}

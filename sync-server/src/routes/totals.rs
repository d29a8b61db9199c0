//! What the reports add up to.

use axum::{
    Json,
    extract::{Request, State},
};
use palier_core::wire::TotalsAnswer;
use serde::Deserialize;

use crate::{auth::Signed, error::ApiError, state::AppState, store::TotalsBy};

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    by: By,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum By {
    #[default]
    Station,
    Day,
    Team,
}

/// `GET /v1/totals?by=station|day|team`
pub(super) async fn show(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<TotalsAnswer>, ApiError> {
    let uri = request.uri().clone();
    let signed = Signed::read(&state, request, 0).await?;
    let member = signed.member(&state).await?;
    member.check(|rights| rights.role.reads_totals())?;
    let asked: Asked = super::query(&uri)?;
    let by = match asked.by {
        By::Station => TotalsBy::Station,
        By::Day => TotalsBy::Day,
        By::Team => TotalsBy::Team,
    };
    Ok(Json(TotalsAnswer {
        at: signed.at,
        lines: state.store().totals(member.campaign, by).await?,
    }))
}

//! Tiles of the device's base maps.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use palier_device::basemap::Tile;

use super::{
    Served,
    door::{fault, refused},
};

/// `GET /api/map/PACK/ZOOM/X/Y`: one tile, unfolded; no content where the pack has none there.
pub(super) async fn read(State(served): State<Served>, Path(path): Path<String>) -> Response {
    let Some(tile) = Tile::parse(&path) else {
        return fault(
            StatusCode::NOT_FOUND,
            "unknown_pack",
            "there is no such tile",
        );
    };
    match served.shelf.api().tile(tile).await {
        Ok(Some(bytes)) => {
            ([(header::CONTENT_TYPE, "application/x-protobuf")], bytes).into_response()
        }
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(reason) => refused(StatusCode::NOT_FOUND, &reason),
    }
}

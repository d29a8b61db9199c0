//! Tiles of the device's base maps, over a scheme of this window's own.

use palier_device::basemap::Tile;
use tauri::{
    Manager, Runtime, UriSchemeContext, UriSchemeResponder, async_runtime,
    http::{Request, Response, StatusCode, header},
};

use crate::opened::Opened;

/// The scheme: `palier-map://localhost/PACK/ZOOM/X/Y`.
pub(crate) const SCHEME: &str = "palier-map";

/// Answers with one tile, unfolded; with no content where the pack has none there.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    async_runtime::spawn(async move {
        let tile = Tile::parse(request.uri().path());
        let found = match (tile, app.try_state::<Opened>()) {
            (Some(tile), Some(device)) => device.tile(tile).await,
            _ => Err(()),
        };
        let (status, bytes) = match found {
            Ok(Some(bytes)) => (StatusCode::OK, bytes),
            Ok(None) => (StatusCode::NO_CONTENT, Vec::new()),
            Err(()) => (StatusCode::NOT_FOUND, Vec::new()),
        };
        let response = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/x-protobuf")
            // The page of this window has another scheme; no other page is ever shown in it.
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .body(bytes);
        if let Ok(response) = response {
            responder.respond(response);
        }
    });
}

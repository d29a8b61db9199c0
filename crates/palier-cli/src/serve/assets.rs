//! The built interface.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::Served;

/// What `npm run build` made. A debug build reads it from the disk at each request.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Interface;

/// The page that opens.
const INDEX: &str = "index.html";
/// What stands in place of an interface that was not built.
const NOT_BUILT: &str = include_str!("assets/not_built.html");

/// Kinds of files, by how their names end.
const KINDS: [(&str, &str); 15] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json"),
    ("webmanifest", "application/manifest+json"),
    ("ftl", "text/plain; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("wasm", "application/wasm"),
    ("pbf", "application/x-protobuf"),
];

/// Answers with a file of the interface. A path that names no file is a place in the
/// interface.
pub(super) async fn read(State(served): State<Served>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path != INDEX
        && let Some(answer) = file(path)
    {
        return answer;
    }
    let names_a_file = path.rsplit('/').next().unwrap_or_default().contains('.');
    if path.starts_with("api") || names_a_file {
        return (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response();
    }
    page(&served)
        .unwrap_or_else(|| (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response())
}

/// The page, which bears how it is to look: its first paint is right already.
fn page(served: &Served) -> Option<Response> {
    let page = String::from_utf8(Interface::get(INDEX)?.data.into_owned()).ok()?;
    // A device that cannot say gets the page as it is.
    let look = served.shelf.look().unwrap_or_default();
    let bears: String = look
        .attributes()
        .iter()
        .map(|(name, value)| format!(" {name}=\"{value}\""))
        .collect();
    let page = page.replacen("<html", &format!("<html{bears}"), 1);
    Some(([(header::CACHE_CONTROL, "no-cache")], Html(page)).into_response())
}

fn file(path: &str) -> Option<Response> {
    let found = Interface::get(path)?;
    let ending = path.rsplit('.').next().unwrap_or_default();
    let kind = KINDS
        .iter()
        .find(|(known, _)| *known == ending)
        .map_or("application/octet-stream", |(_, kind)| *kind);
    // The name of a file in `assets` changes with its content.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = found.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Some(response)
}

//! "Space S is at N": a stream that says when to pull, and nothing else.

mod listener;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, header},
    response::IntoResponse,
};
use futures_util::stream::unfold;
use palier_core::{id::SpaceId, refusal::Refusal};
use serde::Deserialize;

use self::listener::Listener;
use crate::{auth::Signed, error::ApiError, state::AppState};

/// What a stream is sent as.
const STREAM: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "text/event-stream"),
    (header::CACHE_CONTROL, "no-store"),
];

#[derive(Deserialize)]
struct Asked {
    spaces: String,
}

/// `GET /v1/events?spaces=a,b`: where a space has come to, each time that it grows. With
/// `a.12`, the device says that it has read to place 12, and hears at once where there is
/// more: nothing falls between a pull and the stream. The log of the reports is told of to
/// organisers only, and passed over for others.
pub(super) async fn listen(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiError> {
    let uri = request.uri().clone();
    let signed = Signed::read(&state, request, 0).await?;
    let member = signed.member(&state).await?;
    let asked: Asked = super::query(&uri)?;
    let spaces = read_spaces(&asked.spaces, state.limits().spaces)?;
    let listener = Listener::start(state, &member, signed.device, &spaces).await?;
    let pieces = unfold(listener, Listener::next);
    Ok((STREAM, Body::from_stream(pieces)))
}

/// A space, and to where the device has read it where it says so.
type Read = (SpaceId, Option<u64>);

fn read_spaces(text: &str, most: usize) -> Result<Vec<Read>, Refusal> {
    if text.split(',').count() > most {
        return Err(Refusal::TooLarge);
    }
    text.split(',').map(read_space).collect()
}

fn read_space(text: &str) -> Result<Read, Refusal> {
    let (space, read_to) = match text.split_once('.') {
        Some((space, place)) => (space, Some(place)),
        None => (text, None),
    };
    let read_to = read_to.map(str::parse).transpose();
    Ok((
        space.parse().map_err(|_reason| Refusal::Malformed)?,
        read_to.map_err(|_reason| Refusal::Malformed)?,
    ))
}

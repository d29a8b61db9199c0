//! The device's questions and news over HTTP.

use std::convert::Infallible;

use axum::{
    Json,
    body::Bytes,
    extract::{self, State, rejection::BytesRejection},
    http::{StatusCode, header},
    middleware::Next,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt, stream};
use palier_device::api::Request;

use super::{
    MAX_BODY_BYTES, Served,
    door::{fault, refused},
    ended,
};

/// `POST /api`: one question in, one answer out.
pub(super) async fn ask(
    State(served): State<Served>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(reason) if reason.status() == StatusCode::PAYLOAD_TOO_LARGE => return too_large(),
        Err(_) => return bad_request(),
    };
    let Ok(request) = serde_json::from_slice::<Request>(&body) else {
        return bad_request();
    };
    match served.shelf.ask(request).await {
        Ok(reply) => Json(reply).into_response(),
        Err(reason) => refused(StatusCode::BAD_REQUEST, &reason),
    }
}

/// `GET /api/events`: says `changed` whenever something may have changed on a screen.
pub(super) async fn events(
    State(served): State<Served>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = served.shelf.changes();
    let news = stream::unfold(changes, |mut changes| async move {
        changes.changed().await.ok()?;
        let count = *changes.borrow_and_update();
        let event = Event::default().event("changed").data(count.to_string());
        Some((Ok(event), changes))
    });
    let until = Box::pin(ended(served.ending));
    Sse::new(news.take_until(until)).keep_alive(KeepAlive::default())
}

/// Refuses a question whose announced length is too large, before any of it is read.
pub(super) async fn within_limit(request: extract::Request, next: Next) -> Response {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY_BYTES) {
        return too_large();
    }
    next.run(request).await
}

fn too_large() -> Response {
    fault(
        StatusCode::PAYLOAD_TOO_LARGE,
        "request_too_large",
        "this is larger than 64 MiB",
    )
}

fn bad_request() -> Response {
    fault(
        StatusCode::BAD_REQUEST,
        "bad_request",
        "this is no question that Palier knows",
    )
}

//! Requests and answers as they travel, between what the client makes and what the relay's
//! routes take.

use axum::http;
use reqwest::{Request, Response};

/// A request as it travels.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: http::Method,
    /// Whom it is for.
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// An answer as it travels.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: http::StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A request as the client made it.
pub(crate) fn as_sent(request: &Request) -> Sent {
    let url = request.url();
    let query = url
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let body = request.body().and_then(reqwest::Body::as_bytes);
    Sent {
        method: request.method().clone(),
        host: url.host_str().unwrap_or_default().to_owned(),
        path: format!("{}{query}", url.path()),
        headers: request.headers().clone(),
        body: body.unwrap_or_default().to_vec(),
    }
}

/// An answer as the client reads it.
pub(crate) fn as_response(answered: Answered) -> Response {
    let mut response = http::Response::new(answered.body);
    *response.status_mut() = answered.status;
    *response.headers_mut() = answered.headers;
    response.into()
}

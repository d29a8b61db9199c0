//! Who is let in.

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use palier_device::error::{Error, Told};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::Served;

/// The header with the key of this run.
const KEY: HeaderName = HeaderName::from_static("x-palier-key");

/// Headers that every answer bears.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self'; worker-src 'self' blob:; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Lets in what was asked of this machine's own name, by nobody or by our own page.
pub(super) async fn of_this_machine(
    State(served): State<Served>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = if is_ours(request.headers(), served.port) {
        next.run(request).await
    } else {
        fault(
            StatusCode::FORBIDDEN,
            "wrong_host",
            "this device answers its own machine only",
        )
    };
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets in who has the key: in the header, or in the query where no header can be set.
pub(super) async fn with_key(
    State(served): State<Served>,
    request: Request,
    next: Next,
) -> Response {
    let header = request.headers().get(KEY).map(HeaderValue::as_bytes);
    let given = header.or_else(|| {
        let query = request.uri().query().unwrap_or_default();
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix("key="))
            .map(str::as_bytes)
            .filter(|_| request.uri().path() == "/api/events")
    });
    let right = given.is_some_and(|given| bool::from(given.ct_eq(served.key.as_bytes())));
    let mut response = if right {
        next.run(request).await
    } else {
        fault(
            StatusCode::UNAUTHORIZED,
            "wrong_key",
            "open the address that palier serve printed",
        )
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn is_ours(headers: &HeaderMap, port: u16) -> bool {
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let is = |value: &HeaderValue, before: &str| {
        value
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix(before))
            .is_some_and(|host| hosts.iter().any(|ours| ours == host))
    };
    headers.get(header::HOST).is_some_and(|host| is(host, ""))
        && headers
            .get(header::ORIGIN)
            .is_none_or(|origin| is(origin, "http://"))
}

/// An answer that says no.
pub(super) fn fault(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "code": code, "message": message }))).into_response()
}

/// What the device said no to.
pub(super) fn refused(status: StatusCode, reason: &Error) -> Response {
    (status, Json(Told::from(reason))).into_response()
}

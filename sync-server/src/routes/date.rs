//! The `date` of every answer, from the relay's own clock, so that a device whose clock is
//! wrong can correct what it signs.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use chrono::DateTime;
use palier_core::moment::Moment;

use crate::state::AppState;

/// Sets the header.
pub(super) async fn stamp(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(date) = HeaderValue::from_str(&http_date(state.now())) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// A moment as HTTP writes it (RFC 9110, 5.6.7).
fn http_date(moment: Moment) -> String {
    DateTime::from_timestamp_millis(moment.0)
        .unwrap_or_default()
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_http_writes_it() {
        assert_eq!(
            http_date(Moment(784_111_777_000)),
            "Sun, 06 Nov 1994 08:49:37 GMT"
        );
    }
}

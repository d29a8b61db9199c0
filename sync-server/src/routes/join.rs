//! The page behind an invitation link. The link's secret stands in its fragment, which no
//! browser sends; the page has no script at all, so that nothing here ever reads it.

use std::sync::LazyLock;

use axum::{http::header, response::IntoResponse};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("join.css");
const BODY: &str = include_str!("join.html");

static PAGE: LazyLock<String> = LazyLock::new(|| BODY.replace("{style}", STYLE));
/// Nothing is loaded, sent or framed; only this one style sheet counts.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64.encode(&Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// `GET /join`
pub(super) async fn show() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        PAGE.as_str(),
    )
}

//! Requests: strange queries, proofs that prove nothing, times that are none.

use axum::http::{HeaderValue, header};
use palier_core::{
    moment::{Millis, Moment},
    wire::{Asked, Proof},
};

use super::Siege;
use crate::actors::{TEAM, campaign};

#[tokio::test]
async fn strange_queries_are_refused() {
    let mut siege = Siege::begun().await;
    let space = TEAM.space();
    let many = vec![space.to_string(); 1_001].join(",");
    for (path, expected) in [
        ("/v1/pull".to_owned(), (400, "malformed")),
        ("/v1/pull?space=".into(), (400, "malformed")),
        (
            format!("/v1/pull?space={space}&after=-1"),
            (400, "malformed"),
        ),
        (
            format!("/v1/pull?space={space}&after=99999999999999999999"),
            (400, "malformed"),
        ),
        (
            format!("/v1/pull?space={space}&limit=x"),
            (400, "malformed"),
        ),
        (
            format!("/v1/pull?space={space}&space={space}"),
            (400, "malformed"),
        ),
        (format!("/v1/pull?space=%00{space}"), (400, "malformed")),
        ("/v1/events?spaces=,,,,".into(), (400, "malformed")),
        ("/v1/heads?spaces=,".into(), (400, "malformed")),
        (format!("/v1/heads?spaces={many}"), (413, "too_large")),
        (format!("/v1/events?spaces={many}"), (413, "too_large")),
        (
            format!("/v1/events?spaces={}", "a".repeat(50_000)),
            (400, "malformed"),
        ),
        (
            "/v1/packs/..%2f..%2fetc%2fpasswd".into(),
            (400, "malformed"),
        ),
        (format!("/v1/packs/{}", "zz".repeat(32)), (400, "malformed")),
        ("/v1/requests?space=%ff".into(), (400, "malformed")),
    ] {
        let answer = siege.town.get(&path, Some(&siege.merle)).await;
        let shown: String = path.chars().take(80).collect();
        assert_eq!(answer.fault(), (expected.0, expected.1.into()), "{shown}");
    }
    // Numbers at their ends are numbers.
    for path in [
        format!("/v1/pull?space={space}&after={}", u64::MAX),
        format!("/v1/pull?space={space}&limit={}", usize::MAX),
        format!("/v1/pull?space={space}&limit=0"),
    ] {
        let answer = siege.town.get(&path, Some(&siege.merle)).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
    }
    siege.stands().await;
}

#[tokio::test]
async fn proofs_that_prove_nothing_are_refused() {
    let mut siege = Siege::begun().await;
    let path = format!("/v1/pull?space={}", TEAM.space());
    let asked = Asked {
        method: "GET",
        path_and_query: &path,
        body: b"",
    };
    let proof = |at| Proof::sign(campaign(), &siege.merle.secret, at, asked).header();
    let now = siege.town.now();
    let right = proof(now);
    let ahead = |days: i64| proof(Moment(now.0 + Millis::days(1).0 * days));
    for (what, value, expected) in [
        ("nothing", String::new(), "bad_signature"),
        (
            "another scheme",
            right.replace("Palier", "Bearer"),
            "bad_signature",
        ),
        (
            "cut at its beginning",
            right.chars().skip(1).collect(),
            "bad_signature",
        ),
        ("one part more", format!("{right}.00"), "bad_signature"),
        (
            "long",
            format!("{right}{}", "0".repeat(8_000)),
            "bad_signature",
        ),
        (
            "another device",
            right.replace(
                &siege.merle.id().to_string(),
                &siege.pinson.id().to_string(),
            ),
            "bad_signature",
        ),
        ("three days ahead", ahead(3), "bad_time"),
        ("three days ago", ahead(-3), "bad_time"),
        ("the end of time", proof(Moment(i64::MAX)), "bad_time"),
        ("before all time", proof(Moment(i64::MIN)), "bad_time"),
    ] {
        let mut request = siege.town.request("GET", &path, None, Vec::new());
        let value = HeaderValue::from_str(&value).unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        let answer = siege.town.answer(request).await;
        assert_eq!(answer.fault(), (401, expected.into()), "{what}");
    }
    siege.stands().await;
}

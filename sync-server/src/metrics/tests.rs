use palier_core::refusal::Refusal;

use super::*;

const NOTHING: Gauges = Gauges {
    connections: 0,
    streams: 0,
    body_bytes: [0, 2_048],
    counted_devices: 0,
    store_bytes: None,
    ready: true,
};

fn lines(metrics: &Metrics, prefix: &str) -> Vec<String> {
    let text = metrics.text(&NOTHING);
    let lines = text.lines().filter(|line| line.starts_with(prefix));
    lines.map(str::to_owned).collect()
}

#[test]
fn a_push_is_counted_by_what_became_of_it() {
    let metrics = Metrics::new(&[]);
    let refused = Pushed::Refused(Refusal::Gap);
    let pushed = [Pushed::Stored(1), Pushed::Duplicate(1), refused, refused];
    metrics.pushed(&pushed, Duration::from_millis(3));
    assert_eq!(
        lines(&metrics, "palier_envelopes_total"),
        [
            "palier_envelopes_total{answer=\"stored\"} 1",
            "palier_envelopes_total{answer=\"duplicate\"} 1",
            "palier_envelopes_total{answer=\"refused\"} 2",
        ]
    );
    assert_eq!(
        lines(&metrics, "palier_refusals_total"),
        ["palier_refusals_total{code=\"gap\"} 2"]
    );
    assert_eq!(
        lines(&metrics, "palier_commit_seconds")[1..4],
        [
            "palier_commit_seconds_bucket{le=\"0.0025\"} 0",
            "palier_commit_seconds_bucket{le=\"0.005\"} 1",
            "palier_commit_seconds_bucket{le=\"0.01\"} 1",
        ]
    );
    assert_eq!(
        lines(&metrics, "palier_push_envelopes_")[10..],
        [
            "palier_push_envelopes_bucket{le=\"+Inf\"} 1",
            "palier_push_envelopes_sum 4",
            "palier_push_envelopes_count 1",
        ]
    );
}

#[test]
fn a_route_is_counted_by_status_and_time() {
    let metrics = Metrics::new(&[("GET", "/v1/pull"), ("POST", "/v1/push")]);
    metrics.answered(0, 200, Duration::from_millis(30));
    metrics.answered(0, 429, Duration::from_secs(60));
    let of = "method=\"GET\",route=\"/v1/pull\"";
    assert_eq!(
        lines(&metrics, "palier_requests_total"),
        [
            format!("palier_requests_total{{{of},status=\"200\"}} 1"),
            format!("palier_requests_total{{{of},status=\"429\"}} 1"),
        ]
    );
    let took = lines(&metrics, &format!("palier_request_seconds_bucket{{{of}"));
    assert_eq!(took.len(), SPANS_S.len() + 1);
    assert!(took[5].ends_with("le=\"0.05\"} 1") && took[13].ends_with("le=\"+Inf\"} 2"));
}

#[test]
fn every_line_is_a_comment_or_a_sample_of_a_family_that_was_named() {
    let metrics = Metrics::new(&[("GET", "/join")]);
    metrics.answered(0, 200, Duration::ZERO);
    let text = metrics.text(&NOTHING);
    let mut families = Vec::new();
    for line in text.lines() {
        if let Some(family) = line.strip_prefix("# TYPE ") {
            let name = family.split(' ').next().unwrap().to_owned();
            assert!(!families.contains(&name), "{name} is named twice");
            families.push(name);
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let name = name.split('{').next().unwrap();
            let named = families.last().unwrap();
            assert!(name.starts_with(named.as_str()), "{line}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
    assert!(text.contains("palier_body_bytes{from=\"strangers\"} 2048\n"));
}

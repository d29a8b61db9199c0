//! What whoever runs a relay asks of it: metrics, liveness, readiness, and how it stops.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use palier_core::rights::{Role, Scope};
use palier_relay::{Clock, Config, Relay, StoreAt};

use crate::{
    actors::{Device, NOW, TEAM, campaign},
    reports::report,
    town::Town,
    wire::{ask, signed},
};

#[tokio::test]
async fn the_metrics_count_what_happened_and_name_nobody() {
    let (town, organiser) = Town::begun().await;
    let mut merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let shift = merle.shift(TEAM.space(), 30);
    let counted = merle.reports(&report(Some(TEAM), &[("1251", 3, 1)]));
    town.push_all(&merle, [shift.clone(), counted]).await;
    town.push(&merle, [shift]).await;
    let wrong = merle.revocation(TEAM.space(), organiser.id());
    town.refused(&merle, wrong).await;
    town.get("/v1/pull?space=zz", Some(&merle)).await;
    let (status, metrics) = town.admin("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "palier_requests_total{method=\"POST\",route=\"/v1/push\",status=\"200\"} 5",
        "palier_requests_total{method=\"GET\",route=\"/v1/pull\",status=\"400\"} 1",
        "palier_envelopes_total{answer=\"stored\"} 7",
        "palier_envelopes_total{answer=\"duplicate\"} 1",
        "palier_envelopes_total{answer=\"refused\"} 1",
        "palier_refusals_total{code=\"not_allowed\"} 1",
        "palier_faults_total{code=\"malformed\"} 1",
        "palier_push_envelopes_count 5",
        "palier_commit_seconds_count 5",
        "palier_streams 0",
        "palier_ready 1",
    ] {
        assert!(
            metrics.lines().any(|found| found == line),
            "{line}\n{metrics}"
        );
    }
    let store = metrics
        .lines()
        .find_map(|line| line.strip_prefix("palier_store_bytes "));
    // A database is measured where it stands.
    let is_file = matches!(town.store(), StoreAt::Sqlite(_));
    assert_eq!(store.is_some(), is_file);
    assert!(store.is_none_or(|bytes| bytes.parse::<u64>().unwrap() > 4_096));
    let space = TEAM.space().to_string();
    for word in [
        campaign().to_string(),
        merle.id().to_string(),
        space,
        "1251".into(),
    ] {
        assert!(!metrics.contains(&word), "{word}");
    }
}

#[tokio::test]
async fn a_relay_is_ready_while_its_store_answers() {
    let (town, _) = Town::begun().await;
    assert_eq!(town.admin("/live").await, (200, "live\n".into()));
    assert_eq!(town.admin("/ready").await, (200, "ready\n".into()));
    assert_eq!(town.admin("/v1/pull").await.0, 404);
    for path in ["/live", "/ready", "/metrics"] {
        assert_eq!(town.get(path, None).await.status.as_u16(), 404);
    }
    let moved = "ALTER TABLE introductions RENAME TO moved";
    town.place.change(moved).await;
    assert_eq!(town.admin("/live").await.0, 200);
    let not_ready = (503, "the store does not answer\n".into());
    assert_eq!(town.admin("/ready").await, not_ready);
}

fn get(address: SocketAddr, path: &str) -> String {
    ask(
        address,
        &format!("GET {path} HTTP/1.1\r\nhost: relais\r\nconnection: close\r\n\r\n"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_stops_says_so_first_and_spreads_those_who_listen() {
    let folder = tempfile::tempdir().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = Config {
        clock: Clock::from_fn(|| NOW),
        admin: Some(any),
        drain: Duration::from_secs(2),
        ..Config::new(any, StoreAt::Sqlite(folder.path().join("relay.db")))
    };
    let relay = Relay::start(config).await.unwrap();
    let (address, admin) = (relay.address(), relay.admin_address().unwrap());
    let listening = move || {
        assert!(get(admin, "/ready").starts_with("HTTP/1.1 200 "));
        let mut organiser = Device::organiser(1);
        let introduction = organiser.introduction(campaign().space());
        let body = palier_core::wire::write_push([introduction.as_slice()]);
        let path = format!("/v1/events?spaces={}", campaign().space());
        let mut heads = Vec::new();
        for request in [
            signed("POST", "/v1/push", &organiser, &body),
            signed("GET", &path, &organiser, b""),
        ] {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            stream.write_all(&request).unwrap();
            let mut head = String::new();
            let mut reader = BufReader::new(stream);
            reader.read_line(&mut head).unwrap();
            assert_eq!(head, "HTTP/1.1 200 OK\r\n");
            heads.push(reader);
        }
        heads.pop().unwrap()
    };
    let mut stream = tokio::task::spawn_blocking(listening).await.unwrap();
    let stopping = tokio::spawn(relay.stop());
    let drained = move || {
        // While it drains, devices are still answered.
        while get(admin, "/ready").starts_with("HTTP/1.1 200 ") {}
        let ready = get(admin, "/ready");
        assert!(ready.starts_with("HTTP/1.1 503 ") && ready.ends_with("draining\n"));
        assert!(get(admin, "/live").starts_with("HTTP/1.1 200 "));
        assert!(get(address, "/v1/health").starts_with("HTTP/1.1 200 "));
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    };
    let said = tokio::task::spawn_blocking(drained).await.unwrap();
    let retry = said.lines().find_map(|line| line.strip_prefix("retry: "));
    assert!(retry.unwrap().parse::<u32>().unwrap() <= 2_000, "{said}");
    stopping.await.unwrap();
}

//! The whole relay on a port, and the program.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use axum::http::StatusCode;
use palier_core::wire::{Health, write_push};
use palier_relay::{Clock, Config, Relay, StartError, StoreAt};

use crate::{
    actors::{Device, NOW, OTHER_TEAM, TEAM, campaign},
    program::{Program, run, store_in},
    town::Town,
    wire::{ask, signed},
};

fn health(address: SocketAddr) -> Health {
    let answer = ask(
        address,
        "GET /v1/health HTTP/1.1\r\nhost: relais\r\nconnection: close\r\n\r\n",
    );
    let (_head, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_starts_answers_and_stops_on_a_free_port() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreAt::Sqlite(folder.path().join("relay.db"));
    let config = Config::new(([127, 0, 0, 1], 0).into(), store);
    let relay = Relay::start(config.clone()).await.unwrap();
    let address = relay.address();
    assert_eq!(relay.url(), format!("http://{address}"));
    let first = tokio::task::spawn_blocking(move || health(address))
        .await
        .unwrap();
    let taken = Config {
        listen: address,
        ..config.clone()
    };
    let taken = Relay::start(taken).await;
    assert!(matches!(taken, Err(StartError::Listen { .. })));
    // A connection that asks for nothing does not hold the relay back.
    let idle = TcpStream::connect(address).unwrap();
    relay.stop().await;
    assert!(TcpStream::connect(address).is_err());
    drop(idle);
    // The last one to close leaves one whole file.
    assert!(!folder.path().join("relay.db-wal").exists());

    let relay = Relay::start(config).await.unwrap();
    let address = relay.address();
    let second = tokio::task::spawn_blocking(move || health(address))
        .await
        .unwrap();
    assert_eq!(first, second);
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_the_streams_and_keeps_what_was_pushed() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreAt::Sqlite(folder.path().join("relay.db"));
    let config = Config {
        clock: Clock::from_fn(|| NOW),
        ..Config::new(([127, 0, 0, 1], 0).into(), store.clone())
    };
    let relay = Relay::start(config).await.unwrap();
    let address = relay.address();
    let streams = tokio::task::spawn_blocking(move || {
        let mut organiser = Device::organiser(1);
        let connect = |request: Vec<u8>| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap();
            stream.write_all(&request).unwrap();
            let mut reader = BufReader::new(stream);
            let mut status = String::new();
            reader.read_line(&mut status).unwrap();
            assert_eq!(status, "HTTP/1.1 200 OK\r\n");
            reader
        };
        let introduction = organiser.introduction(campaign().space());
        let push = write_push([introduction.as_slice()]);
        let pushed = connect(signed("POST", "/v1/push", &organiser, &push));
        let path = format!("/v1/events?spaces={}", campaign().space());
        let events = connect(signed("GET", &path, &organiser, b""));
        [pushed, events]
    })
    .await
    .unwrap();
    relay.stop().await;
    let ended = tokio::task::spawn_blocking(move || {
        streams.map(|mut stream| {
            let mut rest = String::new();
            stream.read_to_string(&mut rest).map(|_bytes| rest)
        })
    });
    let [pushed, events] = ended.await.unwrap();
    assert!(pushed.unwrap().contains(r#""pushed":[{"stored":1}]"#));
    assert!(events.unwrap().ends_with("0\r\n\r\n"));
    let rebuilt = palier_relay::rebuild(&store, &Clock::machine()).unwrap();
    assert_eq!((rebuilt.envelopes, rebuilt.differed.len()), (1, 0));
}

#[tokio::test]
async fn a_relay_for_one_campaign_refuses_others() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreAt::Sqlite(folder.path().join("relay.db"));
    let config = Config {
        campaigns: vec![palier_core::id::CampaignId([1; 32])],
        ..Config::new(([127, 0, 0, 1], 0).into(), store)
    };
    let (mut town, organiser) = Town::begun().await;
    town.router = palier_relay::router(palier_relay::AppState::open(&config).await.unwrap());
    let answer = town.post(Some(&organiser), Vec::new()).await;
    assert_eq!(answer.fault(), (403, "wrong_space".into()));
}

#[tokio::test]
async fn the_page_behind_a_link_loads_and_runs_nothing() {
    let (town, _) = Town::begun().await;
    let page = town.get("/join", None).await;
    assert_eq!(page.status, StatusCode::OK);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    let text = String::from_utf8(page.body).unwrap();
    for word in ["Ouvrez ce lien dans Palier", "Open this link in Palier"] {
        assert!(text.contains(word));
    }
    for word in ["<script", "src=", "href=", "{style}", "onload"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_wrong_method_and_a_wrong_path_are_faults_as_well() {
    let (town, _) = Town::begun().await;
    let request = town.request("DELETE", "/v1/push", None, Vec::new());
    assert_eq!(town.answer(request).await.fault().0, 405);
    let nothing = town.get(&format!("/v1/{}", OTHER_TEAM.space()), None).await;
    assert_eq!(nothing.fault(), (404, "not_found".into()));
    let key = TEAM.space();
    let path = format!("/v1/invitations/{key}?campaign={}", campaign());
    assert_eq!(
        town.get(&path, None).await.fault(),
        (400, "malformed".into())
    );
}

#[test]
fn the_program_says_where_it_listens_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::serve(folder.path(), "off", &[]);
    assert!(health(program.address).ok);
    program.stop();
    let store = store_in(folder.path());
    let (code, said, _) = run(&["rebuild", "--json", "--store", &store]);
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json, serde_json::json!({ "envelopes": 0, "differed": [] }));
}

#[test]
fn the_program_fails_with_one_line_and_misuse_with_another_code() {
    let folder = tempfile::tempdir().unwrap();
    let absent = store_in(folder.path());
    for (args, failed) in [
        (vec!["rebuild", "--store", &absent], 1),
        (vec!["serve", "--store", "mysql:x"], 2),
        (vec!["dance"], 2),
    ] {
        let (code, said, error) = run(&args);
        assert_eq!((code, said.as_str()), (Some(failed), ""), "{args:?}");
        assert!(!error.is_empty());
        if failed == 1 {
            assert_eq!(error.lines().count(), 1);
        }
    }
}

//! What a relay writes about what it does: ids and words, never what somebody wrote.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use palier_core::{
    envelope::Kind,
    id::DocumentId,
    invitation::Offer,
    moment::{Millis, Moment},
    wire::{Asked, Proof, write_push},
};

use crate::actors::{Device, NOW, TEAM, campaign, open_offer};

/// Words that stand in bodies, names and addresses, and must stand nowhere else.
const SAID: [&str; 4] = ["Chardonneret", "Mésange", "confidentiel", "Rue des Lilas"];

fn start(folder: &std::path::Path) -> (Child, SocketAddr) {
    let store = format!("sqlite:{}", folder.join("relay.db").display());
    let mut program = Command::new(env!("CARGO_BIN_EXE_palier-relay"))
        .args([
            "--log",
            "json",
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--store",
            &store,
        ])
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("//").unwrap().1.parse().unwrap();
    (program, address)
}

/// Sends a request signed now, and reads the line with its status.
fn send(address: SocketAddr, method: &str, path: &str, device: &Device, body: &[u8]) -> String {
    let asked = Asked {
        method,
        path_and_query: path,
        body,
    };
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let now = Moment(i64::try_from(since.as_millis()).unwrap());
    let proof = Proof::sign(campaign(), &device.secret, now, asked).header();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: Chardonneret\r\nuser-agent: Chardonneret\r\n\
         authorization: {proof}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    status
}

#[test]
fn the_log_holds_ids_and_words_and_nothing_that_anybody_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let (program, address) = start(folder.path());
    let mut organiser = Device::organiser(1);
    organiser.renew(Millis::days(365 * 50));
    let text = SAID.join(" ").into_bytes();
    let offer = Offer {
        expires: NOW.after(Millis::days(365 * 40)),
        rights_until: NOW.after(Millis::days(365 * 40)),
        ..open_offer(TEAM, 3, 12)
    };
    let (mut record, _) = organiser.offers(1, offer);
    record.campaign_name = SAID[0].into();
    record.team_name = SAID[1].into();
    let space = campaign().space();
    let envelopes = [
        organiser.introduction(space),
        organiser.introduction(TEAM.space()),
        organiser.write(space, Kind::Kit, DocumentId([3; 16]), text.clone()),
        organiser.write(TEAM.space(), Kind::Shift, DocumentId([4; 16]), text.clone()),
        organiser.invites(&record),
        text.clone(),
    ];
    let body = write_push(envelopes.iter().map(Vec::as_slice));
    let ok = "HTTP/1.1 200 OK\r\n";
    assert_eq!(send(address, "POST", "/v1/push", &organiser, &body), ok);
    let pull = format!("/v1/pull?space={space}");
    assert_eq!(send(address, "GET", &pull, &organiser, b""), ok);
    for path in [
        "/v1/pull?space=confidentiel",
        "/confidentiel",
        "/v1/invitations/confidentiel",
    ] {
        let status = send(address, "GET", path, &organiser, b"");
        assert!(status.starts_with("HTTP/1.1 40"), "{status}");
    }
    assert_ne!(send(address, "POST", "/v1/push", &organiser, &text), ok);
    let id = program.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let log = log_of(program);
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let push = lines.iter().find(|line| line["message"] == "push").unwrap();
    assert_eq!((&push["stored"], &push["refused"]), (&5.into(), &1.into()));
    assert!(lines.iter().any(|line| line["message"] == "stopping"));
    let hex = |text: &str| data_encoding::HEXLOWER.encode(text.as_bytes());
    let bytes = |text: &str| {
        let bytes: Vec<_> = text.bytes().map(|byte| byte.to_string()).collect();
        bytes.join(", ")
    };
    for word in SAID {
        for written in [word.to_owned(), hex(word), bytes(word)] {
            assert!(!log.contains(&written), "{written}");
        }
    }
}

/// What it wrote on standard error, once it has ended.
fn log_of(mut program: Child) -> String {
    let mut log = String::new();
    let mut error = program.stderr.take().unwrap();
    error.read_to_string(&mut log).unwrap();
    assert!(program.wait().unwrap().success());
    log
}

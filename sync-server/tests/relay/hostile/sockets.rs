//! Connections: slow, endless, too many headers, and what is no HTTP at all.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use palier_core::wire::write_push;
use palier_relay::{Clock, Config, Limits, Patience, Relay, StoreAt};

use crate::{
    actors::{Device, NOW, campaign},
    wire::{ask, signed},
};

/// Long enough to be sure that a connection is never closed.
const HANGS: Duration = Duration::from_secs(20);

/// A relay that waits for nobody.
fn hurried() -> Limits {
    Limits {
        patience: Patience {
            head: Duration::from_millis(300),
            gap: Duration::from_millis(300),
            body: Duration::from_secs(1),
            bytes_per_s: 1_000_000,
            room: Duration::from_millis(300),
        },
        ..Limits::default()
    }
}

/// What the relay answers until it closes the connection.
fn answer_to(address: SocketAddr, pieces: impl IntoIterator<Item = Vec<u8>>) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(HANGS)).unwrap();
    for piece in pieces {
        // The relay may have closed in the middle.
        if stream.write_all(&piece).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let begun = Instant::now();
    // A connection that was reset has answered before, or not at all.
    let _reset = stream.read_to_end(&mut answer);
    assert!(begun.elapsed() < HANGS, "it was never closed");
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(lines: &str) -> Vec<u8> {
    format!("GET /v1/health HTTP/1.1\r\nhost: relais\r\n{lines}").into_bytes()
}

fn attacks(address: SocketAddr, organiser: &Device) {
    let many: String = (0..200)
        .map(|number| format!("x-{number}: y\r\n"))
        .collect();
    for (what, bytes, expected) in [
        ("no words", vec![0xff; 500], "HTTP/1.1 400 "),
        (
            "another protocol",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            "",
        ),
        (
            "many headers",
            head(&format!("{many}\r\n")),
            "HTTP/1.1 431 ",
        ),
        (
            "a header without a name",
            head(": x\r\n\r\n"),
            "HTTP/1.1 400 ",
        ),
        (
            "two lengths",
            head("content-length: 1\r\ncontent-length: 2\r\n\r\nx"),
            "HTTP/1.1 400 ",
        ),
        (
            "a length that is none",
            head("content-length: -1\r\n\r\n"),
            "HTTP/1.1 400 ",
        ),
        ("half a head", head(""), ""),
        ("nothing", Vec::new(), ""),
    ] {
        let answer = answer_to(address, [bytes]);
        assert!(answer.starts_with(expected), "{what}: {answer}");
    }
    // So much of a head that the relay closes while it still comes: the answer may be lost.
    let long = format!("x: {}\r\n\r\n", "y".repeat(1_000_000));
    let path = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1_000_000));
    for bytes in [head(&long), path.into_bytes()] {
        let answer = answer_to(address, [bytes]);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    // A body that is announced and does not come, or comes drop by drop.
    let push = |device: &Device, body: &[u8]| signed("POST", "/v1/push", device, body);
    let whole = push(organiser, &vec![0; 100_000]);
    let answer = answer_to(address, [whole[..whole.len() - 50_000].to_vec()]);
    assert!(
        answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"late\""),
        "{answer}"
    );
    // A body without an end.
    let endless = String::from_utf8(push(organiser, b"")).unwrap();
    let endless = endless.replace("content-length: 0", "transfer-encoding: chunked");
    let chunk = [b"10000\r\n".as_slice(), &vec![7; 0x10000], b"\r\n"].concat();
    let pieces = [endless.into_bytes()]
        .into_iter()
        .chain(std::iter::repeat_n(chunk, 100));
    let answer = answer_to(address, pieces);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 413 "),
        "{answer}"
    );
    // A length that is larger than allowed is not even waited for.
    let huge = String::from_utf8(push(organiser, b"")).unwrap();
    let huge = huge.replace("content-length: 0", "content-length: 999999999999");
    let answer = answer_to(address, [huge.into_bytes()]);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_waste_time_are_closed_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let config = Config {
        clock: Clock::from_fn(|| NOW),
        limits: hurried(),
        ..Config::new(any, StoreAt::Sqlite(folder.path().join("relay.db")))
    };
    let relay = Relay::start(config).await.unwrap();
    let address = relay.address();
    let attacked = move || {
        let mut organiser = Device::organiser(1);
        let introduction = organiser.introduction(campaign().space());
        let body = write_push([introduction.as_slice()]);
        let answer = answer_to(address, [signed("POST", "/v1/push", &organiser, &body)]);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        attacks(address, &organiser);
        let pull = format!("/v1/pull?space={}", campaign().space());
        let answer = answer_to(address, [signed("GET", &pull, &organiser, b"")]);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let health = "GET /v1/health HTTP/1.1\r\nhost: relais\r\nconnection: close\r\n\r\n";
        assert!(ask(address, health).starts_with("HTTP/1.1 200 "));
    };
    tokio::task::spawn_blocking(attacked).await.unwrap();
    relay.stop().await;
}

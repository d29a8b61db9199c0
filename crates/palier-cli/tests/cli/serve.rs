//! The interface over loopback: who is let in, and what is answered.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::{
    home::{Home, text, town},
    running::Running,
};

/// `palier serve`, running.
struct Serving {
    running: Running,
    port: u16,
    key: String,
}

impl Serving {
    fn start(home: &Home) -> Self {
        let running = Running::start(home, ["serve", "--port", "0", "--no-sync"]);
        let address = text(&running.said["address"]);
        let (place, key) = address.split_once("/#key=").unwrap();
        Self {
            running,
            port: place.rsplit(':').next().unwrap().parse().unwrap(),
            key: key.to_owned(),
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        // An answer that never comes is a failure, not a wait.
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
    }

    /// Sends a request with headers: the status and the whole answer.
    fn send(&self, line: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = self.connect();
        let length = body.len();
        write!(
            stream,
            "{line} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer)
    }

    fn ours(&self) -> String {
        format!(
            "host: 127.0.0.1:{}\r\nx-palier-key: {}\r\n",
            self.port, self.key
        )
    }

    /// Asks as our own page does.
    fn ask(&self, body: &str) -> (u16, Value) {
        let (status, answer) = self.send("POST /api", &self.ours(), body);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, serde_json::from_str(body).unwrap())
    }
}

#[test]
fn a_question_is_answered_to_who_has_the_key() {
    let home = Home::with_a_turf(&town());
    let serving = Serving::start(&home);
    let (status, turfs) = serving.ask(r#"{"type":"turfs"}"#);
    assert_eq!(status, 200);
    assert_eq!(turfs["type"], "turfs");
    assert_eq!(turfs["turfs"][0]["name"], "Un");

    let (status, fault) = serving.ask(r#"{"type":"doors","turf":"Neuf"}"#);
    assert_eq!((status, text(&fault["code"])), (400, "unknown_turf".into()));
    for body in ["", "{}", "[", r#"{"type":"fly"}"#, r#"{"type":"doors"}"#] {
        let (status, fault) = serving.ask(body);
        assert_eq!((status, text(&fault["code"])), (400, "bad_request".into()));
        assert!(fault["message"].is_string());
    }
}

#[test]
fn others_are_kept_out() {
    let home = Home::new();
    let serving = Serving::start(&home);
    let (port, key) = (serving.port, &serving.key);
    let question = r#"{"type":"status"}"#;
    let host = format!("host: 127.0.0.1:{port}\r\n");
    let with_key = format!("x-palier-key: {key}\r\n");
    for (headers, expected) in [
        (format!("{host}{with_key}"), 200),
        (format!("host: localhost:{port}\r\n{with_key}"), 200),
        (
            format!("{host}{with_key}origin: http://127.0.0.1:{port}\r\n"),
            200,
        ),
        (
            format!("{host}{with_key}origin: http://localhost:{port}\r\n"),
            200,
        ),
        (host.clone(), 401),
        (format!("{host}x-palier-key: {}\r\n", "0".repeat(64)), 401),
        (format!("{host}x-palier-key: \r\n"), 401),
        (format!("host: evil.example:{port}\r\n{with_key}"), 403),
        (format!("host: 127.0.0.1\r\n{with_key}"), 403),
        (
            format!("{host}{with_key}origin: http://evil.example\r\n"),
            403,
        ),
        (format!("{host}{with_key}origin: null\r\n"), 403),
    ] {
        let (status, answer) = serving.send("POST /api", &headers, question);
        assert_eq!(status, expected, "{headers}\n{answer}");
    }
    // The query stands in for the header only where no header can be set.
    let (status, _) = serving.send(&format!("POST /api?key={key}"), &host, question);
    assert_eq!(status, 401);
    let (status, _) = serving.send("GET /api/events?key=00", &host, "");
    assert_eq!(status, 401);
    let (status, _) = serving.send("GET /", "host: evil.example\r\n", "");
    assert_eq!(status, 403);
}

#[test]
fn every_page_bears_its_headers_and_a_missing_interface_is_said() {
    let home = Home::new();
    let serving = Serving::start(&home);
    let (status, page) = serving.send("GET /", &serving.ours(), "");
    assert!(matches!(status, 200 | 503), "{page}");
    let page = page.to_ascii_lowercase();
    assert!(page.contains("content-security-policy: default-src 'self'; script-src 'self';"));
    assert!(page.contains("x-content-type-options: nosniff"));
    assert!(page.contains("referrer-policy: no-referrer"));
    assert!(page.contains("palier"));
    let (status, _) = serving.send("GET /assets/nothing.js", &serving.ours(), "");
    assert_eq!(status, 404);
    let (status, _) = serving.send("GET /../../Cargo.toml", &serving.ours(), "");
    assert_eq!(status, 404);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let home = Home::new();
    let serving = Serving::start(&home);
    let mut stream = serving.connect();
    let ours = serving.ours();
    write!(
        stream,
        "POST /api HTTP/1.1\r\nconnection: close\r\ncontent-length: 67108865\r\n{ours}\r\n"
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert!(line.contains("413"), "{line}");
}

#[test]
fn a_change_is_told_to_who_listens() {
    let home = Home::with_a_turf(&town());
    let door = home.doors("Un").remove(0);
    let serving = Serving::start(&home);
    let mut stream = serving.connect();
    write!(
        stream,
        "GET /api/events?key={} HTTP/1.1\r\nhost: localhost:{}\r\n\r\n",
        serving.key, serving.port
    )
    .unwrap();
    let mut events = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(events.next().unwrap().contains("200"));
    let visit =
        format!(r#"{{"type":"record_visit","door":"{door}","outcome":"spoke","leaflet":false}}"#);
    assert_eq!(serving.ask(&visit).0, 200);
    assert!(events.any(|line| line == "event: changed"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_well_though_somebody_listens() {
    let home = Home::new();
    let mut serving = Serving::start(&home);
    let mut stream = serving.connect();
    write!(
        stream,
        "GET /api/events?key={} HTTP/1.1\r\nhost: localhost:{}\r\n\r\n",
        serving.key, serving.port
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    let pid = serving.running.child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(sent.unwrap().success());
    assert!(serving.running.child.wait().unwrap().success());
}

#[test]
fn a_port_that_is_taken_is_said() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let line = home.refused(["serve", "--port", &port]);
    assert!(line.contains(&port), "{line}");
}

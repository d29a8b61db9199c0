//! The memory of a relay, the program itself, while many send as much as they can.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use palier_core::{
    moment::{Millis, Moment},
    wire::{Asked, MAX_BATCH_BYTES, Proof, write_push},
};

use crate::actors::{Device, campaign};

/// Connections that send at once.
const AT_ONCE: usize = 48;
/// Requests on each.
const TIMES: usize = 1;
/// What they would hold together, if nothing were bounded, is 192 MiB at any moment, and several
/// times that once it is read. Room for bodies is 8 MiB here, and as much for strangers.
const MOST_MIB: u64 = 128;

struct Program(Child, SocketAddr);

impl Program {
    fn start(folder: &std::path::Path) -> Self {
        let store = format!("sqlite:{}", folder.join("relay.db").display());
        let mut child = Command::new(env!("CARGO_BIN_EXE_palier-relay"))
            .args(["serve", "--listen", "127.0.0.1:0", "--store", &store])
            .args(["--body-mib", "8", "--strangers-body-mib", "8"])
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("//").unwrap().1.parse().unwrap();
        Self(child, address)
    }

    /// The most memory that it ever held.
    fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().trim_end_matches(" kB");
        kib.parse::<u64>().unwrap() / 1_024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Sends a request signed by the machine's clock, and reads its status.
fn send(address: SocketAddr, path: &str, device: &Device, body: &[u8]) -> Option<u16> {
    let method = if body.is_empty() { "GET" } else { "POST" };
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
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: relais\r\nauthorization: {proof}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    // Whoever is sent away before the end cannot write on.
    let _closed = stream.write_all(body);
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer)
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

fn flood(address: SocketAddr, device: &Device, body: &[u8]) -> Vec<u16> {
    thread::scope(|scope| {
        let sending = (0..AT_ONCE).map(|_| {
            scope.spawn(|| {
                let answers = (0..TIMES).map(|_| send(address, "/v1/push", device, body));
                answers.flatten().collect::<Vec<_>>()
            })
        });
        let sending: Vec<_> = sending.collect();
        let sent = sending.into_iter().map(|thread| thread.join().unwrap());
        sent.flatten().collect()
    })
}

#[test]
fn a_flood_of_large_requests_takes_a_bounded_amount_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path());
    let address = program.1;
    let mut organiser = Device::organiser(1);
    organiser.renew(Millis::days(365 * 50));
    let introduction = organiser.introduction(campaign().space());
    let body = write_push([introduction.as_slice()]);
    assert_eq!(send(address, "/v1/push", &organiser, &body), Some(200));

    // One envelope of noise after another, as many bytes as a push may have.
    let noise = vec![7; MAX_BATCH_BYTES / 8 - 4];
    let noise = write_push(std::iter::repeat_n(noise.as_slice(), 8));
    let stranger = Device::organiser(2);
    for device in [&stranger, &organiser] {
        let answers = flood(address, device, &noise);
        let expected = |status: &u16| [200, 403, 429, 503].contains(status);
        assert!(answers.iter().all(expected), "{answers:?}");
    }
    let pull = format!("/v1/pull?space={}", campaign().space());
    let other = Device::organiser(1);
    let answer = send(address, &pull, &other, b"");
    // The flood was its own, so it may have spent its budget; the relay answers all the same.
    assert!(matches!(answer, Some(200 | 429)), "{answer:?}");
    let peak = program.peak_mib();
    assert!(peak < MOST_MIB, "{peak} MiB");
}

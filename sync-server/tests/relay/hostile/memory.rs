//! The memory of a relay, the program itself, while many send as much as they can.

use std::{net::SocketAddr, thread};

use palier_core::{
    moment::Millis,
    wire::{MAX_BATCH_BYTES, write_push},
};

use crate::{
    actors::{Device, campaign},
    program::Program,
    wire::status_of,
};

/// Connections that send at once.
const AT_ONCE: usize = 48;
/// What they would hold together, if nothing were bounded, is 192 MiB at any moment, and several
/// times that once it is read. Room for bodies is 8 MiB here, and as much for strangers.
const MOST_MIB: u64 = 128;

/// Many send the same at once: the statuses of those who were answered.
fn flood(address: SocketAddr, device: &Device, body: &[u8]) -> Vec<String> {
    thread::scope(|scope| {
        let send = || status_of(address, "POST", "/v1/push", device, body);
        let sending: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(send)).collect();
        let sent = sending.into_iter().map(|thread| thread.join().unwrap());
        sent.filter(|status| !status.is_empty()).collect()
    })
}

#[test]
fn a_flood_of_large_requests_takes_a_bounded_amount_of_memory() {
    let folder = tempfile::tempdir().unwrap();
    let room = ["--body-mib", "8", "--strangers-body-mib", "8"];
    let program = Program::serve(folder.path(), "off", &room);
    let address = program.address;
    let mut organiser = Device::renewed_organiser(1, Millis::days(365 * 50));
    let introduction = organiser.introduction(campaign().space());
    let body = write_push([introduction.as_slice()]);
    let ok = "HTTP/1.1 200 OK\r\n";
    assert_eq!(
        status_of(address, "POST", "/v1/push", &organiser, &body),
        ok
    );

    // One envelope of noise after another, as many bytes as a push may have.
    let noise = vec![7; MAX_BATCH_BYTES / 8 - 4];
    let noise = write_push(std::iter::repeat_n(noise.as_slice(), 8));
    let stranger = Device::organiser(2);
    for device in [&stranger, &organiser] {
        let answers = flood(address, device, &noise);
        let expected = |status: &String| {
            let code = status.split(' ').nth(1);
            ["200", "403", "429", "503"].map(Some).contains(&code)
        };
        assert!(answers.iter().all(expected), "{answers:?}");
    }
    let pull = format!("/v1/pull?space={}", campaign().space());
    let answer = status_of(address, "GET", &pull, &organiser, b"");
    // The flood was its own, so it may have spent its budget; the relay answers all the same.
    assert!(
        answer == ok || answer.starts_with("HTTP/1.1 429 "),
        "{answer}"
    );
    let peak = program.peak_mib();
    assert!(peak < MOST_MIB, "{peak} MiB");
}

//! Requests byte by byte, to a relay that listens.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use palier_core::{
    moment::Moment,
    wire::{Asked, Proof},
};
use palier_relay::Clock;

use crate::actors::{Device, NOW, campaign};

/// What devices call the relay and themselves; nobody logs it.
pub(crate) const HOST: &str = "Chardonneret";

/// Sends a request, and reads until the relay closes.
pub(crate) fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A signed request as it goes over the wire.
pub(crate) fn signed(method: &str, path: &str, device: &Device, body: &[u8]) -> Vec<u8> {
    signed_at(NOW, method, path, device, body)
}

/// The same to a relay that goes by the machine's clock: it is sent, and the line with its
/// status read.
pub(crate) fn status_of(
    address: SocketAddr,
    method: &str,
    path: &str,
    device: &Device,
    body: &[u8],
) -> String {
    let request = signed_at(Clock::machine().now(), method, path, device, body);
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    // Whoever is sent away before the end cannot write on.
    let _closed = stream.write_all(&request);
    let mut status = String::new();
    let _reset = BufReader::new(stream).read_line(&mut status);
    status
}

fn signed_at(at: Moment, method: &str, path: &str, device: &Device, body: &[u8]) -> Vec<u8> {
    let asked = Asked {
        method,
        path_and_query: path,
        body,
    };
    let proof = Proof::sign(campaign(), &device.secret, at, asked).header();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {HOST}\r\nuser-agent: {HOST}\r\n\
         authorization: {proof}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

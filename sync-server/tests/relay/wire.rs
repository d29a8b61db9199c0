//! Requests byte by byte, to a relay that listens.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use palier_core::wire::{Asked, Proof};

use crate::actors::{Device, NOW, campaign};

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
    let asked = Asked {
        method,
        path_and_query: path,
        body,
    };
    let proof = Proof::sign(campaign(), &device.secret, NOW, asked).header();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: relais\r\nauthorization: {proof}\r\n\
         content-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

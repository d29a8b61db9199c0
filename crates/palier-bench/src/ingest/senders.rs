//! Two ways into a relay: its routes, and HTTP over loopback.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use palier_core::wire::{PushAnswer, Pushed};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tower::ServiceExt;

use super::written::Push;

/// A way into a relay.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// Its routes, without a socket.
    Router,
    /// HTTP/1.1 over loopback, a connection a writer.
    Http,
}

impl Way {
    /// What stands for it in the figures.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Router => "router",
            Self::Http => "http",
        }
    }
}

/// Where pushes are sent.
#[derive(Clone)]
pub(super) enum Sender {
    Router(Router),
    Http(SocketAddr),
}

/// Sends one push after the other.
pub(super) enum Connection {
    Router(Router),
    Http(BufReader<TcpStream>),
}

impl Sender {
    /// A connection of one writer.
    pub(super) async fn connect(&self) -> Result<Connection> {
        Ok(match self {
            Self::Router(router) => Connection::Router(router.clone()),
            Self::Http(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Connection::Http(BufReader::new(stream))
            }
        })
    }
}

impl Connection {
    /// Sends a push of which every envelope is stored.
    pub(super) async fn send(&mut self, push: &Push) -> Result<()> {
        let (status, body) = match self {
            Self::Router(router) => through_router(router, push).await?,
            Self::Http(stream) => through_http(stream, push).await?,
        };
        ensure!(
            status == 200,
            "answered {status}: {}",
            String::from_utf8_lossy(&body)
        );
        let answer: PushAnswer = serde_json::from_slice(&body)?;
        let stored = |one: &Pushed| matches!(one, Pushed::Stored(_));
        ensure!(
            answer.pushed.len() == push.envelopes && answer.pushed.iter().all(stored),
            "not all was stored"
        );
        Ok(())
    }
}

async fn through_router(router: &Router, push: &Push) -> Result<(u16, Vec<u8>)> {
    let request = Request::builder()
        .method("POST")
        .uri("/v1/push")
        .header(header::AUTHORIZATION, &push.proof)
        .body(Body::from(push.body.clone()))?;
    let response = router.clone().oneshot(request).await?;
    let status: StatusCode = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await?;
    Ok((status.as_u16(), body.to_vec()))
}

async fn through_http(stream: &mut BufReader<TcpStream>, push: &Push) -> Result<(u16, Vec<u8>)> {
    let head = format!(
        "POST /v1/push HTTP/1.1\r\nhost: relay\r\nauthorization: {}\r\ncontent-length: {}\r\n\r\n",
        push.proof,
        push.body.len()
    );
    let whole = [head.as_bytes(), &push.body].concat();
    stream.get_mut().write_all(&whole).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).context("no status")?.parse()?;
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((status, body))
}

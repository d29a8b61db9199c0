//! As much HTTP as a device speaks, over one socket.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use palier_core::{
    id::CampaignId,
    key::Secret,
    moment::Moment,
    wire::{Asked, Proof},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// An answer that cannot be used now.
#[derive(Debug, thiserror::Error)]
#[error("the relay answered {status}")]
pub(super) struct SentAway {
    pub(super) status: u16,
    /// How long to stay away at least.
    pub(super) wait: Duration,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    pub(super) campaign: CampaignId,
    pub(super) secret: &'a Secret,
}

/// One connection.
pub(super) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

/// Addresses on this machine that connections come from: one has ports for 28,000 only.
const SOURCES: usize = 8;

impl Line {
    pub(super) async fn open(place: usize, to: SocketAddr) -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        let source = u8::try_from(place % SOURCES).unwrap_or(0) + 2;
        socket.set_reuseaddr(true)?;
        socket.bind(([127, 0, 0, source], 0).into())?;
        let stream = socket.connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::new(),
        })
    }

    /// Asks, and reads the whole answer.
    pub(super) async fn ask(
        &mut self,
        asker: Asker<'_>,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Result<Vec<u8>> {
        let length = self.begin(asker, method, path, body).await?;
        let length = length.context("an answer without a length")?;
        while self.read.len() < length {
            self.more().await?;
        }
        let rest = self.read.split_off(length);
        Ok(std::mem::replace(&mut self.read, rest))
    }

    /// Begins to listen.
    pub(super) async fn listen(&mut self, asker: Asker<'_>, path: &str) -> Result<()> {
        self.begin(asker, "GET", path, &[]).await?;
        Ok(())
    }

    /// Waits for news; comments are none. An error is the end of the connection.
    pub(super) async fn news(&mut self) -> Result<()> {
        loop {
            if self.read.windows(5).any(|found| found == b"data:") {
                return Ok(());
            }
            let kept = self.read.len().saturating_sub(4);
            self.read.drain(..kept);
            self.more().await?;
        }
    }

    async fn begin(
        &mut self,
        asker: Asker<'_>,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Result<Option<usize>> {
        let asked = Asked {
            method,
            path_and_query: path,
            body,
        };
        let proof = Proof::sign(asker.campaign, asker.secret, now(), asked).header();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: relay\r\nauthorization: {proof}\r\n\
             content-length: {length}\r\n\r\n"
        );
        self.stream
            .write_all(&[head.as_bytes(), body].concat())
            .await?;
        let head = self.head().await?;
        let header = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|value| value.trim().parse::<u64>().ok())
        };
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        match status.context("no status")? {
            200 => Ok(header("content-length:").and_then(|length| length.try_into().ok())),
            status @ (429 | 503) => {
                let wait = Duration::from_secs(header("retry-after:").unwrap_or(1));
                bail!(SentAway { status, wait })
            }
            status => bail!("the relay answered {status} to {path}"),
        }
    }

    async fn head(&mut self) -> Result<String> {
        loop {
            let end = self.read.windows(4).position(|found| found == b"\r\n\r\n");
            if let Some(end) = end {
                let rest = self.read.split_off(end + 4);
                let head = std::mem::replace(&mut self.read, rest);
                return Ok(String::from_utf8(head)?.to_lowercase());
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<()> {
        // A small piece at a time: ten thousand of these wait at once.
        let mut piece = [0; 1_024];
        let count = self.stream.read(&mut piece).await?;
        if count == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        self.read
            .extend_from_slice(piece.get(..count).unwrap_or_default());
        Ok(())
    }
}

/// The machine's clock.
pub(super) fn now() -> Moment {
    palier_relay::Clock::machine().now()
}

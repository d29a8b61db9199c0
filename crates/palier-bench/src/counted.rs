//! A relay behind a pipe that counts every byte, HTTP and all.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use palier_relay::{Config, Relay, StoreAt};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Bytes since the start, both ways.
#[derive(Clone, Default)]
pub(crate) struct Counts {
    up: Arc<AtomicU64>,
    down: Arc<AtomicU64>,
}

impl Counts {
    /// Bytes since the last time this was asked: up, down.
    pub(crate) fn take(&self) -> (u64, u64) {
        (
            self.up.swap(0, Ordering::SeqCst),
            self.down.swap(0, Ordering::SeqCst),
        )
    }
}

/// A relay on a free port, its store on disk with its durability on.
pub(crate) async fn relay(folder: &std::path::Path) -> Result<Relay> {
    let store = StoreAt::Sqlite(folder.join("relay.sqlite3"));
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    Ok(Relay::start(Config::new(any, store)).await?)
}

/// Listens on a free port, and carries every connection to `relay`.
pub(crate) async fn count(relay: SocketAddr) -> Result<(SocketAddr, Counts)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let counts = Counts::default();
    let counted = counts.clone();
    tokio::spawn(async move {
        while let Ok((from_device, _)) = listener.accept().await {
            let Ok(to_relay) = TcpStream::connect(relay).await else {
                return;
            };
            let (device_reads, device_writes) = from_device.into_split();
            let (relay_reads, relay_writes) = to_relay.into_split();
            tokio::spawn(carry(device_reads, relay_writes, Arc::clone(&counted.up)));
            tokio::spawn(carry(relay_reads, device_writes, Arc::clone(&counted.down)));
        }
    });
    Ok((address, counts))
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    counted: Arc<AtomicU64>,
) {
    let mut buffer = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        counted.fetch_add(count as u64, Ordering::SeqCst);
        if to
            .write_all(buffer.get(..count).unwrap_or_default())
            .await
            .is_err()
        {
            return;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown().await;
}

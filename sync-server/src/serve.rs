//! Connections: how many, how long their headers may take, and how they end.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::sleep,
};

/// The most bytes of a request's head; an event stream's list of 1,000 spaces is 55 KiB.
const HEAD_BYTES: usize = 64 << 10;
/// The most headers of a request; a proxy adds a few to the four of a device.
const HEADERS: usize = 64;
/// How long to wait when the system has no more sockets.
const NO_SOCKETS: Duration = Duration::from_millis(200);

/// Connections that are open, and how many there may be.
#[derive(Debug)]
pub(crate) struct Connections {
    free: Arc<Semaphore>,
    most: usize,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(most)),
            most,
        }
    }

    /// How many are open.
    pub(crate) fn open(&self) -> usize {
        self.most.saturating_sub(self.free.available_permits())
    }
}

/// Takes connections until it is told to stop, then finishes what was begun on each. While there
/// are as many as there may be, others wait in the system's queue.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    connections: &Connections,
    head: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let begun = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            biased;
            _told = stopping.wait_for(|stops| *stops) => break,
            accepted = accept(&listener, connections) => accepted,
        };
        let Some((stream, turn)) = accepted else {
            return;
        };
        let serving = begun.watch(connection(stream, router.clone(), head));
        tokio::spawn(async move {
            // How a connection ends is the other side's affair.
            let _ended = serving.await;
            drop(turn);
        });
    }
    drop(listener);
    begun.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    connections: &Connections,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let turn = Arc::clone(&connections.free).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _address)) => return Some((stream, turn)),
            Err(reason) => {
                tracing::warn!(kind = ?reason.kind(), "a connection was not taken");
                sleep(NO_SOCKETS).await;
            }
        }
    }
}

fn connection(
    stream: TcpStream,
    router: Router,
    head: Duration,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Router>> {
    // Only a delay is lost where the system does not know it.
    let _unknown = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
}

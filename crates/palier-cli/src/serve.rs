//! The interface in a browser of this machine, and of this machine only.
//!
//! A page of another site must not reach the device: a key that is new at each run, a `Host`
//! that is this machine's own (against DNS rebinding), and an `Origin` that is ours.

mod assets;
mod door;
mod questions;
mod tiles;

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use data_encoding::HEXLOWER;
use palier_device::Shelf;
use serde_json::json;
use tokio::{net::TcpListener, sync::watch};

use crate::{args::Serve, failure::Failure, out::Out};

/// The largest question, an import among them.
const MAX_BODY_BYTES: usize = 64 << 20;
/// How long open answers may take to end once the end was asked for.
const GRACE: Duration = Duration::from_secs(3);

/// What every route needs.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// The device.
    shelf: Shelf,
    /// The key of this run, in hexadecimal.
    key: Arc<str>,
    /// The port on this machine.
    port: u16,
    /// Turns true when the end was asked for.
    ending: watch::Receiver<bool>,
}

/// Serves until it is interrupted.
///
/// # Errors
/// The port cannot be used.
pub(crate) async fn run(shelf: Shelf, wanted: Serve, out: Out) -> Result<(), Failure> {
    let port = wanted.port;
    let unusable = |reason| Failure::Port { port, reason };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(unusable)?;
    let port = listener.local_addr().map_err(unusable)?.port();
    let key = new_key()?;
    let (end, ending) = watch::channel(false);
    let keeping = (!wanted.no_sync).then(|| {
        let shelf = shelf.clone();
        tokio::spawn(async move { shelf.keep_synced().await })
    });
    let address = format!("http://127.0.0.1:{port}/#key={key}");
    let served = Served {
        shelf,
        key: key.into(),
        port,
        ending: ending.clone(),
    };
    if out.json {
        out.value(&json!({ "address": address }))?;
    } else {
        out.text(&format!("Palier answers at {address}\n"))?;
    }
    let serving = axum::serve(listener, router(served)).with_graceful_shutdown(ended(ending));
    let serving = tokio::spawn(serving.into_future());
    interrupted().await;
    let _ = end.send(true);
    if let Some(keeping) = keeping {
        keeping.abort();
    }
    // An answer that hangs is cut.
    let _ = tokio::time::timeout(GRACE, serving).await;
    Ok(())
}

/// Every route.
fn router(served: Served) -> Router {
    let questions = Router::new()
        .route("/api", post(questions::ask))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn(questions::within_limit))
        .route("/api/events", get(questions::events))
        .route("/api/map/{*tile}", get(tiles::read))
        .layer(middleware::from_fn_with_state(
            served.clone(),
            door::with_key,
        ));
    questions
        .fallback(get(assets::read))
        .layer(middleware::from_fn_with_state(
            served.clone(),
            door::of_this_machine,
        ))
        .with_state(served)
}

/// Waits for SIGINT or SIGTERM.
pub(crate) async fn interrupted() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// Ends when the end was asked for.
async fn ended(mut ending: watch::Receiver<bool>) {
    // Where nobody can ask for it any more, it is the end too.
    let _ = ending.wait_for(|ending| *ending).await;
}

fn new_key() -> Result<String, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_reason| palier_device::Error::NoChance)?;
    Ok(HEXLOWER.encode(&bytes))
}

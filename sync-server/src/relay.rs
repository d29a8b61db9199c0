//! A relay that listens, until it is stopped.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpListener, task::JoinHandle};

use crate::{config::Config, error::StartError, routes::router, state::AppState};

/// How long requests may take to end once the relay stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// A relay that listens.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    state: AppState,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Relay {
    /// Takes the address, opens the store and listens.
    ///
    /// # Errors
    /// The store cannot be opened, or the address is taken.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let address = config.listen;
        let failed = |reason| StartError::Listen { address, reason };
        // The address comes first: a second relay started by mistake touches no store.
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let state = AppState::open(&config).await?;
        let mut stopping = state.stopping();
        let stopped = async move {
            // An error says that the state is gone, which is an end as well.
            let _gone = stopping.wait_for(|stops| *stops).await.is_err();
        };
        let server = axum::serve(listener, router(state.clone())).with_graceful_shutdown(stopped);
        Ok(Self {
            address,
            state,
            serving: tokio::spawn(server.into_future()),
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as an address for devices.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more requests, finishes those that were begun and their commits, ends the
    /// event streams, and closes the store.
    pub async fn stop(mut self) {
        self.state.stop();
        if tokio::time::timeout(PATIENCE, &mut self.serving)
            .await
            .is_err()
        {
            tracing::warn!("requests were cut, since they did not end");
            self.serving.abort();
        }
        self.state.store().close().await;
    }
}

//! A relay that listens, until it is stopped.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    admin::admin_router,
    config::Config,
    error::StartError,
    routes::router,
    serve::{Connections, serve},
    state::AppState,
};

/// How long requests may take to end once the relay stops.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that wait to be taken; the system may allow fewer.
const QUEUE: u32 = 4_096;
/// The most connections of whoever runs it.
const ADMIN_CONNECTIONS: usize = 16;

/// A relay that listens.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    drain: Duration,
    state: AppState,
    serving: JoinHandle<()>,
    admin: Option<JoinHandle<()>>,
}

impl Relay {
    /// Takes the addresses, opens the store and listens.
    ///
    /// # Errors
    /// The store cannot be opened, or an address is taken.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        // The addresses come first: a second relay started by mistake touches no store.
        let (listener, address) = listen(config.listen)?;
        let admin = match config.admin {
            Some(address) => Some(listen(address)?),
            None => None,
        };
        let admin_address = admin.as_ref().map(|(_, address)| *address);
        let state = AppState::open(&config).await?;
        let serving = tokio::spawn(serve_devices(listener, state.clone()));
        let admin = admin.map(|(listener, _)| tokio::spawn(serve_admin(listener, state.clone())));
        Ok(Self {
            address,
            admin_address,
            drain: config.drain,
            state,
            serving,
            admin,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it answers whoever runs it.
    #[must_use]
    pub const fn admin_address(&self) -> Option<SocketAddr> {
        self.admin_address
    }

    /// Where it listens, as an address for devices.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Says that it is not ready, takes no more requests, finishes those that were begun and
    /// their commits, tells the event streams when to come back, and closes the store.
    pub async fn stop(mut self) {
        self.state.drain();
        sleep(self.drain).await;
        self.state.stop();
        if timeout(PATIENCE, &mut self.serving).await.is_err() {
            tracing::warn!("requests were cut, since they did not end");
            self.serving.abort();
        }
        self.state.close().await;
        if let Some(admin) = self.admin {
            admin.abort();
        }
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |reason| StartError::Listen { address, reason };
    let listener = bind(address).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Takes an address, with a queue that holds a crowd which comes back at once.
fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A relay that was killed a moment ago left connections behind, on systems that keep them.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

async fn serve_devices(listener: TcpListener, state: AppState) {
    let router = router(state.clone());
    let head = state.limits().patience.head;
    serve(
        listener,
        router,
        state.connections(),
        head,
        state.stopping(),
    )
    .await;
}

/// Answers whoever runs the relay until the very end.
async fn serve_admin(listener: TcpListener, state: AppState) {
    let (_never, stopping) = watch::channel(false);
    let connections = Connections::new(ADMIN_CONNECTIONS);
    let head = state.limits().patience.head;
    serve(listener, admin_router(state), &connections, head, stopping).await;
}

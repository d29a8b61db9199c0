//! An address that stays while the relay behind it changes: each life of a relay listens where
//! there is room.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Where devices find the relay.
#[derive(Clone)]
pub(super) struct Door {
    address: SocketAddr,
    behind: Arc<watch::Sender<Option<SocketAddr>>>,
}

impl Door {
    /// An open door with nobody behind it.
    pub(super) async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (behind, inner) = watch::channel(None::<SocketAddr>);
        tokio::spawn(async move {
            while let Ok((mut outside, _)) = listener.accept().await {
                let inner = *inner.borrow();
                tokio::spawn(async move {
                    // Where nobody is behind, or the relay dies, the connection ends.
                    if let Some(inner) = inner
                        && let Ok(mut inside) = TcpStream::connect(inner).await
                    {
                        let _cut = copy_bidirectional(&mut outside, &mut inside).await.is_err();
                    }
                });
            }
        });
        Ok(Self {
            address,
            behind: Arc::new(behind),
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Another relay stands behind it now, or none.
    pub(super) fn lead_to(&self, relay: Option<SocketAddr>) {
        self.behind.send_replace(relay);
    }

    /// Wakes when another relay stands behind it.
    pub(super) fn changes(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.behind.subscribe()
    }
}

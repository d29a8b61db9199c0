//! A device that listens for others, as `palier peer serve` does.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use palier_device::{
    Error,
    api::{Api, Reply, Request, reply::SyncReport},
    pairing::{self, Door},
    sync::PeerAsks,
};
use tokio::{net::TcpListener, task::JoinHandle};

use super::Person;

/// Where a device listens, for as long as this lives.
pub(crate) struct Landing {
    pub(crate) address: String,
    pub(crate) door: Arc<Door>,
    serving: JoinHandle<()>,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Landing {
    pub(crate) async fn of(person: &Person, door: Arc<Door>) -> Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?.to_string();
        let (api, knocked) = (person.api.clone(), Arc::clone(&door));
        let router = Router::new().fallback(
            move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
                answer(
                    api.clone(),
                    Arc::clone(&knocked),
                    method,
                    uri,
                    headers,
                    body,
                )
            },
        );
        let serving = tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            door,
            serving,
        })
    }
}

async fn answer(
    api: Api,
    door: Arc<Door>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let asks = PeerAsks {
        method: method.to_string(),
        path_and_query: uri.to_string(),
        authorization: text("authorization"),
        proof: text(pairing::HEADER),
        body: body.to_vec(),
    };
    let answer = api.answer_peer(&door, asks).await;
    (StatusCode::from_u16(answer.status).unwrap(), answer.body).into_response()
}

impl Person {
    /// Syncs with another device.
    pub(crate) async fn sync_with(&self, address: &str, code: &str) -> Result<SyncReport, Error> {
        let (address, code) = (address.to_owned(), code.to_owned());
        match self.ask(Request::SyncWithPeer { address, code }).await? {
            Reply::Synced(report) => Ok(report),
            _ => unreachable!("a sync answers a sync"),
        }
    }
}

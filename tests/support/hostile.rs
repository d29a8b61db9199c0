//! A relay that means harm, at the address of the one that people know.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Query, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use palier_core::{
    id::{Incarnation, SpaceId},
    wire::{Page, PushAnswer, Pushed, read_push},
};
use serde::Deserialize;
use tokio::{net::TcpListener, task::JoinHandle};

/// What a hostile relay answers to a pull of a space after a place, the how-manieth it is.
pub(crate) type Lie = Arc<dyn Fn(SpaceId, u64, u64) -> Answer + Send + Sync>;

/// What it sends.
pub(crate) enum Answer {
    /// A page.
    Page(Page),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Bytes without an end.
    Endless,
}

/// A relay that lies.
pub(crate) struct Hostile {
    asked: Arc<AtomicU64>,
    sent: Arc<AtomicU64>,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct Lying {
    lie: Lie,
    pushed: Pushed,
    asked: Arc<AtomicU64>,
    sent: Arc<AtomicU64>,
}

impl Hostile {
    /// Listens at an address, answers every pushed envelope alike, and lies about logs.
    pub(crate) async fn at(address: SocketAddr, pushed: Pushed, lie: Lie) -> Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let lying = Lying {
            lie,
            pushed,
            asked: Arc::default(),
            sent: Arc::default(),
        };
        let (asked, sent) = (Arc::clone(&lying.asked), Arc::clone(&lying.sent));
        let router = Router::new()
            .route("/v1/pull", get(pull))
            .route("/v1/push", post(push))
            .with_state(lying);
        let serving = tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        });
        Ok(Self {
            asked,
            sent,
            serving,
        })
    }

    /// How many pages were asked for, and how many bytes were sent.
    pub(crate) async fn stop(self) -> (u64, u64) {
        self.serving.abort();
        let _aborted = self.serving.await;
        (
            self.asked.load(Ordering::SeqCst),
            self.sent.load(Ordering::SeqCst),
        )
    }
}

#[derive(Deserialize)]
struct Asked {
    space: String,
    after: u64,
}

async fn pull(State(lying): State<Lying>, Query(asked): Query<Asked>, _uri: Uri) -> Response {
    let count = lying.asked.fetch_add(1, Ordering::SeqCst);
    let space = asked.space.parse().unwrap();
    let bytes = match (lying.lie)(space, asked.after, count) {
        Answer::Page(page) => page.encode(),
        Answer::Bytes(bytes) => bytes,
        Answer::Endless => {
            let sent = Arc::clone(&lying.sent);
            let zeros = Bytes::from(vec![0; 1 << 16]);
            let stream = futures_util::stream::repeat_with(move || {
                sent.fetch_add(1 << 16, Ordering::SeqCst);
                Ok::<_, std::io::Error>(zeros.clone())
            });
            return Body::from_stream(stream).into_response();
        }
    };
    lying.sent.fetch_add(bytes.len() as u64, Ordering::SeqCst);
    bytes.into_response()
}

async fn push(State(lying): State<Lying>, body: Bytes) -> Json<PushAnswer> {
    let count = read_push(&body).map_or(0, |envelopes| envelopes.len());
    Json(PushAnswer {
        incarnation: Incarnation([9; 16]).to_string(),
        pushed: vec![lying.pushed; count],
    })
}

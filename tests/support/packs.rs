//! A pack of map tiles, and a relay that lies about it.

#[path = "../../crates/palier-device/src/basemap/written.rs"]
#[allow(dead_code, reason = "the writer serves other tests as well")]
mod written;

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::{StreamExt, stream};
use palier_core::wire::Fault;
use tokio::{net::TcpListener, task::JoinHandle};
use written::{Writing, directory};

/// The bytes of a tile that take several parts to fetch.
const TILE_BYTES: u32 = 1_300_000;

/// A pack of two large tiles.
pub(crate) fn pack() -> Vec<u8> {
    let tile = |seed: u32| {
        (0..TILE_BYTES).map(move |at| {
            at.wrapping_add(seed)
                .wrapping_mul(2_654_435_761)
                .to_le_bytes()[3]
        })
    };
    let tiles: Vec<u8> = tile(0).chain(tile(7)).collect();
    let length = u64::from(TILE_BYTES);
    let root = directory(&[(0, 1, length, 0), (1, 4, length, length)]);
    Writing::Plain.pack(&root, &[], &tiles, 1)
}

/// How a relay lies about a pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lie {
    /// It gives some bytes, and hangs up.
    Cuts,
    /// It gives other bytes.
    Changes,
    /// It gives the whole pack, as a relay does that knows no parts.
    Whole,
    /// It never stops giving.
    Endless,
    /// It gives nothing, and says that this was it.
    Nothing,
    /// It has no such pack.
    Gone,
}

/// A relay that has one pack, and lies about it.
pub(crate) struct Lying(JoinHandle<()>);

impl Lying {
    /// Listens at an address.
    pub(crate) async fn at(address: SocketAddr, pack: Vec<u8>, lie: Lie) -> Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let router = Router::new()
            .route("/v1/packs/{hash}", get(give))
            .with_state((Arc::new(pack), lie));
        Ok(Self(tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        })))
    }

    /// Is gone, and its address free.
    pub(crate) async fn stop(self) {
        self.0.abort();
        let _aborted = self.0.await;
    }
}

async fn give(State((pack, lie)): State<(Arc<Vec<u8>>, Lie)>, headers: HeaderMap) -> Response {
    let range = headers[header::RANGE].to_str().unwrap();
    let (first, last) = range
        .strip_prefix("bytes=")
        .unwrap()
        .split_once('-')
        .unwrap();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let mut part = pack[first..=last].to_vec();
    match lie {
        Lie::Cuts => {
            let some = Bytes::from(part[..part.len() / 3].to_vec());
            let cut = || Err(std::io::Error::other("cut"));
            let pieces = stream::iter([Ok(some)]).chain(stream::once(async move {
                // What was given is on its way before the line goes dead.
                tokio::task::yield_now().await;
                cut()
            }));
            let length = part.len().to_string();
            let head = [(header::CONTENT_LENGTH, length)];
            (StatusCode::PARTIAL_CONTENT, head, Body::from_stream(pieces)).into_response()
        }
        Lie::Changes => {
            part[0] ^= 1;
            (StatusCode::PARTIAL_CONTENT, part).into_response()
        }
        Lie::Whole => pack.to_vec().into_response(),
        Lie::Endless => {
            let zeros = Bytes::from(vec![0; 1 << 16]);
            let zeros = stream::repeat_with(move || Ok::<_, std::io::Error>(zeros.clone()));
            (StatusCode::PARTIAL_CONTENT, Body::from_stream(zeros)).into_response()
        }
        Lie::Nothing => StatusCode::PARTIAL_CONTENT.into_response(),
        Lie::Gone => {
            let fault = Fault {
                code: "not_found".into(),
                message: "it is not here".into(),
            };
            (StatusCode::NOT_FOUND, Json(fault)).into_response()
        }
    }
}

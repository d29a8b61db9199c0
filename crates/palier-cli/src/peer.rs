//! Answering another device on the local network, while a person lets it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use palier_core::wire::MAX_BATCH_BYTES;
use palier_device::{
    api::Api,
    pairing::{self, Door},
    sync::PeerAsks,
};
use serde_json::json;
use tokio::{net::TcpListener, sync::Semaphore};

use crate::{failure::Failure, out::Out, serve::interrupted};

/// How long a question may take to arrive.
const PATIENCE: Duration = Duration::from_secs(120);
/// How many questions are held in memory at once.
const AT_ONCE: usize = 4;

#[derive(Clone)]
struct Listening {
    api: Api,
    door: Arc<Door>,
    turns: Arc<Semaphore>,
}

/// Listens until it is interrupted, and shows its code.
///
/// # Errors
/// The address cannot be used.
pub(crate) async fn run(api: Api, listen: SocketAddr, out: Out) -> Result<(), Failure> {
    let unusable = |reason| Failure::Port {
        port: listen.port(),
        reason,
    };
    let listener = TcpListener::bind(listen).await.map_err(unusable)?;
    let address = listener.local_addr().map_err(unusable)?;
    let door = Arc::new(Door::open()?);
    let code = door.code().text();
    if out.json {
        out.value(&json!({ "address": address.to_string(), "code": code }))?;
    } else {
        out.text(&format!("listening on {address}; the code is {code}\n"))?;
    }
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let router = Router::new()
        .fallback(answer)
        .with_state(Listening { api, door, turns });
    let serving = tokio::spawn(axum::serve(listener, router).into_future());
    interrupted().await;
    serving.abort();
    Ok(())
}

async fn answer(State(listening): State<Listening>, request: Request) -> Response {
    let Ok(_turn) = listening.turns.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(PATIENCE, to_bytes(body, MAX_BATCH_BYTES)).await;
    let Ok(Ok(body)) = body else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let asks = PeerAsks {
        method: parts.method.as_str().to_owned(),
        path_and_query: path.to_owned(),
        authorization: text(&parts.headers, header::AUTHORIZATION.as_str()),
        proof: text(&parts.headers, pairing::HEADER),
        body: body.to_vec(),
    };
    let answer = listening.api.answer_peer(&listening.door, asks).await;
    let kind = if answer.is_json {
        "application/json"
    } else {
        "application/octet-stream"
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, answer.body).into_response()
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers
        .get(name)
        .map(HeaderValue::to_str)
        .and_then(Result::ok)
        .unwrap_or_default()
        .to_owned()
}

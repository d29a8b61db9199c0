//! Requests on their way: each waits until the storm decides what becomes of it.

use axum::http;
use futures_util::{FutureExt, future::BoxFuture};
use palier_device::{Carrier, Error};
use reqwest::{Request, Response};
use tokio::sync::{mpsc, oneshot};

/// A request as it travels.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: http::Method,
    pub(crate) path: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// An answer as it travels.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: http::StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// A request that somebody waits for.
pub(crate) struct Letter {
    pub(crate) from: usize,
    pub(crate) sent: Sent,
    answer: oneshot::Sender<Result<Answered, Error>>,
}

impl Letter {
    /// Gives an answer to who waits; nobody may be left.
    pub(crate) fn answer(self, answered: Answered) {
        let _gone = self.answer.send(Ok(answered)).is_err();
    }

    /// Tells who waits that nothing comes.
    pub(crate) fn lose(self) {
        let lost = Error::Offline("the connection was cut");
        let _gone = self.answer.send(Err(lost)).is_err();
    }

    /// Whether nobody waits any more.
    pub(crate) fn is_forgotten(&self) -> bool {
        self.answer.is_closed()
    }
}

/// A request as the client made it.
pub(crate) fn as_sent(request: &Request) -> Sent {
    let url = request.url();
    let query = url
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let body = request.body().and_then(reqwest::Body::as_bytes);
    Sent {
        method: request.method().clone(),
        path: format!("{}{query}", url.path()),
        headers: request.headers().clone(),
        body: body.unwrap_or_default().to_vec(),
    }
}

/// An answer as the client reads it.
pub(crate) fn as_response(answered: Answered) -> Response {
    let mut response = http::Response::new(answered.body);
    *response.status_mut() = answered.status;
    *response.headers_mut() = answered.headers;
    response.into()
}

/// What happens in the network and on devices while nobody looks.
pub(crate) enum Event {
    /// A request left.
    Letter(Letter),
    /// A device did what it was asked.
    Ended(usize, Result<String, Error>),
}

/// The network as one device sees it.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) from: usize,
    pub(crate) events: mpsc::UnboundedSender<Event>,
}

impl Carrier for Wire {
    fn carry(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let (answer, answered) = oneshot::channel();
        let letter = Letter {
            from: self.from,
            sent: as_sent(&request),
            answer,
        };
        let _over = self.events.send(Event::Letter(letter)).is_err();
        async move {
            let lost = |_gone| Err(Error::Offline("the connection was cut"));
            Ok(as_response(answered.await.unwrap_or_else(lost)?))
        }
        .boxed()
    }
}

//! Requests on their way: each waits until the storm decides what becomes of it.

use axum::http;
use futures_util::{FutureExt, future::BoxFuture};
use palier_device::{Carrier, Error};
use reqwest::{Request, Response};
use tokio::sync::{mpsc, oneshot};

/// A request as it travels.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: http::Method,
    pub(super) path: String,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Vec<u8>,
}

/// An answer as it travels.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) status: http::StatusCode,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A request that somebody waits for.
pub(super) struct Letter {
    pub(super) from: usize,
    pub(super) sent: Sent,
    answer: oneshot::Sender<Result<Answered, Error>>,
}

impl Letter {
    /// Gives an answer to who waits; nobody may be left.
    pub(super) fn answer(self, answered: Answered) {
        let _gone = self.answer.send(Ok(answered)).is_err();
    }

    /// Tells who waits that nothing comes.
    pub(super) fn lose(self) {
        let lost = Error::Offline("the connection was cut");
        let _gone = self.answer.send(Err(lost)).is_err();
    }

    /// Whether nobody waits any more.
    pub(super) fn is_forgotten(&self) -> bool {
        self.answer.is_closed()
    }
}

/// What happens in the network and on devices while nobody looks.
pub(super) enum Event {
    /// A request left.
    Letter(Letter),
    /// A device did what it was asked.
    Ended(usize, Result<String, Error>),
}

/// The network as one device sees it.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) from: usize,
    pub(super) events: mpsc::UnboundedSender<Event>,
}

impl Carrier for Wire {
    fn carry(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let (answer, answered) = oneshot::channel();
        let url = request.url();
        let query = url
            .query()
            .map_or(String::new(), |query| format!("?{query}"));
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let letter = Letter {
            from: self.from,
            sent: Sent {
                method: request.method().clone(),
                path: format!("{}{query}", url.path()),
                headers: request.headers().clone(),
                body: body.unwrap_or_default().to_vec(),
            },
            answer,
        };
        let _over = self.events.send(Event::Letter(letter)).is_err();
        async move {
            let lost = |_gone| Err(Error::Offline("the connection was cut"));
            let answered = answered.await.unwrap_or_else(lost)?;
            let mut response = http::Response::new(answered.body);
            *response.status_mut() = answered.status;
            *response.headers_mut() = answered.headers;
            Ok(response.into())
        }
        .boxed()
    }
}

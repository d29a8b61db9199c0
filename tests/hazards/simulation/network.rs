//! Requests on their way: each waits until the storm decides what becomes of it.

use futures_util::{FutureExt, future::BoxFuture};
use palier_device::{Carrier, Error};
use reqwest::{Request, Response};
use tokio::sync::{mpsc, oneshot};

use crate::carried::{Answered, Sent, as_response, as_sent};

/// What a device's address ends with, after its number.
const LANDING: &str = ".landing.invalid";

/// Where somebody's device is found.
pub(super) fn address(who: usize) -> String {
    format!("{who}{LANDING}")
}

/// Whose device a request is for; nobody's where it is for the relay.
pub(super) fn addressee(sent: &Sent) -> Option<usize> {
    sent.host.strip_suffix(LANDING)?.parse().ok()
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

    /// Whose device it is for; nobody's where it is for the relay.
    pub(super) fn to(&self) -> Option<usize> {
        addressee(&self.sent)
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

//! The relay, as a device asks it: one function a route, every answer bounded.

mod requests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::DateTime;
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    key::Secret,
    moment::{Millis, Moment},
    refusal::Refusal,
    wire::{Asked, Fault, MAX_BATCH, MAX_BATCH_BYTES, Page, Proof, PushAnswer, TotalsAnswer},
};
use reqwest::{Method, Request, RequestBuilder, Response, StatusCode, header};

pub(crate) use requests::Acceptance;

use crate::error::Error;

/// The largest answer that is read, but for territory packs.
const MAX_ANSWER_BYTES: usize = MAX_BATCH_BYTES + (1 << 20);
/// The largest territory pack.
const MAX_PACK_BYTES: usize = 64 << 20;

/// A difference between clocks that makes it worth asking again.
const NEWS_OF_THE_TIME: Millis = Millis::seconds(60);

/// Who asks.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) campaign: CampaignId,
    pub(crate) secret: Arc<Secret>,
    pub(crate) now: Moment,
}

/// What carries a request to a relay and its answer back: the network, or what a test puts in
/// its place.
pub trait Carrier: std::fmt::Debug + Send + Sync {
    /// Carries one request.
    ///
    /// # Errors
    /// [`Error::Offline`]: it did not arrive, or no answer came.
    fn carry(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>>;
}

impl Carrier for reqwest::Client {
    fn carry(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        self.execute(request)
            .map(|answer| answer.map_err(|reason| Error::Offline(why(&reason))))
            .boxed()
    }
}

fn why(reason: &reqwest::Error) -> &'static str {
    if reason.is_timeout() {
        "it took too long"
    } else if reason.is_connect() {
        "no connection"
    } else {
        "the connection was cut"
    }
}

/// What makes requests, and what carries them.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    maker: reqwest::Client,
    carrier: Arc<dyn Carrier>,
}

impl Client {
    /// Requests that something else than the network carries.
    pub(crate) fn carried_by(mut self, carrier: Arc<dyn Carrier>) -> Self {
        self.carrier = carrier;
        self
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let request = request
            .build()
            .map_err(|_reason| Error::Offline("no request can be made"))?;
        self.carrier.carry(request).await
    }
}

/// One relay.
#[derive(Clone, Debug)]
pub(crate) struct Relay {
    client: Client,
    base: String,
    /// How far the relay's clock is ahead of ours, in milliseconds; 0 until it says that ours
    /// is too far off.
    ahead: Arc<AtomicI64>,
}

/// A client for every relay.
pub(crate) fn client() -> Result<Client, Error> {
    // Another part of the program may have set the provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let maker = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(45))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|_reason| Error::Offline("no connection can be made"))?;
    Ok(Client {
        carrier: Arc::new(maker.clone()),
        maker,
    })
}

impl Relay {
    pub(crate) fn new(client: Client, base: &str) -> Self {
        Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            ahead: Arc::default(),
        }
    }

    /// The same relay, with what was learnt of its clock before.
    pub(crate) fn sharing(mut self, ahead: &Arc<AtomicI64>) -> Self {
        self.ahead = Arc::clone(ahead);
        self
    }

    pub(crate) async fn push(&self, asker: &Asker, body: Vec<u8>) -> Result<PushAnswer, Error> {
        let answer = self
            .ask(Some(asker), Method::POST, "/v1/push", body)
            .await?;
        json(answer).await
    }

    pub(crate) async fn pull(
        &self,
        asker: &Asker,
        space: SpaceId,
        after: u64,
    ) -> Result<Page, Error> {
        let path = format!("/v1/pull?space={space}&after={after}&limit={MAX_BATCH}");
        let answer = self
            .ask(Some(asker), Method::GET, &path, Vec::new())
            .await?;
        let bytes = read(answer, MAX_ANSWER_BYTES).await?;
        Page::decode(&bytes).map_err(|_reason| Error::Nonsense("a page that cannot be read"))
    }

    pub(crate) async fn totals(&self, asker: &Asker, by: &str) -> Result<TotalsAnswer, Error> {
        let path = format!("/v1/totals?by={by}");
        let answer = self
            .ask(Some(asker), Method::GET, &path, Vec::new())
            .await?;
        json(answer).await
    }

    pub(crate) async fn invitation(
        &self,
        campaign: CampaignId,
        key: DeviceId,
    ) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/invitations/{key}?campaign={campaign}");
        let answer = self.ask(None, Method::GET, &path, Vec::new()).await?;
        read(answer, MAX_ANSWER_BYTES).await
    }

    pub(crate) async fn put_pack(
        &self,
        asker: &Asker,
        hash: &str,
        packed: Vec<u8>,
    ) -> Result<(), Error> {
        let path = format!("/v1/packs/{hash}");
        self.ask(Some(asker), Method::PUT, &path, packed).await?;
        Ok(())
    }

    /// Reads a pack on from where `partial` ends; what came before a cut stays in it.
    pub(crate) async fn continue_pack(
        &self,
        asker: &Asker,
        hash: &str,
        partial: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let path = format!("/v1/packs/{hash}");
        let from = partial.len();
        let answer = self
            .send(Some(asker), &Method::GET, &path, &[], |request| {
                if from == 0 {
                    request
                } else {
                    request.header(header::RANGE, format!("bytes={from}-"))
                }
            })
            .await?;
        if answer.status() != StatusCode::PARTIAL_CONTENT {
            partial.clear();
        }
        append(answer, partial, MAX_PACK_BYTES).await
    }

    /// Waits for the relay's word that a space has more than was read of it, until the
    /// connection ends.
    pub(crate) async fn wait_for_news(
        &self,
        asker: &Asker,
        read: &[(SpaceId, u64)],
    ) -> Result<(), Error> {
        let list: Vec<String> = read
            .iter()
            .map(|(space, place)| format!("{space}.{place}"))
            .collect();
        let path = format!("/v1/events?spaces={}", list.join(","));
        let answer = self
            .ask(Some(asker), Method::GET, &path, Vec::new())
            .await?;
        let mut stream = answer.bytes_stream();
        let mut seen = Vec::new();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_reason| Error::Offline("the connection was cut"))?;
            seen.extend_from_slice(&piece);
            // Comments only keep the connection open; a line of data is news.
            if seen.windows(5).any(|line| line == b"data:") {
                return Ok(());
            }
            let kept_from = seen.len().saturating_sub(5);
            seen.drain(..kept_from);
        }
        Err(Error::Offline("the connection was closed"))
    }

    async fn ask(
        &self,
        asker: Option<&Asker>,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Response, Error> {
        self.send(asker, &method, path, &body, |request| {
            request.body(body.clone())
        })
        .await
    }

    /// Sends a request; once more with the relay's time where it says that ours is off.
    async fn send(
        &self,
        asker: Option<&Asker>,
        method: &Method,
        path: &str,
        body: &[u8],
        finish: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Error> {
        let request = finish(self.request(asker, method, path, body));
        let answer = self.client.send(request).await;
        let again = match (&answer, asker) {
            (Ok(answer), Some(asker)) if answer.status() == StatusCode::UNAUTHORIZED => {
                self.set_ahead(answer, asker.now)
            }
            _ => false,
        };
        if again {
            let request = finish(self.request(asker, method, path, body));
            return checked(self.client.send(request).await?).await;
        }
        checked(answer?).await
    }

    /// Takes the relay's time from an answer; whether it is news.
    fn set_ahead(&self, answer: &Response, now: Moment) -> bool {
        let date = answer.headers().get(header::DATE);
        let Some(theirs) = date
            .and_then(|date| date.to_str().ok())
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok())
        else {
            return false;
        };
        let ahead = theirs.timestamp_millis().saturating_sub(now.0);
        let before = self.ahead.swap(ahead, Ordering::Relaxed);
        ahead.abs_diff(before) > NEWS_OF_THE_TIME.0.unsigned_abs()
    }

    fn request(
        &self,
        asker: Option<&Asker>,
        method: &Method,
        path: &str,
        body: &[u8],
    ) -> RequestBuilder {
        let request = self
            .client
            .maker
            .request(method.clone(), format!("{}{path}", self.base));
        let Some(asker) = asker else { return request };
        let asked = Asked {
            method: method.as_str(),
            path_and_query: path,
            body,
        };
        let at = asker.now.after(Millis(self.ahead.load(Ordering::Relaxed)));
        let proof = Proof::sign(asker.campaign, &asker.secret, at, asked);
        request.header(header::AUTHORIZATION, proof.header())
    }
}

/// An answer that says yes; otherwise why not.
async fn checked(answer: Response) -> Result<Response, Error> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::Offline("it cannot answer now"));
    }
    let fault: Fault = json(answer).await?;
    if status == StatusCode::NOT_FOUND && fault.code == "not_found" {
        return Err(Error::NotThere);
    }
    let refusal: Result<Refusal, _> = serde_json::from_value(fault.code.into());
    refusal.map_or(Err(Error::Nonsense("an unknown refusal")), |refusal| {
        Err(Error::Refused(refusal))
    })
}

async fn json<T: serde::de::DeserializeOwned>(answer: Response) -> Result<T, Error> {
    let bytes = read(answer, MAX_ANSWER_BYTES).await?;
    serde_json::from_slice(&bytes)
        .map_err(|_reason| Error::Nonsense("an answer that cannot be read"))
}

async fn read(answer: Response, most: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    append(answer, &mut bytes, most).await?;
    Ok(bytes)
}

async fn append(answer: Response, bytes: &mut Vec<u8>, most: usize) -> Result<(), Error> {
    let mut stream = answer.bytes_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_reason| Error::Offline("the connection was cut"))?;
        if bytes.len() + piece.len() > most {
            return Err(Error::Nonsense("an answer that is too long"));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(())
}

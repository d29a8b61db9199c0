//! The relay, as a device asks it: one function a route, every answer bounded.

mod carrier;
mod part;
mod requests;
#[cfg(any(test, target_os = "android"))]
mod roots;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::DateTime;
use futures_util::StreamExt;
use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    key::Secret,
    moment::{Millis, Moment},
    refusal::Refusal,
    wire::{
        Asked, Fault, Heads, Health, MAX_BATCH, MAX_BATCH_BYTES, Page, Proof, PushAnswer,
        TotalsAnswer,
    },
};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};

pub use carrier::Carrier;
pub(crate) use carrier::Client;
pub(crate) use requests::Acceptance;

use crate::{
    error::Error,
    pairing::{self, Code, WRONG_CODE},
};

/// The largest answer that is read, but for territory packs.
const MAX_ANSWER_BYTES: usize = MAX_BATCH_BYTES + (1 << 20);
/// The largest territory pack.
const MAX_PACK_BYTES: usize = 64 << 20;

/// The longest answer that says why not.
const MAX_FAULT_BYTES: usize = 64 << 10;
/// The longest line of an event stream.
const MAX_LINE_BYTES: usize = 16 << 10;
/// How long one question may take, its answer included: four MiB over a very bad network.
const PATIENCE: Duration = Duration::from_secs(600);
/// The longest wait that a relay may ask for.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(3_600);

/// A difference between clocks that makes it worth asking again.
const NEWS_OF_THE_TIME: Millis = Millis::seconds(60);

/// Who asks.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) campaign: CampaignId,
    pub(crate) secret: Arc<Secret>,
    pub(crate) now: Moment,
}

/// One relay.
#[derive(Clone, Debug)]
pub(crate) struct Relay {
    client: Client,
    base: String,
    heard: Arc<Heard>,
    /// The code that another device shows, where this is one.
    code: Option<Arc<Code>>,
    /// How long one question may take, its answer included.
    patience: Duration,
}

/// What was heard beside answers.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// How far the relay's clock is ahead of ours, in milliseconds; 0 until it says that ours
    /// is too far off.
    ahead: AtomicI64,
    /// The relay's time, and when it said so.
    said: Mutex<Option<(Moment, Instant)>>,
    /// How long the relay wishes that nobody comes back for news, in milliseconds.
    reconnect_ms: AtomicU64,
}

impl Heard {
    /// The relay's time now, where it has said it since this was asked last.
    pub(crate) fn time(&self) -> Option<Moment> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let (time, at) = said.take()?;
        let since = i64::try_from(at.elapsed().as_millis()).unwrap_or(i64::MAX);
        Some(time.after(Millis(since)))
    }

    /// Our own clock was corrected: nothing is to be added to it any more.
    pub(crate) fn forget_ahead(&self) {
        self.ahead.store(0, Ordering::Relaxed);
    }

    /// How long the relay wishes that nobody comes back for news.
    pub(crate) fn reconnect(&self) -> Duration {
        Duration::from_millis(self.reconnect_ms.load(Ordering::Relaxed))
    }

    /// Reads a line of an event stream; whether it is news. Comments only keep the connection
    /// open.
    fn line(&self, line: &[u8]) -> bool {
        if let Some(wish) = line.strip_prefix(b"retry:") {
            let wish = std::str::from_utf8(wish).ok();
            let wish = wish.and_then(|wish| wish.trim().parse::<u64>().ok());
            let most = u64::try_from(MAX_RETRY_AFTER.as_millis()).unwrap_or(u64::MAX);
            if let Some(wish) = wish {
                self.reconnect_ms.store(wish.min(most), Ordering::Relaxed);
            }
        }
        line.starts_with(b"data:")
    }
}

/// A client for every relay.
pub(crate) fn client() -> Result<Client, Error> {
    Client::of_the_network()
}

impl Relay {
    pub(crate) fn new(client: Client, base: &str) -> Self {
        Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            heard: Arc::default(),
            code: None,
            patience: PATIENCE,
        }
    }

    /// The same relay, with what was heard of it before.
    pub(crate) fn sharing(mut self, heard: &Arc<Heard>) -> Self {
        self.heard = Arc::clone(heard);
        self
    }

    /// Another device, whose code is known.
    pub(crate) fn knowing(mut self, code: Arc<Code>) -> Self {
        self.code = Some(code);
        self
    }

    /// What a relay, or a device in its place, says of itself.
    pub(crate) async fn health(&self, asker: &Asker) -> Result<Health, Error> {
        let answer = self
            .ask(Some(asker), Method::GET, "/v1/health", Vec::new())
            .await?;
        self.json(answer).await
    }

    pub(crate) async fn push(&self, asker: &Asker, body: Vec<u8>) -> Result<PushAnswer, Error> {
        let answer = self
            .ask(Some(asker), Method::POST, "/v1/push", body)
            .await?;
        self.json(answer).await
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
        let bytes = self.read(answer, MAX_ANSWER_BYTES).await?;
        Page::decode(&bytes).map_err(|_reason| Error::Nonsense("a page that cannot be read"))
    }

    /// Where the logs of several spaces have come to.
    pub(crate) async fn heads(&self, asker: &Asker, spaces: &[SpaceId]) -> Result<Heads, Error> {
        let list: Vec<String> = spaces.iter().map(ToString::to_string).collect();
        let path = format!("/v1/heads?spaces={}", list.join(","));
        let answer = self
            .ask(Some(asker), Method::GET, &path, Vec::new())
            .await?;
        self.json(answer).await
    }

    pub(crate) async fn totals(&self, asker: &Asker, by: &str) -> Result<TotalsAnswer, Error> {
        let path = format!("/v1/totals?by={by}");
        let answer = self
            .ask(Some(asker), Method::GET, &path, Vec::new())
            .await?;
        self.json(answer).await
    }

    pub(crate) async fn invitation(
        &self,
        campaign: CampaignId,
        key: DeviceId,
    ) -> Result<Vec<u8>, Error> {
        let path = format!("/v1/invitations/{key}?campaign={campaign}");
        let answer = self.ask(None, Method::GET, &path, Vec::new()).await?;
        self.read(answer, MAX_ANSWER_BYTES).await
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
        self.append(answer, partial, MAX_PACK_BYTES).await
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
        let mut line = Vec::new();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_reason| Error::Offline("the connection was cut"))?;
            for byte in piece {
                if byte != b'\n' {
                    line.push(byte);
                } else if self.heard.line(&line) {
                    return Ok(());
                } else {
                    line.clear();
                }
                if line.len() > MAX_LINE_BYTES {
                    return Err(Error::Nonsense("a line without an end"));
                }
            }
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
        let answer = self
            .once(finish(self.request(asker, method, path, body)))
            .await;
        let again = match (&answer, asker) {
            (Ok(answer), Some(asker)) if answer.status() == StatusCode::UNAUTHORIZED => {
                self.set_ahead(answer, asker.now)
            }
            _ => false,
        };
        if again {
            let answer = self
                .once(finish(self.request(asker, method, path, body)))
                .await;
            return self.checked(answer?).await;
        }
        self.checked(answer?).await
    }

    /// Sends a request, and waits for the head of its answer.
    async fn once(&self, request: RequestBuilder) -> Result<Response, Error> {
        let answer = tokio::time::timeout(self.patience, self.client.send(request))
            .await
            .unwrap_or(Err(Error::Offline("it took too long")))?;
        if let Some(time) = date(&answer) {
            let said = &self.heard.said;
            *said.lock().unwrap_or_else(PoisonError::into_inner) = Some((time, Instant::now()));
        }
        Ok(answer)
    }

    /// Takes the relay's time from an answer; whether it is news.
    fn set_ahead(&self, answer: &Response, now: Moment) -> bool {
        let Some(theirs) = date(answer) else {
            return false;
        };
        let ahead = theirs.0.saturating_sub(now.0);
        let before = self.heard.ahead.swap(ahead, Ordering::Relaxed);
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
            .request(method.clone(), format!("{}{path}", self.base));
        let Some(asker) = asker else { return request };
        let asked = Asked {
            method: method.as_str(),
            path_and_query: path,
            body,
        };
        let at = asker
            .now
            .after(Millis(self.heard.ahead.load(Ordering::Relaxed)));
        let proof = Proof::sign(asker.campaign, &asker.secret, at, asked).header();
        let request = match &self.code {
            Some(code) => request.header(pairing::HEADER, code.prove(&proof)),
            None => request,
        };
        request.header(header::AUTHORIZATION, proof)
    }

    /// An answer that says yes; otherwise why not.
    async fn checked(&self, answer: Response) -> Result<Response, Error> {
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(
                retry_after(&answer).map_or(Error::Offline("it cannot answer now"), Error::Busy)
            );
        }
        let bytes = self.read(answer, MAX_FAULT_BYTES).await?;
        let fault: Fault = serde_json::from_slice(&bytes)
            .map_err(|_reason| Error::Nonsense("an answer that cannot be read"))?;
        if status == StatusCode::NOT_FOUND && fault.code == "not_found" {
            return Err(Error::NotThere);
        }
        if fault.code == WRONG_CODE {
            return Err(Error::WrongCode);
        }
        let refusal: Result<Refusal, _> = serde_json::from_value(fault.code.into());
        refusal.map_or(Err(Error::Nonsense("an unknown refusal")), |refusal| {
            Err(Error::Refused(refusal))
        })
    }

    async fn json<T: serde::de::DeserializeOwned>(&self, answer: Response) -> Result<T, Error> {
        let bytes = self.read(answer, MAX_ANSWER_BYTES).await?;
        serde_json::from_slice(&bytes)
            .map_err(|_reason| Error::Nonsense("an answer that cannot be read"))
    }

    async fn read(&self, answer: Response, most: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.append(answer, &mut bytes, most).await?;
        Ok(bytes)
    }

    async fn append(
        &self,
        answer: Response,
        bytes: &mut Vec<u8>,
        most: usize,
    ) -> Result<(), Error> {
        let read = async {
            let mut stream = answer.bytes_stream();
            while let Some(piece) = stream.next().await {
                let piece = piece.map_err(|_reason| Error::Offline("the connection was cut"))?;
                if bytes.len() + piece.len() > most {
                    return Err(Error::Nonsense("an answer that is too long"));
                }
                bytes.extend_from_slice(&piece);
            }
            Ok(())
        };
        tokio::time::timeout(self.patience, read)
            .await
            .unwrap_or(Err(Error::Offline("it took too long")))
    }
}

/// The relay's time, as an answer says it.
fn date(answer: &Response) -> Option<Moment> {
    let date = answer.headers().get(header::DATE)?.to_str().ok()?;
    let date = DateTime::parse_from_rfc2822(date).ok()?;
    Some(Moment(date.timestamp_millis()))
}

/// How long the relay wishes to be left alone, in whole seconds (RFC 9110, 10.2.3).
fn retry_after(answer: &Response) -> Option<Duration> {
    let wish = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    let wish = Duration::from_secs(wish.trim().parse().ok()?);
    Some(wish.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests;

//! "Space S is at N": a stream that says when to pull, and nothing else.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use axum::{
    extract::{Request, State},
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{FutureExt, Stream, future::select_all, stream::unfold};
use palier_core::{id::DeviceId, id::SpaceId, refusal::Refusal, rights::Place};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::{
    auth::{Member, Signed},
    error::ApiError,
    state::AppState,
    wakeups::Topic,
};

/// The most spaces that one stream tells of.
const MAX_SPACES: usize = 1_000;
/// How often a stream shows that it lives: proxies cut silent ones after a minute.
const ALIVE_EVERY: Duration = Duration::from_secs(25);

#[derive(Deserialize)]
struct Asked {
    spaces: String,
}

/// What is said of a space.
#[derive(Serialize)]
struct At {
    space: String,
    head: u64,
}

/// `GET /v1/events?spaces=a,b`: where a space has come to, each time that it grows. With
/// `a.12`, the device says that it has read to place 12, and hears at once where there is
/// more: nothing falls between a pull and the stream. The log of the reports is told of to
/// organisers only, and passed over for others.
pub(super) async fn listen(
    State(state): State<AppState>,
    request: Request,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let uri = request.uri().clone();
    let signed = Signed::read(&state, request, 0).await?;
    let member = signed.member(&state).await?;
    let asked: Asked = super::query(&uri)?;
    let spaces = read_spaces(&asked.spaces)?;
    let campaign = member.campaign;
    let mut told = Vec::new();
    for (space, read_to) in spaces {
        if member.any(|rights| rights.may_read(&campaign, space)) {
            told.push((space, read_to));
        } else if Place::of(&campaign, space) != Place::Reports {
            return Err(Refusal::NotAllowed.into());
        }
    }
    let listener = Listener::start(state, member, signed.device, told).await?;
    let alive = KeepAlive::new().interval(ALIVE_EVERY);
    Ok(Sse::new(unfold(listener, Listener::next)).keep_alive(alive))
}

/// A space, and to where the device has read it where it says so.
type Read = (SpaceId, Option<u64>);

fn read_spaces(text: &str) -> Result<Vec<Read>, Refusal> {
    let spaces: Vec<Read> = text.split(',').map(read_space).collect::<Result<_, _>>()?;
    if spaces.len() > MAX_SPACES {
        return Err(Refusal::TooLarge);
    }
    Ok(spaces)
}

fn read_space(text: &str) -> Result<Read, Refusal> {
    let (space, read_to) = match text.split_once('.') {
        Some((space, place)) => (space, Some(place)),
        None => (text, None),
    };
    let read_to = read_to.map(str::parse).transpose();
    Ok((
        space.parse().map_err(|_reason| Refusal::Malformed)?,
        read_to.map_err(|_reason| Refusal::Malformed)?,
    ))
}

/// One device that listens.
struct Listener {
    state: AppState,
    member: Member,
    device: DeviceId,
    spaces: Vec<(SpaceId, watch::Receiver<u64>)>,
    revocations: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    to_say: VecDeque<(SpaceId, u64)>,
}

enum Woken {
    Space(usize),
    Revocation,
    End,
}

impl Listener {
    async fn start(
        state: AppState,
        member: Member,
        device: DeviceId,
        spaces: Vec<Read>,
    ) -> Result<Self, ApiError> {
        let campaign = member.campaign;
        let wakeups = state.wakeups();
        // Listening comes before reading, so that nothing falls between.
        let listened = spaces
            .iter()
            .map(|(space, _)| (*space, wakeups.listen(Topic::Space(campaign, *space))))
            .collect();
        let revocations = wakeups.listen(Topic::Revocations(campaign));
        let asked = spaces.iter().map(|(space, _)| *space).collect();
        let heads = state.store().heads(campaign, asked).await?;
        let news = heads.into_iter().zip(&spaces);
        let news = news.filter(|((_, head), (_, read_to))| read_to.is_some_and(|to| to < *head));
        let listener = Self {
            stopping: state.stopping(),
            spaces: listened,
            revocations,
            to_say: news.map(|(at, _)| at).collect(),
            state,
            member,
            device,
        };
        // Rights may have ended while the stream was being set up.
        if listener.may_go_on().await {
            Ok(listener)
        } else {
            Err(Refusal::Revoked.into())
        }
    }

    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some((space, head)) = self.to_say.pop_front() {
                let at = At {
                    space: space.to_string(),
                    head,
                };
                let event = Event::default().json_data(at).ok()?;
                return Some((Ok(event), self));
            }
            match self.woken().await {
                Woken::Space(index) => {
                    let (space, head) = self.spaces.get_mut(index)?;
                    let at = (*space, *head.borrow_and_update());
                    self.to_say.push_back(at);
                }
                Woken::Revocation => {
                    if !self.may_go_on().await {
                        return None;
                    }
                }
                Woken::End => return None,
            }
        }
    }

    async fn woken(&mut self) -> Woken {
        let spaces = self
            .spaces
            .iter_mut()
            .map(|(_space, head)| head.changed().boxed());
        let mut spaces: Vec<_> = spaces.collect();
        if spaces.is_empty() {
            spaces.push(std::future::pending().boxed());
        }
        tokio::select! {
            biased;
            _ = self.stopping.changed() => Woken::End,
            changed = self.revocations.changed() => match changed {
                Ok(()) => Woken::Revocation,
                Err(_gone) => Woken::End,
            },
            (changed, index, _rest) = select_all(spaces) => match changed {
                Ok(()) => Woken::Space(index),
                Err(_gone) => Woken::End,
            },
        }
    }

    /// Whether the device still has the rights that it came with.
    async fn may_go_on(&self) -> bool {
        let campaign = self.member.campaign;
        match self.state.store().standing(campaign, self.device).await {
            Ok(standing) => Member::of(campaign, standing, self.state.now()).is_ok(),
            Err(_cause) => false,
        }
    }
}

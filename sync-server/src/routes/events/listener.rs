//! One device that listens, while its rights last and the relay runs.

use std::{convert::Infallible, fmt::Write, time::Duration};

use axum::body::Bytes;
use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::Place,
};
use tokio::{sync::watch, time::sleep};

use super::Read;
use crate::{
    auth::Member,
    error::ApiError,
    state::AppState,
    wakeups::{Listening, News},
};

/// How often a stream shows that it lives: proxies cut silent ones after a minute.
const ALIVE_EVERY: Duration = Duration::from_secs(25);
/// A comment, which says nothing.
const ALIVE: &[u8] = b":\n\n";
/// How many devices a relay that comes back is asked for at once, in a second.
const BACK_PER_SECOND: usize = 250;

/// One device that listens.
pub(super) struct Listener {
    state: AppState,
    campaign: CampaignId,
    device: DeviceId,
    spaces: Box<[SpaceId]>,
    /// Until when it may read all of them.
    until: Moment,
    listening: Listening,
    stopping: watch::Receiver<bool>,
    ended: bool,
}

impl Listener {
    pub(super) async fn start(
        state: AppState,
        member: &Member,
        device: DeviceId,
        asked: &[Read],
    ) -> Result<Self, ApiError> {
        let campaign = member.campaign;
        let told = told(member, asked)?;
        let spaces: Box<[_]> = told.iter().map(|(space, _)| *space).collect();
        // Listening comes before reading, so that nothing falls between.
        let most = state.limits().streams;
        let listening = state
            .wakeups()
            .listen(campaign, device, spaces.iter().copied(), most);
        let heads = state.store().heads(campaign, spaces.to_vec()).await?;
        for ((space, head), (_, read_to)) in heads.into_iter().zip(&told) {
            if read_to.is_some_and(|read_to| read_to < head) {
                listening.found(space, head);
            }
        }
        let mut listener = Self {
            stopping: state.stopping(),
            until: state.now(),
            state,
            campaign,
            device,
            spaces,
            listening,
            ended: false,
        };
        // Rights may have ended while the stream was being set up.
        listener.look_again().await?;
        Ok(listener)
    }

    /// What is said next; nothing at the end of the stream.
    pub(super) async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if self.ended {
                return None;
            }
            if *self.stopping.borrow() {
                self.ended = true;
                self.state.metrics().ended_stream("stopping");
                return Some((Ok(self.come_back()), self));
            }
            let pause = sleep(self.pause());
            tokio::select! {
                biased;
                stopping = self.stopping.changed() => stopping.ok()?,
                news = self.listening.news() => match news {
                    News::Ended => {
                        self.state.metrics().ended_stream("newer");
                        return None;
                    }
                    News::Rights => self.keep_rights().await?,
                    News::Grown(spaces) => {
                        self.check_rights().await?;
                        return Some((Ok(grown(&spaces)), self));
                    }
                },
                () = pause => {
                    self.check_rights().await?;
                    return Some((Ok(Bytes::from_static(ALIVE)), self));
                }
            }
        }
    }

    /// Nothing is said to those whose rights have ended.
    async fn check_rights(&mut self) -> Option<()> {
        if self.until < self.state.now() {
            self.keep_rights().await?;
        }
        Some(())
    }

    /// Goes on if the rights still hold, or were renewed.
    async fn keep_rights(&mut self) -> Option<()> {
        // In a box: a stream should not keep the space for what it seldom does.
        let kept = Box::pin(self.look_again()).await;
        if kept.is_err() {
            self.state.metrics().ended_stream("rights");
        }
        kept.ok()
    }

    /// Until there is something to say or to look at.
    fn pause(&self) -> Duration {
        let now = self.state.now();
        let rights_last = self.until.0.saturating_sub(now.0).saturating_add(1);
        let rights_last = Duration::from_millis(u64::try_from(rights_last).unwrap_or(0));
        ALIVE_EVERY.min(rights_last)
    }

    /// Whether the device may still read what it is told of, and until when.
    async fn look_again(&mut self) -> Result<(), ApiError> {
        let store = self.state.store();
        let standing = store.standing(self.campaign, self.device).await?;
        let member = Member::of(self.campaign, standing, self.state.now())?;
        let mut until = member.until();
        for space in &self.spaces {
            let ends = member.reads_until(*space).ok_or(Refusal::NotAllowed)?;
            until = until.min(ends);
        }
        self.until = until;
        Ok(())
    }

    /// Tells the device to come back, each at another moment.
    fn come_back(&self) -> Bytes {
        let spread_ms =
            (self.state.wakeups().open() * 1_000 / BACK_PER_SECOND).clamp(2_000, 120_000);
        let chance = getrandom::u32().unwrap_or_default();
        let retry_ms = u64::from(chance) * (spread_ms as u64) / u64::from(u32::MAX);
        format!("retry: {retry_ms}\n\n").into()
    }
}

/// The spaces that the device is told of.
fn told(member: &Member, asked: &[Read]) -> Result<Vec<Read>, Refusal> {
    let mut told = Vec::with_capacity(asked.len());
    for (space, read_to) in asked {
        if member.reads_until(*space).is_some() {
            told.push((*space, *read_to));
        } else if Place::of(&member.campaign, *space) != Place::Reports {
            return Err(Refusal::NotAllowed);
        }
    }
    Ok(told)
}

fn grown(spaces: &[(SpaceId, u64)]) -> Bytes {
    let mut said = String::with_capacity(spaces.len() * 80);
    for (space, head) in spaces {
        // Writing into a text never fails.
        let _always = write!(said, "data: {{\"space\":\"{space}\",\"head\":{head}}}\n\n");
    }
    said.into()
}

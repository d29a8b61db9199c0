//! Sync: seal, push, pull, and wait for news.
//!
//! The device decides (what to send, what to take in); this file only carries. No lock is held
//! while the network is waited for, so that a tap never waits.

mod asking;

use std::time::Duration;

use palier_core::{
    id::{CampaignId, SpaceId},
    refusal::Refusal,
    rights::Role,
    wire::{self, PushAnswer},
};

use crate::{
    api::{Api, reply::SyncReport, request::Grouping},
    clock::random,
    device::{Joining, check_record, grouping_word, must_ask, read_link},
    error::Error,
    relay::{Asker, Relay},
};

/// The longest wait after failures.
const MAX_WAIT: Duration = Duration::from_secs(300);
/// The shortest.
const MIN_WAIT: Duration = Duration::from_secs(1);
/// How long taps are gathered before they are sent.
const GATHER: Duration = Duration::from_millis(1_500);
/// How many cut downloads of a pack are taken up again in one sync.
const PACK_TRIES: u32 = 5;

impl Api {
    /// Sends what is queued and fetches what is new.
    ///
    /// # Errors
    /// The relay is away or answers nonsense ([`Error::Offline`], [`Error::Nonsense`]); what
    /// was done until then stays done.
    pub async fn sync(&self) -> Result<SyncReport, Error> {
        let _one_at_a_time = self.syncing.lock().await;
        self.ask_to_join().await?;
        let done = self.exchange().await;
        self.note_rights(&done).await?;
        let reached = !matches!(done, Err(Error::Offline(_) | Error::Nonsense(_)));
        if !matches!(done, Err(Error::NotInCampaign)) {
            self.with(move |device| device.note_sync(reached)).await?;
        }
        self.note_shown();
        done
    }

    /// Sends what is queued, and fetches nothing.
    ///
    /// # Errors
    /// As [`Api::sync`].
    pub async fn push(&self) -> Result<SyncReport, Error> {
        let _one_at_a_time = self.syncing.lock().await;
        let mut report = SyncReport::default();
        self.push_all(&mut report).await?;
        Ok(report)
    }

    async fn exchange(&self) -> Result<SyncReport, Error> {
        let mut report = SyncReport::default();
        self.send_territory().await?;
        let heard = self.hear_before_sealing(&mut report).await?;
        self.push_all(&mut report).await?;
        self.pull_all(&mut report, &heard).await?;
        self.fetch_territory().await?;
        self.exchange_requests().await?;
        // What was pulled may change what is to be counted: a new territory moves stations.
        self.push_all(&mut report).await?;
        self.fetch_totals().await?;
        report.queued = self.with(|device| device.status()).await?.queued;
        Ok(report)
    }

    async fn push_all(&self, report: &mut SyncReport) -> Result<(), Error> {
        loop {
            let outgoing = self
                .with(|device| {
                    device.seal_outbox()?;
                    device.outgoing()
                })
                .await?;
            if outgoing.envelopes.is_empty() {
                return Ok(());
            }
            let body = wire::write_push(outgoing.envelopes.iter().map(|(_, bytes)| &**bytes));
            let (relay, asker) = self.relay().await?;
            let answer = relay.push(&asker, body).await?;
            let note = self
                .with(move |device| device.note_pushed(&outgoing, &answer))
                .await?;
            report.sent += note.sent;
            report.already_there += note.already_there;
            report
                .refused
                .extend(note.refused.iter().map(ToString::to_string));
        }
    }

    /// Reads on in the teams for which something is still to be sealed: the key may have been
    /// changed, and who was removed must read nothing that is sent from now on. Gives the
    /// spaces that were read to their end.
    async fn hear_before_sealing(&self, report: &mut SyncReport) -> Result<Vec<SpaceId>, Error> {
        let mut heard = Vec::new();
        for space in self.with(|device| device.spaces_to_seal()).await? {
            let read = async {
                while self.pull_page(space, report).await? {}
                Ok(())
            };
            match read.await {
                Ok(()) => heard.push(space),
                // A relay that lost its store must be told first who asks.
                Err(Error::Refused(Refusal::UnknownDevice)) => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(heard)
    }

    async fn pull_all(&self, report: &mut SyncReport, heard: &[SpaceId]) -> Result<(), Error> {
        let mut spaces = self.with(|device| device.spaces()).await?;
        spaces.retain(|space| !heard.contains(space));
        for space in spaces {
            while self.pull_page(space, report).await? {}
        }
        Ok(())
    }

    /// Reads one page; whether there is more.
    async fn pull_page(&self, space: SpaceId, report: &mut SyncReport) -> Result<bool, Error> {
        let after = self.with(move |device| device.pulled(space)).await?;
        let (relay, asker) = self.relay().await?;
        let page = match relay.pull(&asker, space, after).await {
            // A team's space begins on the relay with its first envelope.
            Err(Error::Refused(Refusal::WrongSpace)) => return Ok(false),
            page => page?,
        };
        let note = self
            .with(move |device| device.receive(space, &page))
            .await?;
        report.received += note.received + note.received_late;
        report.set_aside += note.set_aside;
        Ok(note.more || note.new_incarnation)
    }

    async fn send_territory(&self) -> Result<(), Error> {
        let Some((hash, packed)) = self.with(|device| device.unsent_territory()).await? else {
            return Ok(());
        };
        // The relay takes packs from organisers that it knows.
        self.push_all(&mut SyncReport::default()).await?;
        let (relay, asker) = self.relay().await?;
        relay.put_pack(&asker, &hash, packed).await?;
        self.with(move |device| device.note_territory_sent(&hash))
            .await
    }

    async fn fetch_territory(&self) -> Result<(), Error> {
        let Some(hash) = self.with(|device| device.missing_territory()).await? else {
            return Ok(());
        };
        let (relay, asker) = self.relay().await?;
        let mut packed = Vec::new();
        for tried in 1.. {
            match relay.continue_pack(&asker, &hash, &mut packed).await {
                Ok(()) => break,
                Err(Error::Offline(_)) if tried < PACK_TRIES && !packed.is_empty() => {}
                Err(reason) => return Err(reason),
            }
        }
        self.with(move |device| device.take_territory(&hash, &packed))
            .await
    }

    async fn fetch_totals(&self) -> Result<(), Error> {
        let reads = |role: Option<Role>| role.is_some_and(Role::reads_totals);
        if !reads(self.with(|device| device.status()).await?.role) {
            return Ok(());
        }
        for by in [Grouping::Station, Grouping::Day, Grouping::Team] {
            let (relay, asker) = self.relay().await?;
            let answer = relay.totals(&asker, grouping_word(by)).await?;
            self.with(move |device| device.note_totals(by, &answer))
                .await?;
        }
        Ok(())
    }

    /// Enters a campaign by its link.
    pub(crate) async fn join(&self, link: &str, pseudonym: &str) -> Result<(), Error> {
        let link = read_link(link)?;
        let key = link.secret.secret().device();
        let began = self.with(move |device| device.began_joining(key)).await?;
        let relay = Relay::new(self.client.clone(), &link.relay);
        let record = match began {
            Some(record) => record,
            None => relay.invitation(link.campaign, key).await?,
        };
        let pseudonym = pseudonym.to_owned();
        let checked = self.with(|device| Ok(device.now())).await?;
        if must_ask(&check_record(&link, &record, checked)?) {
            self.with(move |device| device.begin_asking(&link, &record, &pseudonym))
                .await?;
            let _one_at_a_time = self.syncing.lock().await;
            return match self.ask_to_join().await {
                // It is kept, and asked again.
                Ok(()) | Err(Error::Offline(_) | Error::Refused(Refusal::Waiting)) => Ok(()),
                Err(reason) => Err(reason),
            };
        }
        let joining = self
            .with(move |device| device.begin_joining(&link, &record, &pseudonym))
            .await?;
        let asker = self.asker(joining.campaign()).await?;
        let answer = introduce(&relay, &asker, &joining).await?;
        self.with(move |device| device.finish_joining(joining, &answer))
            .await
    }

    async fn asker(&self, campaign: CampaignId) -> Result<Asker, Error> {
        self.with(move |device| {
            Ok(Asker {
                campaign,
                secret: device.secret(),
                now: device.now(),
            })
        })
        .await
    }

    /// What a link opens, before anything is done with it.
    pub(crate) async fn read_invitation(
        &self,
        link: &str,
    ) -> Result<palier_core::invitation::InvitationRecord, Error> {
        let link = read_link(link)?;
        let key = link.secret.secret().device();
        let relay = Relay::new(self.client.clone(), &link.relay);
        let record = relay.invitation(link.campaign, key).await?;
        let now = self.with(|device| Ok(device.now())).await?;
        check_record(&link, &record, now)
    }

    async fn relay(&self) -> Result<(Relay, Asker), Error> {
        let (base, asker) = self
            .with(|device| {
                let place = &device.member()?.place;
                let asker = Asker {
                    campaign: place.campaign,
                    secret: device.secret(),
                    now: device.now(),
                };
                Ok((place.relay.clone(), asker))
            })
            .await?;
        Ok((
            Relay::new(self.client.clone(), &base).sharing(&self.ahead),
            asker,
        ))
    }

    /// Syncs for as long as it is let run: after each tap, at the relay's word, and after a
    /// failure with a growing, random wait. While all is well nothing is asked on a clock, but for
    /// requests to join, of which the log says nothing.
    pub async fn keep_synced(&self) {
        let mut failures = 0_u32;
        let mut taps = self.taps();
        loop {
            taps.borrow_and_update();
            match self.sync().await {
                Ok(_) => failures = 0,
                Err(Error::NotInCampaign) => {
                    if taps.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                Err(_) => failures = failures.saturating_add(1),
            }
            if failures > 0 {
                tokio::select! {
                    () = tokio::time::sleep(wait_after(failures)) => {}
                    () = self.asked_anew(&mut taps) => failures = 0,
                }
                continue;
            }
            tokio::select! {
                tapped = taps.changed() => {
                    if tapped.is_err() {
                        return;
                    }
                    tokio::time::sleep(GATHER).await;
                }
                news = self.wait_for_news() => {
                    if news.is_err() {
                        tokio::time::sleep(wait_after(1)).await;
                    }
                }
                () = self.requests_are_due() => {}
            }
        }
    }

    async fn wait_for_news(&self) -> Result<(), Error> {
        let read = self
            .with(|device| {
                let spaces = device.spaces()?;
                spaces
                    .into_iter()
                    .map(|space| Ok((space, device.pulled(space)?)))
                    .collect::<Result<Vec<_>, Error>>()
            })
            .await?;
        let (relay, asker) = self.relay().await?;
        relay.wait_for_news(&asker, &read).await
    }
}

async fn introduce(relay: &Relay, asker: &Asker, joining: &Joining) -> Result<PushAnswer, Error> {
    let body = wire::write_push([joining.introduction()]);
    relay.push(asker, body).await
}

/// A random wait between nothing and a bound that doubles with each failure ("full jitter",
/// M. Brooker, AWS Architecture Blog, 2015), and never shorter than a second.
fn wait_after(failures: u32) -> Duration {
    let bound = MIN_WAIT
        .saturating_mul(2_u32.saturating_pow(failures.min(16)))
        .min(MAX_WAIT);
    MIN_WAIT.max(bound.mul_f64(chance()))
}

/// A random number from 0 to 1.
fn chance() -> f64 {
    random::<4>().map_or(0.5, |bytes| {
        f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_grows_and_is_bounded() {
        for failures in 1..40 {
            let wait = wait_after(failures);
            assert!(wait >= MIN_WAIT && wait <= MAX_WAIT, "{wait:?}");
            assert!(wait <= MIN_WAIT * 2_u32.saturating_pow(failures.min(16)));
        }
    }
}

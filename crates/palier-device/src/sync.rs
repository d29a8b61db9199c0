//! Sync: seal, push, pull, and wait for news.
//!
//! The device decides (what to send, what to take in); this file only carries. No lock is held
//! while the network is waited for, so that a tap never waits.

mod asking;
mod joining;
mod packs;
mod peer;
mod unasked;
mod wait;

pub use peer::{PeerAnswer, PeerAsks};

use palier_core::{
    id::{CampaignId, SpaceId},
    refusal::Refusal,
    rights::Role,
    wire,
};

use crate::{
    api::{Api, reply::SyncReport, request::Grouping},
    device::{Device, Outgoing, Patience, grouping_word, is_nowhere},
    error::Error,
    relay::{Asker, Relay},
};

/// How many cut downloads of a pack are taken up again in one sync.
const PACK_TRIES: u32 = 5;

/// How often, in one push, what waited is offered once more because something else was taken.
const MAX_WOKEN: u32 = 8;
/// How many lives of a relay one sync follows.
const MAX_LIVES: u32 = 4;

/// The lives that a relay began during a sync.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Lives(u32);

impl Lives {
    /// One more: a relay that begins another in each answer is none.
    fn another(&mut self) -> Result<(), Error> {
        self.0 += 1;
        if self.0 > MAX_LIVES {
            return Err(Error::Nonsense("another store in each answer"));
        }
        Ok(())
    }
}

/// How far a space was read.
enum Read {
    /// There is more.
    More,
    /// To its end.
    End,
    /// The relay has no such space yet, or does not know this device.
    NotYet,
}

/// How envelopes are sealed before a push.
type Seal = fn(&mut Device) -> Result<(), Error>;

fn sealed(device: &mut Device, seal: Seal) -> Result<Outgoing, Error> {
    seal(device)?;
    device.outgoing()
}

/// Where its relay is, and the device that asks it.
fn whom(device: &Device) -> Result<(String, Asker), Error> {
    let place = &device.member()?.place;
    if is_nowhere(&place.relay) {
        return Err(Error::Offline("a demonstration has no relay"));
    }
    Ok((place.relay.clone(), asker_in(place.campaign, device)))
}

/// A device that asks, in a campaign.
fn asker_in(campaign: CampaignId, device: &Device) -> Asker {
    Asker {
        campaign,
        secret: device.secret(),
        now: device.now(),
    }
}

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
        self.keep_time().await?;
        self.note_rights(&done).await?;
        let reached = !matches!(
            done,
            Err(Error::Offline(_) | Error::Busy(_) | Error::Nonsense(_))
        );
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
        self.push_all(&mut report, &mut Lives::default(), Device::seal_due)
            .await?;
        Ok(report)
    }

    /// Keeps what the relay said of the time.
    async fn keep_time(&self) -> Result<(), Error> {
        if let Some(time) = self.heard.time()
            && self.with(move |device| device.note_time(time)).await?
        {
            self.heard.forget_ahead();
        }
        Ok(())
    }

    /// Seals, and says to whom what waits is sent; asks for the time before, where what was
    /// recorded may bear a wrong one.
    async fn seal(&self, seal: Seal) -> Result<Option<(Relay, Asker, Outgoing)>, Error> {
        let sealing = move |device: &mut Device| {
            let outgoing = sealed(device, seal)?;
            let any = !outgoing.envelopes.is_empty();
            any.then(|| Ok((whom(device)?, outgoing))).transpose()
        };
        let ready = self
            .with(move |device| match device.doubts_the_time()? {
                true => Ok(None),
                false => sealing(device).map(Some),
            })
            .await?;
        let ready = match ready {
            Some(ready) => ready,
            None => {
                let (relay, asker) = self.relay().await?;
                relay.health(&asker).await?;
                self.keep_time().await?;
                self.with(sealing).await?
            }
        };
        Ok(ready.map(|((base, asker), outgoing)| (self.relay_at(&base), asker, outgoing)))
    }

    async fn exchange(&self) -> Result<SyncReport, Error> {
        let mut report = SyncReport::default();
        let mut lives = Lives::default();
        self.with(Device::begin_sync).await?;
        loop {
            let before = lives;
            let heard = self.hear_before_sealing(&mut report, &mut lives).await?;
            self.push_all(&mut report, &mut lives, Device::seal_outbox)
                .await?;
            self.pull_all(&mut report, &mut lives, &heard).await?;
            if lives == before {
                break;
            }
        }
        // The relay takes a pack from an organiser whom it knows: whether it does is heard above.
        self.send_territory().await?;
        self.fetch_territory().await?;
        self.exchange_requests().await?;
        // By the relay's time: a clock that is years ahead would end everybody's rights.
        self.keep_time().await?;
        self.with(Device::tend_rights).await?;
        // What was pulled may change what is to be counted: a new territory moves stations.
        self.push_all(&mut report, &mut lives, Device::seal_outbox)
            .await?;
        self.fetch_totals().await?;
        report.queued = self.with(|device| device.status()).await?.queued;
        Ok(report)
    }

    /// Sends what `seal` seals, and what waits already.
    async fn push_all(
        &self,
        report: &mut SyncReport,
        lives: &mut Lives,
        seal: Seal,
    ) -> Result<(), Error> {
        let mut woken = 0;
        let Some((relay, asker, mut outgoing)) = self.seal(seal).await? else {
            return Ok(());
        };
        while !outgoing.envelopes.is_empty() {
            let body = wire::write_push(outgoing.envelopes.iter().map(|(_, bytes)| &**bytes));
            let answer = match relay.push(&asker, body).await {
                Err(Error::Refused(Refusal::UnknownDevice)) if self.is_news().await? => {
                    lives.another()?;
                    outgoing = self.with(move |device| sealed(device, seal)).await?;
                    continue;
                }
                answer => answer?,
            };
            let (note, next) = self
                .with(move |device| {
                    let note = device.note_pushed(&outgoing, &answer)?;
                    // What the relay still has need not be sent: it is read first.
                    let next = if note.new_incarnation {
                        Outgoing::default()
                    } else {
                        sealed(device, seal)?
                    };
                    Ok((note, next))
                })
                .await?;
            outgoing = next;
            report.sent += note.sent;
            report.already_there += note.already_there;
            report
                .refused
                .extend(note.refused.iter().map(ToString::to_string));
            if note.new_incarnation {
                return lives.another();
            }
            woken += u32::from(note.woken);
            if woken > MAX_WOKEN {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads on in the teams for which something is still to be sealed: the key may have been
    /// changed, and who was removed must read nothing that is sent from now on. Gives the
    /// spaces that were read to their end.
    async fn hear_before_sealing(
        &self,
        report: &mut SyncReport,
        lives: &mut Lives,
    ) -> Result<Vec<SpaceId>, Error> {
        let mut heard = Vec::new();
        for space in self.with(|device| device.spaces_to_seal()).await? {
            if self.pull_space(space, report, lives).await? {
                heard.push(space);
            }
        }
        Ok(heard)
    }

    /// The relay does not know this device: whether that is news.
    async fn is_news(&self) -> Result<bool, Error> {
        self.with(Device::note_unknown).await
    }

    async fn pull_all(
        &self,
        report: &mut SyncReport,
        lives: &mut Lives,
        heard: &[SpaceId],
    ) -> Result<(), Error> {
        let mut spaces = self.with(|device| device.spaces()).await?;
        spaces.retain(|space| !heard.contains(space));
        for space in self.with_news(spaces).await? {
            self.pull_space(space, report, lives).await?;
        }
        Ok(())
    }

    /// Those of several spaces that are to be read on, asked for in one go; all of them where the
    /// relay cannot tell: an older one knows no such question.
    async fn with_news(&self, spaces: Vec<SpaceId>) -> Result<Vec<SpaceId>, Error> {
        if spaces.len() < 2 {
            return Ok(spaces);
        }
        let (relay, asker) = self.relay().await?;
        match relay.heads(&asker, &spaces).await {
            Ok(heads) => {
                self.with(move |device| device.with_news(spaces, &heads))
                    .await
            }
            Err(reason @ (Error::Offline(_) | Error::Busy(_))) => Err(reason),
            Err(_) => Ok(spaces),
        }
    }

    /// Reads a space to its end; whether the relay let it be read.
    async fn pull_space(
        &self,
        space: SpaceId,
        report: &mut SyncReport,
        lives: &mut Lives,
    ) -> Result<bool, Error> {
        let mut bound = self.with(move |device| device.patience(space)).await?;
        loop {
            match self.pull_page(space, report, lives, &mut bound).await? {
                Read::More => {}
                Read::End => return Ok(true),
                Read::NotYet => return Ok(false),
            }
        }
    }

    /// Reads one page.
    async fn pull_page(
        &self,
        space: SpaceId,
        report: &mut SyncReport,
        lives: &mut Lives,
        bound: &mut Patience,
    ) -> Result<Read, Error> {
        let after = self.with(move |device| device.pulled(space)).await?;
        let (relay, asker) = self.relay().await?;
        let page = match relay.pull(&asker, space, after).await {
            // A team's space begins on the relay with its first envelope.
            Err(Error::Refused(Refusal::WrongSpace)) => return Ok(Read::NotYet),
            // A relay that lost this device hears it again.
            Err(Error::Refused(Refusal::UnknownDevice)) => {
                if self.is_news().await? {
                    lives.another()?;
                }
                return Ok(Read::NotYet);
            }
            page => page?,
        };
        let note = self
            .with(move |device| device.receive(space, &page))
            .await?;
        report.received += note.received;
        report.set_aside += note.set_aside;
        if note.new_incarnation {
            lives.another()?;
        }
        bound.spend(note)?;
        Ok(if note.more || note.new_incarnation {
            Read::More
        } else {
            Read::End
        })
    }

    async fn send_territory(&self) -> Result<(), Error> {
        let Some((hash, packed)) = self.with(|device| device.unsent_territory()).await? else {
            return Ok(());
        };
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

    async fn asker(&self, campaign: CampaignId) -> Result<Asker, Error> {
        self.with(move |device| Ok(asker_in(campaign, device)))
            .await
    }

    async fn relay(&self) -> Result<(Relay, Asker), Error> {
        let (base, asker) = self.with(|device| whom(device)).await?;
        Ok((self.relay_at(&base), asker))
    }

    fn relay_at(&self, base: &str) -> Relay {
        Relay::new(self.client.clone(), base).sharing(&self.heard)
    }
}

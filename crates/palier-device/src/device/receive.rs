//! Reading the log of a space, page by page: the relay's, or another device's.

use palier_core::{
    document::Actor,
    envelope::{Envelope, Kind},
    id::{DeviceId, EnvelopeId, SpaceId, TeamId},
    moment::Moment,
    refusal::Refusal,
    revocation::Revocation,
    wire::{Heads, Page},
};
use rusqlite::Connection;

use super::{
    Device,
    documents::Writer,
    line::{NewLife, mark_own_days},
    outbox::{note_incarnation, offer_everything},
    overruled::overrule,
    rebuild::rebuild,
    reception::{Reception, WINDOW},
    renewal::take_longest,
    rotation::Keeper,
};
use crate::{
    error::Error,
    store::{buildings, envelopes, line, membership, offers, peers, removals, settings},
};

/// What a page did.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageNote {
    /// Envelopes that were taken in.
    pub received: u32,
    /// Envelopes that were here already.
    pub known: u32,
    /// Envelopes that came too early, and wait for those that they follow.
    pub waiting: u32,
    /// Envelopes that were set aside, their bytes kept.
    pub set_aside: u32,
    /// Whether the log has more.
    pub more: bool,
    /// Whether the relay lost something, so that everything is to be read and offered again.
    pub new_incarnation: bool,
}

/// How many pages of a log are read in one sync, and how many of them may bring nothing new.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pages: u32,
    idle: u32,
}

impl Patience {
    /// The most pages of one log in one sync; the rest is for the next.
    const PAGES: u32 = 5_000;
    /// Pages that may bring nothing new, beside those that what is held here fills.
    const IDLE: u32 = 50;

    /// Counts a page.
    ///
    /// # Errors
    /// The log has brought nothing new for too long: it is none.
    pub fn spend(&mut self, note: PageNote) -> Result<(), Error> {
        if note.received == 0 {
            self.idle = self.idle.saturating_sub(1);
        }
        self.pages = self.pages.saturating_sub(1);
        if self.idle == 0 || self.pages == 0 {
            return Err(Error::Nonsense("a log without an end"));
        }
        Ok(())
    }
}

impl Device {
    /// How long the log of a space may reasonably be.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn patience(&self, space: SpaceId) -> Result<Patience, Error> {
        let held = envelopes::count(self.connection(), space)?;
        Ok(Patience {
            pages: Patience::PAGES,
            idle: Patience::IDLE.saturating_add(held / 4),
        })
    }

    /// The spaces that this device reads, the campaign's first; that of the reports only while
    /// it has to take back what it wrote there itself.
    ///
    /// # Errors
    /// The device is in no campaign.
    pub fn spaces(&self) -> Result<Vec<SpaceId>, Error> {
        let campaign = self.member()?.place.campaign;
        let teams = self.own_teams()?;
        let reports = campaign.reports_space();
        let behind = line::is_behind(self.connection(), reports)?;
        Ok(std::iter::once(campaign.space())
            .chain(teams.iter().map(TeamId::space))
            .chain(behind.then_some(reports))
            .collect())
    }

    /// The spaces of teams for which changes wait that are still to be sealed, where this
    /// device has read before.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn spaces_to_seal(&self) -> Result<Vec<SpaceId>, Error> {
        self.member()?;
        envelopes::spaces_to_seal(self.connection())
    }

    /// Those of several spaces that are to be read on, where a relay says to where their logs
    /// have come.
    ///
    /// # Errors
    /// The answer is none to this question.
    pub fn with_news(&self, spaces: Vec<SpaceId>, told: &Heads) -> Result<Vec<SpaceId>, Error> {
        if told.heads.len() != spaces.len() {
            return Err(Error::Nonsense("another number of answers"));
        }
        let known = settings::get(self.connection(), settings::name::INCARNATION)?;
        let another = known.as_deref() != Some(&told.incarnation);
        let mut news = Vec::new();
        for (space, head) in spaces.into_iter().zip(&told.heads) {
            let read = envelopes::pulled(self.connection(), space)? == *head;
            if another || !read || line::is_behind(self.connection(), space)? {
                news.push(space);
            }
        }
        Ok(news)
    }

    /// How far the log of a space was read.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn pulled(&self, space: SpaceId) -> Result<u64, Error> {
        envelopes::pulled(self.connection(), space)
    }

    /// Takes in one page of a space's log, all of it in one transaction. What cannot be taken
    /// is set aside alone, and its bytes are kept.
    ///
    /// # Errors
    /// The store failed; nothing of the page was kept.
    pub fn receive(&mut self, space: SpaceId, page: &Page) -> Result<PageNote, Error> {
        let member = self.member()?.clone();
        let campaign = member.place.campaign;
        let (me, now, zone) = (self.id(), self.now(), self.time_zone()?);
        let reread = self.reread.contains(&space);
        let writer = self.writer();
        let secret = &self.secret;
        let (note, life, renewed) = self.store.write(|t| {
            let pulled = envelopes::pulled(t, space)?;
            let incarnation = page.incarnation.to_string();
            let mut lost = note_incarnation(t, &campaign, &incarnation)?;
            // A log that ends before where it was read to was cut.
            if !lost && page.head < pulled {
                offer_everything(t, &campaign)?;
                lost = true;
            }
            if lost {
                let note = PageNote {
                    new_incarnation: true,
                    ..PageNote::default()
                };
                return Ok((note, membership::life(t)?, None));
            }
            let mut reception = Reception::new(t, secret, campaign, writer);
            if removals::is_any_unread(t)? {
                reception.take_out(now, |t| overrule(t, campaign, space, me, page, now))?;
            }
            let mut intake = Intake::new(reception, t, me, now);
            let own_only = space == campaign.reports_space();
            for window in page.entries.chunks(WINDOW) {
                let window: Vec<&[u8]> = (window.iter().map(|(_, bytes)| bytes.as_slice()))
                    .filter(|bytes| !own_only || is_by(bytes, me))
                    .collect();
                intake.reception.read_ahead(space, &window, now)?;
                for bytes in window {
                    intake.take(space, bytes)?;
                }
            }
            let done = intake.end()?;
            let mut note = done.note;
            let last = page.entries.last().map_or(0, |(seq, _)| *seq);
            if last > pulled {
                envelopes::set_pulled(t, space, last)?;
            }
            note.more = last != 0 && last < page.head;
            // The log of a relay has no gaps: where one shows, what was read before is not
            // what stands there now.
            if done.found_gap && pulled > 0 && !reread {
                offer_everything(t, &campaign)?;
                note.new_incarnation = true;
            }
            let life = membership::life(t)?;
            let caught_up = !note.more && line::end_behind(t, space)?;
            if caught_up {
                let actor = Actor::of(&me, life);
                rebuild(t, secret, campaign, Writer { actor, ..writer }, now)?;
            }
            if caught_up {
                mark_own_days(t, me, zone)?;
            }
            let mut renewed = None;
            if done.people_changed && !note.more && !done.came_back {
                renewed = take_longest(t, secret, &member, now)?;
                let member = renewed.as_ref().unwrap_or(&member);
                Keeper::of_space(t, secret, member, space, now)
                    .map_or(Ok(()), |keeper| keeper.tend())?;
            }
            Ok((note, life, renewed))
        })?;
        if note.waiting > 0 {
            self.reread.insert(space);
        }
        self.begin_life(life);
        self.be(renewed);
        if note.received > 0 {
            self.at_hand = None;
        }
        Ok(note)
    }

    /// Looks again at what waits only for time to pass, and lets gaps be looked into again.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn begin_sync(&mut self) -> Result<(), Error> {
        self.reread.clear();
        let campaign = self.member()?.place.campaign;
        let (now, writer, secret) = (self.now(), self.writer(), &self.secret);
        let settled = self.store.write(|t| {
            let mut reception = Reception::new(t, secret, campaign, writer);
            let settled = reception.settle_all(now)?;
            reception.save()?;
            Ok(settled)
        })?;
        if settled > 0 {
            self.at_hand = None;
        }
        self.wake_offers()
    }

    /// Notes that a sync came to its end, or did not reach the relay.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_sync(&mut self, reached: bool) -> Result<(), Error> {
        let now = self.now();
        self.store.write(|t| {
            buildings::forget_codes(t, now)?;
            let online = if reached { "yes" } else { "no" };
            settings::set(t, settings::name::ONLINE, Some(online))?;
            if reached {
                settings::set(t, settings::name::LAST_SYNC, Some(&now.to_string()))?;
            }
            Ok(())
        })
    }
}

/// Taking in what comes, one envelope after the other.
pub(super) struct Intake<'a> {
    pub(super) reception: Reception<'a>,
    pub(super) note: PageNote,
    pub(super) new_life: Option<NewLife>,
    pub(super) people_changed: bool,
    pub(super) connection: &'a Connection,
    pub(super) me: DeviceId,
    pub(super) now: Moment,
}

impl<'a> Intake<'a> {
    pub(super) fn new(
        reception: Reception<'a>,
        connection: &'a Connection,
        me: DeviceId,
        now: Moment,
    ) -> Self {
        Self {
            reception,
            note: PageNote::default(),
            new_life: None,
            people_changed: false,
            connection,
            me,
            now,
        }
    }

    fn take(&mut self, space: SpaceId, bytes: &[u8]) -> Result<(), Error> {
        let id = EnvelopeId::of(bytes);
        if let Some(known) = offers::get(self.connection, id)? {
            self.note.known += 1;
            envelopes::set_offered_sent(self.connection, known.n)?;
            removals::note_read(self.connection, known.n)?;
            // Who was only handed over is in now.
            self.people_changed |= bytes.get(1) == Some(&Kind::Certificate.byte());
        } else if self.take_new(space, id, bytes)?.is_some() {
            return Ok(());
        }
        self.end_line(space, bytes)
    }

    /// Ends the line of a removed device where its removal stands in the relay's log.
    fn end_line(&mut self, space: SpaceId, bytes: &[u8]) -> Result<(), Error> {
        if bytes.get(1) != Some(&Kind::Revocation.byte()) {
            return Ok(());
        }
        if let Ok(envelope) = Envelope::decode(bytes)
            && let Ok(revocation) = Revocation::decode(&envelope.body)
        {
            self.people_changed = true;
            let (device, now) = (revocation.device, self.now);
            let close = |t: &Connection| removals::close(t, space, device, true, now);
            if !self.reception.take_out(now, close)? {
                removals::close(self.connection, space, device, false, now)?;
            }
        }
        Ok(())
    }

    /// Takes in an envelope that is not here; why not, where it was not taken.
    pub(super) fn take_new(
        &mut self,
        space: SpaceId,
        id: EnvelopeId,
        bytes: &[u8],
    ) -> Result<Option<Refusal>, Error> {
        if is_by(bytes, self.me) {
            self.come_back(space, bytes)?;
        }
        match self.reception.take_in(space, id, bytes, self.now)? {
            Ok(header) => {
                self.note.received += 1;
                self.people_changed |= !header.kind.is_document();
                Ok(None)
            }
            Err(refusal @ (Refusal::Gap | Refusal::UnknownDevice)) => {
                self.note.waiting += 1;
                Ok(Some(refusal))
            }
            Err(refusal) => {
                self.note.set_aside += 1;
                self.reception.set_aside(space, bytes, refusal, self.now)?;
                Ok(Some(refusal))
            }
        }
    }

    /// An envelope of ours that we do not have: this device came back from a backup. What it
    /// wrote since is taken out of the way.
    fn come_back(&mut self, space: SpaceId, bytes: &[u8]) -> Result<(), Error> {
        let connection = self.connection;
        let Ok(envelope) = Envelope::decode(bytes) else {
            return Ok(());
        };
        let header = &envelope.header;
        let campaign = self.reception.campaign();
        if header.space != space || header.campaign != campaign || envelope.verify().is_err() {
            return Ok(());
        }
        let last_seq = peers::get(connection, space, self.me)?.map_or(0, |peer| peer.last_seq);
        if self.new_life.is_some() && header.device_seq > last_seq {
            return Ok(());
        }
        let life = match self.new_life {
            Some(life) => life,
            None => NewLife::begin(connection, self.me, &campaign, self.now)?,
        };
        self.new_life = Some(life);
        self.reception.write_as(life.actor)?;
        life.reopen(connection, space, header.device_seq.min(last_seq + 1))
    }

    /// Takes in what waited for what came, and saves.
    pub(super) fn end(mut self) -> Result<Done, Error> {
        self.note.received += self.reception.settle(self.now)?;
        self.reception.save()?;
        Ok(Done {
            note: self.note,
            came_back: self.new_life.is_some(),
            people_changed: self.people_changed,
            found_gap: self.reception.found_gap(),
        })
    }
}

/// What was taken in.
pub(super) struct Done {
    pub(super) note: PageNote,
    /// Whether this device came back from a backup.
    pub(super) came_back: bool,
    /// Whether something about people was among it.
    pub(super) people_changed: bool,
    /// Whether a line turned out to have a gap that was not known before.
    pub(super) found_gap: bool,
}

/// Whether the header of an envelope names a device; nothing is checked.
fn is_by(bytes: &[u8], device: DeviceId) -> bool {
    bytes.get(70..102) == Some(device.0.as_slice())
}

//! The outbox: from changes that wait to signed envelopes, and what the relay says of them.

use std::collections::BTreeMap;

use palier_core::{
    document::batch::Packer,
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    seal,
    wire::{MAX_BATCH, MAX_BATCH_BYTES, PushAnswer, Pushed},
};
use rusqlite::Connection;

use super::{Device, line::NewLife};
use crate::{
    clock::random,
    error::Error,
    store::{
        envelopes::{self, Pending, State},
        line,
        membership::{self, Membership},
        offers::{self, Offered},
        peers, projections, removals, settings,
    },
};

/// The most changes in one envelope.
const MAX_CHANGES: usize = 500;

/// Envelopes to be pushed.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// Each with its id, in order.
    pub envelopes: Vec<(EnvelopeId, Vec<u8>)>,
}

impl Device {
    /// Builds and keeps the envelopes of every change that waits, before any is sent, so that
    /// a retry sends the same bytes.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn seal_outbox(&mut self) -> Result<(), Error> {
        self.date_again()?;
        self.write_reports()?;
        self.seal_changes()
    }

    /// As [`Device::seal_outbox`], but for reports that are not due yet: while an outing goes
    /// on, they follow at most every minute, so that a visit is not sent with a report each.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn seal_due(&mut self) -> Result<(), Error> {
        if self.reports_are_due()? {
            self.write_reports()?;
        }
        self.seal_changes()
    }

    fn seal_changes(&mut self) -> Result<(), Error> {
        if !envelopes::is_anything_to_seal(self.connection())? {
            return Ok(());
        }
        let place = self.member()?.place.clone();
        let (secret, now, packer) = (&self.secret, self.now(), &mut self.packer);
        self.store.write(|t| {
            let mut sealed = false;
            while let Some((space, kind, body)) = line::take_body(t)? {
                introduce(t, secret, &place, space, now)?;
                let draft = Draft::open(kind, space, body);
                post(t, secret, place.campaign, draft, now)?;
                sealed = true;
            }
            while let Some(pending) = envelopes::next_pending(t, MAX_CHANGES)? {
                seal_changes(t, secret, &place, &pending, packer, now)?;
                sealed = true;
            }
            if sealed {
                super::time::note_sealed(t, now)?;
            }
            Ok(())
        })
    }

    /// The next envelopes to push; empty where none is to be offered now.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn outgoing(&self) -> Result<Outgoing, Error> {
        let connection = self.connection();
        let mut envelopes = offers::ready(connection, MAX_BATCH / 2, MAX_BATCH_BYTES / 2)?;
        // A relay that does not know this device hears it only as it introduces itself.
        if !envelopes.is_empty()
            && let Some(introduction) = offers::introduction(connection, self.id())?
            && !envelopes.contains(&introduction)
        {
            envelopes.push(introduction);
        }
        Ok(Outgoing { envelopes })
    }

    /// Keeps what the relay said of a push: how many it took, had already, and refused.
    ///
    /// What it may take later waits, with what follows it. Where it has another envelope of
    /// ours at a place, this device came back from a backup: see [`super::line`].
    ///
    /// # Errors
    /// The answer is not one for this push.
    pub fn note_pushed(
        &mut self,
        outgoing: &Outgoing,
        answer: &PushAnswer,
    ) -> Result<PushNote, Error> {
        if answer.pushed.len() != outgoing.envelopes.len() {
            return Err(Error::Nonsense("another number of answers"));
        }
        let campaign = self.member()?.place.campaign;
        let (me, now, read) = (self.id(), self.now(), self.spaces()?);
        let (note, life) = self.store.write(|t| {
            let mut hearing = Hearing::new(t, me, &read)?;
            for ((id, _), pushed) in outgoing.envelopes.iter().zip(&answer.pushed) {
                hearing.hear(*id, *pushed)?;
            }
            if !hearing.forks.is_empty() {
                let life = NewLife::begin(t, me, &campaign, now)?;
                for (space, from) in &hearing.forks {
                    life.reopen(t, *space, *from)?;
                }
            }
            let mut note = hearing.note;
            // Last, since a new life of the relay offers again what was just noted.
            note.new_incarnation = note_incarnation(t, &campaign, &answer.incarnation)?;
            if hearing.lost && !note.new_incarnation {
                offer_everything(t, &campaign)?;
                note.new_incarnation = true;
            }
            // What waited may be taken now that something else was.
            if note.sent > 0 && !offers::is_any_ready(t)? {
                note.woken = offers::wake(t)? > 0;
            }
            Ok((note, membership::life(t)?))
        })?;
        self.begin_life(life);
        Ok(note)
    }

    /// Lets what waits be offered once more: the first of each line, so that little is sent
    /// in vain.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn wake_offers(&mut self) -> Result<(), Error> {
        self.store.write(|t| offers::wake(t).map(drop))
    }

    /// Notes that the relay says that it does not know this device; whether that is news, so
    /// that everything is now offered to it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_unknown(&mut self) -> Result<bool, Error> {
        let campaign = self.member()?.place.campaign;
        let me = self.id();
        self.store.write(|t| {
            if offers::introduction(t, me)?.is_some() {
                return Ok(false);
            }
            offer_everything(t, &campaign)?;
            Ok(true)
        })
    }

    /// Writes as another actor from now on, where the device began another life.
    pub(super) fn begin_life(&mut self, life: u32) {
        if self.life != life {
            self.life = life;
            self.at_hand = None;
        }
    }
}

/// What a push did.
#[derive(Clone, Debug, Default)]
pub struct PushNote {
    /// Envelopes that the relay took.
    pub sent: u32,
    /// Envelopes that it had already.
    pub already_there: u32,
    /// Envelopes that it could not take yet.
    pub waiting: u32,
    /// Why others were not taken.
    pub refused: Vec<Refusal>,
    /// Whether the relay lost something, so that everything is offered again.
    pub new_incarnation: bool,
    /// Whether what waited is offered once more.
    pub woken: bool,
}

/// Hearing what the relay says of each envelope.
struct Hearing<'a> {
    connection: &'a Connection,
    me: DeviceId,
    /// The spaces that this device reads.
    read: &'a [SpaceId],
    note: PushNote,
    /// Where our lines have something else, by space.
    forks: BTreeMap<SpaceId, u64>,
    /// Whether the relay turns out to have lost something.
    lost: bool,
    any_waits: bool,
}

impl<'a> Hearing<'a> {
    fn new(connection: &'a Connection, me: DeviceId, read: &'a [SpaceId]) -> Result<Self, Error> {
        Ok(Self {
            connection,
            me,
            read,
            note: PushNote::default(),
            forks: BTreeMap::new(),
            lost: false,
            any_waits: offers::count_waiting(connection)? > 0,
        })
    }

    fn hear(&mut self, id: EnvelopeId, pushed: Pushed) -> Result<(), Error> {
        let Some(offered) = offers::get(self.connection, id)? else {
            return Ok(());
        };
        let pulled = envelopes::pulled(self.connection, offered.space)?;
        let place = match pushed {
            Pushed::Stored(place) => {
                self.note.sent += 1;
                // A log that was read further than where it now grows was cut.
                self.lost |= place <= pulled;
                place
            }
            Pushed::Duplicate(place) => {
                self.note.already_there += 1;
                place
            }
            Pushed::Refused(refusal) => return self.hear_refusal(&offered, refusal),
        };
        // What stands next in the log is known: it need not be read back. A removal is, since it
        // ends a line where it is read.
        let is_next = place == pulled + 1 && self.read.contains(&offered.space);
        if is_next && !offered.is_removal {
            envelopes::set_pulled(self.connection, offered.space, place)?;
            removals::note_read(self.connection, offered.n)?;
        }
        envelopes::set_offered_sent(self.connection, offered.n)?;
        if self.any_waits {
            offers::wake_line(self.connection, &offered)?;
        }
        Ok(())
    }

    fn hear_refusal(&mut self, offered: &Offered, refusal: Refusal) -> Result<(), Error> {
        let connection = self.connection;
        let ours = offered.device == self.me;
        if ours && is_elsewhere(refusal) {
            let from = self.forks.entry(offered.space).or_insert(u64::MAX);
            *from = offered.device_seq.min(*from);
            return Ok(());
        }
        if ours && matches!(refusal, Refusal::Gap | Refusal::UnknownDevice) {
            self.lost |= offers::is_before_sent(connection, offered)?;
        }
        if may_pass_later(refusal)
            || (refusal == Refusal::NotAllowed && offers::is_other_open(connection, offered.n)?)
        {
            self.note.waiting += 1;
            self.any_waits = true;
            return offers::wait(connection, offered, refusal);
        }
        self.note.refused.push(refusal);
        envelopes::set_refused(connection, offered.n, refusal)
    }
}

/// Whether an envelope of ours is to be sealed again: at another place, or with another date.
const fn is_elsewhere(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Fork | Refusal::BadTime)
}

/// Whether a refusal may pass: once something else has come, or somebody who may vouch for it
/// brings it.
const fn may_pass_later(refusal: Refusal) -> bool {
    matches!(
        refusal,
        Refusal::Gap
            | Refusal::UnknownDevice
            | Refusal::WrongSpace
            | Refusal::Waiting
            | Refusal::Expired
            | Refusal::InvitationUnknown
            | Refusal::InvitationExpired
            | Refusal::InvitationUsed
            | Refusal::TeamFull
            | Refusal::KeyUnknown
            | Refusal::MissingDependency
            | Refusal::Busy
    )
}

/// Notes the relay's life; where it is another than before, everything is offered again.
pub(super) fn note_incarnation(
    connection: &Connection,
    campaign: &CampaignId,
    incarnation: &str,
) -> Result<bool, Error> {
    let before = settings::get(connection, settings::name::INCARNATION)?;
    if before.as_deref() == Some(incarnation) {
        return Ok(false);
    }
    settings::set(connection, settings::name::INCARNATION, Some(incarnation))?;
    let changed = before.is_some();
    if changed {
        offer_everything(connection, campaign)?;
    }
    Ok(changed)
}

/// Offers everything that is held again, and reads everything again: the relay lost some.
pub(super) fn offer_everything(
    connection: &Connection,
    campaign: &CampaignId,
) -> Result<(), Error> {
    offers::insert_all(connection, campaign)?;
    settings::set(connection, settings::name::TERRITORY_SENT, None)
}

/// Introduces this device in a space, where it has not yet.
pub(super) fn introduce(
    connection: &Connection,
    secret: &Secret,
    place: &Membership,
    space: SpaceId,
    now: Moment,
) -> Result<(), Error> {
    if peers::line(connection, space, secret.device())?.is_some() {
        return Ok(());
    }
    peers::introduce(connection, space, secret.device(), &place.chain)?;
    post(
        connection,
        secret,
        place.campaign,
        Draft::open(Kind::Certificate, space, place.chain.encode()),
        now,
    )?;
    Ok(())
}

/// What an envelope is to hold.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) space: SpaceId,
    pub(super) document: DocumentId,
    pub(super) key_epoch: u32,
    pub(super) records: u32,
    pub(super) body: Vec<u8>,
}

impl Draft {
    /// An envelope without document, in clear.
    pub(super) const fn open(kind: Kind, space: SpaceId, body: Vec<u8>) -> Self {
        Self {
            kind,
            space,
            document: DocumentId::NONE,
            key_epoch: 0,
            records: 0,
            body,
        }
    }
}

/// Signs a draft as the device's next envelope in its space, and queues it. The body of a
/// sealed kind comes in clear and is sealed here.
pub(super) fn post(
    connection: &Connection,
    secret: &Secret,
    campaign: CampaignId,
    draft: Draft,
    now: Moment,
) -> Result<EnvelopeId, Error> {
    let device = secret.device();
    let line = peers::line(connection, draft.space, device)?
        .ok_or(Error::Refused(Refusal::UnknownDevice))?;
    let header = Header {
        kind: draft.kind,
        campaign,
        space: draft.space,
        document: draft.document,
        key_epoch: draft.key_epoch,
        device,
        device_seq: line.last_seq + 1,
        previous: line.last_id,
    };
    let body = if draft.kind.is_sealed() {
        let keys = membership::keys_of_epoch(connection, TeamId(draft.space.0), draft.key_epoch)?;
        let key = keys.first().ok_or(Error::Refused(Refusal::KeyUnknown))?;
        seal::seal_body(key, random()?, &header.encode(), &draft.body)?
    } else {
        draft.body
    };
    let envelope = Envelope::sign(header, body, secret);
    let bytes = envelope.encode();
    let id = envelopes::insert(
        connection,
        &envelope,
        &bytes,
        draft.records,
        State::Queued,
        now,
    )?;
    peers::advance(connection, draft.space, device, header.device_seq, id)?;
    Ok(id)
}

fn seal_changes(
    connection: &Connection,
    secret: &Secret,
    place: &Membership,
    pending: &Pending,
    packer: &mut Packer,
    now: Moment,
) -> Result<(), Error> {
    introduce(connection, secret, place, pending.space, now)?;
    let key_epoch = if pending.kind.is_sealed() {
        membership::keys(connection, TeamId(pending.space.0))?
            .last()
            .map(|key| key.epoch)
            .ok_or(Error::Refused(Refusal::KeyUnknown))?
    } else {
        0
    };
    let draft = Draft {
        kind: pending.kind,
        space: pending.space,
        document: pending.document,
        key_epoch,
        records: pending.records,
        body: packer.pack(pending.changes.iter().map(Vec::as_slice))?,
    };
    let id = post(connection, secret, place.campaign, draft, now)?;
    envelopes::delete_pending(connection, pending.document, pending.last)?;
    if pending.kind == Kind::Shift {
        projections::set_envelope(connection, pending.document, id)?;
    }
    Ok(())
}

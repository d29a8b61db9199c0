//! Taking in what others wrote: checked step by step, then kept, applied and projected.

mod ahead;
mod changes;
mod follow;
mod line;
mod people;
mod settle;

use std::collections::BTreeMap;

use palier_core::{
    document::Actor,
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
};
use rusqlite::Connection;

use ahead::Ahead;
pub(super) use ahead::WINDOW;

use super::{documents::Writer, rebuild::rebuild};
use crate::{
    error::Error,
    store::{
        documents::{self, Followed, Kept},
        envelopes::{self, State},
        membership, offers, peers, removals,
        waiting::{self, Room},
    },
};

/// What became of one envelope.
#[derive(Clone, Copy, Debug)]
pub(super) enum Absorbed {
    /// It was taken in.
    Taken,
    /// It stands in its device's line, but what it holds does not: it is kept there, so that
    /// those after it still follow, and set aside.
    InLine(Refusal),
    /// It does not stand in its device's line.
    OutOfLine(Refusal),
}

impl Absorbed {
    const fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Taken => None,
            Self::InLine(refusal) | Self::OutOfLine(refusal) => Some(refusal),
        }
    }
}

/// Taking in envelopes one after the other, each document opened once.
pub(super) struct Reception<'a> {
    connection: &'a Connection,
    secret: &'a Secret,
    campaign: CampaignId,
    writer: Writer,
    open: BTreeMap<DocumentId, Kept>,
    /// Shifts that are followed, as far as they have come.
    followed: BTreeMap<DocumentId, Followed>,
    /// What was read ahead of envelopes.
    ahead: Ahead,
    /// Rights, with the chain that gives them.
    rights: BTreeMap<DeviceId, (Vec<u8>, Rights)>,
    news: settle::News,
    /// Whether what comes was taken by the relay, which alone can tell whether rights had
    /// ended then.
    vouched: bool,
    /// Whether a line has a gap that was not known before.
    found_gap: bool,
    to_wait: Option<Room>,
    aside: Option<Room>,
}

impl<'a> Reception<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        secret: &'a Secret,
        campaign: CampaignId,
        writer: Writer,
    ) -> Self {
        Self {
            connection,
            secret,
            campaign,
            writer,
            open: BTreeMap::new(),
            followed: BTreeMap::new(),
            ahead: Ahead::new(),
            rights: BTreeMap::new(),
            news: settle::News::default(),
            vouched: true,
            found_gap: false,
            to_wait: None,
            aside: None,
        }
    }

    /// Whether a line turned out to have a gap that was not known before.
    pub(super) const fn found_gap(&self) -> bool {
        self.found_gap
    }

    /// Reads envelopes of a space before they are taken in one after the other.
    pub(super) fn read_ahead(
        &mut self,
        space: SpaceId,
        window: &[&[u8]],
        now: Moment,
    ) -> Result<(), Error> {
        let mut new = Vec::with_capacity(window.len());
        for bytes in window {
            let id = EnvelopeId::of(bytes);
            if !envelopes::is_known(self.connection, id)? {
                new.push((id, *bytes));
            }
        }
        let keys = membership::keys(self.connection, TeamId(space.0))?;
        self.ahead = Ahead::read(&new, &keys, now);
        Ok(())
    }

    pub(super) const fn campaign(&self) -> CampaignId {
        self.campaign
    }

    /// What comes now was not taken by the relay, as far as is known: it is offered to it.
    pub(super) fn unvouched(mut self) -> Self {
        self.vouched = false;
        self
    }

    /// This device writes as another actor from now on: it began a new life.
    pub(super) fn write_as(&mut self, actor: Actor) -> Result<(), Error> {
        self.save()?;
        self.open.clear();
        self.writer.actor = actor;
        Ok(())
    }

    /// Takes something out of the record, and makes every projection again without it; whether
    /// anything went. Where changes of others would then wait for what is gone, all stays.
    pub(super) fn take_out(
        &mut self,
        now: Moment,
        out: impl FnOnce(&Connection) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        self.write_as(self.writer.actor)?;
        let connection = self.connection;
        connection.execute_batch("SAVEPOINT taking_out")?;
        let orphans = waiting::count_orphans(connection)?;
        let mut went = out(connection)?;
        if went {
            let again = rebuild(connection, self.secret, self.campaign, self.writer, now);
            went = again.is_ok() && waiting::count_orphans(connection)? <= orphans;
            if !went {
                connection.execute_batch("ROLLBACK TO taking_out")?;
            }
        }
        connection.execute_batch("RELEASE taking_out")?;
        Ok(went)
    }

    fn room_to_wait(&mut self) -> Result<&mut Room, Error> {
        Ok(match &mut self.to_wait {
            Some(room) => room,
            empty => empty.insert(Room::to_wait(self.connection)?),
        })
    }

    /// Keeps what cannot be taken in, with the reason; what is too much is left.
    pub(super) fn set_aside(
        &mut self,
        space: SpaceId,
        bytes: &[u8],
        refusal: Refusal,
        now: Moment,
    ) -> Result<(), Error> {
        let room = match &mut self.aside {
            Some(room) => room,
            empty => empty.insert(Room::aside(self.connection)?),
        };
        if room.take(bytes) {
            envelopes::set_aside(self.connection, space, bytes, refusal, now)?;
        }
        Ok(())
    }

    /// Checks, keeps, applies and projects one envelope. One that came too early is kept until
    /// what it follows has come.
    pub(super) fn take_in(
        &mut self,
        space: SpaceId,
        id: EnvelopeId,
        bytes: &[u8],
        now: Moment,
    ) -> Result<Result<Header, Refusal>, Error> {
        let envelope = match Envelope::decode(bytes) {
            Ok(envelope) if envelope.header.space == space => envelope,
            Ok(_) => return Ok(Err(Refusal::WrongSpace)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        let absorbed = self.absorb(&envelope, id, now)?;
        let connection = self.connection;
        match absorbed {
            Absorbed::OutOfLine(refusal) if settle::waits_for_line(refusal) => {
                let header = &envelope.header;
                self.found_gap |= !waiting::is_line(connection, header.space, header.device)?;
                if self.room_to_wait()?.take(bytes) {
                    waiting::insert(connection, header, bytes, refusal, now)?;
                }
            }
            Absorbed::OutOfLine(_) => {}
            Absorbed::Taken | Absorbed::InLine(_) => {
                let state = State::Received;
                envelopes::insert(connection, &envelope, bytes, 0, state, now)?;
                if !self.vouched {
                    let n = connection.last_insert_rowid();
                    removals::note_unread(connection, n)?;
                    offers::insert(connection, n, offers::rank(&envelope.header))?;
                }
            }
        }
        Ok(match absorbed {
            Absorbed::InLine(refusal) if settle::waits_in_line(refusal) => Ok(envelope.header),
            absorbed => absorbed.refusal().map_or(Ok(envelope.header), Err),
        })
    }

    /// Checks and applies one envelope: who may write, the signature, the sequence, and then
    /// what it holds.
    pub(super) fn absorb(
        &mut self,
        envelope: &Envelope,
        id: EnvelopeId,
        now: Moment,
    ) -> Result<Absorbed, Error> {
        let header = &envelope.header;
        if header.campaign != self.campaign {
            return Ok(Absorbed::OutOfLine(Refusal::WrongSpace));
        }
        if header.kind == Kind::Certificate && !line::is_of_another(envelope) {
            match self.check_introduction(envelope, now) {
                Ok(chain) => {
                    peers::introduce(self.connection, header.space, header.device, &chain)?;
                }
                Err(refusal) => return Ok(Absorbed::OutOfLine(refusal)),
            }
        }
        if let Err(refusal) = self.check_writer(envelope, id)? {
            return Ok(Absorbed::OutOfLine(refusal));
        }
        peers::advance(
            self.connection,
            header.space,
            header.device,
            header.device_seq,
            id,
        )?;
        let absorbed = match self.apply(envelope, id, now)? {
            Ok(()) => Absorbed::Taken,
            Err(refusal) => Absorbed::InLine(refusal),
        };
        self.note_in_line(header, id, absorbed)?;
        Ok(absorbed)
    }

    pub(super) fn apply(
        &mut self,
        envelope: &Envelope,
        id: EnvelopeId,
        now: Moment,
    ) -> Result<Result<(), Refusal>, Error> {
        let header = &envelope.header;
        match header.kind {
            Kind::Certificate => self.take_certificate(header, &envelope.body, now),
            Kind::TeamKey => self.take_key(header, &envelope.body),
            Kind::Revocation => self.take_revocation(header, &envelope.body),
            kind if kind.is_document() => self.take_changes(envelope, id, now),
            _ => Ok(Ok(())),
        }
    }

    /// Saves every document that was opened, and where every shift has come to.
    pub(super) fn save(&mut self) -> Result<(), Error> {
        for mut shift in std::mem::take(&mut self.followed).into_values() {
            shift.keep(self.connection)?;
        }
        for kept in self.open.values_mut() {
            documents::save(self.connection, kept)?;
        }
        Ok(())
    }
}

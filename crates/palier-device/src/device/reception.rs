//! Taking in what others wrote: checked step by step, then kept, applied and projected.

mod settle;

use std::collections::{BTreeMap, btree_map::Entry};

use palier_core::{
    certificate::Chain,
    document::{Actor, check, shift::Changes},
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    revocation::Revocation,
    rights::{Place, Rights},
    seal,
    team_key::TeamKeyRecord,
};
use rusqlite::Connection;

mod ahead;
mod follow;

use ahead::Ahead;
pub(super) use ahead::WINDOW;

use super::documents::{Address, Writer, project};
use crate::{
    error::Error,
    store::{
        documents::{self, Followed, Kept},
        envelopes::{self, State},
        membership, offers, peers,
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

/// Whether an envelope holds the chain of another device than the one that wrote it.
fn is_of_another(envelope: &Envelope) -> bool {
    Chain::decode(&envelope.body)
        .is_ok_and(|chain| chain.devices().last() != Some(envelope.header.device))
}

/// The rights that a chain gives which was verified before it was kept.
fn granted(chain: &[u8]) -> Result<Rights, Error> {
    Ok(Chain::decode(chain)?
        .granted()
        .ok_or(Refusal::BadCertificate)?)
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
        if header.kind == Kind::Certificate && !is_of_another(envelope) {
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

    fn check_introduction(&self, envelope: &Envelope, now: Moment) -> Result<Chain, Refusal> {
        let chain = Chain::decode(&envelope.body)?;
        let rights = chain.verify(
            &self.campaign,
            if self.vouched { Moment::default() } else { now },
        )?;
        if rights.device != envelope.header.device {
            return Err(Refusal::BadCertificate);
        }
        envelope.verify()?;
        Ok(chain)
    }

    /// Checks the chain that a lead made for a device that asked to join. It changes nothing
    /// until that device introduces itself with it.
    fn take_certificate(
        &self,
        header: &Header,
        body: &[u8],
        now: Moment,
    ) -> Result<Result<(), Refusal>, Error> {
        let given = match Chain::decode(body) {
            Ok(chain) => chain.verify(&self.campaign, now),
            Err(reason) => return Ok(Err(reason.into())),
        };
        let by = self.rights(header.space, header.device)?;
        Ok(match (given, by) {
            (Ok(given), _) if given.device == header.device => Ok(()),
            (Ok(given), Some(by)) if by.may_issue(given.role, &given.scope) => Ok(()),
            (Ok(_), _) => Err(Refusal::NotAllowed),
            (Err(refusal), _) => Err(refusal),
        })
    }

    fn check_writer(
        &mut self,
        envelope: &Envelope,
        id: EnvelopeId,
    ) -> Result<Result<(), Refusal>, Error> {
        let header = &envelope.header;
        let Some(line) = peers::line(self.connection, header.space, header.device)? else {
            return Ok(Err(Refusal::UnknownDevice));
        };
        let (last_seq, last_id) = (line.last_seq, line.last_id);
        if line.revoked {
            return Ok(Err(Refusal::Revoked));
        }
        let campaign = self.campaign;
        let rights = self.rights_of(header.device, line.chain)?;
        if !rights.may_write(&campaign, header.kind, header.space) {
            return Ok(Err(Refusal::NotAllowed));
        }
        if let Err(refusal) = self.ahead.signature(envelope, id) {
            return Ok(Err(refusal));
        }
        let next = last_seq + 1;
        Ok(match header.device_seq.cmp(&next) {
            std::cmp::Ordering::Equal if header.previous == last_id => Ok(()),
            std::cmp::Ordering::Greater => Err(Refusal::Gap),
            _ if last_id == id => Ok(()),
            _ => Err(Refusal::Fork),
        })
    }

    /// The rights that a chain gives. It was verified before it was kept; whether it had ended
    /// when the relay took an envelope, only the relay can tell.
    fn rights_of(&mut self, device: DeviceId, chain: Vec<u8>) -> Result<&Rights, Error> {
        let known = match self.rights.entry(device) {
            Entry::Occupied(known) if known.get().0 == chain => known.into_mut(),
            Entry::Occupied(mut other) => {
                let rights = granted(&chain)?;
                other.insert((chain, rights));
                other.into_mut()
            }
            Entry::Vacant(vacant) => {
                let rights = granted(&chain)?;
                vacant.insert((chain, rights))
            }
        };
        Ok(&known.1)
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

    fn take_key(&self, header: &Header, body: &[u8]) -> Result<Result<(), Refusal>, Error> {
        let record = match TeamKeyRecord::decode(body) {
            Ok(record) => record,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let team = TeamId(header.space.0);
        let mine = self.secret.receive_key();
        for key in record.keys.iter().filter(|key| key.to == mine) {
            if let Ok(key) = key.open(self.secret, &team.0) {
                membership::insert_key(self.connection, team, &key)?;
            }
        }
        Ok(Ok(()))
    }

    fn take_revocation(&self, header: &Header, body: &[u8]) -> Result<Result<(), Refusal>, Error> {
        let revocation = match Revocation::decode(body) {
            Ok(revocation) => revocation,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let by = self.rights(header.space, header.device)?;
        let held = self.rights(header.space, revocation.device)?;
        let allowed =
            by.is_some_and(|by| revocation.may_be_said_by(&by, &self.campaign, held.as_slice()));
        if !allowed {
            return Ok(Err(Refusal::NotAllowed));
        }
        peers::revoke(self.connection, header.space, revocation.device)?;
        Ok(Ok(()))
    }

    /// What a device that introduced itself in a space may do.
    fn rights(&self, space: SpaceId, device: DeviceId) -> Result<Option<Rights>, Error> {
        Ok(peers::get(self.connection, space, device)?.and_then(|peer| peer.chain.granted()))
    }

    fn take_changes(
        &mut self,
        envelope: &Envelope,
        id: EnvelopeId,
        now: Moment,
    ) -> Result<Result<(), Refusal>, Error> {
        let header = &envelope.header;
        let opened;
        let body = match Place::of(&self.campaign, header.space) {
            Place::Team(team) if header.kind.is_sealed() => {
                match self.open_body(team, envelope)? {
                    Ok(plain) => opened = plain,
                    Err(refusal) => return Ok(Err(refusal)),
                }
                &opened
            }
            _ => &envelope.body,
        };
        if header.kind == Kind::Shift && self.follow_shift(header, body, id, now)? {
            return Ok(Ok(()));
        }
        let connection = self.connection;
        let kept = match self.open_document(header)? {
            Ok(kept) => kept,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let changes = match check::check(&kept.document, header.kind, &header.device, body, now) {
            Ok(changes) => changes,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if kept.document.apply(changes).is_err() {
            // The copy in memory may be broken; what stands on disk is whole.
            self.open.remove(&header.document);
            return Ok(Err(Refusal::BadSchema));
        }
        project(connection, kept, Some(id))?;
        Ok(Ok(()))
    }

    /// Opens a body with the key of its epoch, or with one of several.
    fn open_body(
        &self,
        team: TeamId,
        envelope: &Envelope,
    ) -> Result<Result<Vec<u8>, Refusal>, Error> {
        let header = &envelope.header;
        let keys = membership::keys_of_epoch(self.connection, team, header.key_epoch)?;
        if keys.is_empty() {
            return Ok(Err(Refusal::KeyUnknown));
        }
        let header = header.encode();
        Ok(keys
            .iter()
            .find_map(|key| seal::open_body(key, &header, &envelope.body).ok())
            .ok_or(Refusal::CannotOpen))
    }

    /// The document of a header; a document with one writer takes no other.
    fn open_document(&mut self, header: &Header) -> Result<Result<&mut Kept, Refusal>, Error> {
        let at = Address {
            id: header.document,
            kind: header.kind,
            space: header.space,
        };
        let owner = Writer {
            device: header.device,
            actor: self.writer.actor,
        };
        let kept = self.opened(at, owner)?;
        let one_writer = matches!(header.kind, Kind::Shift | Kind::Report);
        let fits = kept.kind == header.kind
            && kept.space == header.space
            && (!one_writer || kept.device == header.device);
        Ok(if fits {
            Ok(kept)
        } else {
            Err(Refusal::WrongSpace)
        })
    }

    /// A document, opened once.
    fn opened(&mut self, at: Address, writer: Writer) -> Result<&mut Kept, Error> {
        if let Some(mut shift) = self.followed.remove(&at.id) {
            shift.keep(self.connection)?;
        }
        match self.open.entry(at.id) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => Ok(entry.insert(writer.open(self.connection, at)?)),
        }
    }

    /// Applies changes of this device that wait for an envelope.
    pub(super) fn apply_pending(
        &mut self,
        at: Address,
        me: DeviceId,
        actor: Actor,
        change: &[u8],
        now: Moment,
    ) -> Result<(), Error> {
        let body = palier_core::document::batch::pack([change])?;
        if at.kind == Kind::Shift {
            let read = Changes::read(&me, &body, now);
            if self.follow_changes(at, me, read, None)? {
                return Ok(());
            }
        }
        let writer = Writer { device: me, actor };
        let connection = self.connection;
        let kept = self.opened(at, writer)?;
        let changes = check::check(&kept.document, at.kind, &me, &body, now)?;
        kept.document.apply(changes)?;
        project(connection, kept, None)
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

//! The outbox: from changes that wait to signed envelopes, and what the relay says of them.

use palier_core::{
    document::batch,
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DocumentId, EnvelopeId, SpaceId, TeamId},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    rights::Place,
    seal,
    wire::{MAX_BATCH, MAX_BATCH_BYTES, PushAnswer, Pushed},
};
use rusqlite::Connection;

use super::Device;
use crate::{
    clock::random,
    error::Error,
    store::{
        envelopes::{self, Pending, State},
        membership::{self, Membership},
        peers, projections, settings,
    },
};

/// The most changes in one envelope.
const MAX_CHANGES: usize = 500;

/// Envelopes to be pushed.
#[derive(Clone, Debug)]
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
        self.write_reports()?;
        let place = self.member()?.place.clone();
        let (secret, now) = (&self.secret, self.clock.now());
        self.store.write(|t| {
            while let Some(pending) = envelopes::next_pending(t, MAX_CHANGES)? {
                seal_changes(t, secret, &place, &pending, now)?;
            }
            Ok(())
        })
    }

    /// The next envelopes to push; empty where none waits.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn outgoing(&self) -> Result<Outgoing, Error> {
        Ok(Outgoing {
            envelopes: envelopes::queued(self.connection(), MAX_BATCH / 2, MAX_BATCH_BYTES / 2)?,
        })
    }

    /// Keeps what the relay said of a push: how many it took, had already, and refused.
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
        self.store.write(|t| {
            let mut note = PushNote::default();
            for ((id, _), pushed) in outgoing.envelopes.iter().zip(&answer.pushed) {
                match pushed {
                    Pushed::Stored(_) => note.sent += 1,
                    Pushed::Duplicate(_) => note.already_there += 1,
                    Pushed::Refused(refusal) => {
                        note.refused.push(*refusal);
                        envelopes::set_refused(t, *id, *refusal)?;
                        continue;
                    }
                }
                envelopes::set_sent(t, *id)?;
            }
            // Last, since a new life of the relay queues again what was just noted.
            note.new_incarnation = note_incarnation(t, &answer.incarnation)?;
            Ok(note)
        })
    }
}

/// What a push did.
#[derive(Clone, Debug, Default)]
pub struct PushNote {
    /// Envelopes that the relay took.
    pub sent: u32,
    /// Envelopes that it had already.
    pub already_there: u32,
    /// Why others were not taken.
    pub refused: Vec<Refusal>,
    /// Whether the relay began a new life, so that everything is to be offered again.
    pub new_incarnation: bool,
}

/// Notes the relay's life; where it is another than before, everything is queued again.
pub(super) fn note_incarnation(connection: &Connection, incarnation: &str) -> Result<bool, Error> {
    let before = settings::get(connection, settings::name::INCARNATION)?;
    settings::set(connection, settings::name::INCARNATION, Some(incarnation))?;
    let changed = before.is_some_and(|before| before != incarnation);
    if changed {
        envelopes::queue_everything(connection)?;
        settings::set(connection, settings::name::TERRITORY_SENT, None)?;
    }
    Ok(changed)
}

/// Introduces this device in a space, where it has not yet.
pub(super) fn introduce(
    connection: &Connection,
    secret: &Secret,
    place: &Membership,
    space: SpaceId,
    now: Moment,
) -> Result<(), Error> {
    if peers::get(connection, space, secret.device())?.is_some() {
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
    let peer = peers::get(connection, draft.space, device)?
        .ok_or(Error::Refused(Refusal::UnknownDevice))?;
    let header = Header {
        kind: draft.kind,
        campaign,
        space: draft.space,
        document: draft.document,
        key_epoch: draft.key_epoch,
        device,
        device_seq: peer.last_seq + 1,
        previous: peer.last_id,
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
    now: Moment,
) -> Result<(), Error> {
    introduce(connection, secret, place, pending.space, now)?;
    let key_epoch = match Place::of(&place.campaign, pending.space) {
        Place::Team(team) => membership::keys(connection, team)?
            .last()
            .map(|key| key.epoch)
            .ok_or(Error::Refused(Refusal::KeyUnknown))?,
        Place::Campaign | Place::Reports => 0,
    };
    let draft = Draft {
        kind: pending.kind,
        space: pending.space,
        document: pending.document,
        key_epoch,
        records: pending.records,
        body: batch::pack(pending.changes.iter().map(Vec::as_slice))?,
    };
    let id = post(connection, secret, place.campaign, draft, now)?;
    envelopes::delete_pending(connection, pending.document, pending.last)?;
    if pending.kind == Kind::Shift {
        projections::set_envelope(connection, pending.document, id)?;
    }
    Ok(())
}

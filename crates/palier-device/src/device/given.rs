//! What other devices hand to this one directly, by a file or over a local network, and what
//! it hands to them. No relay is needed, and no order.

use std::collections::BTreeSet;

use palier_core::{
    certificate::Chain,
    document::Actor,
    envelope::Envelope,
    id::{DeviceId, EnvelopeId, Incarnation, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::Place,
    wire::{MAX_BATCH, MAX_BATCH_BYTES, Page, Pushed},
};
use sha2::{Digest, Sha256};

use super::{
    Device,
    documents::Writer,
    line::mark_own_days,
    rebuild::rebuild,
    receive::{Intake, PageNote},
    reception::Reception,
    renewal::take_longest,
    rotation::Keeper,
};
use crate::{
    error::Error,
    store::{given, line, membership, offers},
};

/// What became of envelopes that were handed over.
#[derive(Debug, Default)]
pub struct Handed {
    /// What became of each, in order; the places are this device's own.
    pub answers: Vec<Pushed>,
    /// What they did together.
    pub note: PageNote,
}

impl Device {
    /// Takes in envelopes that somebody handed over, in any order, all in one transaction. The
    /// relay is offered what is new.
    ///
    /// # Errors
    /// The store failed; nothing was kept.
    pub fn take_handed(&mut self, handed: &[Vec<u8>]) -> Result<Handed, Error> {
        let member = self.member()?.clone();
        let campaign = member.place.campaign;
        let (me, now, zone, writer) = (self.id(), self.now(), self.time_zone()?, self.writer());
        let spaces: BTreeSet<SpaceId> = self.spaces()?.into_iter().collect();
        let secret = &self.secret;
        let (handed, life, renewed) = self.store.write(|t| {
            let reception = Reception::new(t, secret, campaign, writer).unvouched();
            let mut intake = Intake::new(reception, t, me, now);
            let mut answers = Vec::with_capacity(handed.len());
            for bytes in handed {
                let answer = match belongs(bytes, &member, &spaces, me) {
                    Ok(space) => intake.take_handed(space, bytes)?,
                    Err(refusal) => Pushed::Refused(refusal),
                };
                answers.push(answer);
            }
            let done = intake.end()?;
            let mut renewed = None;
            let life = membership::life(t)?;
            if done.came_back {
                for space in &spaces {
                    line::end_behind(t, *space)?;
                }
                line::end_behind(t, campaign.reports_space())?;
                let actor = Actor::of(&me, life);
                rebuild(t, secret, campaign, Writer { actor, ..writer }, now)?;
                mark_own_days(t, me, zone)?;
            } else if done.people_changed {
                renewed = take_longest(t, secret, &member, now)?;
                let member = renewed.as_ref().unwrap_or(&member);
                for space in &spaces {
                    Keeper::of_space(t, secret, member, *space, now)
                        .map_or(Ok(()), |keeper| keeper.tend())?;
                }
            }
            let note = done.note;
            Ok((Handed { answers, note }, life, renewed))
        })?;
        self.begin_life(life);
        self.be(renewed);
        if handed.note.received > 0 {
            self.at_hand = None;
        }
        Ok(handed)
    }

    /// What this device is called where places of its own record are named: another once it
    /// came back from a backup.
    #[must_use]
    pub fn incarnation(&self) -> Incarnation {
        let whole: [u8; 32] = Sha256::new()
            .chain_update(b"palier peer 1")
            .chain_update(self.id().0)
            .chain_update(self.life.to_be_bytes())
            .finalize()
            .into();
        Incarnation(whole.first_chunk().copied().unwrap_or_default())
    }

    /// One page of a space as this device holds it, for another device that may read it.
    ///
    /// # Errors
    /// It may not.
    pub fn hand_page(&self, to: DeviceId, space: SpaceId, after: u64) -> Result<Page, Error> {
        self.check_reader(to, space)?;
        let connection = self.connection();
        let reports = self.member()?.place.campaign.reports_space();
        Ok(Page {
            incarnation: self.incarnation(),
            head: given::head(connection, space)?,
            entries: given::after(
                connection,
                space,
                reports,
                after,
                [MAX_BATCH, MAX_BATCH_BYTES],
            )?,
        })
    }

    fn check_reader(&self, device: DeviceId, space: SpaceId) -> Result<(), Error> {
        let campaign = self.member()?.place.campaign;
        let (chains, revoked) = given::chains(self.connection(), device)?;
        if revoked {
            return Err(Error::Refused(Refusal::Revoked));
        }
        if chains.is_empty() {
            return Err(Error::Refused(Refusal::UnknownDevice));
        }
        let may = chains.iter().any(|chain| {
            Chain::decode(chain)
                .ok()
                .and_then(|chain| chain.verify(&campaign, Moment::default()).ok())
                .is_some_and(|rights| rights.may_read(&campaign, space))
        });
        if may {
            Ok(())
        } else {
            Err(Error::Refused(Refusal::NotAllowed))
        }
    }

    /// What another device was not given yet, at most one push of it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn to_hand(&self, peer: Incarnation) -> Result<Vec<(u64, Vec<u8>)>, Error> {
        let connection = self.connection();
        let place = given::cursor(connection, peer, given::EVERYTHING)?;
        let reports = self.member()?.place.campaign.reports_space();
        let most = [MAX_BATCH / 2, MAX_BATCH_BYTES / 2];
        given::after(connection, given::EVERYTHING, reports, place, most)
    }

    /// Notes how far another device was given what is held here.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_handed(&mut self, peer: Incarnation, place: u64) -> Result<(), Error> {
        self.store
            .write(|t| given::set_cursor(t, peer, given::EVERYTHING, place))
    }

    /// How far a space of another device was read.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn read_of(&self, peer: Incarnation, space: SpaceId) -> Result<u64, Error> {
        given::cursor(self.connection(), peer, space)
    }

    /// Notes how far a space of another device was read.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_read_of(
        &mut self,
        peer: Incarnation,
        space: SpaceId,
        place: u64,
    ) -> Result<(), Error> {
        self.store
            .write(|t| given::set_cursor(t, peer, space, place))
    }
}

impl Intake<'_> {
    fn take_handed(&mut self, space: SpaceId, bytes: &[u8]) -> Result<Pushed, Error> {
        let id = EnvelopeId::of(bytes);
        let place = |n: i64| u64::try_from(n).unwrap_or_default();
        if let Some(known) = offers::get(self.connection, id)? {
            self.note.known += 1;
            return Ok(Pushed::Duplicate(place(known.n)));
        }
        Ok(match self.take_new(space, id, bytes)? {
            Some(refusal) => Pushed::Refused(refusal),
            None => {
                let kept = offers::get(self.connection, id)?;
                Pushed::Stored(kept.map_or(0, |kept| place(kept.n)))
            }
        })
    }
}

/// The space of an envelope that this device keeps: its own teams', the campaign's, and of the
/// reports what it wrote itself.
fn belongs(
    bytes: &[u8],
    member: &super::Member,
    spaces: &BTreeSet<SpaceId>,
    me: DeviceId,
) -> Result<SpaceId, Refusal> {
    let header = Envelope::decode(bytes)?.header;
    let campaign = member.place.campaign;
    let ours = header.campaign == campaign
        && match Place::of(&campaign, header.space) {
            Place::Reports => header.device == me,
            Place::Campaign | Place::Team(_) => spaces.contains(&header.space),
        };
    if ours {
        Ok(header.space)
    } else {
        Err(Refusal::WrongSpace)
    }
}

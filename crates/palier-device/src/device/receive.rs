//! Reading the log of a space, page by page.

use std::collections::BTreeSet;

use palier_core::{
    id::{EnvelopeId, SpaceId, TeamId},
    wire::Page,
};

use rusqlite::Connection;

use super::{
    Device,
    outbox::note_incarnation,
    reception::{Reception, WINDOW},
    retry::is_about_people,
    rotation::Keeper,
};
use crate::{
    error::Error,
    store::{envelopes, membership, settings},
};

/// What a page did.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageNote {
    /// Envelopes that were taken in.
    pub received: u32,
    /// Envelopes that were set aside, their bytes kept.
    pub set_aside: u32,
    /// Envelopes that had been set aside before, and could be taken in now.
    pub received_late: u32,
    /// Whether the log has more.
    pub more: bool,
    /// Whether the relay began a new life, so that everything is to be read again.
    pub new_incarnation: bool,
}

impl Device {
    /// The spaces that this device reads, the campaign's first.
    ///
    /// # Errors
    /// The device is in no campaign.
    pub fn spaces(&self) -> Result<Vec<SpaceId>, Error> {
        let campaign = self.member()?.place.campaign;
        let teams = self.own_teams()?;
        Ok(std::iter::once(campaign.space())
            .chain(teams.iter().map(TeamId::space))
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
        let (me, now, life) = (self.id(), self.now(), self.life);
        let writer = self.writer();
        let secret = &self.secret;
        let (note, new_life) = self.store.write(|t| {
            let incarnation = page.incarnation.to_string();
            if note_incarnation(t, &incarnation)? {
                let note = PageNote {
                    new_incarnation: true,
                    ..PageNote::default()
                };
                return Ok((note, None));
            }
            let mut reception = Reception::new(t, secret, campaign, writer);
            let mut note = PageNote::default();
            let mut came_back = false;
            let mut people_changed = false;
            for window in page.entries.chunks(WINDOW) {
                let news = unknown(t, window)?;
                reception.read_ahead(space, &news, now)?;
                for (id, bytes) in news {
                    match reception.take_in(space, id, bytes, now)? {
                        Ok(header) => {
                            note.received += 1;
                            came_back |= header.device == me;
                            people_changed |= is_about_people(header.kind);
                        }
                        Err(refusal) => {
                            note.set_aside += 1;
                            envelopes::set_aside(t, space, bytes, refusal, now)?;
                        }
                    }
                }
            }
            if people_changed {
                note.received_late = reception.retry(space, now)?;
            }
            reception.save()?;
            let last = page.entries.last().map_or(0, |(seq, _)| *seq);
            if last > envelopes::pulled(t, space)? {
                envelopes::set_pulled(t, space, last)?;
            }
            note.more = last != 0 && last < page.head;
            if people_changed && !note.more && !came_back {
                Keeper::of_space(t, secret, &member, space, now)
                    .map_or(Ok(()), |keeper| keeper.tend())?;
            }
            let new_life = if came_back {
                Some(membership::new_life(t)?)
            } else {
                None
            };
            Ok((note, new_life))
        })?;
        self.life = new_life.unwrap_or(life);
        if note.received > 0 {
            self.at_hand = None;
        }
        Ok(note)
    }

    /// Notes that a sync came to its end, or did not reach the relay.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_sync(&mut self, reached: bool) -> Result<(), Error> {
        let now = self.now().to_string();
        self.store.write(|t| {
            let online = if reached { "yes" } else { "no" };
            settings::set(t, settings::name::ONLINE, Some(online))?;
            if reached {
                settings::set(t, settings::name::LAST_SYNC, Some(&now))?;
            }
            Ok(())
        })
    }
}

/// The envelopes that are not here yet, with their ids; of the others it is noted that the
/// relay has them.
fn unknown<'a>(
    connection: &Connection,
    entries: &'a [(u64, Vec<u8>)],
) -> Result<Vec<(EnvelopeId, &'a [u8])>, Error> {
    let (mut unknown, mut seen) = (Vec::with_capacity(entries.len()), BTreeSet::new());
    for (_, bytes) in entries {
        let id = EnvelopeId::of(bytes);
        if envelopes::is_known(connection, id)? {
            envelopes::set_sent(connection, id)?;
        } else if seen.insert(id) {
            unknown.push((id, bytes.as_slice()));
        }
    }
    Ok(unknown)
}

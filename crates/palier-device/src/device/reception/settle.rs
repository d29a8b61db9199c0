//! What waited, taken in once what it waited for has come: order does not matter.

use std::collections::BTreeSet;

use palier_core::{
    envelope::{Envelope, Header},
    id::{DeviceId, DocumentId, EnvelopeId, SpaceId},
    moment::Moment,
    refusal::Refusal,
};

use super::{Absorbed, Reception};
use crate::{
    error::Error,
    store::{peers, removals, waiting},
};

/// What an envelope says that waits for a key. Two keys may share an epoch.
const WANT_A_KEY: [&str; 2] = ["key_unknown", "cannot_open"];

/// What has come since it was last looked for what waits for it.
#[derive(Debug, Default)]
pub(super) struct News {
    lines: BTreeSet<(SpaceId, DeviceId)>,
    documents: BTreeSet<DocumentId>,
    /// Spaces with a new key.
    keys: BTreeSet<SpaceId>,
    /// Lines of removed devices that count further than was known.
    longer: BTreeSet<(SpaceId, DeviceId)>,
}

impl News {
    fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.documents.is_empty()
            && self.keys.is_empty()
            && self.longer.is_empty()
    }
}

impl Reception<'_> {
    /// Notes an envelope that stands in its line, for those that wait for it.
    pub(super) fn note_in_line(
        &mut self,
        header: &Header,
        id: EnvelopeId,
        absorbed: Absorbed,
    ) -> Result<(), Error> {
        self.news.lines.insert((header.space, header.device));
        match absorbed {
            Absorbed::Taken => self.note_taken(header),
            Absorbed::InLine(refusal) if waits_in_line(refusal) => {
                waiting::insert_unapplied(self.connection, id, header, refusal)?;
            }
            Absorbed::InLine(_) | Absorbed::OutOfLine(_) => {}
        }
        Ok(())
    }

    /// Notes that the line of a removed device counts further than was known.
    pub(super) fn note_more_counts(&mut self, space: SpaceId, device: DeviceId) {
        self.news.longer.insert((space, device));
    }

    fn note_taken(&mut self, header: &Header) {
        if header.kind.is_document() {
            self.news.documents.insert(header.document);
        } else if header.kind == palier_core::envelope::Kind::TeamKey {
            self.news.keys.insert(header.space);
        }
    }

    /// Takes in what waited for what has come, and what waited for that, to the end; how many.
    ///
    /// # Errors
    /// The store failed.
    pub(in crate::device) fn settle(&mut self, now: Moment) -> Result<u32, Error> {
        let mut settled = 0;
        while !self.news.is_empty() {
            let news = std::mem::take(&mut self.news);
            for (space, device) in &news.longer {
                settled += self.take_back(*space, *device, now)?;
            }
            if waiting::is_any(self.connection)? {
                for (space, device) in &news.lines {
                    settled += self.follow(*space, *device, now)?;
                }
            }
            if waiting::is_any_unapplied(self.connection)? {
                settled += self.apply_again(now, |one| {
                    news.documents.contains(&one.document)
                        || (news.keys.contains(&one.space)
                            && WANT_A_KEY.contains(&one.refusal.as_str()))
                })?;
            }
        }
        Ok(settled)
    }

    /// Looks once more at everything that stands in line and waits, since time has passed.
    ///
    /// # Errors
    /// The store failed.
    pub(in crate::device) fn settle_all(&mut self, now: Moment) -> Result<u32, Error> {
        if !waiting::is_any_unapplied(self.connection)? {
            return Ok(0);
        }
        let settled = self.apply_again(now, |_| true)?;
        Ok(settled + self.settle(now)?)
    }

    /// Takes in what a removed device wrote that was set aside and turns out to count.
    fn take_back(&mut self, space: SpaceId, device: DeviceId, now: Moment) -> Result<u32, Error> {
        let mut taken = 0;
        for bytes in removals::take_back(self.connection, space, device)? {
            match self.take_in(space, EnvelopeId::of(&bytes), &bytes, now)? {
                Ok(_) => taken += 1,
                Err(refusal) if waits_for_line(refusal) => {}
                Err(refusal) => self.set_aside(space, &bytes, refusal, now)?,
            }
        }
        Ok(taken)
    }

    /// Takes in what follows in a device's line.
    fn follow(&mut self, space: SpaceId, device: DeviceId, now: Moment) -> Result<u32, Error> {
        // What waited may have been handed over, and the relay may not have it.
        let vouched = std::mem::replace(&mut self.vouched, false);
        let followed = self.follow_on(space, device, now);
        self.vouched = vouched;
        followed
    }

    fn follow_on(&mut self, space: SpaceId, device: DeviceId, now: Moment) -> Result<u32, Error> {
        let mut taken = 0;
        while let Some(peer) = peers::get(self.connection, space, device)? {
            let next = peer.last_seq + 1;
            let Some(bytes) = waiting::take(self.connection, space, device, next)? else {
                break;
            };
            let id = EnvelopeId::of(&bytes);
            match self.take_in(space, id, &bytes, now)? {
                Ok(_) => taken += 1,
                Err(Refusal::Gap | Refusal::UnknownDevice) => break,
                Err(refusal) => {
                    self.set_aside(space, &bytes, refusal, now)?;
                }
            }
        }
        Ok(taken)
    }

    /// Applies changes that waited, where something says that they may be applied now.
    fn apply_again(
        &mut self,
        now: Moment,
        fits: impl Fn(&waiting::Unapplied) -> bool,
    ) -> Result<u32, Error> {
        let mut applied = 0;
        for one in waiting::unapplied(self.connection)? {
            if !fits(&one) {
                continue;
            }
            let bytes = waiting::bytes(self.connection, one.id)?.unwrap_or_default();
            let Ok(envelope) = Envelope::decode(&bytes) else {
                continue;
            };
            match self.apply(&envelope, one.id, now)? {
                Ok(()) => {
                    waiting::remove_unapplied(self.connection, one.id)?;
                    self.note_taken(&envelope.header);
                    applied += 1;
                }
                Err(refusal) if waits_in_line(refusal) => {}
                Err(refusal) => {
                    waiting::remove_unapplied(self.connection, one.id)?;
                    self.set_aside(one.space, &bytes, refusal, now)?;
                }
            }
        }
        Ok(applied)
    }
}

/// Whether an envelope that has no place in a line yet may have one later.
pub(super) const fn waits_for_line(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Gap | Refusal::UnknownDevice)
}

/// Whether what an envelope holds may be taken later: with a key that is on its way, after
/// changes of others, or once the time that it bears is not far ahead any more.
pub(super) const fn waits_in_line(refusal: Refusal) -> bool {
    matches!(
        refusal,
        Refusal::KeyUnknown
            | Refusal::CannotOpen
            | Refusal::MissingDependency
            | Refusal::Gap
            | Refusal::BadTime
    )
}

//! Where the changes of a shift have come to, without the document that they make.
//!
//! A shift has one writer, who only adds to it. Almost every change therefore stands on the one
//! before it, and writes where nothing was written yet: what it says can be read from it alone,
//! and the next one can be written from where the last one ended. A change that does anything
//! else is left to automerge.

mod pen;
mod reading;

use std::num::NonZeroU64;

use automerge::{Change, ChangeHash, ExpandedChange, legacy::Op};

use super::Shift;
use crate::{
    bytes::{Malformed, Reader, Writer},
    document::{Actor, Broken, Document, batch::Unpacker, check::check_alone, guarded},
    envelope::Kind,
    id::{DeviceId, VisitId},
    moment::Moment,
};
use {pen::Pen, reading::Reading};

/// The most entries that take others back before the trail is given up.
const MAX_UNDOINGS: usize = 100;

/// Where the changes of a shift have come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trail {
    actor: [u8; 16],
    /// Of the last change.
    seq: u64,
    /// Of the last change.
    hash: [u8; 32],
    /// Of the last operation.
    operation: u64,
    /// The operation that made the map of the entries; 0 before it.
    visits: u64,
    written: Written,
    entries: u32,
    /// Entries that no row shows, since they only take others back.
    undoings: Vec<VisitId>,
}

/// Which of the root's keys were written, as bits.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Written(u8);

impl Written {
    const KEYS: [&'static str; 4] = ["turf", "opened", "closed", "visits"];

    /// Notes a key; `None` where it was written before. Other keys are not ours to know.
    fn note(&mut self, key: &str) -> Option<()> {
        let Some(place) = Self::KEYS.iter().position(|known| *known == key) else {
            return Some(());
        };
        let bit = 1 << place;
        let new = self.0 & bit == 0;
        self.0 |= bit;
        new.then_some(())
    }
}

impl Trail {
    /// Before the first change, to be written by `actor`.
    #[must_use]
    pub const fn new(actor: Actor) -> Self {
        Self {
            actor: actor.0,
            seq: 0,
            hash: [0; 32],
            operation: 0,
            visits: 0,
            written: Written(0),
            entries: 0,
            undoings: Vec::new(),
        }
    }

    /// Whether this actor wrote the last change.
    #[must_use]
    pub fn is_by(&self, actor: Actor) -> bool {
        self.actor == actor.0
    }

    /// Whether there is no change yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.seq == 0
    }

    /// The hash of the last change.
    #[must_use]
    pub const fn end(&self) -> [u8; 32] {
        self.hash
    }

    /// How many entries there are, those that take others back too.
    #[must_use]
    pub const fn entries(&self) -> u32 {
        self.entries
    }

    /// Whether an entry of this id only takes another one back.
    #[must_use]
    pub fn is_undoing(&self, id: VisitId) -> bool {
        self.undoings.contains(&id)
    }

    /// Whether something can be written by only adding.
    #[must_use]
    pub fn takes(&self, added: &Shift) -> bool {
        let (mut after, mut written) = (self.clone(), self.written);
        let fields = [
            ("turf", added.turf.is_some()),
            ("opened", added.opened.is_some()),
            ("visits", added.opened.is_some()),
            ("closed", added.closed.is_some()),
        ];
        let mut noted = fields.into_iter().filter(|(_, is_said)| *is_said);
        noted.all(|(key, _)| written.note(key).is_some()) && after.note_entries(added).is_some()
    }

    /// Writes one change that adds something, and gives its bytes: those that automerge would
    /// write.
    ///
    /// # Errors
    /// It would not only add: the outing was opened or closed before, or was never opened; or
    /// automerge fell.
    pub fn write(&mut self, added: &Shift, at: Moment) -> Result<Vec<u8>, Broken> {
        let pen = Pen::write(self, added)?;
        let operations = pen.operations.len() as u64;
        let change = ExpandedChange {
            operations: pen.operations,
            actor_id: pen.actor,
            hash: None,
            seq: self.seq + 1,
            start_op: NonZeroU64::new(self.operation + 1).ok_or(Broken)?,
            time: at.unix_seconds(),
            message: None,
            deps: self.heads(),
            extra_bytes: Vec::new(),
            author: None,
        };
        let change = guarded(|| Ok(Change::from(change)))?;
        self.seq += 1;
        self.hash = change.hash().0;
        self.operation += operations;
        self.visits = pen.visits;
        self.written = pen.written;
        self.note_entries(added).ok_or(Broken)?;
        Ok(change.raw_bytes().to_vec())
    }

    /// Counts entries; `None` where one of them has the id of one that takes another back, or
    /// where there are too many of those.
    fn note_entries(&mut self, added: &Shift) -> Option<()> {
        let handouts = added.handouts.iter().map(|handout| handout.id);
        let mut ids = added.entries.iter().map(|entry| entry.id).chain(handouts);
        if ids.any(|id| self.is_undoing(id)) {
            return None;
        }
        let undoings = added.entries.iter().filter(|entry| entry.visit.is_none());
        self.undoings.extend(undoings.map(|entry| entry.id));
        let more = added.entries.len() + added.handouts.len();
        self.entries = self.entries.checked_add(u32::try_from(more).ok()?)?;
        (self.undoings.len() <= MAX_UNDOINGS).then_some(())
    }

    fn heads(&self) -> Vec<ChangeHash> {
        if self.seq == 0 {
            Vec::new()
        } else {
            vec![ChangeHash(self.hash)]
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer
            .put(&self.actor)
            .u64(self.seq)
            .put(&self.hash)
            .u64(self.operation)
            .u64(self.visits)
            .u8(self.written.0)
            .u32(self.entries);
        for id in &self.undoings {
            writer.put(&id.0);
        }
        writer.done()
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let mut trail = Self {
            actor: reader.array()?,
            seq: reader.u64()?,
            hash: reader.array()?,
            operation: reader.u64()?,
            visits: reader.u64()?,
            written: Written(reader.u8()?),
            entries: reader.u32()?,
            undoings: Vec::new(),
        };
        while !reader.is_done() {
            trail.undoings.push(VisitId(reader.array()?));
        }
        Ok(trail)
    }
}

impl Trail {
    /// Follows the body of an envelope, already opened: where the trail then is, and what was
    /// added. `None` where something else than adding happens, or something is wrong: then only
    /// the document can tell, as [`crate::document::check::check`] does.
    ///
    /// An entry that takes another one back is followed whatever it names, and a new entry may
    /// have the id of an older one: the caller, who knows the rows, looks at both.
    #[must_use]
    pub fn follow(&self, changes: &Changes) -> Option<(Self, Shift)> {
        let mut trail = self.clone();
        let mut added = Shift::default();
        for (change, operations) in &changes.0 {
            let (next, more) = trail.follow_one(change, operations)?;
            trail = next;
            added.turf = added.turf.or(more.turf);
            added.opened = added.opened.or(more.opened);
            added.closed = added.closed.or(more.closed);
            added.entries.extend(more.entries);
            added.handouts.extend(more.handouts);
        }
        Some((trail, added))
    }

    fn follow_one(&self, change: &Change, operations: &[Op]) -> Option<(Self, Shift)> {
        let actor = change.actor_id().to_bytes();
        let first = self.seq == 0;
        let continues = (first || actor == self.actor.as_slice())
            && change.seq() == self.seq + 1
            && change.start_op().get() == self.operation + 1
            && change.deps() == self.heads();
        if !continues {
            return None;
        }
        let mut reading = Reading::new(self, actor, change.start_op().get());
        for operation in operations {
            reading.take(operation)?;
        }
        let (visits, written) = (reading.visits, reading.written);
        let added = reading.added();
        if !ids_differ(&added) {
            return None;
        }
        let mut next = Self {
            actor: actor.try_into().ok()?,
            seq: change.seq(),
            hash: change.hash().0,
            operation: self.operation.checked_add(operations.len() as u64)?,
            visits,
            written,
            entries: self.entries,
            undoings: self.undoings.clone(),
        };
        next.note_entries(&added)?;
        Some((next, added))
    }
}

/// Whether no two things that a change adds have one id.
fn ids_differ(added: &Shift) -> bool {
    let handouts = added.handouts.iter().map(|handout| handout.id);
    let ids = added.entries.iter().map(|entry| entry.id).chain(handouts);
    let mut ids: Vec<VisitId> = ids.collect();
    ids.sort_unstable();
    ids.iter().zip(ids.iter().skip(1)).all(|(a, b)| a != b)
}

/// The changes of an envelope of a shift, checked for what can be told without the document.
#[derive(Debug)]
pub struct Changes(Vec<(Change, Vec<Op>)>);

impl Changes {
    /// Unpacks and checks a body, already opened. Where it is refused, the document's own check
    /// says why.
    #[must_use]
    pub fn read(device: &DeviceId, body: &[u8], now: Moment) -> Option<Self> {
        Self::read_next(&mut Unpacker::default(), device, body, now)
    }

    /// As [`Changes::read`], for one body of many.
    #[must_use]
    pub fn read_next(
        unpacker: &mut Unpacker,
        device: &DeviceId,
        body: &[u8],
        now: Moment,
    ) -> Option<Self> {
        let unpacked = unpacker.unpack(body).ok()?;
        let checked = check_alone(Kind::Shift, device, unpacked, now);
        checked.ok().map(Self)
    }

    /// How many operations there are.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.0.iter().map(|(_, operations)| operations.len()).sum()
    }

    /// Applies them to the document that they make.
    ///
    /// # Errors
    /// automerge refused or fell; the document must then be dropped.
    pub fn apply(self, document: &mut Document) -> Result<(), Broken> {
        document.apply(self.0.into_iter().map(|(change, _)| change).collect())
    }
}

#[cfg(test)]
mod tests;

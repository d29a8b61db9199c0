//! Writing changes again that nobody else has taken: by another actor, or with other dates.
//!
//! A device that comes back from a backup may have written, as one of its actors, what that
//! actor had written otherwise before. What it wrote since the backup is then taken out of the
//! document and put back as a new actor's, operation for operation, so that both remain. A
//! device whose clock was years off writes what it has not sent yet again with true dates.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{
    ActorId, Automerge, Change, ChangeHash, ExpandedChange, ScalarValue,
    legacy::{Key, ObjectId, Op, OpId, OpType},
};

use super::{Actor, Broken, Document, chunk::Chunk, guarded};
use crate::moment::Moment;

/// How changes are written again.
pub struct Rewriting<'a> {
    /// By whom: an actor of the same device.
    pub actor: Actor,
    /// The date that stands in the place of one, given the date of its change.
    pub date: &'a dyn Fn(Moment, Moment) -> Moment,
}

impl std::fmt::Debug for Rewriting<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rewriting")
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

impl Document {
    /// Takes changes out of the document that nothing but each other stands on, and puts them
    /// back as `how` says; gives their new bytes, in order. A change whose date became another
    /// bears the old one in its message.
    ///
    /// # Errors
    /// A change is none of this document's, or automerge refused; the document is as it was.
    pub fn rewrite(
        &mut self,
        changes: &[Vec<u8>],
        how: &Rewriting<'_>,
    ) -> Result<Vec<Vec<u8>>, Broken> {
        let mut without = self.without(changes, how.actor)?;
        let mut pen = Pen::new(&without, how);
        let written = changes
            .iter()
            .map(|bytes| pen.write(bytes))
            .collect::<Result<Vec<_>, _>>()?;
        let bytes = written.iter().map(|one| one.raw_bytes().to_vec()).collect();
        without.apply(written)?;
        *self = without;
        Ok(bytes)
    }

    /// The document without some of its changes, to be written by `actor`.
    ///
    /// # Errors
    /// One of them is no change, or automerge refused.
    #[expect(
        clippy::disallowed_methods,
        reason = "the actor is set before anything is written"
    )]
    pub fn without(&self, changes: &[Vec<u8>], actor: Actor) -> Result<Self, Broken> {
        let mut left_out = BTreeSet::new();
        for bytes in changes {
            let (chunk, _rest) = Chunk::read(bytes).map_err(|_reason| Broken)?;
            left_out.insert(ChangeHash(chunk.hash));
        }
        guarded(|| {
            let kept = self.inner.get_changes(&[]).into_iter();
            let kept = kept.filter(|change| !left_out.contains(&change.hash()));
            let mut inner = Automerge::new();
            inner.apply_changes(kept)?;
            inner.set_actor(ActorId::from(actor.0));
            Ok(Self { inner })
        })
    }
}

/// What was written again so far.
struct Pen<'a> {
    how: &'a Rewriting<'a>,
    actor: ActorId,
    seq: u64,
    hashes: BTreeMap<ChangeHash, ChangeHash>,
    /// Operations that were written again, by their old names.
    operations: BTreeSet<(u64, ActorId)>,
}

impl<'a> Pen<'a> {
    fn new(document: &Document, how: &'a Rewriting<'a>) -> Self {
        Self {
            how,
            actor: ActorId::from(how.actor.0),
            seq: document.next_seq(&how.actor.0),
            hashes: BTreeMap::new(),
            operations: BTreeSet::new(),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<Change, Broken> {
        let old = guarded(|| Change::from_bytes(bytes.to_vec()).map_err(|_reason| Broken))?;
        let change = guarded(|| Ok(old.decode()))?;
        let dated = Moment(change.time.saturating_mul(1_000));
        let date = (self.how.date)(dated, dated);
        for place in 0..change.operations.len() as u64 {
            let counter = change.start_op.get() + place;
            self.operations.insert((counter, change.actor_id.clone()));
        }
        let operations = change.operations.into_iter();
        let operations = operations.map(|one| self.operation(one, dated)).collect();
        let written = ExpandedChange {
            operations,
            actor_id: self.actor.clone(),
            hash: None,
            seq: self.seq,
            time: date.unix_seconds(),
            message: if date == dated {
                change.message
            } else {
                Some(format!("dated {}", change.time))
            },
            deps: change.deps.iter().map(|hash| self.hash(*hash)).collect(),
            ..change
        };
        let written = guarded(|| Ok(Change::from(written)))?;
        self.hashes.insert(old.hash(), written.hash());
        self.seq += 1;
        Ok(written)
    }

    fn operation(&self, mut one: Op, dated: Moment) -> Op {
        if let ObjectId::Id(id) = &mut one.obj {
            self.rename(id);
        }
        if let Key::Seq(automerge::legacy::ElementId::Id(id)) = &mut one.key {
            self.rename(id);
        }
        one.pred = one
            .pred
            .into_iter()
            .map(|mut id| {
                self.rename(&mut id);
                id
            })
            .collect();
        if let OpType::Put(ScalarValue::Timestamp(at)) = &mut one.action {
            *at = (self.how.date)(Moment(*at), dated).0;
        }
        one
    }

    fn rename(&self, id: &mut OpId) {
        if self.operations.contains(&(id.0, id.1.clone())) {
            id.1 = self.actor.clone();
        }
    }

    fn hash(&self, old: ChangeHash) -> ChangeHash {
        self.hashes.get(&old).copied().unwrap_or(old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{batch, check::check, shift},
        envelope::Kind,
        id::{DeviceId, DocumentId, VisitId},
        moment::Millis,
        outcome::Outcome,
        visit::{Entry, Visit},
    };

    const DEVICE: DeviceId = DeviceId([1; 32]);
    const NOW: Moment = Moment(1_700_000_000_000);

    fn actor(life: u32) -> Actor {
        Actor::of(&DEVICE, life)
    }

    fn visit(id: u8, at: Moment) -> Entry {
        Entry {
            id: VisitId([id; 10]),
            replaces: None,
            visit: Some(Visit {
                door: format!("porte {id}"),
                outcome: Outcome::Spoke,
                at,
                leaflet: true,
                back: None,
            }),
        }
    }

    fn undo(id: u8, of: u8) -> Entry {
        Entry {
            id: VisitId([id; 10]),
            replaces: Some(VisitId([of; 10])),
            visit: None,
        }
    }

    fn write(document: &mut Document, entry: Entry, now: Moment) -> Vec<u8> {
        shift::record(document, &[entry], now).unwrap().unwrap()
    }

    fn copy(document: &Document, life: u32) -> Document {
        Document::load(&document.save(), actor(life)).unwrap()
    }

    #[test]
    fn what_two_lives_of_a_device_wrote_both_remain() {
        let mut lost = Document::new(Kind::Shift, actor(1)).unwrap();
        shift::open(&mut lost, DocumentId([9; 16]), NOW).unwrap();
        let mut restored = copy(&lost, 1);
        let sent = [
            write(&mut lost, visit(1, NOW), NOW),
            write(&mut lost, visit(2, NOW), NOW),
        ];
        let since = [
            write(&mut restored, visit(3, NOW), NOW),
            write(&mut restored, undo(4, 3), NOW),
            write(&mut restored, visit(5, NOW), NOW),
        ];
        let how = Rewriting {
            actor: actor(2),
            date: &|date, _| date,
        };
        let again = restored.rewrite(&since, &how).unwrap();
        let body = batch::pack(sent.iter().map(Vec::as_slice)).unwrap();
        let sent = check(&restored, Kind::Shift, &DEVICE, &body, NOW).unwrap();
        restored.apply(sent).unwrap();
        let body = batch::pack(again.iter().map(Vec::as_slice)).unwrap();
        let again = check(&lost, Kind::Shift, &DEVICE, &body, NOW).unwrap();
        lost.apply(again).unwrap();

        let entries = shift::read(&restored).entries;
        assert_eq!(entries.len(), 5);
        assert_eq!(entries, shift::read(&lost).entries);
        assert_eq!(entries[3], undo(4, 3));
    }

    #[test]
    fn a_wrong_date_becomes_a_true_one_and_leaves_a_mark() {
        let wrong = NOW.after(Millis::days(3_650));
        let mut shift = Document::new(Kind::Shift, actor(1)).unwrap();
        let opened = shift::open(&mut shift, DocumentId([9; 16]), wrong)
            .unwrap()
            .unwrap();
        let given = Moment(NOW.0 - Millis::days(20).0);
        let since = vec![
            opened,
            write(&mut shift, visit(1, wrong), wrong),
            write(&mut shift, visit(2, given), wrong),
        ];
        let how = Rewriting {
            actor: actor(1),
            date: &|date, _| if date > NOW { NOW } else { date },
        };
        let again = shift.rewrite(&since, &how).unwrap();
        let mut theirs = Document::new(Kind::Shift, actor(7)).unwrap();
        let body = batch::pack(again.iter().map(Vec::as_slice)).unwrap();
        let again = check(&theirs, Kind::Shift, &DEVICE, &body, NOW).unwrap();
        let mark = format!("dated {}", wrong.0 / 1_000);
        assert!(again.iter().all(|one| one.message() == Some(&mark)));
        theirs.apply(again).unwrap();
        let read = shift::read(&theirs);
        assert_eq!(read, shift::read(&shift));
        assert_eq!(read.opened, Some(NOW));
        assert_eq!(read.entries, [visit(1, NOW), visit(2, given)]);
        let more = write(&mut shift, visit(3, NOW), NOW);
        let body = batch::pack([more.as_slice()]).unwrap();
        assert!(check(&theirs, Kind::Shift, &DEVICE, &body, NOW).is_ok());
    }
}

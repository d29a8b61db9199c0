//! Writing the operations that add something.

use automerge::{
    ActorId, ObjType, ScalarValue,
    legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec},
};

use super::{Trail, Written};
use crate::document::{
    Broken,
    shift::{Shift, handout_values, values},
};

/// Writing the operations of one change.
pub(super) struct Pen {
    pub(super) actor: ActorId,
    next: u64,
    pub(super) visits: u64,
    pub(super) written: Written,
    pub(super) operations: Vec<Op>,
}

impl Pen {
    pub(super) fn write(trail: &Trail, added: &Shift) -> Result<Self, Broken> {
        let mut pen = Self {
            actor: ActorId::from(trail.actor),
            next: trail.operation + 1,
            visits: trail.visits,
            written: trail.written,
            operations: Vec::new(),
        };
        if let Some(turf) = added.turf {
            pen.put_at_root("turf", turf.to_string().into())?;
        }
        if let Some(at) = added.opened {
            pen.put_at_root("opened", ScalarValue::Timestamp(at.0))?;
            pen.written.note("visits").ok_or(Broken)?;
            pen.visits = pen.make(ObjectId::Root, "visits");
        }
        if pen.visits == 0 {
            return Err(Broken);
        }
        for entry in &added.entries {
            let map = pen.make(pen.object(pen.visits), &entry.id.to_string());
            for (key, value) in values(entry) {
                pen.put(pen.object(map), key, value);
            }
        }
        for handout in &added.handouts {
            let map = pen.make(pen.object(pen.visits), &handout.id.to_string());
            for (key, value) in handout_values(handout) {
                pen.put(pen.object(map), key, value);
            }
        }
        if let Some(at) = added.closed {
            pen.put_at_root("closed", ScalarValue::Timestamp(at.0))?;
        }
        Ok(pen)
    }

    fn put_at_root(&mut self, key: &str, value: ScalarValue) -> Result<(), Broken> {
        self.written.note(key).ok_or(Broken)?;
        self.put(ObjectId::Root, key, value);
        Ok(())
    }

    fn object(&self, made_by: u64) -> ObjectId {
        ObjectId::Id(OpId::new(made_by, &self.actor))
    }

    fn put(&mut self, object: ObjectId, key: &str, value: ScalarValue) {
        self.push(object, key, OpType::Put(value));
    }

    /// Makes a map; gives the operation that made it.
    fn make(&mut self, object: ObjectId, key: &str) -> u64 {
        self.push(object, key, OpType::Make(ObjType::Map))
    }

    fn push(&mut self, obj: ObjectId, key: &str, action: OpType) -> u64 {
        self.operations.push(Op {
            action,
            obj,
            key: Key::Map(key.into()),
            pred: SortedVec::new(),
            insert: false,
        });
        self.next += 1;
        self.next - 1
    }
}

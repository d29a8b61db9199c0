//! What changes must be before automerge sees them.
//!
//! In this order: the batch unpacks under its cap, each chunk's outside is whole, the number
//! of operations is bounded, the actor is the device's, the sequence is contiguous, the
//! dependencies are known, and only then is the inside read: its operations have the shape of
//! the kind of document, no moment lies more than two days ahead, and each change numbers its
//! operations on from those it stands on. Late is normal: a phone may come back after weeks.

use std::collections::HashMap;

use automerge::{
    Change, ObjType, ScalarValue,
    legacy::{Key, ObjectId, Op, OpType},
};

use crate::{
    document::{Actor, Document, batch, chunk::Chunk, guarded},
    envelope::Kind,
    id::DeviceId,
    moment::{Millis, Moment},
    refusal::Refusal,
};

/// The most operations in one envelope.
pub const MAX_OPERATIONS: u64 = 20_000;
/// How far ahead of our own clock a moment may lie.
pub const MAX_AHEAD: Millis = Millis::hours(48);
/// The longest key, in bytes.
const MAX_KEY_BYTES: usize = 200;
/// The longest text, in bytes.
const MAX_TEXT_BYTES: usize = 2_000;

/// Checks the body of an envelope, already opened, against the document that it changes.
///
/// # Errors
/// What is wrong, in the order above.
pub fn check(
    document: &Document,
    kind: Kind,
    device: &DeviceId,
    body: &[u8],
    now: Moment,
) -> Result<Vec<Change>, Refusal> {
    let unpacked = batch::unpack(body)?;
    check_outsides(Some(document), device, &unpacked, now)?;
    let changes = unpacked
        .into_iter()
        .map(|bytes| Ok(check_inside(kind, bytes, now)?.0))
        .collect::<Result<Vec<_>, Refusal>>()?;
    check_numbers(document, &changes)?;
    Ok(changes)
}

/// As [`check`], once the body is unpacked, but for what only the document can tell: whether the
/// changes continue it. Gives each change with what it does.
pub(super) fn check_alone(
    kind: Kind,
    device: &DeviceId,
    unpacked: Vec<Vec<u8>>,
    now: Moment,
) -> Result<Vec<(Change, Vec<Op>)>, Refusal> {
    check_outsides(None, device, &unpacked, now)?;
    unpacked
        .into_iter()
        .map(|bytes| check_inside(kind, bytes, now))
        .collect()
}

fn check_outsides(
    document: Option<&Document>,
    device: &DeviceId,
    unpacked: &[Vec<u8>],
    now: Moment,
) -> Result<(), Refusal> {
    let latest_s = now.after(MAX_AHEAD).unix_seconds();
    let mut operations = 0_u64;
    let mut within = Vec::new();
    let mut next: Option<(&[u8], u64)> = None;
    for bytes in unpacked {
        let (chunk, _rest) = Chunk::read(bytes).map_err(|_reason| Refusal::BadChanges)?;
        operations = operations.saturating_add(chunk.operations);
        if operations > MAX_OPERATIONS {
            return Err(Refusal::TooManyOperations);
        }
        if !Actor::is_of(chunk.actor, device) {
            return Err(Refusal::WrongActor);
        }
        if let Some(document) = document {
            let expected = match next {
                Some((actor, seq)) if actor == chunk.actor => seq,
                _ => document.next_seq(chunk.actor),
            };
            if chunk.seq != expected {
                return Err(Refusal::Gap);
            }
            next = Some((chunk.actor, chunk.seq + 1));
            let known = |hash: &[u8; 32]| within.contains(hash) || document.knows(hash);
            if !chunk.dependencies.iter().all(known) {
                return Err(Refusal::MissingDependency);
            }
        }
        if chunk.time_s > latest_s {
            return Err(Refusal::BadTime);
        }
        within.push(chunk.hash);
    }
    Ok(())
}

fn check_inside(kind: Kind, bytes: Vec<u8>, now: Moment) -> Result<(Change, Vec<Op>), Refusal> {
    let change = guarded(|| Change::from_bytes(bytes).map_err(|_reason| super::Broken))
        .map_err(|_reason| Refusal::BadChanges)?;
    let read = guarded(|| Ok(change.decode())).map_err(|_reason| Refusal::BadChanges)?;
    for operation in &read.operations {
        check_operation(kind, operation, now)?;
    }
    let operations = read.operations.clone();
    // A document keeps what a change says, not how it was written. One that was written in
    // another way than automerge's own would come out of a saved document with another hash,
    // and that document could never be read again.
    let again = guarded(|| Ok(Change::from(read))).map_err(|_reason| Refusal::BadChanges)?;
    if again.hash() != change.hash() {
        return Err(Refusal::BadChanges);
    }
    Ok((change, operations))
}

/// automerge takes in a change whose operations are numbered otherwise, and saves a document
/// that it cannot read again.
fn check_numbers(document: &Document, changes: &[Change]) -> Result<(), Refusal> {
    let mut within = HashMap::new();
    for change in changes {
        let last = |hash| {
            within
                .get(hash)
                .copied()
                .or_else(|| document.last_operation(hash))
        };
        let before = change.deps().iter().filter_map(last).max().unwrap_or(0);
        if change.start_op().get().checked_sub(1) != Some(before) {
            return Err(Refusal::BadChanges);
        }
        within.insert(change.hash(), before + change.len() as u64);
    }
    Ok(())
}

/// Documents are maps of maps of plain values: no lists, no texts, no counters, no marks.
/// Keys that are not known here are let through, since a newer app may have written them.
fn check_operation(kind: Kind, operation: &Op, now: Moment) -> Result<(), Refusal> {
    let Key::Map(key) = &operation.key else {
        return Err(Refusal::BadSchema);
    };
    let at_root = operation.obj == ObjectId::Root;
    let deletes = matches!(kind, Kind::Turf | Kind::Team | Kind::Kit | Kind::Campaign);
    let fits = key.len() <= MAX_KEY_BYTES
        && !operation.insert
        && match &operation.action {
            OpType::Make(object) => *object == ObjType::Map,
            OpType::Put(value) => {
                check_value(value, now)?;
                !(at_root && super::first_maps(kind).contains(&key.as_str()))
            }
            OpType::Delete => deletes && !at_root,
            _ => false,
        };
    if fits {
        Ok(())
    } else {
        Err(Refusal::BadSchema)
    }
}

fn check_value(value: &ScalarValue, now: Moment) -> Result<(), Refusal> {
    match value {
        ScalarValue::Timestamp(at) if *at > now.after(MAX_AHEAD).0 => Err(Refusal::BadTime),
        ScalarValue::Str(text) if text.len() > MAX_TEXT_BYTES => Err(Refusal::BadSchema),
        ScalarValue::Bytes(bytes) if bytes.len() > MAX_TEXT_BYTES => Err(Refusal::BadSchema),
        ScalarValue::Counter(_) | ScalarValue::F64(_) | ScalarValue::Unknown { .. } => {
            Err(Refusal::BadSchema)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use automerge::{ActorId, Automerge, ROOT, ReadDoc, transaction::Transactable};

    use super::*;

    const NOW: Moment = Moment(1_000_000_000_000);
    const DEVICE: DeviceId = DeviceId([1; 32]);

    /// The body of one change, written by automerge alone.
    #[expect(clippy::disallowed_methods, reason = "a test sets the actor itself")]
    fn body(
        actor: Actor,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
    ) -> Vec<u8> {
        let mut doc = Automerge::new();
        doc.set_actor(ActorId::from(actor.0));
        let mut transaction = doc.transaction();
        write(&mut transaction);
        let (hash, _) = transaction.commit();
        let change = doc.get_change_by_hash(&hash.unwrap()).unwrap();
        batch::pack([change.raw_bytes()]).unwrap()
    }

    fn checked(kind: Kind, body: &[u8]) -> Result<usize, Refusal> {
        let document = Document::new(Kind::Shift, Actor::of(&DEVICE, 1)).unwrap();
        check(&document, kind, &DEVICE, body, NOW).map(|changes| changes.len())
    }

    #[test]
    fn what_passes_can_be_saved_and_read_again() {
        // The fuzzer's: the kind, then changes that are not packed yet.
        let unreadable = include_bytes!("../../../../fuzz/corpus/changes/found-unreadable");
        let renumbered = include_bytes!("../../../../fuzz/corpus/changes/found-renumbered");
        let found = [
            (Kind::Shift, unreadable.as_slice()),
            (Kind::Turf, renumbered),
        ];
        for (kind, bytes) in found {
            let body = zstd::bulk::compress(&bytes[1..], 1).unwrap();
            let device = DeviceId([7; 32]);
            let later = Moment(1_800_000_000_000);
            let mut document = Document::new(kind, Actor::of(&device, 2)).unwrap();
            let checked = check(&document, kind, &device, &body, later);
            if let Ok(changes) = &checked {
                document.apply(changes.clone()).unwrap();
                Document::load(&document.save(), Actor::of(&device, 2)).unwrap();
            }
            assert_eq!(checked.err(), Some(Refusal::BadChanges), "{kind:?}");
        }
    }

    #[test]
    fn plain_values_pass() {
        let body = body(Actor::of(&DEVICE, 1), |t| {
            t.put(ROOT, "turf", "x").unwrap();
            let visits = t.put_object(ROOT, "visits", ObjType::Map).unwrap();
            t.put(&visits, "new_field", ScalarValue::Timestamp(NOW.0))
                .unwrap();
        });
        assert_eq!(checked(Kind::Shift, &body), Ok(1));
    }

    #[test]
    fn what_does_not_belong_in_a_document_is_refused() {
        type Write = fn(&mut automerge::transaction::Transaction<'_>);
        let cases: [(&str, Write, Refusal); 6] = [
            (
                "a list",
                |t| drop(t.put_object(ROOT, "l", ObjType::List).unwrap()),
                Refusal::BadSchema,
            ),
            (
                "a text object",
                |t| drop(t.put_object(ROOT, "t", ObjType::Text).unwrap()),
                Refusal::BadSchema,
            ),
            (
                "a counter",
                |t| t.put(ROOT, "c", ScalarValue::counter(1)).unwrap(),
                Refusal::BadSchema,
            ),
            (
                "a long text",
                |t| t.put(ROOT, "s", "a".repeat(2_001)).unwrap(),
                Refusal::BadSchema,
            ),
            (
                "a long key",
                |t| t.put(ROOT, "k".repeat(201), 1).unwrap(),
                Refusal::BadSchema,
            ),
            (
                "a visit from next week",
                |t| {
                    let next_week = NOW.after(Millis::days(7)).0;
                    t.put(ROOT, "at", ScalarValue::Timestamp(next_week))
                        .unwrap();
                },
                Refusal::BadTime,
            ),
        ];
        for (what, write, refusal) in cases {
            let body = body(Actor::of(&DEVICE, 1), write);
            assert_eq!(checked(Kind::Shift, &body), Err(refusal), "{what}");
        }
    }

    #[test]
    fn another_device_s_actor_is_refused() {
        let body = body(Actor::of(&DeviceId([2; 32]), 1), |t| {
            t.put(ROOT, "turf", "x").unwrap();
        });
        assert_eq!(checked(Kind::Shift, &body), Err(Refusal::WrongActor));
    }

    #[test]
    fn too_many_operations_are_refused() {
        let body = body(Actor::of(&DEVICE, 1), |t| {
            for key in 0..=MAX_OPERATIONS {
                t.put(ROOT, key.to_string(), 1).unwrap();
            }
        });
        assert_eq!(checked(Kind::Shift, &body), Err(Refusal::TooManyOperations));
    }

    #[expect(clippy::disallowed_methods, reason = "a test sets the actor itself")]
    #[test]
    fn a_change_whose_past_is_unknown_is_refused() {
        let mut doc = Automerge::new();
        doc.set_actor(ActorId::from(Actor::of(&DEVICE, 1).0));
        for value in 0..2 {
            let mut transaction = doc.transaction();
            transaction.put(ROOT, "turf", value).unwrap();
            transaction.commit();
        }
        let changes = doc.get_changes(&[]);
        let second = batch::pack([changes[1].raw_bytes()]).unwrap();
        assert_eq!(checked(Kind::Shift, &second), Err(Refusal::Gap));
        let both = batch::pack(changes.iter().map(Change::raw_bytes)).unwrap();
        assert_eq!(checked(Kind::Shift, &both), Ok(2));
    }
}

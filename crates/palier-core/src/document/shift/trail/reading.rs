//! Reading what the operations of a change add.

use automerge::{
    ObjType, ScalarValue,
    legacy::{Key, ObjectId, Op, OpId, OpType},
};

use super::{Trail, Written};
use crate::{
    document::shift::{MAX_DOOR_BYTES, Shift, count},
    id::VisitId,
    moment::Moment,
    round::Handout,
    visit::{Entry, Visit},
};

/// What an operation of a change made.
#[derive(Clone, Copy)]
enum Made {
    /// A plain value: nothing stands in it.
    Value,
    /// The map of the entries.
    Visits,
    /// The map of one entry, at this place.
    Entry(usize),
    /// A map that this version does not know.
    Unknown,
}

/// Reading the operations of one change.
pub(super) struct Reading<'a> {
    start: u64,
    actor: &'a [u8],
    /// As in the trail.
    pub(super) visits: u64,
    /// As in the trail.
    pub(super) written: Written,
    made: Vec<Made>,
    added: Shift,
    entries: Vec<Fields>,
}

impl<'a> Reading<'a> {
    /// A reading of a change that begins with the operation `start`.
    pub(super) fn new(trail: &Trail, actor: &'a [u8], start: u64) -> Self {
        Self {
            start,
            actor,
            visits: trail.visits,
            written: trail.written,
            made: Vec::new(),
            added: Shift::default(),
            entries: Vec::new(),
        }
    }

    /// What the operations add.
    pub(super) fn added(self) -> Shift {
        let handouts = self.entries.iter().filter_map(Fields::handout);
        let handouts = handouts.collect();
        let entries = self.entries.into_iter().filter_map(Fields::entry);
        Shift {
            entries: entries.collect(),
            handouts,
            ..self.added
        }
    }

    /// Reads one operation; `None` where it does not plainly add.
    pub(super) fn take(&mut self, operation: &Op) -> Option<()> {
        let Key::Map(key) = &operation.key else {
            return None;
        };
        if operation.insert || !operation.pred.is_empty() {
            return None;
        }
        let value = match &operation.action {
            OpType::Put(value) => Some(value),
            OpType::Make(ObjType::Map) => None,
            _ => return None,
        };
        let made = match &operation.obj {
            ObjectId::Root => self.at_root(key, value)?,
            ObjectId::Id(object) => match (self.object(object)?, value) {
                (Made::Value, _) => return None,
                (Made::Visits, None) => self.begin_entry(key)?,
                (Made::Entry(place), value) => {
                    self.entries.get_mut(place)?.set(key, value)?;
                    Made::Unknown
                }
                (Made::Visits | Made::Unknown, _) => Made::Unknown,
            },
        };
        self.made
            .push(if value.is_some() { Made::Value } else { made });
        Some(())
    }

    fn at_root(&mut self, key: &str, value: Option<&ScalarValue>) -> Option<Made> {
        self.written.note(key)?;
        match (key, value) {
            ("visits", None) => {
                self.visits = self.start.checked_add(self.made.len() as u64)?;
                return Some(Made::Visits);
            }
            ("turf", Some(ScalarValue::Str(turf))) => self.added.turf = turf.parse().ok(),
            ("opened", Some(ScalarValue::Timestamp(at))) => self.added.opened = Some(Moment(*at)),
            ("closed", Some(ScalarValue::Timestamp(at))) => self.added.closed = Some(Moment(*at)),
            _ => {}
        }
        Some(Made::Unknown)
    }

    /// What stands behind the id of an object; `None` where an earlier change made it, but for
    /// the map of the entries.
    fn object(&self, id: &OpId) -> Option<Made> {
        if id.actor().to_bytes() != self.actor {
            return None;
        }
        if id.counter() == self.visits {
            return Some(Made::Visits);
        }
        let place = usize::try_from(id.counter().checked_sub(self.start)?).ok()?;
        self.made.get(place).copied()
    }

    fn begin_entry(&mut self, key: &str) -> Option<Made> {
        let Ok(id) = key.parse::<VisitId>() else {
            return Some(Made::Unknown);
        };
        // Another spelling would be another key of the same entry.
        if id.to_string() != key {
            return None;
        }
        self.entries.push(Fields::new(id));
        Some(Made::Entry(self.entries.len() - 1))
    }
}

/// The fields of one entry, each written once at most.
struct Fields {
    id: VisitId,
    known: [Option<Option<ScalarValue>>; 11],
}

impl Fields {
    const KEYS: [&'static str; 11] = [
        "door", "outcome", "at", "leaflet", "undone", "replaces", "back", "round", "address",
        "boxes", "count",
    ];

    const fn new(id: VisitId) -> Self {
        Self {
            id,
            known: [const { None }; 11],
        }
    }

    /// Notes a value, or a map in its place; `None` where it was written before.
    fn set(&mut self, key: &str, value: Option<&ScalarValue>) -> Option<()> {
        let Some(place) = Self::KEYS.iter().position(|known| *known == key) else {
            return Some(());
        };
        let field = self.known.get_mut(place)?;
        if field.is_some() {
            return None;
        }
        *field = Some(value.cloned());
        Some(())
    }

    /// What it says of letter boxes, where it does: as it is read from a document.
    fn handout(&self) -> Option<Handout> {
        let [door, _, at, _, undone, _, _, round, address, boxes, number] = self
            .known
            .each_ref()
            .map(|field| field.as_ref().and_then(Option::as_ref));
        let text = |value: Option<&ScalarValue>| match value {
            Some(ScalarValue::Str(text)) => Some(text.to_string()),
            _ => None,
        };
        if text(door).is_some() || undone == Some(&ScalarValue::Boolean(true)) {
            return None;
        }
        let Some(ScalarValue::Timestamp(at)) = at else {
            return None;
        };
        let number = match number? {
            ScalarValue::Int(number) => *number,
            ScalarValue::Uint(number) => i64::try_from(*number).ok()?,
            _ => return None,
        };
        Some(Handout {
            id: self.id,
            round: text(round)?.parse().ok()?,
            address: text(address).filter(|address| address.len() <= MAX_DOOR_BYTES)?,
            boxes: text(boxes)?.parse().ok()?,
            count: count(number)?,
            at: Moment(*at),
        })
    }

    /// The entry, where this version understands it: as it is read from a document.
    fn entry(self) -> Option<Entry> {
        let [door, outcome, at, leaflet, undone, replaces, back, ..] =
            self.known.map(Option::flatten);
        let yes = Some(ScalarValue::Boolean(true));
        let text = |value: Option<ScalarValue>| match value {
            Some(ScalarValue::Str(text)) => Some(text),
            _ => None,
        };
        let replaces = text(replaces).and_then(|id| id.parse().ok());
        if undone == yes {
            return replaces.is_some().then_some(Entry {
                id: self.id,
                replaces,
                visit: None,
            });
        }
        let Some(ScalarValue::Timestamp(at)) = at else {
            return None;
        };
        let door = text(door).filter(|door| door.len() <= MAX_DOOR_BYTES)?;
        Some(Entry {
            id: self.id,
            replaces,
            visit: Some(Visit {
                door: door.to_string(),
                outcome: text(outcome)?.parse().ok()?,
                at: Moment(at),
                leaflet: leaflet == yes,
                back: text(back).and_then(|back| back.parse().ok()),
            }),
        })
    }
}

//! A shift: one device, one outing.
//!
//! ```text
//! turf: text · opened: timestamp · closed: timestamp
//! visits: { VISIT: { door, outcome, at, leaflet?, replaces?, back? } | { replaces, undone }
//!                | { round, address, boxes, count, at } }
//! ```

mod trail;

pub use trail::{Changes, Trail};

use automerge::{ObjId, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable};

use crate::{
    document::{Broken, Document, scalar},
    id::{DocumentId, VisitId},
    moment::Moment,
    round::{Handout, MAX_BOXES},
    visit::{Entry, Visit},
};

/// The longest id of a door, in bytes.
pub const MAX_DOOR_BYTES: usize = 160;

/// What stands in a shift, or what some changes add to one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Shift {
    /// The turf.
    pub turf: Option<DocumentId>,
    /// When the outing was opened.
    pub opened: Option<Moment>,
    /// When it was closed.
    pub closed: Option<Moment>,
    /// Its entries, by id.
    pub entries: Vec<Entry>,
    /// What it says of letter boxes, by id.
    pub handouts: Vec<Handout>,
}

/// Opens an outing.
///
/// # Errors
/// automerge refused.
pub fn open(
    document: &mut Document,
    turf: DocumentId,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    document.edit(at, |change| {
        change.put(ROOT, "turf", turf.to_string())?;
        change.put(ROOT, "opened", ScalarValue::Timestamp(at.0))?;
        change.put_object(ROOT, "visits", ObjType::Map)?;
        Ok(())
    })
}

/// Closes the outing.
///
/// # Errors
/// automerge refused.
pub fn close(document: &mut Document, at: Moment) -> Result<Option<Vec<u8>>, Broken> {
    document.edit(at, |change| {
        change.put(ROOT, "closed", ScalarValue::Timestamp(at.0))?;
        Ok(())
    })
}

/// What stands in the map of a handout. It has no door: an older app leaves it out, and keeps it.
fn handout_values(handout: &Handout) -> [(&'static str, ScalarValue); 5] {
    [
        ("round", handout.round.to_string().into()),
        ("address", handout.address.as_str().into()),
        ("boxes", handout.boxes.word().into()),
        ("count", ScalarValue::Int(i64::from(handout.count))),
        ("at", ScalarValue::Timestamp(handout.at.0)),
    ]
}

/// Writes entries in one change, at the moment `now`.
///
/// # Errors
/// The shift was never opened, or automerge refused.
pub fn record(
    document: &mut Document,
    entries: &[Entry],
    now: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let visits = scalar::map(document.reads(), &ROOT, "visits").ok_or(Broken)?;
    document.edit(now, |change| {
        for entry in entries {
            let map = change.put_object(&visits, entry.id.to_string(), ObjType::Map)?;
            for (key, value) in values(entry) {
                change.put(&map, key, value)?;
            }
        }
        Ok(())
    })
}

/// What stands in the map of an entry, in the order in which it is written.
fn values(entry: &Entry) -> impl Iterator<Item = (&'static str, ScalarValue)> {
    let visit = entry.visit.as_ref();
    let replaces = entry.replaces.map(|id| id.to_string());
    let back = visit.and_then(|visit| visit.back);
    [
        visit.map(|visit| ("door", visit.door.as_str().into())),
        visit.map(|visit| ("outcome", visit.outcome.word().into())),
        visit.map(|visit| ("at", ScalarValue::Timestamp(visit.at.0))),
        visit
            .filter(|visit| visit.leaflet)
            .map(|_| ("leaflet", true.into())),
        visit.is_none().then(|| ("undone", true.into())),
        replaces.map(|id| ("replaces", id.into())),
        // An older app leaves it out, and keeps it.
        back.map(|back| ("back", back.to_string().into())),
    ]
    .into_iter()
    .flatten()
}

/// Reads a shift. An entry that this version does not understand is left out, not lost.
#[must_use]
pub fn read(document: &Document) -> Shift {
    let doc = document.reads();
    let entries = scalar::map(doc, &ROOT, "visits").map_or_else(Vec::new, |visits| {
        doc.keys(&visits)
            .filter_map(|key| {
                let map = scalar::map(doc, &visits, &key)?;
                read_entry(doc, &map, key.parse().ok()?)
            })
            .collect()
    });
    let handouts = scalar::map(doc, &ROOT, "visits").map_or_else(Vec::new, |visits| {
        doc.keys(&visits)
            .filter_map(|key| {
                let map = scalar::map(doc, &visits, &key)?;
                read_handout(doc, &map, key.parse().ok()?)
            })
            .collect()
    });
    Shift {
        turf: scalar::text(doc, &ROOT, "turf").and_then(|turf| turf.parse().ok()),
        opened: scalar::timestamp(doc, &ROOT, "opened").map(Moment),
        closed: scalar::timestamp(doc, &ROOT, "closed").map(Moment),
        entries,
        handouts,
    }
}

fn read_handout(doc: &impl ReadDoc, map: &ObjId, id: VisitId) -> Option<Handout> {
    if scalar::text(doc, map, "door").is_some() || scalar::flag(doc, map, "undone") {
        return None;
    }
    Some(Handout {
        id,
        round: scalar::text(doc, map, "round")?.parse().ok()?,
        address: scalar::text(doc, map, "address")
            .filter(|address| address.len() <= MAX_DOOR_BYTES)?,
        boxes: scalar::text(doc, map, "boxes")?.parse().ok()?,
        count: count(scalar::number(doc, map, "count")?)?,
        at: Moment(scalar::timestamp(doc, map, "at")?),
    })
}

fn count(number: i64) -> Option<u32> {
    u32::try_from(number)
        .ok()
        .filter(|count| *count <= MAX_BOXES)
}

fn read_entry(doc: &impl ReadDoc, map: &ObjId, id: VisitId) -> Option<Entry> {
    let replaces = scalar::text(doc, map, "replaces").and_then(|id| id.parse().ok());
    if scalar::flag(doc, map, "undone") {
        return replaces.is_some().then_some(Entry {
            id,
            replaces,
            visit: None,
        });
    }
    let door = scalar::text(doc, map, "door").filter(|door| door.len() <= MAX_DOOR_BYTES)?;
    Some(Entry {
        id,
        replaces,
        visit: Some(Visit {
            door,
            outcome: scalar::text(doc, map, "outcome")?.parse().ok()?,
            at: Moment(scalar::timestamp(doc, map, "at")?),
            leaflet: scalar::flag(doc, map, "leaflet"),
            back: scalar::text(doc, map, "back").and_then(|back| back.parse().ok()),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Actor, batch, check::check},
        envelope::Kind,
        id::DeviceId,
        outcome::Outcome,
    };

    const NOW: Moment = Moment(1_700_000_000_000);
    const DEVICE: DeviceId = DeviceId([1; 32]);

    fn entry(id: u8, outcome: Outcome) -> Entry {
        Entry {
            id: VisitId([id; 10]),
            replaces: None,
            visit: Some(Visit {
                door: format!("75112_gf2phd_{id:05}"),
                outcome,
                at: NOW.after(crate::moment::Millis::seconds(u32::from(id))),
                leaflet: id.is_multiple_of(2),
                back: None,
            }),
        }
    }

    #[test]
    fn what_one_device_writes_another_reads() {
        let actor = Actor::of(&DEVICE, 1);
        let mut mine = Document::new(Kind::Shift, actor).unwrap();
        let undo = Entry {
            id: VisitId([3; 10]),
            replaces: Some(VisitId([1; 10])),
            visit: None,
        };
        let entries = vec![entry(1, Outcome::Absent), entry(2, Outcome::Spoke), undo];
        let mut changes = vec![open(&mut mine, DocumentId([9; 16]), NOW).unwrap().unwrap()];
        for entry in &entries {
            let change = record(&mut mine, std::slice::from_ref(entry), NOW).unwrap();
            changes.push(change.unwrap());
        }
        changes.push(close(&mut mine, NOW).unwrap().unwrap());

        let body = batch::pack(changes.iter().map(Vec::as_slice)).unwrap();
        let mut theirs = Document::new(Kind::Shift, Actor::of(&DeviceId([2; 32]), 1)).unwrap();
        let checked = check(&theirs, Kind::Shift, &DEVICE, &body, NOW).unwrap();
        theirs.apply(checked).unwrap();
        let expected = Shift {
            turf: Some(DocumentId([9; 16])),
            opened: Some(NOW),
            closed: Some(NOW),
            entries,
            handouts: Vec::new(),
        };
        assert_eq!(read(&theirs), expected);
        let reloaded = Document::load(&theirs.save(), actor).unwrap();
        assert_eq!(read(&reloaded), expected);
    }

    #[test]
    fn what_a_newer_app_wrote_beside_survives_an_older_one() {
        let actor = Actor::of(&DEVICE, 1);
        let mut newer = Document::new(Kind::Shift, actor).unwrap();
        open(&mut newer, DocumentId([9; 16]), NOW).unwrap();
        record(&mut newer, &[entry(1, Outcome::Absent)], NOW).unwrap();
        newer
            .edit(NOW, |change| Ok(change.put(ROOT, "weather", "rain")?))
            .unwrap();

        let mut older = Document::load(&newer.save(), actor).unwrap();
        record(&mut older, &[entry(2, Outcome::Spoke)], NOW).unwrap();
        let again = Document::load(&older.save(), actor).unwrap();
        assert_eq!(read(&again).entries.len(), 2);
        let weather = scalar::text(again.reads(), &ROOT, "weather");
        assert_eq!(weather.as_deref(), Some("rain"));
    }

    #[test]
    fn sixty_taps_fit_in_eighty_bytes_each() {
        let mut shift = Document::new(Kind::Shift, Actor::of(&DEVICE, 1)).unwrap();
        let mut changes = vec![open(&mut shift, DocumentId([9; 16]), NOW).unwrap().unwrap()];
        for tap in 0..60_u8 {
            let id: [u8; 32] =
                sha2::Digest::finalize(sha2::Digest::chain_update(sha2::Sha256::default(), [tap]))
                    .into();
            let mut entry = entry(tap, Outcome::ALL[usize::from(tap) % 4]);
            entry.id = VisitId(*id.first_chunk().unwrap());
            let change = record(&mut shift, &[entry], NOW).unwrap();
            changes.push(change.unwrap());
        }
        let body = batch::pack(changes.iter().map(Vec::as_slice)).unwrap();
        assert!(body.len() / 60 < 60, "{} bytes a visit", body.len() / 60);
    }
}

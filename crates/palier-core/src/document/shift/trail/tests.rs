use automerge::{ObjType, ScalarValue};
use proptest::prelude::*;

use super::*;
use crate::{
    document::{batch, check::check, shift},
    id::{DocumentId, RoundId},
    outcome::Outcome,
    round::{Boxes, Handout},
    visit::{Entry, Visit},
};

const NOW: Moment = Moment(1_700_000_000_000);
const DEVICE: DeviceId = DeviceId([1; 32]);
const TURF: DocumentId = DocumentId([9; 16]);

fn actor() -> Actor {
    Actor::of(&DEVICE, 1)
}

fn opening() -> Shift {
    Shift {
        turf: Some(TURF),
        opened: Some(NOW),
        ..Shift::default()
    }
}

fn visit(id: u8, replaces: Option<u8>, leaflet: bool) -> Entry {
    Entry {
        id: VisitId([id; 10]),
        replaces: replaces.map(|id| VisitId([id; 10])),
        visit: Some(Visit {
            door: format!("75112_gf2phd_{id:05}"),
            outcome: Outcome::ALL[usize::from(id) % 7],
            at: NOW,
            leaflet,
            back: (leaflet && id.is_multiple_of(3)).then(|| "2026-11-28 18-20".parse().unwrap()),
        }),
    }
}

fn undoing(id: u8, replaces: u8) -> Entry {
    Entry {
        id: VisitId([id; 10]),
        replaces: Some(VisitId([replaces; 10])),
        visit: None,
    }
}

/// An outing as a list of what each change adds.
fn outing() -> impl Strategy<Value = Vec<Shift>> {
    let entry = |id: u8| {
        (any::<bool>(), any::<bool>(), 0..=id).prop_map(move |(undoes, leaflet, other)| {
            match (undoes && id > 0, other < id) {
                (true, _) => undoing(id, other.min(id - 1)),
                (false, true) => visit(id, Some(other), leaflet),
                (false, false) => visit(id, None, leaflet),
            }
        })
    };
    let entries: Vec<_> = (0..20).map(entry).collect();
    (entries, 0_usize..20, 1_usize..4, any::<bool>()).prop_map(|(entries, kept, each, closes)| {
        let mut steps = vec![opening()];
        let added = entries[..kept].chunks(each).map(|entries| Shift {
            entries: entries.to_vec(),
            ..Shift::default()
        });
        steps.extend(added);
        if closes {
            steps.push(Shift {
                closed: Some(NOW),
                ..Shift::default()
            });
        }
        steps
    })
}

/// The changes of an outing, each as a trail writes it.
fn written(steps: &[Shift]) -> (Trail, Vec<Vec<u8>>) {
    let mut trail = Trail::new(actor());
    let changes = steps.iter().map(|step| trail.write(step, NOW).unwrap());
    let changes = changes.collect();
    (trail, changes)
}

fn document_of(changes: &[Vec<u8>]) -> Document {
    let mut document = Document::new(Kind::Shift, Actor::of(&DeviceId([2; 32]), 1)).unwrap();
    let body = batch::pack(changes.iter().map(Vec::as_slice)).unwrap();
    let checked = check(&document, Kind::Shift, &DEVICE, &body, NOW).unwrap();
    document.apply(checked).unwrap();
    document
}

fn sorted(mut shift: Shift) -> Shift {
    shift.entries.sort_by_key(|entry| entry.id);
    shift
}

proptest! {
    #[test]
    fn a_trail_writes_what_automerge_writes(steps in outing()) {
        let (_, changes) = written(&steps);
        let mut document = Document::new(Kind::Shift, actor()).unwrap();
        for (step, change) in steps.iter().zip(&changes) {
            let by_automerge = match step {
                Shift { opened: Some(_), .. } => shift::open(&mut document, TURF, NOW),
                Shift { closed: Some(_), .. } => shift::close(&mut document, NOW),
                Shift { entries, .. } => shift::record(&mut document, entries, NOW),
            };
            prop_assert_eq!(by_automerge.unwrap(), Some(change.clone()));
        }
    }

    #[test]
    fn what_is_followed_is_what_the_document_says(steps in outing(), cut in 0_usize..20) {
        let (end, changes) = written(&steps);
        let mut trail = Trail::new(Actor::of(&DeviceId([2; 32]), 1));
        let mut shift = Shift::default();
        let (first, second) = changes.split_at(cut.min(changes.len()));
        for changes in [first, second].into_iter().filter(|part| !part.is_empty()) {
            let body = batch::pack(changes.iter().map(Vec::as_slice)).unwrap();
            let read = Changes::read(&DEVICE, &body, NOW).unwrap();
            let (next, added) = trail.follow(&read).unwrap();
            trail = next;
            shift.turf = shift.turf.or(added.turf);
            shift.opened = shift.opened.or(added.opened);
            shift.closed = shift.closed.or(added.closed);
            shift.entries.extend(added.entries);
        }
        prop_assert_eq!(sorted(shift), sorted(shift::read(&document_of(&changes))));
        prop_assert_eq!(&trail, &end);
        prop_assert_eq!(Trail::decode(&trail.encode()), Ok(trail));
    }

    #[test]
    fn no_bytes_make_a_trail_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Trail::decode(&bytes);
        let _ = Changes::read(&DEVICE, &bytes, NOW);
    }
}

type Write = fn(&mut Document);

/// Writes into a document of one visit, and gives what a trail makes of it beside what the
/// document says.
fn beside(write: Write) -> (Option<Shift>, Shift) {
    let before = [
        opening(),
        Shift {
            entries: vec![visit(1, None, true)],
            ..Shift::default()
        },
    ];
    let (trail, mut changes) = written(&before);
    let mut document = document_of(&changes);
    document = Document::load(&document.save(), actor()).unwrap();
    write(&mut document);
    let last = document.inner.get_last_local_change().unwrap();
    let body = batch::pack([last.raw_bytes()]).unwrap();
    changes.push(last.raw_bytes().to_vec());
    let whole = shift::read(&document_of(&changes));
    let read = Changes::read(&DEVICE, &body, NOW).unwrap();
    (trail.follow(&read).map(|(_, added)| added), whole)
}

fn visits(document: &Document) -> automerge::ObjId {
    use automerge::ReadDoc;
    document
        .inner
        .get(automerge::ROOT, "visits")
        .unwrap()
        .unwrap()
        .1
}

#[test]
fn what_does_more_than_add_is_left_to_the_document() {
    use automerge::{ROOT, ReadDoc, transaction::Transactable};

    let cases: [(&str, Write); 6] = [
        ("another turf", |document| {
            document
                .edit(NOW, |t| Ok(t.put(ROOT, "turf", "x")?))
                .unwrap();
        }),
        ("another map of visits", |document| {
            document
                .edit(NOW, |t| {
                    t.put_object(ROOT, "visits", ObjType::Map)?;
                    Ok(())
                })
                .unwrap();
        }),
        ("another outcome in the same entry", |document| {
            let visits = visits(document);
            let id = VisitId([1; 10]).to_string();
            let (_, entry) = document.inner.get(&visits, id).unwrap().unwrap();
            document
                .edit(NOW, |t| Ok(t.put(&entry, "outcome", "absent")?))
                .unwrap();
        }),
        ("the same entry again", |document| {
            let visits = visits(document);
            document
                .edit(NOW, |t| {
                    t.put_object(&visits, VisitId([1; 10]).to_string(), ObjType::Map)?;
                    Ok(())
                })
                .unwrap();
        }),
        ("the same entry in capitals", |document| {
            let visits = visits(document);
            document
                .edit(NOW, |t| {
                    t.put_object(&visits, "0A0A0A0A0A0A0A0A0A0A", ObjType::Map)?;
                    Ok(())
                })
                .unwrap();
        }),
        ("a value in the place of the visits", |document| {
            document
                .edit(NOW, |t| Ok(t.put(ROOT, "visits", 1)?))
                .unwrap();
        }),
    ];
    for (what, write) in cases {
        assert_eq!(beside(write).0, None, "{what}");
    }
}

#[test]
fn what_a_newer_app_adds_is_passed_over_as_the_document_does() {
    use automerge::{ROOT, transaction::Transactable};

    let cases: [(&str, Write); 4] = [
        ("a key beside", |document| {
            document
                .edit(NOW, |t| Ok(t.put(ROOT, "weather", "rain")?))
                .unwrap();
        }),
        ("an entry with another outcome", |document| {
            let visits = visits(document);
            document
                .edit(NOW, |t| {
                    let entry =
                        t.put_object(&visits, VisitId([2; 10]).to_string(), ObjType::Map)?;
                    t.put(&entry, "door", "d")?;
                    t.put(&entry, "at", ScalarValue::Timestamp(NOW.0))?;
                    Ok(t.put(&entry, "outcome", "waved")?)
                })
                .unwrap();
        }),
        ("an entry with a map in it", |document| {
            let visits = visits(document);
            document
                .edit(NOW, |t| {
                    let entry =
                        t.put_object(&visits, VisitId([2; 10]).to_string(), ObjType::Map)?;
                    t.put(&entry, "door", "d")?;
                    t.put(&entry, "at", ScalarValue::Timestamp(NOW.0))?;
                    t.put(&entry, "outcome", "absent")?;
                    let inner = t.put_object(&entry, "photos", ObjType::Map)?;
                    Ok(t.put(&inner, "door", "none")?)
                })
                .unwrap();
        }),
        ("a key that is no id", |document| {
            let visits = visits(document);
            document
                .edit(NOW, |t| {
                    t.put_object(&visits, "later", ObjType::Map)?;
                    Ok(())
                })
                .unwrap();
        }),
    ];
    for (what, write) in cases {
        let (added, whole) = beside(write);
        let mut known = added.expect(what).entries;
        known.push(visit(1, None, true));
        known.sort_by_key(|entry| entry.id);
        assert_eq!(known, sorted(whole).entries, "{what}");
    }
}

/// A shift that was written before a moment to come back was kept.
const FROZEN: &[u8] = include_bytes!("../frozen/before_come_back");

#[test]
fn an_outing_of_before_reads_as_it_did_and_is_written_with_the_same_bytes() {
    let device = DeviceId([7; 32]);
    let at = Moment(1_770_000_000_000);
    let changes = Changes::read(&device, FROZEN, at).unwrap();
    let fresh = Trail::new(Actor::of(&device, 1));
    let (_, read) = fresh.follow(&changes).unwrap();
    let visits: Vec<_> = read.entries.iter().map(|entry| &entry.visit).collect();
    let expected = Some(Visit {
        door: "01_0001_00001".into(),
        outcome: Outcome::Spoke,
        at,
        leaflet: true,
        back: None,
    });
    assert_eq!(visits, [&expected, &expected, &None]);
    let mut again = Trail::new(Actor::of(&device, 1));
    let opening = Shift {
        entries: Vec::new(),
        ..read.clone()
    };
    let mut written = vec![again.write(&opening, at).unwrap()];
    for entry in read.entries {
        let one = Shift {
            entries: vec![entry],
            ..Shift::default()
        };
        written.push(again.write(&one, at).unwrap());
    }
    assert_eq!(written, batch::unpack(FROZEN).unwrap());
}

#[test]
fn a_moment_that_this_version_cannot_read_is_kept_and_the_visit_stands() {
    let mut document = Document::new(Kind::Shift, actor()).unwrap();
    shift::open(&mut document, TURF, NOW).unwrap();
    shift::record(&mut document, &[visit(1, None, false)], NOW).unwrap();
    let visits =
        crate::document::scalar::map(document.reads(), &automerge::ROOT, "visits").unwrap();
    let one =
        crate::document::scalar::map(document.reads(), &visits, &VisitId([1; 10]).to_string());
    let one = one.unwrap();
    document
        .edit(NOW, |change| {
            use automerge::transaction::Transactable;
            Ok(change.put(&one, "back", "at the next full moon")?)
        })
        .unwrap();
    let read = shift::read(&document);
    assert_eq!(read.entries, [visit(1, None, false)]);
    let again = Document::load(&document.save(), actor()).unwrap();
    let kept = crate::document::scalar::text(again.reads(), &one, "back");
    assert_eq!(kept.as_deref(), Some("at the next full moon"));
}

#[test]
fn what_is_said_of_letter_boxes_is_followed_as_the_document_has_it() {
    let handout = |id: u8, boxes: Boxes| Handout {
        id: VisitId([id; 10]),
        round: RoundId([4; 10]),
        address: format!("75112_gf2phd_{id:05}"),
        boxes,
        count: u32::from(id) * 3,
        at: NOW,
    };
    let steps = [
        opening(),
        Shift {
            handouts: vec![handout(1, Boxes::Done), handout(2, Boxes::Unreached)],
            ..Shift::default()
        },
        Shift {
            entries: vec![visit(3, None, true)],
            handouts: vec![handout(4, Boxes::Todo)],
            ..Shift::default()
        },
    ];
    let (_, changes) = written(&steps);
    let body = batch::pack(changes.iter().map(Vec::as_slice)).unwrap();
    let read = Changes::read(&DEVICE, &body, NOW).unwrap();
    let (trail, followed) = Trail::new(actor()).follow(&read).unwrap();
    assert_eq!(trail.entries(), 4);
    let mut document = Document::new(Kind::Shift, actor()).unwrap();
    document
        .apply(check(&document, Kind::Shift, &DEVICE, &body, NOW).unwrap())
        .unwrap();
    let whole = shift::read(&document);
    assert_eq!(whole.handouts, followed.handouts);
    assert_eq!(whole.entries, followed.entries);
    assert_eq!((whole.handouts.len(), whole.entries.len()), (3, 1));

    // The same id twice is for the document to tell.
    let twice = Shift {
        handouts: vec![handout(9, Boxes::Done), handout(9, Boxes::Todo)],
        ..Shift::default()
    };
    let (mut trail, _) = written(&steps);
    let before = trail.clone();
    let change = trail.write(&twice, NOW).unwrap();
    let body = batch::pack([change.as_slice()]).unwrap();
    let read = Changes::read(&DEVICE, &body, NOW).unwrap();
    assert_eq!(before.follow(&read), None);
}

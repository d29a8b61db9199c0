//! Answers: counted for a station, sent by ten doors, and tied to no door anywhere.

use std::collections::BTreeMap;

use palier_core::{
    answers::{Answered, Answers},
    document::{Actor, Document, batch, check::check, report},
    envelope::{Envelope, Kind},
    id::{DeviceId, DocumentId},
    outcome::Outcome,
    rights::Role,
};
use proptest::prelude::*;
use rusqlite::{Connection, types::Value};

use super::{Device, Letterbox, join, knock, link, member, member_on, organiser};
use crate::{
    Clock,
    api::{reply::AnswersRow, request::Grouping},
    store::membership,
};

const TURF: &str = "Marché";

fn support(level: u8) -> Answered {
    Answered {
        support: Some(level),
        ..Answered::default()
    }
}

/// Somebody speaks at a door of the station; the visit.
fn speak(device: &mut Device, number: usize) -> String {
    meet(device, number, Outcome::Spoke)
}

fn meet(device: &mut Device, number: usize, outcome: Outcome) -> String {
    let door = device.doors(TURF).unwrap().1[number].door.clone();
    knock(device, &door, outcome)
}

fn station(device: &Device) -> String {
    device.doors(TURF).unwrap().1[0].station.clone().unwrap()
}

fn answer(device: &mut Device, before: Answered, after: Answered) -> Result<(), String> {
    let station = station(device);
    device
        .count_answer(TURF, Some(&station), before, after)
        .map_err(|reason| reason.code())
}

/// What this device's reports say, added up over its stations and days.
fn said(device: &Device) -> Option<AnswersRow> {
    let rows = device.totals(Grouping::Team).unwrap().rows;
    rows.into_iter().find_map(|row| row.answers)
}

/// The reports as whoever reads the envelopes that left knows them, one after the other.
fn left(letters: &Letterbox, device: DeviceId) -> Vec<Answers> {
    let mut documents: BTreeMap<DocumentId, Document> = BTreeMap::new();
    let mut said = Vec::new();
    for (_, bytes) in &letters.0 {
        let envelope = Envelope::decode(bytes).unwrap();
        if envelope.header.kind != Kind::Report || envelope.header.device != device {
            continue;
        }
        let new = || Document::new(Kind::Report, Actor::of(&device, 9)).unwrap();
        let document = documents
            .entry(envelope.header.document)
            .or_insert_with(new);
        let now = Clock::System.now();
        let changes = check(document, Kind::Report, &device, &envelope.body, now).unwrap();
        document.apply(changes).unwrap();
        let read = report::read(document).unwrap();
        said.push(
            read.answers
                .into_values()
                .fold(Answers::default(), |mut sum, answers| {
                    sum.add(&answers);
                    sum
                }),
        );
    }
    said
}

fn walker(letters: &mut Letterbox) -> Device {
    let mut lead = organiser(letters);
    member(letters, &mut lead, Role::Volunteer, "Merle")
}

#[test]
fn answers_leave_when_an_eleventh_door_opens_and_not_before() {
    let mut letters = Letterbox::default();
    let mut merle = walker(&mut letters);
    for number in 0..10 {
        speak(&mut merle, number);
        answer(&mut merle, Answered::default(), support(4)).unwrap();
        letters.collect(&mut merle);
        assert_eq!(said(&merle), None);
    }
    meet(&mut merle, 10, Outcome::Absent);
    letters.collect(&mut merle);
    assert_eq!(said(&merle), None);
    meet(&mut merle, 10, Outcome::Refused);
    letters.collect(&mut merle);
    let row = said(&merle).unwrap();
    assert_eq!((row.doors, row.answered, row.support[3]), (10, 10, 10));
    assert_eq!(row.favourable, None, "ten are too few for a share");
    let left = left(&letters, merle.id());
    assert_eq!(left.last().unwrap().doors, 10);
    assert!(left.iter().all(|answers| answers.doors % 10 == 0));
    assert!(!merle.rebuild().unwrap().differed);
}

#[test]
fn an_outing_that_ends_on_ten_doors_sends_them_and_fewer_wait_for_the_next() {
    let mut letters = Letterbox::default();
    let mut merle = walker(&mut letters);
    for number in 0..9 {
        speak(&mut merle, number);
        answer(&mut merle, Answered::default(), support(2)).unwrap();
    }
    merle.close_shift(TURF).unwrap();
    letters.collect(&mut merle);
    assert_eq!(said(&merle), None);
    speak(&mut merle, 9);
    merle.close_shift(TURF).unwrap();
    letters.collect(&mut merle);
    let row = said(&merle).unwrap();
    assert_eq!((row.doors, row.support), (10, [0, 9, 0, 0, 0]));
    assert_eq!(
        answer(&mut merle, support(2), support(3)),
        Err("not_counted".into()),
        "what left is not changed any more"
    );
}

#[test]
fn a_door_counts_once_and_not_at_all_once_it_is_taken_back() {
    let mut letters = Letterbox::default();
    let mut merle = walker(&mut letters);
    for _ in 0..30 {
        speak(&mut merle, 0);
    }
    merle.close_shift(TURF).unwrap();
    letters.collect(&mut merle);
    assert_eq!(said(&merle), None);
    let visit = speak(&mut merle, 1);
    answer(&mut merle, Answered::default(), support(1)).unwrap();
    answer(&mut merle, support(1), Answered::default()).unwrap();
    merle.undo(&visit).unwrap();
    for number in 2..10 {
        speak(&mut merle, number);
    }
    merle.close_shift(TURF).unwrap();
    letters.collect(&mut merle);
    assert_eq!(said(&merle), None, "nine doors opened");
}

#[test]
fn an_answer_needs_a_door_that_opened_and_a_station_that_is_one() {
    let mut letters = Letterbox::default();
    let mut merle = walker(&mut letters);
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(
        answer(&mut merle, Answered::default(), support(1)),
        refused("not_counted")
    );
    speak(&mut merle, 0);
    let nowhere = merle.count_answer(TURF, Some("nulle part"), Answered::default(), support(1));
    assert_eq!(nowhere.unwrap_err().code(), "unknown_station");
    answer(&mut merle, Answered::default(), support(1)).unwrap();
    assert_eq!(
        answer(&mut merle, Answered::default(), support(1)),
        refused("not_counted"),
        "one door, one answer"
    );
}

/// The device is dropped with everything it had in memory, at each step of an outing.
#[test]
fn a_device_that_is_killed_neither_loses_nor_doubles() {
    let folder = tempfile::tempdir().unwrap();
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let open = || Device::open(folder.path(), None, Clock::System).unwrap();
    let mut merle = member_on(open(), &mut letters, &mut lead, Role::Volunteer, "Merle");
    for number in 0..21 {
        speak(&mut merle, number);
        merle = reopened(merle, &open);
        answer(&mut merle, Answered::default(), support(5)).unwrap();
        merle = reopened(merle, &open);
        if number % 3 == 0 {
            // What is sealed and was not sent goes again, the same bytes.
            merle.seal_outbox().unwrap();
            merle = reopened(merle, &open);
            letters.collect(&mut merle);
        }
    }
    letters.collect(&mut merle);
    let row = said(&merle).unwrap();
    assert_eq!((row.doors, row.support), (20, [0, 0, 0, 0, 20]));
    assert_eq!(left(&letters, merle.id()).last().unwrap().doors, 20);
}

fn reopened(device: Device, open: &impl Fn() -> Device) -> Device {
    drop(device);
    open()
}

/// Every row of every table, with the order in which SQLite keeps it.
fn everything(connection: &Connection) -> BTreeMap<String, Vec<String>> {
    let mut tables = connection
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        .unwrap();
    let tables: Vec<(String, String)> = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let rows = |(table, sql): (String, String)| {
        let order = if sql.contains("WITHOUT ROWID") {
            ""
        } else {
            "rowid, "
        };
        let mut query = connection
            .prepare(&format!("SELECT {order}* FROM {table}"))
            .unwrap();
        let columns = query.column_count();
        let rows = query.query_map([], |row| {
            let values = (0..columns).map(|at| row.get::<_, Value>(at));
            Ok(format!("{:?}", values.collect::<Result<Vec<_>, _>>()?))
        });
        (table, rows.unwrap().collect::<Result<_, _>>().unwrap())
    };
    tables.into_iter().map(rows).collect()
}

/// Whoever has the whole database finds the same, whichever door said what, and in which order.
#[test]
fn the_database_is_the_same_whoever_answered_what() {
    let answers = [support(1), support(5), support(5), support(3)];
    let pictures = [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]].map(|order| {
        let mut letters = Letterbox::default();
        let mut merle = walker(&mut letters);
        for number in 0..4 {
            speak(&mut merle, number);
        }
        let before = everything(merle.connection());
        for place in order {
            answer(&mut merle, Answered::default(), answers[place]).unwrap();
        }
        let after = everything(merle.connection());
        let changed: Vec<_> = after
            .iter()
            .filter(|(table, rows)| before[*table] != **rows)
            .map(|(table, _)| table.as_str())
            .collect();
        assert_eq!(changed, ["answer_batch"], "a tap touches nothing else");
        assert_eq!(after["answer_batch"].len(), 1, "one row for the station");
        let mut query = merle
            .connection()
            .prepare("SELECT station, numbers FROM answer_batch")
            .unwrap();
        query
            .query_row([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 64]>(1)?))
            })
            .unwrap()
    });
    assert_eq!(pictures[0], pictures[1]);
    assert_eq!(pictures[0], pictures[2]);
}

/// Every body of every envelope of an outing, opened with the keys that the device has.
#[test]
fn no_envelope_of_an_outing_holds_an_answer_but_the_report_that_sums_ten_doors() {
    let mut letters = Letterbox::default();
    let mut merle = walker(&mut letters);
    for number in 0..25 {
        speak(&mut merle, number);
        let level = u8::try_from(number % 5 + 1).unwrap();
        answer(&mut merle, Answered::default(), support(level)).unwrap();
        letters.collect(&mut merle);
    }
    merle.close_shift(TURF).unwrap();
    letters.collect(&mut merle);
    let mut with_answers = 0;
    for (_, bytes) in &letters.0 {
        let envelope = Envelope::decode(bytes).unwrap();
        let device = envelope.header.device;
        if !envelope.header.kind.is_document() || device != merle.id() {
            continue;
        }
        let clear = membership::clear_body(merle.connection(), &envelope).unwrap();
        let speaks = batch::unpack(&clear.unwrap())
            .unwrap()
            .iter()
            .any(|change| {
                let change = automerge_text(change);
                ["support", "registration", "proxy"]
                    .iter()
                    .any(|word| change.contains(word))
            });
        assert!(!speaks || envelope.header.kind == Kind::Report);
        with_answers += usize::from(speaks);
    }
    assert_eq!(with_answers, 2, "one for each batch of the 25 doors");
    let sums: Vec<u32> = left(&letters, merle.id()).iter().map(|a| a.doors).collect();
    assert!(
        sums.iter().all(|doors| [0, 10, 20].contains(doors)),
        "{sums:?}"
    );
    assert_eq!(sums.last(), Some(&20));
}

/// A change chunk as text: keys stand in it as they are.
fn automerge_text(change: &[u8]) -> String {
    String::from_utf8_lossy(change).into_owned()
}

#[test]
fn a_device_of_a_backup_says_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let open = || Device::open(folder.path(), None, Clock::System).unwrap();
    let mut merle = member_on(open(), &mut letters, &mut lead, Role::Volunteer, "Merle");
    for number in 0..8 {
        speak(&mut merle, number);
        answer(&mut merle, Answered::default(), support(1)).unwrap();
    }
    letters.collect(&mut merle);
    drop(merle);
    let file = "device.sqlite3";
    std::fs::copy(folder.path().join(file), backup.path().join(file)).unwrap();
    merle = open();
    for number in 8..11 {
        speak(&mut merle, number);
    }
    letters.collect(&mut merle);
    assert_eq!(said(&merle).unwrap().support[0], 8);
    drop(merle);
    std::fs::copy(backup.path().join(file), folder.path().join(file)).unwrap();
    merle = open();
    // The relay has later envelopes of this device: it takes them back.
    letters.deliver(&mut merle);
    for number in 11..25 {
        speak(&mut merle, number);
    }
    letters.collect(&mut merle);
    letters.deliver(&mut merle);
    letters.collect(&mut merle);
    assert_eq!(said(&merle).unwrap().support[0], 8, "once");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever the order of taps and of syncs, what left is what was answered at the doors of
    /// whole batches, and the rest is still there.
    #[test]
    fn sums_are_equal_whatever_the_order(taps in proptest::collection::vec((0..=5_u8, any::<bool>()), 0..45)) {
        let mut letters = Letterbox::default();
        let mut lead = organiser(&mut letters);
        let invitation = link(&mut letters, &mut lead, Role::Volunteer, 1);
        let mut merle = Device::in_memory(Clock::System).unwrap();
        join(&mut merle, &mut letters, &invitation, "Merle").unwrap();
        letters.deliver(&mut merle);
        super::give_territory(&lead, &mut merle);
        let mut expected = Answers::default();
        let whole = taps.len().saturating_sub(1) / 10 * 10;
        for (number, (level, sync)) in taps.into_iter().enumerate() {
            speak(&mut merle, number);
            if level > 0 {
                answer(&mut merle, Answered::default(), support(level)).unwrap();
            }
            if number < whole {
                expected.add(&Answers { doors: 1, counts: support(level).counts() });
            }
            if sync {
                letters.collect(&mut merle);
            }
        }
        letters.collect(&mut merle);
        let sum = left(&letters, merle.id()).last().copied().unwrap_or_default();
        prop_assert_eq!(sum, expected);
    }
}

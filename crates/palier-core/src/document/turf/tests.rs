use automerge::Change;
use proptest::prelude::*;

use super::*;
use crate::{
    building::{Access, DoorPlace, LandingPlace, Plan, Way},
    document::{Actor, batch, check::check},
    envelope::Kind,
    moment::Millis,
};

const NOW: Moment = Moment(1_700_000_000_000);

fn device(number: u8) -> DeviceId {
    DeviceId([number; 32])
}

fn new(number: u8) -> Document {
    Document::new(Kind::Turf, Actor::of(&device(number), 1)).unwrap()
}

fn deliver(change: &[u8], from: u8, to: &mut Document) {
    let body = batch::pack([change]).unwrap();
    let changes = check(to, Kind::Turf, &device(from), &body, NOW).unwrap();
    to.apply(changes).unwrap();
}

fn ids(document: &Document) -> Vec<String> {
    let doors = buildings(document).doors;
    doors.iter().map(|door| door.place.to_string()).collect()
}

fn door(id: &str) -> DoorPlace {
    id.parse().unwrap()
}

fn coded(code: &str, end: Moment) -> Access {
    Access {
        way: Way::Code,
        code: Some((code.parse().unwrap(), end)),
    }
}

const OPEN: Access = Access {
    way: Way::Open,
    code: None,
};

#[test]
fn two_people_who_describe_a_landing_offline_meet() {
    let (mut merle, mut pinson) = (new(1), new(2));
    let cover = Cover::Station("1251".into());
    let created = create(&mut merle, "Diderot", &cover, NOW).unwrap().unwrap();
    deliver(&created, 1, &mut pinson);

    let add = |document: &mut Document, labels: &[&str]| {
        let doors: Vec<_> = labels
            .iter()
            .map(|label| format!("a/A/2/{label}"))
            .collect();
        add_doors(document, &doors, NOW).unwrap().unwrap()
    };
    let here = add(&mut merle, &["g", "d"]);
    let there = add(&mut pinson, &["d", "f"]);
    deliver(&here, 1, &mut pinson);
    deliver(&there, 2, &mut merle);

    assert_eq!(ids(&merle), ["a/A/2/d", "a/A/2/f", "a/A/2/g"]);
    assert_eq!(buildings(&merle), buildings(&pinson));
    assert_eq!(read(&merle).map(|turf| turf.cover), Some(cover));
    // What is there already is not written once more.
    assert_eq!(add_doors(&mut merle, &ids(&pinson), NOW), Ok(None));
}

#[test]
fn to_describe_again_takes_no_name_away_and_a_door_comes_back_with_its_name() {
    let mut merle = new(1);
    let doors = ["a/A/2/1".to_owned(), "a/A/2/2".to_owned()];
    add_doors(&mut merle, &doors, NOW).unwrap();
    rename_door(&mut merle, &door("a/A/2/1"), "gauche", NOW).unwrap();
    let landing: LandingPlace = "a/A/2".parse().unwrap();
    rename_landing(&mut merle, &landing, "Entresol", NOW).unwrap();
    let named = buildings(&merle);
    assert_eq!(named.doors[0].label, "gauche");
    assert!(named.doors.iter().all(|door| door.landing == "Entresol"));

    assert_eq!(remove_doors(&mut merle, &["a/A/2/9".into()], NOW), Ok(None));
    remove_doors(&mut merle, &doors[..1], NOW).unwrap();
    assert_eq!(ids(&merle), doors[1..]);
    add_doors(&mut merle, &doors, NOW).unwrap();
    assert_eq!(buildings(&merle), named);

    rename_door(&mut merle, &door("a/A/2/1"), "", NOW).unwrap();
    rename_landing(&mut merle, &landing, "", NOW).unwrap();
    let bare = buildings(&merle);
    assert_eq!(
        (bare.doors[0].label.as_str(), bare.doors[0].landing.as_str()),
        ("1", "")
    );
}

#[test]
fn a_door_that_one_removes_while_another_describes_it_anew_stays_removed() {
    let (mut merle, mut pinson) = (new(1), new(2));
    let doors = ["a/A/2/1".to_owned(), "a/A/2/2".to_owned()];
    let described = add_doors(&mut merle, &doors, NOW).unwrap().unwrap();
    deliver(&described, 1, &mut pinson);
    let removed = remove_doors(&mut merle, &doors[..1], NOW).unwrap().unwrap();
    let more = [doors[0].clone(), doors[1].clone(), "a/A/2/3".to_owned()];
    let more = add_doors(&mut pinson, &more, NOW).unwrap().unwrap();
    deliver(&removed, 1, &mut pinson);
    deliver(&more, 2, &mut merle);
    assert_eq!(ids(&merle), ["a/A/2/2", "a/A/2/3"]);
    assert_eq!(ids(&merle), ids(&pinson));
}

#[test]
fn a_code_that_ends_later_reaches_the_others_and_goes_with_another_way() {
    let (mut merle, mut pinson) = (new(1), new(2));
    let access = coded("12B9", NOW.after(Millis::days(30)));
    let noted = set_access(&mut merle, "a", &access, NOW).unwrap().unwrap();
    deliver(&noted, 1, &mut pinson);
    assert_eq!(buildings(&pinson).access, [("a".into(), access)]);
    set_access(&mut merle, "a", &OPEN, NOW).unwrap();
    assert_eq!(buildings(&merle).access, [("a".into(), OPEN)]);
}

#[test]
fn of_two_ways_noted_offline_one_stands_whole() {
    let (mut merle, mut pinson) = (new(1), new(2));
    let before = set_access(&mut merle, "a", &coded("1", NOW), NOW)
        .unwrap()
        .unwrap();
    deliver(&before, 1, &mut pinson);
    let (one, other) = (OPEN, coded("77#", NOW.after(Millis::days(3))));
    let here = set_access(&mut merle, "a", &one, NOW).unwrap().unwrap();
    let there = set_access(&mut pinson, "a", &other, NOW).unwrap().unwrap();
    deliver(&here, 1, &mut pinson);
    deliver(&there, 2, &mut merle);
    let stands = buildings(&merle).access;
    assert_eq!(stands, buildings(&pinson).access);
    assert!(stands == [("a".to_owned(), one)] || stands == [("a".to_owned(), other)]);
}

#[test]
fn what_is_out_of_bounds_is_not_read() {
    let mut evil = new(3);
    let long = format!("Madame, au fond, {}", "x".repeat(40));
    add_doors(&mut evil, &["a/A/2/1".into(), "a/A".into()], NOW).unwrap();
    rename_door(&mut evil, &door("a/A/2/1"), &long, NOW).unwrap();
    let codes = map(&evil, "codes").unwrap();
    let ways = map(&evil, "access").unwrap();
    evil.edit(NOW, |change| {
        change.put(&ways, "a", "code")?;
        change.put(&codes, "a", "9000000000000 Madame")?;
        Ok(change.put(&ways, "b", "par la cave")?)
    })
    .unwrap();
    let read = buildings(&evil);
    assert_eq!(read.doors.len(), 1);
    assert_eq!(read.doors[0].label, "1");
    let code = Access {
        way: Way::Code,
        code: None,
    };
    assert_eq!(read.access, [("a".into(), code)]);
}

#[test]
fn nobody_deletes_the_maps_of_a_turf() {
    let mut evil = new(3);
    let change = evil
        .edit(NOW, |change| Ok(change.put(ROOT, "doors", 1)?))
        .unwrap()
        .unwrap();
    let body = batch::pack([change.as_slice()]).unwrap();
    let refused = check(&new(1), Kind::Turf, &device(3), &body, NOW);
    assert_eq!(
        refused.map(|changes| changes.len()),
        Err(crate::refusal::Refusal::BadSchema)
    );
}

/// What somebody does to a building of two stairs.
#[derive(Clone, Debug)]
enum Deed {
    Describe {
        stairs: bool,
        highest: i16,
        doors: u8,
    },
    Add(String),
    Remove(String),
    Label(String, String),
    Landing(i16, String),
    Enter(Access),
}

impl Deed {
    fn do_in(&self, document: &mut Document) -> Option<Vec<u8>> {
        let change = match self {
            Self::Describe {
                stairs,
                highest,
                doors,
            } => {
                let stairs: &[&str] = if *stairs { &["A", "B"] } else { &["A"] };
                let plan = Plan {
                    stairs: stairs.iter().map(|stair| (*stair).to_owned()).collect(),
                    lowest: 0,
                    highest: *highest,
                    doors: *doors,
                    ground: None,
                };
                add_doors(document, &plan.doors("a").unwrap(), NOW)
            }
            Self::Add(id) => add_doors(document, std::slice::from_ref(id), NOW),
            Self::Remove(id) => remove_doors(document, std::slice::from_ref(id), NOW),
            Self::Label(id, label) => rename_door(document, &door(id), label, NOW),
            Self::Landing(floor, name) => {
                let landing = LandingPlace::new("a", "A", *floor).unwrap();
                rename_landing(document, &landing, name, NOW)
            }
            Self::Enter(access) => set_access(document, "a", access, NOW),
        };
        change.unwrap()
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    let id = || (0..2_i16, 1..3_u8).prop_map(|(floor, label)| format!("a/A/{floor}/{label}"));
    let name = || prop_oneof![Just(""), Just("gauche"), Just("Entresol")].prop_map(str::to_owned);
    let access = prop_oneof![
        Just(OPEN),
        Just(coded("12A", NOW)),
        Just(coded("34B", Moment(NOW.0 + 1)))
    ];
    prop_oneof![
        (any::<bool>(), 0..2_i16, 1..3_u8).prop_map(|(stairs, highest, doors)| Deed::Describe {
            stairs,
            highest,
            doors
        }),
        id().prop_map(Deed::Add),
        id().prop_map(Deed::Remove),
        (id(), name()).prop_map(|(id, label)| Deed::Label(id, label)),
        (0..2_i16, name()).prop_map(|(floor, name)| Deed::Landing(floor, name)),
        access.prop_map(Deed::Enter),
    ]
}

fn apply(document: &mut Document, changes: &[Vec<u8>]) {
    let changes = changes
        .iter()
        .map(|one| Change::from_bytes(one.clone()).unwrap());
    document.apply(changes.collect()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Three people go on from one description without a network. In whatever order their
    /// changes arrive, once or twice, in one go or one by one, everybody reads the same.
    #[test]
    fn what_is_written_offline_merges_whatever_the_order(
        before in prop::collection::vec(deed(), 0..4),
        offline in prop::collection::vec(prop::collection::vec(deed(), 0..6), 3),
    ) {
        let mut base = new(9);
        let shared: Vec<_> = before.iter().filter_map(|deed| deed.do_in(&mut base)).collect();
        let mut people: Vec<Document> = (1..=3).map(new).collect();
        let written: Vec<Vec<Vec<u8>>> = people
            .iter_mut()
            .zip(&offline)
            .map(|(document, deeds)| {
                apply(document, &shared);
                deeds.iter().filter_map(|deed| deed.do_in(document)).collect()
            })
            .collect();
        let mut seen = Vec::new();
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut reader = new(8);
            apply(&mut reader, &shared);
            for place in order {
                apply(&mut reader, &written[place]);
            }
            let once = buildings(&reader);
            // A second time changes nothing.
            for place in order {
                apply(&mut reader, &written[place]);
            }
            prop_assert_eq!(&buildings(&reader), &once);
            seen.push(once);
        }
        // Change by change, as far as each writer's own line allows.
        let mut reader = new(7);
        apply(&mut reader, &shared);
        for place in 0..6 {
            for line in &written {
                if let Some(change) = line.get(place) {
                    apply(&mut reader, std::slice::from_ref(change));
                }
            }
        }
        seen.push(buildings(&reader));
        for (number, document) in people.iter_mut().enumerate() {
            for (other, line) in written.iter().enumerate() {
                if other != number {
                    apply(document, line);
                }
            }
            seen.push(buildings(document));
        }
        prop_assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", seen);
    }
}

//! Leaflet rounds: block faces in order, and several people on one round.

use std::path::PathBuf;

use palier_core::{
    building::Plan,
    face::{Face, faces, metres},
    rights::Role,
    round::Boxes,
    territory::{Address, StreetSide, walking_order},
};

use super::{Letterbox, member, organiser};
use crate::{
    api::{
        reply::{LetterBoxes, RoundView},
        request::{Grouping, Mark},
    },
    device::Device,
    error::{Error, Thing},
    import::read_addresses,
};

const TURF: &str = "Marché";
const ROUND: &str = "Tracts de samedi";

fn marks(view: &RoundView, face: usize, boxes: Boxes) -> Vec<Mark> {
    let buildings = view.faces[face].buildings.iter();
    let mark = |row: &LetterBoxes| Mark {
        address: row.address_id.clone(),
        boxes,
    };
    buildings.map(mark).collect()
}

fn count(view: &RoundView, face: usize) -> u32 {
    view.faces[face].buildings.iter().map(|row| row.count).sum()
}

fn exchange(letters: &mut Letterbox, devices: &mut [&mut Device]) {
    for device in devices.iter_mut() {
        letters.collect(device);
    }
    for device in devices.iter_mut() {
        letters.deliver(device);
    }
}

/// What a screen shows, whoever looks.
fn picture(view: &RoundView) -> Vec<(String, Boxes)> {
    let rows = view.faces.iter().flat_map(|face| &face.buildings);
    rows.map(|row| (row.address_id.clone(), row.boxes))
        .collect()
}

fn leaflets(device: &Device) -> u32 {
    let totals = device.totals(Grouping::Station).unwrap();
    totals.rows.iter().map(|row| row.leaflets).sum()
}

#[test]
fn a_round_is_made_by_a_lead_and_done_by_several_offline() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut one = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let mut other = member(&mut letters, &mut lead, Role::Volunteer, "Pinson");
    assert!(matches!(
        one.create_round(TURF, ROUND),
        Err(Error::NotAllowed)
    ));
    // A building of twelve doors has twelve letter boxes.
    let (_, doors) = lead.doors(TURF).unwrap();
    let tower = doors[0].address_id.clone();
    let plan = Plan {
        stairs: vec!["A".into()],
        lowest: 1,
        highest: 4,
        doors: 3,
        ground: None,
    };
    lead.describe_building(TURF, &tower, &plan).unwrap();
    let made = lead.create_round(TURF, ROUND).unwrap();
    assert_eq!((made.done, made.unreached, made.todo), (0, 0, made.boxes));
    assert!(matches!(
        lead.create_round(TURF, ROUND),
        Err(Error::NameTaken(Thing::Round))
    ));
    exchange(&mut letters, &mut [&mut lead, &mut one, &mut other]);

    let view = one.round(ROUND).unwrap();
    assert_eq!(view.round.boxes, made.boxes);
    assert_eq!(other.round(ROUND).unwrap().faces, view.faces);
    let all: u32 = (0..view.faces.len()).map(|face| count(&view, face)).sum();
    assert_eq!(all, view.round.boxes);
    let of_tower = |view: &RoundView| {
        let mut rows = view.faces.iter().flat_map(|face| &face.buildings);
        rows.find(|row| row.address_id == tower).unwrap().clone()
    };
    assert_eq!(of_tower(&view).count, 12);

    // One does the first face; the other stands before a locked hall there, and does the second.
    let done = one
        .mark_boxes(ROUND, &marks(&view, 0, Boxes::Done))
        .unwrap();
    assert_eq!(done.round.done, count(&view, 0));
    assert_eq!(done.round.faces_done, 1);
    other
        .mark_boxes(ROUND, &marks(&view, 0, Boxes::Unreached))
        .unwrap();
    other
        .mark_boxes(ROUND, &marks(&view, 1, Boxes::Done))
        .unwrap();
    exchange(&mut letters, &mut [&mut one, &mut other, &mut lead]);
    exchange(&mut letters, &mut [&mut one, &mut other, &mut lead]);
    let seen = lead.round(ROUND).unwrap();
    assert_eq!(seen.round.done, count(&view, 0) + count(&view, 1));
    assert_eq!(seen.round.unreached, 0);
    for device in [&one, &other] {
        assert_eq!(picture(&device.round(ROUND).unwrap()), picture(&seen));
    }
    assert_eq!(seen.faces[0].buildings[0].by.as_deref(), Some("Merle"));
    assert_eq!(leaflets(&one), count(&view, 0));
    assert_eq!(leaflets(&other), count(&view, 1));

    // Taking back is one's own: what the other saw shows again.
    one.mark_boxes(ROUND, &marks(&view, 0, Boxes::Todo))
        .unwrap();
    assert_eq!(leaflets(&one), 0);
    exchange(&mut letters, &mut [&mut one, &mut other, &mut lead]);
    let seen = lead.round(ROUND).unwrap();
    assert_eq!(seen.round.unreached, count(&view, 0));
    assert_eq!(seen.round.done, count(&view, 1));
    for device in [&mut one, &mut other, &mut lead] {
        assert!(!device.rebuild().unwrap().differed);
        assert_eq!(picture(&device.round(ROUND).unwrap()), picture(&seen));
    }
}

#[test]
fn what_is_none_of_the_round_is_refused_whole() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    lead.create_round(TURF, ROUND).unwrap();
    let view = lead.round(ROUND).unwrap();
    let mut wrong = marks(&view, 0, Boxes::Done);
    wrong.push(Mark {
        address: "nowhere".into(),
        boxes: Boxes::Done,
    });
    for marks in [wrong, Vec::new()] {
        assert!(lead.mark_boxes(ROUND, &marks).is_err());
    }
    assert!(
        lead.mark_boxes("no round", &marks(&view, 0, Boxes::Done))
            .is_err()
    );
    assert_eq!(lead.round(ROUND).unwrap().round.todo, view.round.boxes);
}

#[test]
fn an_outing_s_figures_count_its_leaflets() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    lead.create_round(TURF, ROUND).unwrap();
    let view = lead.round(ROUND).unwrap();
    lead.mark_boxes(ROUND, &marks(&view, 0, Boxes::Done))
        .unwrap();
    lead.mark_boxes(ROUND, &marks(&view, 1, Boxes::Unreached))
        .unwrap();
    let closed = lead.close_shift(TURF).unwrap();
    assert_eq!((closed.knocked, closed.leaflets), (0, count(&view, 0)));
}

#[test]
fn more_buildings_than_one_outing_holds_are_all_there() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    lead.create_round(TURF, ROUND).unwrap();
    let view = lead.round(ROUND).unwrap();
    for _ in 0..12 {
        for face in 0..view.faces.len() {
            lead.mark_boxes(ROUND, &marks(&view, face, Boxes::Done))
                .unwrap();
        }
    }
    assert_eq!(lead.round(ROUND).unwrap().round.done, view.round.boxes);
    letters.collect(&mut lead);
    assert_eq!(leaflets(&lead), view.round.boxes);
    assert!(!lead.rebuild().unwrap().differed);
}

/// Addresses of a real file; none where it is absent.
fn real(file: &str) -> Option<Vec<Address>> {
    let root = std::env::var_os("PALIER_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let Ok(bytes) = std::fs::read(root.join(file)) else {
        println!("skipped: no real data at {file}");
        return None;
    };
    let mut addresses = read_addresses(&bytes).unwrap().items;
    walking_order(&mut addresses);
    Some(addresses)
}

#[test]
fn real_streets_are_cut_at_their_crossings_and_walked_in_a_good_order() {
    for (file, most_share) in [
        ("bal/bal13-mont-bonvillers-54084.csv", 0.6),
        ("paris-12e/ban-addresses.csv", 0.6),
        ("bondy/ban-bondy-93010.csv", 0.6),
    ] {
        let Some(addresses) = real(file) else { return };
        let found = faces(&addresses);
        let as_listed = Face {
            street: String::new(),
            side: StreetSide::Odd,
            addresses: (0..addresses.len()).collect(),
        };
        let (walked, by_name) = (metres(&found, &addresses), metres(&[as_listed], &addresses));
        let passed: usize = found.iter().map(|face| face.addresses.len()).sum();
        println!(
            "{file}: {} addresses, {} faces, {walked:.0} m of {by_name:.0} m by name",
            addresses.len(),
            found.len()
        );
        assert_eq!(passed, addresses.len());
        let each = addresses.len() / found.len();
        assert!((2..40).contains(&each), "{file}: {each} addresses a face");
        assert!(
            walked < by_name * most_share,
            "{file}: {walked} of {by_name}"
        );
    }
}

//! Buildings: described, merged, visited in one gesture.

use palier_core::{
    building::{Plan, Way},
    moment::{Millis, Moment},
    outcome::Outcome,
    rights::Role,
};

use super::{Letterbox, knock, member, member_on, organiser};
use crate::{
    Clock,
    api::reply::BuildingView,
    device::{Device, NewAccess},
    store::visits,
};

const TURF: &str = "Marché";

fn plan(stairs: &[&str], highest: i16, doors: u8) -> Plan {
    Plan {
        stairs: stairs.iter().map(|stair| (*stair).to_owned()).collect(),
        lowest: 0,
        highest,
        doors,
        ground: Some(0),
    }
}

/// The address of the first door of the turf, and of the second.
fn addresses(device: &Device) -> [String; 2] {
    let (_, doors) = device.doors(TURF).unwrap();
    [doors[0].address_id.clone(), doors[1].address_id.clone()]
}

fn ids(view: &BuildingView) -> Vec<String> {
    let floors = view.stairs.iter().flat_map(|stair| &stair.floors);
    floors
        .flat_map(|floor| floor.doors.iter().map(|row| row.door.clone()))
        .collect()
}

fn states(view: &BuildingView) -> usize {
    usize::try_from(view.visited).unwrap()
}

fn exchange(letters: &mut Letterbox, devices: [&mut Device; 2]) {
    let [one, other] = devices;
    letters.collect(one);
    letters.collect(other);
    letters.deliver(one);
    letters.deliver(other);
}

#[test]
fn a_building_is_read_from_the_top_down_and_its_neighbour_comes_next() {
    let mut letters = Letterbox::default();
    let mut device = organiser(&mut letters);
    let [address, neighbour] = addresses(&device);
    assert!(device.building(TURF, &address).unwrap().plain.is_some());

    let view = device
        .describe_building(TURF, &address, &plan(&["B", "A", "10"], 2, 2))
        .unwrap();
    assert_eq!((view.doors, view.visited, view.changed.len()), (12, 0, 12));
    assert!(view.plain.is_none() && view.left.is_empty());
    let stairs: Vec<_> = view.stairs.iter().map(|it| it.stair.as_str()).collect();
    assert_eq!(stairs, ["A", "B", "10"]);
    let floors: Vec<_> = view.stairs[0].floors.iter().map(|it| it.floor).collect();
    assert_eq!(floors, [2, 1]);
    assert!(view.next.is_none());
    assert!(!device.rebuild().unwrap().differed);

    // The list walks in the same order.
    let (_, doors) = device.doors(TURF).unwrap();
    let walked: Vec<_> = doors[..12].iter().map(|row| row.door.clone()).collect();
    let view = device.building(TURF, &address).unwrap();
    assert_eq!(walked, ids(&view));
    device
        .record_together(&walked, Outcome::Absent, false)
        .unwrap();
    let next = device.building(TURF, &address).unwrap().next.unwrap();
    assert_eq!((next.address_id, next.described), (neighbour, false));
    assert_eq!(next.door, next_door(&device, 12));
}

fn next_door(device: &Device, place: usize) -> String {
    device.doors(TURF).unwrap().1[place].door.clone()
}

#[test]
fn many_doors_are_one_gesture_and_one_undo() {
    let mut letters = Letterbox::default();
    let mut device = organiser(&mut letters);
    let [address, _] = addresses(&device);
    // More than one outing holds.
    let view = device
        .describe_building(TURF, &address, &plan(&["A", "B", "C"], 18, 6))
        .unwrap();
    let doors = ids(&view);
    assert_eq!(doors.len(), 324);
    let visits = device
        .record_together(&doors, Outcome::Absent, true)
        .unwrap();
    assert_eq!(visits.len(), 324);
    let view = device.building(TURF, &address).unwrap();
    assert_eq!(view.visited, 324);
    let visits: Vec<_> = visits.iter().map(ToString::to_string).collect();
    device.undo_together(&visits).unwrap();
    assert_eq!(device.building(TURF, &address).unwrap().visited, 0);
    assert!(!device.rebuild().unwrap().differed);

    // All of them or none.
    let strange = [doors[0].clone(), format!("{address}/Z/1/1")];
    let refused = device.record_together(&strange, Outcome::Absent, false);
    assert_eq!(refused.unwrap_err().code(), "unknown_door");
    let one = knock(&mut device, &doors[0], Outcome::Absent);
    let twice = device.undo_together(&[&one, &visits[0]]);
    assert_eq!(twice.unwrap_err().code(), "bad_input");
    assert_eq!(states(&device.building(TURF, &address).unwrap()), 1);

    // Nothing covers up that somebody asked not to be contacted.
    knock(&mut device, &doors[1], Outcome::DoNotContact);
    let refused = device.record_together(&doors, Outcome::Absent, false);
    assert_eq!(refused.unwrap_err().code(), "bad_input");
    assert_eq!(states(&device.building(TURF, &address).unwrap()), 2);
}

#[test]
fn a_removed_door_with_a_visit_is_shown_and_its_visit_can_be_taken_back() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let [address, _] = addresses(&lead);
    let view = lead
        .describe_building(TURF, &address, &plan(&[], 2, 2))
        .unwrap();
    let wrong = ids(&view)[0].clone();
    exchange(&mut letters, [&mut lead, &mut merle]);

    lead.rename_place(TURF, &wrong, "gauche").unwrap();
    let removed = lead
        .remove_doors(TURF, std::slice::from_ref(&wrong))
        .unwrap();
    assert_eq!((removed.doors, removed.changed), (3, vec![wrong.clone()]));
    let visit = knock(&mut merle, &wrong, Outcome::ComeBack);
    exchange(&mut letters, [&mut lead, &mut merle]);
    for device in [&mut lead, &mut merle] {
        let view = device.building(TURF, &address).unwrap();
        assert_eq!(view.doors, 3);
        assert_eq!(view.left.len(), 1);
        assert_eq!(view.left[0].state, Some(Outcome::ComeBack));
        assert_eq!(
            (view.left[0].floor, view.left[0].label.as_str()),
            (Some(2), "1")
        );
        assert!(!device.rebuild().unwrap().differed);
    }
    // Put back, it has its visit and its name again.
    let back = lead.add_doors(TURF, std::slice::from_ref(&wrong)).unwrap();
    assert!(back.left.is_empty());
    assert_eq!(
        back.stairs[0].floors[0].doors[0].state,
        Some(Outcome::ComeBack)
    );
    assert_eq!(back.stairs[0].floors[0].doors[0].label, "gauche");
    // An undo at a door that is gone is an undo.
    let row = merle.undo(&visit).unwrap();
    assert_eq!((row.door, row.state), (wrong, None));
    assert!(merle.building(TURF, &address).unwrap().left.is_empty());
}

#[test]
fn a_visit_at_an_address_outlives_its_description() {
    let mut letters = Letterbox::default();
    let mut device = organiser(&mut letters);
    let [address, _] = addresses(&device);
    knock(&mut device, &address, Outcome::Spoke);
    let view = device
        .describe_building(TURF, &address, &plan(&[], 1, 1))
        .unwrap();
    assert_eq!((view.visited, view.left.len()), (0, 1));
    assert_eq!(
        (view.left[0].door.as_str(), view.left[0].floor),
        (address.as_str(), None)
    );
    let view = device.remove_doors(TURF, &ids(&view)).unwrap();
    assert_eq!(view.plain.unwrap().state, Some(Outcome::Spoke));
    assert!(view.left.is_empty());
}

#[test]
fn doors_are_numbered_and_landings_have_names() {
    let mut letters = Letterbox::default();
    let mut device = organiser(&mut letters);
    let [address, other] = addresses(&device);
    device
        .describe_building(TURF, &address, &plan(&["A"], 1, 2))
        .unwrap();
    let landing = format!("{address}/A/1");
    let view = device.add_doors(TURF, &[format!("{landing}/")]).unwrap();
    assert_eq!(view.changed, [format!("{landing}/3")]);
    device
        .remove_doors(TURF, &[format!("{landing}/2")])
        .unwrap();
    let view = device.add_doors(TURF, &[format!("{landing}/")]).unwrap();
    assert_eq!(view.changed, [format!("{landing}/2")]);

    let view = device.rename_place(TURF, &landing, "Entresol").unwrap();
    assert_eq!(view.stairs[0].floors[0].landing, "Entresol");
    let (_, doors) = device.doors(TURF).unwrap();
    assert_eq!(doors[0].landing, "Entresol");
    let view = device.rename_place(TURF, &landing, "").unwrap();
    assert_eq!(view.stairs[0].floors[0].landing, "");
    assert!(!device.rebuild().unwrap().differed);

    for place in [
        format!("{address}/A"),
        address.clone(),
        format!("{landing}/1/2"),
    ] {
        let refused = device.rename_place(TURF, &place, "x").map(|_| ());
        assert_eq!(refused.unwrap_err().code(), "bad_input", "{place}");
    }
    let long = "Madame la gardienne du fond";
    let refused = device.rename_place(TURF, &landing, long).map(|_| ());
    assert_eq!(refused.unwrap_err().code(), "bad_input");
    let mixed = [format!("{landing}/7"), format!("{other}/A/1/7")];
    let refused = device.add_doors(TURF, &mixed).map(|_| ());
    assert_eq!(refused.unwrap_err().code(), "bad_input");
    let refused = device
        .add_doors(TURF, &["nowhere/A/1/7".into()])
        .map(|_| ());
    assert_eq!(refused.unwrap_err().code(), "unknown_address");
}

#[test]
fn a_code_reaches_the_team_and_is_gone_once_it_has_ended() {
    let mut letters = Letterbox::default();
    let clock = Clock::at(Moment(1_800_000_000_000));
    let mut lead = super::organiser_on(Device::in_memory(clock.clone()).unwrap(), &mut letters);
    let on_clock = Device::in_memory(clock.clone()).unwrap();
    let mut merle = member_on(on_clock, &mut letters, &mut lead, Role::Volunteer, "Merle");
    let [address, _] = addresses(&lead);
    let ends = lead.now().after(Millis::days(20));
    let coded = NewAccess {
        way: Way::Code,
        code: Some("12b9".into()),
        ends: Some(ends),
    };
    lead.set_access(TURF, &address, &coded).unwrap();
    exchange(&mut letters, [&mut lead, &mut merle]);
    let access = merle.building(TURF, &address).unwrap().access.unwrap();
    assert_eq!(
        (access.way, access.code.as_deref()),
        (Way::Code, Some("12B9"))
    );

    clock.advance(Millis::days(20));
    let count = |device: &Device| -> u32 {
        let codes = "SELECT count(*) FROM turf_access WHERE code <> ''";
        device
            .connection()
            .query_row(codes, [], |row| row.get(0))
            .unwrap()
    };
    for device in [&mut lead, &mut merle] {
        let access = device.building(TURF, &address).unwrap().access.unwrap();
        assert_eq!((access.code, access.ends), (None, Some(ends.to_string())));
        assert_eq!(count(device), 1);
        device.note_sync(true).unwrap();
        assert_eq!(count(device), 0);
        assert!(!device.rebuild().unwrap().differed);
        assert_eq!(count(device), 0);
    }
}

#[test]
fn a_code_has_bounds() {
    let mut letters = Letterbox::default();
    let mut device = organiser(&mut letters);
    let [address, _] = addresses(&device);
    let day = |days: u32| Some(device.now().after(Millis::days(days)));
    let too_long = day(200);
    for (way, code, ends) in [
        (Way::Code, Some("chez la gardienne"), None),
        (Way::Badge, Some("12"), None),
        (Way::Code, Some("12"), too_long),
        (Way::Code, Some("12"), Some(Moment(0))),
    ] {
        let access = NewAccess {
            way,
            code: code.map(str::to_owned),
            ends,
        };
        let refused = device.set_access(TURF, &address, &access).map(|_| ());
        assert_eq!(refused.unwrap_err().code(), "bad_input");
    }
    let usual = NewAccess {
        way: Way::Code,
        code: Some("12".into()),
        ends: None,
    };
    let view = device.set_access(TURF, &address, &usual).unwrap();
    assert!(view.access.unwrap().ends.is_some());
}

#[test]
fn the_latest_visits_of_a_door_are_told_the_latest_first() {
    let mut letters = Letterbox::default();
    let mut device = organiser(&mut letters);
    let [address, _] = addresses(&device);
    for outcome in [Outcome::Absent, Outcome::Refused] {
        knock(&mut device, &address, outcome);
    }
    let taken_back = knock(&mut device, &address, Outcome::Vacant);
    device.undo(&taken_back).unwrap();
    let seen = device.visits_at(&address).unwrap();
    let mut outcomes: Vec<_> = seen.iter().map(|visit| visit.outcome).collect();
    // Within one millisecond their ids decide.
    outcomes.sort();
    assert_eq!(outcomes, [Outcome::Absent, Outcome::Refused]);
    assert!(seen.iter().all(|visit| visit.mine));
    let left = visits::left_at(
        device.connection(),
        palier_core::id::DocumentId([0; 16]),
        &address,
    );
    assert_eq!(left.unwrap(), Vec::<String>::new());
}

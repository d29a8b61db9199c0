//! Walking a turf by stretches.

use palier_core::{outcome::Outcome, walk::Show};

use super::{Letterbox, knock, organiser};
use crate::{
    api::{
        reply::{AddressRow, DoorRow, WalkView},
        request::Find,
    },
    device::Device,
};

const TURF: &str = "Marché";

fn find(query: &str, show: Show) -> Find {
    Find {
        query: query.into(),
        show,
    }
}

fn everything() -> Find {
    Find::default()
}

fn device() -> Device {
    organiser(&mut Letterbox::default())
}

fn doors(device: &Device) -> Vec<DoorRow> {
    device.doors(TURF).unwrap().1
}

fn rows(device: &Device, find: &Find) -> Vec<AddressRow> {
    let view = device.walk(Some(TURF), find, None).unwrap();
    let stretches = view.stretches.iter();
    stretches
        .flat_map(|stretch| {
            let rows = device.addresses(TURF, find, &(stretch.from..=stretch.to));
            let rows = rows.unwrap();
            assert_eq!(rows.len(), stretch.addresses as usize);
            rows
        })
        .collect()
}

fn next(device: &Device, find: &Find, door: &str) -> Option<String> {
    let hand = device.next_door(TURF, find, door).unwrap();
    hand.map(|hand| hand.door.door)
}

fn hand(view: &WalkView) -> &str {
    &view.hand.as_ref().unwrap().door.door
}

/// Makes a building of three doors of an address.
fn describe(device: &mut Device, address: &str) {
    let turf = device.find_turf(TURF).unwrap().id;
    let insert = "INSERT INTO turf_door (turf, door, address, stair, floor, label)
                  VALUES (?1, ?2, ?3, 'A', 1, ?4)";
    let three = ["1", "2", "3"];
    let wrote = device.store.write(|t| {
        for label in three {
            let door = format!("{address}/A/1/{label}");
            t.execute(insert, rusqlite::params![turf.0, door, address, label])?;
        }
        Ok(())
    });
    wrote.unwrap();
}

#[test]
fn the_stretches_hold_every_address_of_the_turf_in_walking_order() {
    let device = device();
    let (all, listed) = (doors(&device), rows(&device, &everything()));
    assert!(all.len() > 20);
    let listed: Vec<_> = listed.into_iter().filter_map(|row| row.door).collect();
    assert_eq!(listed, all);
    let view = device.walk(Some(TURF), &everything(), None).unwrap();
    let sides: std::collections::BTreeSet<_> = view
        .stretches
        .iter()
        .map(|stretch| (stretch.street.clone(), format!("{:?}", stretch.side)))
        .collect();
    assert_eq!(sides.len(), view.stretches.len(), "each side stands once");
    assert_eq!((view.doors as usize, view.visited), (all.len(), 0));
    assert_eq!(hand(&view), all[0].door);
    assert_eq!(view.rows[0].address_id, all[0].address_id);
}

#[test]
fn the_hand_is_where_it_was_left_and_the_last_visit_can_be_taken_back() {
    let mut device = device();
    let all = doors(&device);
    let turf = device.find_turf(TURF).unwrap().id.to_string();
    let visit = knock(&mut device, &all[7].door, Outcome::Absent);
    assert!(device.walk(None, &everything(), None).is_err());
    device.set_place(Some(&turf), Some(&all[9].door)).unwrap();
    let left = device.walk(None, &everything(), None).unwrap();
    assert_eq!((&left.turf, hand(&left)), (&turf, all[9].door.as_str()));
    let view = device.walk(Some(TURF), &everything(), None).unwrap();
    assert_eq!(hand(&view), all[9].door);
    assert_eq!(
        (view.visited, view.last.unwrap().door),
        (1, all[7].door.clone())
    );
    let view = device
        .walk(Some(TURF), &everything(), Some(&all[3].door))
        .unwrap();
    assert_eq!(hand(&view), all[3].door);
    device.undo(&visit).unwrap();
    let view = device.walk(Some(TURF), &everything(), None).unwrap();
    assert_eq!((view.visited, view.last), (0, None));
}

#[test]
fn the_next_door_is_the_next_to_visit_then_the_first_one_left_behind() {
    let mut device = device();
    let all = doors(&device);
    let (first, last) = (&all[0].door, &all[all.len() - 1].door);
    assert_eq!(
        next(&device, &everything(), first).as_ref(),
        Some(&all[1].door)
    );
    knock(&mut device, &all[1].door, Outcome::Spoke);
    assert_eq!(
        next(&device, &everything(), first).as_ref(),
        Some(&all[2].door)
    );
    assert_eq!(next(&device, &everything(), last).as_ref(), Some(first));
    for row in all.iter().take(all.len() - 1).skip(1) {
        knock(&mut device, &row.door, Outcome::Absent);
    }
    assert_eq!(next(&device, &everything(), first).as_ref(), Some(last));
    knock(&mut device, last, Outcome::Absent);
    assert_eq!(next(&device, &everything(), first), None);
}

#[test]
fn a_filter_walks_through_its_own_doors() {
    let mut device = device();
    let all = doors(&device);
    for at in [3, 8] {
        knock(&mut device, &all[at].door, Outcome::ComeBack);
    }
    let back = find("", Show::ComeBack);
    let listed = rows(&device, &back);
    assert_eq!(listed.len(), 2);
    assert_eq!(
        next(&device, &back, &all[3].door).as_ref(),
        Some(&all[8].door)
    );
    assert_eq!(
        next(&device, &back, &all[8].door).as_ref(),
        Some(&all[3].door)
    );
    let named = find(&format!("{} {}", all[3].number, all[3].street), Show::All);
    let found = rows(&device, &named);
    assert!(found.iter().any(|row| row.address_id == all[3].address_id));
    assert!(found.len() < all.len());
}

#[test]
fn an_address_with_many_doors_is_one_row_and_the_walk_goes_through_it() {
    let mut device = device();
    let address = doors(&device)[1].address_id.clone();
    describe(&mut device, &address);
    let all = doors(&device);
    let inside: Vec<_> = all.iter().filter(|row| row.address_id == address).collect();
    assert_eq!(inside.len(), 3);
    knock(&mut device, &inside[1].door, Outcome::ComeBack);
    let listed = rows(&device, &everything());
    let building = listed.iter().find(|row| row.address_id == address).unwrap();
    assert_eq!(
        (building.doors, building.visited, building.come_back),
        (3, 1, 1)
    );
    assert_eq!(building.door, None);
    for (from, to) in [
        (&all[0].door, &inside[0].door),
        (&inside[0].door, &inside[2].door),
        (&inside[2].door, &all[4].door),
    ] {
        assert_eq!(next(&device, &everything(), from).as_ref(), Some(to));
    }
}

#[test]
fn a_sheet_has_a_line_for_each_door_and_a_code_leads_back_to_it() {
    let device = device();
    let (name, lines) = device.sheet(TURF).unwrap();
    assert_eq!(name, TURF);
    let listed: Vec<_> = lines.iter().map(|line| line.door.clone()).collect();
    assert_eq!(listed, doors(&device));
    for line in &lines {
        assert_eq!(
            line.code,
            palier_core::sheet::line_code(&line.door.door),
            "whatever else the turf holds"
        );
    }
}

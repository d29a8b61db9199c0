use proptest::prelude::*;

use super::*;
use crate::territory::walking_order;

fn address(street: &str, number: u32, east_m: f64, north_m: f64) -> Address {
    let lat = 48.85;
    Address {
        id: format!("{street}/{number}"),
        number: number.to_string(),
        street: street.into(),
        postcode: String::new(),
        commune: "Palier".into(),
        commune_code: None,
        lon: 2.4 + east_m / DEGREE_M / f64::cos(f64::to_radians(lat)),
        lat: lat + north_m / DEGREE_M,
        station: None,
        doors: 1,
    }
}

/// A street from west to east: odd numbers north of it, even ones south, every 12 m.
fn across(street: &str, north_m: f64, houses: u32) -> Vec<Address> {
    (1..=houses)
        .map(|number| {
            let off = if number % 2 == 1 { 8.0 } else { -8.0 };
            address(
                street,
                number,
                f64::from(number.div_ceil(2)) * 12.0,
                north_m + off,
            )
        })
        .collect()
}

/// A street from south to north at `east_m`, from `from_m`.
fn upwards(street: &str, east_m: f64, from_m: f64, houses: u32) -> Vec<Address> {
    (1..=houses)
        .map(|number| {
            let off = if number % 2 == 1 { 5.0 } else { -5.0 };
            address(
                street,
                number,
                east_m + off,
                from_m + f64::from(number) * 6.0,
            )
        })
        .collect()
}

fn of(parts: &[Vec<Address>]) -> (Vec<Address>, Vec<Face>) {
    let mut addresses = parts.concat();
    walking_order(&mut addresses);
    let faces = faces(&addresses);
    (addresses, faces)
}

fn numbers(addresses: &[Address], faces: &[Face], street: &str, side: StreetSide) -> Vec<Vec<u32>> {
    let mut found: Vec<Vec<u32>> = faces
        .iter()
        .filter(|face| face.street == street && face.side == side)
        .map(|face| {
            let numbers = face.addresses.iter().map(|at| &addresses[*at].number);
            let mut numbers: Vec<u32> = numbers.map(|n| n.parse().unwrap()).collect();
            numbers.sort_unstable();
            numbers
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_street_alone_is_two_faces() {
    let (addresses, faces) = of(&[across("Rue A", 0.0, 10)]);
    let odd = numbers(&addresses, &faces, "Rue A", StreetSide::Odd);
    assert_eq!(odd, [vec![1, 3, 5, 7, 9]]);
    assert_eq!(faces.len(), 2);
}

#[test]
fn a_street_that_runs_through_cuts_both_sides() {
    let (addresses, faces) = of(&[across("Rue A", 0.0, 20), upwards("Rue B", 66.0, -103.0, 34)]);
    for (side, expected) in [
        (
            StreetSide::Odd,
            [vec![1, 3, 5, 7, 9], vec![11, 13, 15, 17, 19]],
        ),
        (
            StreetSide::Even,
            [vec![2, 4, 6, 8, 10], vec![12, 14, 16, 18, 20]],
        ),
    ] {
        let found = numbers(&addresses, &faces, "Rue A", side);
        assert_eq!(found, expected, "{side:?}");
    }
}

#[test]
fn a_street_that_only_begins_there_cuts_the_side_that_it_meets() {
    let (addresses, faces) = of(&[
        across("Rue A", 0.0, 20),
        // Its first numbers stand 14 m north of the odd side.
        upwards("Rue B", 66.0, 16.0, 10),
    ]);
    assert!(numbers(&addresses, &faces, "Rue A", StreetSide::Odd).len() >= 2);
    assert_eq!(
        numbers(&addresses, &faces, "Rue A", StreetSide::Even).len(),
        1
    );
}

#[test]
fn a_gap_ends_a_face() {
    let mut street = across("Rue A", 0.0, 4);
    street.push(address("Rue A", 5, 200.0, 8.0));
    let (addresses, faces) = of(&[street]);
    let odd = numbers(&addresses, &faces, "Rue A", StreetSide::Odd);
    assert_eq!(odd, [vec![1, 3], vec![5]]);
}

#[test]
fn one_street_is_walked_up_one_side_and_down_the_other() {
    let (addresses, faces) = of(&[across("Rue A", 0.0, 20)]);
    let passed: Vec<u32> = faces
        .iter()
        .flat_map(|face| &face.addresses)
        .map(|at| addresses[*at].number.parse().unwrap())
        .collect();
    assert_eq!(passed[..3], [1, 3, 5]);
    assert_eq!(passed[9..11], [19, 20]);
    assert_eq!(passed.last(), Some(&2));
}

#[test]
fn streets_that_lie_far_apart_by_name_and_side_by_side_are_walked_together() {
    let parts: Vec<Vec<Address>> = [("A", 0.0), ("Z", 40.0), ("B", 500.0), ("Y", 540.0)]
        .into_iter()
        .map(|(street, north)| across(street, north, 20))
        .collect();
    let (addresses, faces) = of(&parts);
    let by_name = metres(&sides(&addresses), &addresses);
    let walked = metres(&faces, &addresses);
    assert!(walked * 1.3 < by_name, "{walked} of {by_name}");
}

#[test]
fn nothing_has_no_faces() {
    assert_eq!(faces(&[]), []);
}

proptest! {
    #[test]
    fn every_address_stands_on_one_face_and_the_same_ones_make_the_same_faces(
        places in proptest::collection::vec((0..5_u32, 0..60_u32, 0.0..900.0, 0.0..900.0), 0..80)
    ) {
        let mut addresses: Vec<Address> = places
            .into_iter()
            .enumerate()
            .map(|(n, (street, number, east, north))| Address {
                id: format!("{n:03}"),
                ..address(&format!("Rue {street}"), number, east, north)
            })
            .collect();
        walking_order(&mut addresses);
        let found = faces(&addresses);
        let mut passed: Vec<usize> = found.iter().flat_map(|face| face.addresses.clone()).collect();
        passed.sort_unstable();
        prop_assert_eq!(passed, (0..addresses.len()).collect::<Vec<_>>());
        for face in &found {
            for at in &face.addresses {
                prop_assert_eq!(&addresses[*at].street, &face.street);
                prop_assert_eq!(street_side(&addresses[*at].number), face.side);
            }
        }
        prop_assert_eq!(faces(&addresses), found);
    }
}

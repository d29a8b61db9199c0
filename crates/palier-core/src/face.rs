//! Block faces: one side of one street between two crossings, in an order that walks little.
//!
//! A territory holds addresses and no network of streets. Where crossings are is told by the
//! addresses: a side of a street ends where the next number is far away, and where the numbers
//! of another street run through between two of its own or up to it.

mod cut;
mod order;

use crate::territory::{Address, StreetSide, street_side};

/// One side of one street between two crossings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Face {
    /// The street.
    pub street: String,
    /// Which side of it.
    pub side: StreetSide,
    /// Which of the addresses stand on it, in the order in which they are passed.
    pub addresses: Vec<usize>,
}

/// A point, in metres east and north of some corner of the territory.
type Point = [f64; 2];

/// The faces of addresses that stand in walking order, in an order that walks little.
#[must_use]
pub fn faces(addresses: &[Address]) -> Vec<Face> {
    let points = points(addresses);
    let faces = cut::cut(sides(addresses), &points);
    order::order(faces, &points)
}

/// How far one walks through faces in their order, from the first address to the last.
#[must_use]
pub fn metres(faces: &[Face], addresses: &[Address]) -> f64 {
    let points = points(addresses);
    let passed = faces.iter().flat_map(|face| &face.addresses);
    let passed: Vec<Point> = passed.filter_map(|at| points.get(*at)).copied().collect();
    let steps = passed.iter().zip(passed.iter().skip(1));
    steps.map(|(a, b)| distance(*a, *b)).sum()
}

/// The sides of streets as a walk passes them, whole.
fn sides(addresses: &[Address]) -> Vec<Face> {
    let mut sides: Vec<Face> = Vec::new();
    let mut last: Option<&Address> = None;
    for (at, address) in addresses.iter().enumerate() {
        let side = street_side(&address.number);
        let same = |before: &&Address| {
            before.street == address.street
                && before.commune == address.commune
                && street_side(&before.number) == side
        };
        match (last.filter(same), sides.last_mut()) {
            (Some(_), Some(face)) => face.addresses.push(at),
            _ => sides.push(Face {
                street: address.street.clone(),
                side,
                addresses: vec![at],
            }),
        }
        last = Some(address);
    }
    sides
}

/// Metres in a degree of latitude, on the mean sphere of the Earth (IUGG, 6 371 008.8 m).
const DEGREE_M: f64 = 111_195.08;

fn points(addresses: &[Address]) -> Vec<Point> {
    let (lon, lat) = addresses
        .first()
        .map_or((0.0, 0.0), |address| (address.lon, address.lat));
    let squeeze = lat.to_radians().cos();
    let point = |address: &Address| {
        [
            (address.lon - lon) * DEGREE_M * squeeze,
            (address.lat - lat) * DEGREE_M,
        ]
    };
    addresses.iter().map(point).collect()
}

fn distance(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests;

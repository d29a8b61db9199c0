//! Block faces of real towns: every address once, each side by itself, an order that walks
//! little, and ends where the streets of the map cross.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use palier_core::{
    face::{Face, faces, metres},
    territory::{Address, StreetSide, street_side, walking_order},
};
use palier_device::import::read_addresses;

use crate::support::paris::data;

/// The addresses of a quarter of Paris and of the whole of Bondy, as one walks.
const TOWNS: [&str; 2] = ["paris-12e/ban-addresses.csv", "bondy/ban-bondy-93010.csv"];
/// The ways of Bondy, footways too.
const WAYS: &str = "bondy/bondy-osm-highways-2023.geojson";

type Point = [f64; 2];

fn town(data: &Path, file: &str) -> Result<Vec<Address>> {
    let bytes = std::fs::read(data.join(file)).with_context(|| file.to_owned())?;
    let mut addresses = read_addresses(&bytes)?.items;
    walking_order(&mut addresses);
    Ok(addresses)
}

/// Metres east and north of the first address.
fn place(origin: &Address, lon: f64, lat: f64) -> Point {
    const DEGREE_M: f64 = 111_195.08;
    let squeeze = origin.lat.to_radians().cos();
    [
        (lon - origin.lon) * DEGREE_M * squeeze,
        (lat - origin.lat) * DEGREE_M,
    ]
}

fn far(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[test]
fn every_address_of_a_real_town_is_passed_once_on_a_face_of_its_own_side() -> Result<()> {
    let Some(data) = data() else { return Ok(()) };
    for file in TOWNS {
        let addresses = town(&data, file)?;
        let found = faces(&addresses);
        let mut passed: Vec<usize> = found
            .iter()
            .flat_map(|face| face.addresses.clone())
            .collect();
        passed.sort_unstable();
        assert!(passed.iter().copied().eq(0..addresses.len()), "{file}");
        for face in &found {
            for at in &face.addresses {
                assert_eq!(addresses[*at].street, face.street, "{file}");
                assert_eq!(street_side(&addresses[*at].number), face.side, "{file}");
            }
        }
        let of = |side| found.iter().filter(|face| face.side == side).count();
        let (odd, even) = (of(StreetSide::Odd), of(StreetSide::Even));
        println!(
            "{file}: {} addresses, {odd} odd and {even} even faces",
            addresses.len()
        );
        assert!(
            odd > 100 && even > 100 && odd + even == found.len(),
            "{file}"
        );
    }
    Ok(())
}

/// The least that any order walks: every face along itself, and between faces at least a tree
/// that joins them all by their nearest ends, as every order does.
fn least(found: &[Face], addresses: &[Address]) -> f64 {
    let point = |at: &usize| place(&addresses[0], addresses[*at].lon, addresses[*at].lat);
    let ends: Vec<[Point; 2]> = found
        .iter()
        .map(|face| [&face.addresses[0], face.addresses.last().unwrap()].map(point))
        .collect();
    let along: f64 = found
        .iter()
        .flat_map(|face| face.addresses.windows(2))
        .map(|pair| far(point(&pair[0]), point(&pair[1])))
        .sum();
    let between = |a: usize, b: usize| {
        let ways = ends[a]
            .iter()
            .flat_map(|from| ends[b].iter().map(|to| far(*from, *to)));
        ways.fold(f64::INFINITY, f64::min)
    };
    // Prim's tree.
    let mut nearest: BTreeMap<usize, f64> = (1..found.len()).map(|b| (b, between(0, b))).collect();
    let mut tree = 0.0;
    while let Some((next, by)) = nearest
        .iter()
        .map(|(at, by)| (*at, *by))
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
    {
        nearest.remove(&next);
        tree += by;
        for (at, least) in &mut nearest {
            *least = least.min(between(next, *at));
        }
    }
    along + tree
}

#[test]
fn the_order_of_faces_walks_little_more_than_any_order_must() -> Result<()> {
    /// Measured: 1.133 (Paris 12e) and 1.274 (Bondy).
    const MOST: f64 = 1.4;
    let Some(data) = data() else { return Ok(()) };
    for file in TOWNS {
        let addresses = town(&data, file)?;
        let found = faces(&addresses);
        let (walked, least) = (metres(&found, &addresses), least(&found, &addresses));
        let ratio = walked / least;
        println!(
            "{file}: {:.1} km walked, at least {:.1} km: {ratio:.3}",
            walked / 1e3,
            least / 1e3
        );
        assert!((1.0..=MOST).contains(&ratio), "{file}: {ratio}");
    }
    Ok(())
}

/// A stretch of a street, and its name.
struct Way {
    name: String,
    from: Point,
    to: Point,
}

/// The streets of a file of ways: those that have a name and on which cars go; areas and paths
/// are none.
fn ways(file: &Path, origin: &Address) -> Result<Vec<Way>> {
    let text = std::fs::read_to_string(file)?;
    let read: serde_json::Value = serde_json::from_str(&text)?;
    let mut found = Vec::new();
    for feature in read["features"].as_array().context("features")? {
        let (of, shape) = (&feature["properties"], &feature["geometry"]);
        let paths = [
            "footway",
            "path",
            "steps",
            "cycleway",
            "pedestrian",
            "track",
        ];
        let kind = of["highway"].as_str().unwrap_or_default();
        let (Some(name), "LineString") = (of["name"].as_str(), shape["type"].as_str().unwrap())
        else {
            continue;
        };
        if paths.contains(&kind) || of["tunnel"] == "yes" || of["bridge"] == "yes" {
            continue;
        }
        let points = shape["coordinates"].as_array().context("coordinates")?;
        let points: Vec<Point> = points
            .iter()
            .map(|at| place(origin, at[0].as_f64().unwrap(), at[1].as_f64().unwrap()))
            .collect();
        found.extend(points.windows(2).map(|pair| Way {
            name: plain(name),
            from: pair[0],
            to: pair[1],
        }));
    }
    Ok(found)
}

/// A name without accents and hyphens: two files write one street in two ways.
fn plain(name: &str) -> String {
    let letters = name.to_lowercase();
    let mut plain = String::new();
    for letter in letters.chars() {
        plain.push(match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'û' | 'ü' | 'ù' => 'u',
            'ç' => 'c',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        });
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cross(a: (Point, Point), b: (Point, Point)) -> bool {
    let side = |(from, to): (Point, Point), at: Point| {
        (to[0] - from[0]) * (at[1] - from[1]) - (to[1] - from[1]) * (at[0] - from[0])
    };
    side(a, b.0) * side(a, b.1) < 0.0 && side(b, a.0) * side(b, a.1) < 0.0
}

#[test]
fn faces_end_where_the_streets_of_the_map_cross() -> Result<()> {
    /// Steps along a face that another street of the map crosses, in a thousand. Measured: 15;
    /// on whole sides of streets, 69.
    const MOST: usize = 20;
    let Some(data) = data() else { return Ok(()) };
    let addresses = town(&data, TOWNS[1])?;
    let ways = ways(&data.join(WAYS), &addresses[0])?;
    let mut rows: BTreeMap<i32, Vec<&Way>> = BTreeMap::new();
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a town is some kilometres wide"
    )]
    let row = |at: Point| (at[1] / 100.0).floor() as i32;
    for way in &ways {
        for at in row(way.from).min(row(way.to))..=row(way.from).max(row(way.to)) {
            rows.entry(at).or_default().push(way);
        }
    }
    let point = |at: &usize| place(&addresses[0], addresses[*at].lon, addresses[*at].lat);
    let crossed = |street: &str, from: Point, to: Point| {
        (row(from).min(row(to))..=row(from).max(row(to)))
            .filter_map(|at| rows.get(&at))
            .flatten()
            .any(|way| way.name != street && cross((from, to), (way.from, way.to)))
    };
    let found = faces(&addresses);
    let (mut steps, mut wrong) = (0, 0);
    for face in &found {
        let street = plain(&face.street);
        for pair in face.addresses.windows(2) {
            steps += 1;
            wrong += usize::from(crossed(&street, point(&pair[0]), point(&pair[1])));
        }
    }
    // The same on sides of streets that are not cut.
    let (mut all, mut uncut) = (0, 0);
    for pair in addresses.windows(2) {
        let [a, b] = pair else { continue };
        if a.street == b.street && street_side(&a.number) == street_side(&b.number) {
            let [from, to] = [a, b].map(|at| place(&addresses[0], at.lon, at.lat));
            all += 1;
            uncut += usize::from(crossed(&plain(&a.street), from, to));
        }
    }
    let (per_mille, before) = (wrong * 1000 / steps, uncut * 1000 / all);
    println!(
        "{} faces, {steps} steps: {per_mille} ‰ crossed; uncut {all}: {before} ‰",
        found.len()
    );
    assert!(steps > 5_000 && ways.len() > 1_000);
    assert!(
        per_mille <= MOST && per_mille * 2 <= before,
        "{per_mille} ‰ of {before} ‰"
    );
    Ok(())
}

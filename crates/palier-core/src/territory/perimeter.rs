//! Which perimeter a point stands in.

use std::collections::BTreeSet;

use geo::{
    BoundingRect, CoordinatePosition, LineString, MultiPolygon, Polygon, coord,
    coordinate_position::CoordPos,
};
use rstar::{AABB, RTree, RTreeObject};

use super::{
    code::StationId,
    station::{Perimeter, Station},
};

/// Where a point stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Located {
    /// In one perimeter.
    One(StationId),
    /// In no perimeter.
    None,
    /// In two perimeters or more, or on a border that they share; sorted by id.
    Many(Vec<StationId>),
}

/// The perimeters of all stations, ready to be asked.
#[derive(Clone, Debug)]
pub struct Perimeters {
    tree: RTree<Part>,
}

/// One polygon of one station.
#[derive(Clone, Debug)]
struct Part {
    station: StationId,
    polygon: Polygon<f64>,
    envelope: AABB<[f64; 2]>,
}

impl RTreeObject for Part {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl Perimeters {
    /// Indexes the perimeters of stations.
    #[must_use]
    pub fn build(stations: &[Station]) -> Self {
        let parts = stations.iter().flat_map(|station| {
            polygons(&station.perimeter)
                .into_iter()
                .filter_map(|polygon| {
                    let rect = polygon.bounding_rect()?;
                    let (low, high) = (rect.min(), rect.max());
                    Some(Part {
                        station: station.id.clone(),
                        polygon,
                        envelope: AABB::from_corners([low.x, low.y], [high.x, high.y]),
                    })
                })
        });
        Self {
            tree: RTree::bulk_load(parts.collect()),
        }
    }

    /// Where a point stands, in degrees. A point on a border stands in every perimeter that the
    /// border belongs to.
    #[must_use]
    pub fn locate(&self, lon: f64, lat: f64) -> Located {
        if !lon.is_finite() || !lat.is_finite() {
            return Located::None;
        }
        let point = coord! { x: lon, y: lat };
        let found: BTreeSet<&StationId> = self
            .tree
            .locate_in_envelope_intersecting(AABB::from_point([lon, lat]))
            .filter(|part| part.polygon.coordinate_position(&point) != CoordPos::Outside)
            .map(|part| &part.station)
            .collect();
        let mut found = found.into_iter().cloned();
        match (found.next(), found.next()) {
            (None, _) => Located::None,
            (Some(one), None) => Located::One(one),
            (Some(one), Some(two)) => Located::Many([one, two].into_iter().chain(found).collect()),
        }
    }
}

/// The perimeter as polygons of the `geo` crate.
#[must_use]
pub fn multi_polygon(perimeter: &Perimeter) -> MultiPolygon<f64> {
    MultiPolygon::new(polygons(perimeter))
}

fn polygons(perimeter: &Perimeter) -> Vec<Polygon<f64>> {
    let line = |ring: &Vec<[f64; 2]>| {
        LineString::from_iter(ring.iter().map(|[x, y]| coord! { x: *x, y: *y }))
    };
    perimeter
        .iter()
        .filter_map(|rings| {
            let (outside, holes) = rings.split_first()?;
            Some(Polygon::new(
                line(outside),
                holes.iter().map(line).collect(),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, prop_assume, proptest};

    use super::*;
    use crate::territory::StationCode;

    fn station(code: &str, ring: &[[f64; 2]]) -> Station {
        let code = StationCode::new(code).unwrap();
        Station::new(None, code, String::new(), vec![vec![ring.to_vec()]])
    }

    fn square(code: &str, west: f64, east: f64) -> Station {
        station(
            code,
            &[
                [west, 0.0],
                [east, 0.0],
                [east, 1.0],
                [west, 1.0],
                [west, 0.0],
            ],
        )
    }

    fn one(id: &str) -> Located {
        Located::One(StationId::stored(id))
    }

    #[test]
    fn a_point_on_a_shared_border_is_listed_and_never_guessed() {
        let two = Perimeters::build(&[square("2", 0.0, 1.0), square("1", 1.0, 2.0)]);
        assert_eq!(two.locate(0.5, 0.5), one("2"));
        assert_eq!(two.locate(1.5, 0.5), one("1"));
        let both = Located::Many(vec![StationId::stored("1"), StationId::stored("2")]);
        assert_eq!(two.locate(1.0, 0.5), both);
        assert_eq!(two.locate(0.0, 0.5), one("2"));
        assert_eq!(two.locate(2.5, 0.5), Located::None);
        assert_eq!(two.locate(f64::NAN, 0.5), Located::None);
    }

    #[test]
    fn a_hole_and_a_second_part_count() {
        let mut holed = square("1", 0.0, 3.0);
        holed.perimeter[0].push(vec![
            [1.0, 0.2],
            [2.0, 0.2],
            [2.0, 0.8],
            [1.0, 0.8],
            [1.0, 0.2],
        ]);
        holed.perimeter.extend(square("1", 5.0, 6.0).perimeter);
        let perimeters = Perimeters::build(&[holed]);
        assert_eq!(perimeters.locate(0.5, 0.5), one("1"));
        assert_eq!(perimeters.locate(1.5, 0.5), Located::None);
        assert_eq!(perimeters.locate(5.5, 0.5), one("1"));
    }

    /// The textbook rule: a ray to the east crosses the border an odd number of times.
    fn ray_casting(ring: &[[f64; 2]], x: f64, y: f64) -> bool {
        let mut inside = false;
        for pair in ring.windows(2) {
            let ([x1, y1], [x2, y2]) = (pair[0], pair[1]);
            if (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 {
                inside = !inside;
            }
        }
        inside
    }

    proptest! {
        #[test]
        fn it_agrees_with_naive_ray_casting(
            radii in proptest::collection::vec(0.2_f64..1.0, 3..24),
            x in -1.0_f64..1.0,
            y in -1.0_f64..1.0,
        ) {
            let step = std::f64::consts::TAU / radii.len() as f64;
            let mut ring: Vec<[f64; 2]> = radii
                .iter()
                .enumerate()
                .map(|(i, r)| [r * (i as f64 * step).cos(), r * (i as f64 * step).sin()])
                .collect();
            ring.push(ring[0]);
            let near = ring.windows(2).any(|p| {
                let ([x1, y1], [x2, y2]) = (p[0], p[1]);
                ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)).abs() < 1e-12
            });
            prop_assume!(!near);
            let expect = if ray_casting(&ring, x, y) { one("1") } else { Located::None };
            prop_assert_eq!(Perimeters::build(&[station("1", &ring)]).locate(x, y), expect);
        }
    }
}

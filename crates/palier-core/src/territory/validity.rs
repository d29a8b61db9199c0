//! Whether a perimeter can be trusted.

use geo::{Validation, algorithm::validation::InvalidPolygon};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    perimeter::multi_polygon,
    station::{Perimeter, Station},
};

/// Most points that a perimeter may have.
pub const MAX_POINTS: usize = 20_000;

/// Why a perimeter is not kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum PerimeterError {
    /// It has no ring.
    #[error("the perimeter is empty")]
    #[serde(rename = "perimeter_empty")]
    Empty,
    /// It has more than [`MAX_POINTS`] points.
    #[error("the perimeter has more than {most} points")]
    #[serde(rename = "perimeter_points")]
    TooManyPoints {
        /// [`MAX_POINTS`].
        most: usize,
    },
    /// A ring has fewer than four points, or fewer than three that differ.
    #[error("a ring of the perimeter has fewer than four points, or fewer than three that differ")]
    #[serde(rename = "perimeter_short_ring")]
    TooFewPoints,
    /// A ring does not come back to where it began.
    #[error("a ring of the perimeter is not closed")]
    #[serde(rename = "perimeter_open_ring")]
    NotClosed,
    /// A coordinate is no number.
    #[error("a coordinate of the perimeter is no finite number")]
    #[serde(rename = "perimeter_not_finite")]
    NotFinite,
    /// A coordinate is no longitude or latitude in degrees.
    #[error("a point of the perimeter is outside ±180° and ±90°; are these metres?")]
    #[serde(rename = "perimeter_out_of_range")]
    OutOfRange,
    /// A ring crosses or touches itself.
    #[error("the perimeter crosses itself")]
    #[serde(rename = "perimeter_crosses_itself")]
    CrossesItself,
    /// A hole leaves the outside ring or meets another hole.
    #[error("a hole of the perimeter leaves its outside ring or meets another hole")]
    #[serde(rename = "perimeter_hole")]
    Hole,
}

impl Station {
    /// Checks that the perimeter is one that can be asked about.
    ///
    /// Rules of RFC 7946, section 3.1.6, and of OGC simple features (06-103r4, 6.1.11).
    ///
    /// # Errors
    ///
    /// The first rule that it breaks.
    pub fn check_perimeter(&self) -> Result<(), PerimeterError> {
        check_perimeter(&self.perimeter)
    }
}

/// Checks a perimeter; see [`Station::check_perimeter`].
///
/// # Errors
///
/// The first rule that it breaks.
pub fn check_perimeter(perimeter: &Perimeter) -> Result<(), PerimeterError> {
    if perimeter.is_empty() || perimeter.iter().any(Vec::is_empty) {
        return Err(PerimeterError::Empty);
    }
    let rings = || perimeter.iter().flatten();
    if rings().map(Vec::len).sum::<usize>() > MAX_POINTS {
        return Err(PerimeterError::TooManyPoints { most: MAX_POINTS });
    }
    rings().try_for_each(|ring| check_ring(ring))?;
    multi_polygon(perimeter).iter().try_for_each(|polygon| {
        polygon.check_validation().map_err(|invalid| match invalid {
            InvalidPolygon::TooFewPointsInRing(_) => PerimeterError::TooFewPoints,
            InvalidPolygon::SelfIntersection(_) => PerimeterError::CrossesItself,
            InvalidPolygon::NonFiniteCoord(..) => PerimeterError::NotFinite,
            InvalidPolygon::InteriorRingNotContainedInExteriorRing(_)
            | InvalidPolygon::IntersectingRingsOnALine(..)
            | InvalidPolygon::IntersectingRingsOnAnArea(..) => PerimeterError::Hole,
        })
    })
}

fn check_ring(ring: &[[f64; 2]]) -> Result<(), PerimeterError> {
    if ring.len() < 4 {
        return Err(PerimeterError::TooFewPoints);
    }
    for [lon, lat] in ring {
        if !lon.is_finite() || !lat.is_finite() {
            return Err(PerimeterError::NotFinite);
        }
        if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(PerimeterError::OutOfRange);
        }
    }
    if ring.first() != ring.last() {
        return Err(PerimeterError::NotClosed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ring: &[[f64; 2]], expect: Result<(), PerimeterError>) {
        assert_eq!(check_perimeter(&vec![vec![ring.to_vec()]]), expect);
    }

    #[test]
    fn what_is_no_perimeter_is_refused_with_its_reason() {
        use PerimeterError::{CrossesItself, NotClosed, NotFinite, OutOfRange, TooFewPoints};
        let (a, b, c, d) = ([0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]);
        check(&[a, b, c, d, a], Ok(()));
        check(&[a, b, b, c, d, a], Ok(()));
        check(&[a, b, c, d], Err(NotClosed));
        check(&[a, b, a], Err(TooFewPoints));
        check(&[a, b, b, a], Err(TooFewPoints));
        check(&[a, c, b, d, a], Err(CrossesItself));
        check(&[a, b, c, [f64::NAN, 1.0], a], Err(NotFinite));
        check(&[a, b, c, [0.0, 91.0], a], Err(OutOfRange));
        assert_eq!(check_perimeter(&vec![]), Err(PerimeterError::Empty));
        assert_eq!(check_perimeter(&vec![vec![]]), Err(PerimeterError::Empty));
    }

    #[test]
    fn a_hole_must_stay_inside() {
        let square = |w: f64, e: f64| vec![[w, w], [e, w], [e, e], [w, e], [w, w]];
        let inside = vec![vec![square(0.0, 3.0), square(1.0, 2.0)]];
        assert_eq!(check_perimeter(&inside), Ok(()));
        let outside = vec![vec![square(0.0, 3.0), square(1.0, 4.0)]];
        assert_eq!(check_perimeter(&outside), Err(PerimeterError::Hole));
    }
}

//! Where a side of a street ends: at its crossings.

use super::{Face, Point, distance};

/// Two numbers that follow each other stand closer than this, unless something lies between.
const GAP_M: f64 = 60.0;
/// How far a street goes on after its last number: half of the street that it meets.
const BEYOND_M: f64 = 20.0;
/// Closer than this, two numbers are one place, and tell no direction.
const SAME_M: f64 = 3.0;

/// From one number of a side to the next.
#[derive(Clone, Copy)]
struct Step {
    /// Of which side of which street.
    of: usize,
    from: Point,
    to: Point,
}

impl Step {
    const fn west(&self) -> f64 {
        self.from[0].min(self.to[0])
    }

    const fn east(&self) -> f64 {
        self.from[0].max(self.to[0])
    }
}

/// Cuts sides of streets into faces.
pub(super) fn cut(sides: Vec<Face>, points: &[Point]) -> Vec<Face> {
    let mut steps = Vec::new();
    for (of, side) in sides.iter().enumerate() {
        let passed = side.addresses.iter().filter_map(|at| points.get(*at));
        steps.extend(steps_of(of, &passed.copied().collect::<Vec<_>>()));
    }
    steps.sort_by(|a, b| a.west().total_cmp(&b.west()));
    let names: Vec<String> = sides.iter().map(|side| side.street.clone()).collect();
    let crossed = |step: &Step| {
        // No step is longer: what begins further west ends before this one.
        let first = steps.partition_point(|other| other.west() < step.west() - GAP_M - BEYOND_M);
        let near = steps.iter().skip(first);
        near.take_while(|other| other.west() <= step.east())
            .any(|other| names.get(other.of) != names.get(step.of) && meet(step, other))
    };
    let mut faces = Vec::new();
    for (of, side) in sides.into_iter().enumerate() {
        let mut before: Option<Point> = None;
        let mut face: Vec<usize> = Vec::new();
        for at in side.addresses {
            let Some(&to) = points.get(at) else { continue };
            let ends = before
                .is_some_and(|from| distance(from, to) > GAP_M || crossed(&Step { of, from, to }));
            if ends {
                faces.push(Face {
                    street: side.street.clone(),
                    side: side.side,
                    addresses: std::mem::take(&mut face),
                });
            }
            face.push(at);
            before = Some(to);
        }
        faces.push(Face {
            street: side.street,
            side: side.side,
            addresses: face,
        });
    }
    faces
}

/// The steps along a side, each end a little longer than its numbers.
fn steps_of(of: usize, passed: &[Point]) -> Vec<Step> {
    let mut steps: Vec<Step> = passed
        .iter()
        .zip(passed.iter().skip(1))
        .filter(|(from, to)| distance(**from, **to) <= GAP_M)
        .map(|(from, to)| Step {
            of,
            from: *from,
            to: *to,
        })
        .collect();
    let (first, last) = (steps.first().copied(), steps.last().copied());
    steps.extend(first.and_then(|step| beyond(of, step.to, step.from)));
    steps.extend(last.and_then(|step| beyond(of, step.from, step.to)));
    steps
}

/// What goes on after `to` in the direction in which one came.
fn beyond(of: usize, from: Point, to: Point) -> Option<Step> {
    let length = distance(from, to);
    let on = |axis: fn(Point) -> f64| axis(to) + (axis(to) - axis(from)) / length * BEYOND_M;
    (length >= SAME_M).then(|| Step {
        of,
        from: to,
        to: [on(|point| point[0]), on(|point| point[1])],
    })
}

/// Whether two steps cross.
fn meet(a: &Step, b: &Step) -> bool {
    let side = |of: &Step, point: Point| {
        (of.to[0] - of.from[0]) * (point[1] - of.from[1])
            - (of.to[1] - of.from[1]) * (point[0] - of.from[0])
    };
    side(a, b.from) * side(a, b.to) < 0.0 && side(b, a.from) * side(b, a.to) < 0.0
}

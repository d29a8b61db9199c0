//! An order of faces that walks little.

use super::{Face, Point, distance};

/// Above this many faces the order is only begun well, not improved: the time grows with their
/// square.
const MOST_IMPROVED: usize = 600;
/// How often the whole order is gone through for something better.
const ROUNDS: usize = 12;
/// What is gained below this is no gain, in metres.
const LEAST_M: f64 = 0.01;

/// Where a face begins and ends as it is walked.
#[derive(Clone, Copy)]
struct Leg {
    face: usize,
    from: Point,
    to: Point,
    /// Whether it is walked from its last address to its first.
    back: bool,
}

impl Leg {
    const fn turned(self) -> Self {
        Self {
            face: self.face,
            from: self.to,
            to: self.from,
            back: !self.back,
        }
    }
}

/// Puts faces in order: each time the nearest end that is left, then stretches of the order
/// turned round as long as that is shorter (2-opt).
pub(super) fn order(faces: Vec<Face>, points: &[Point]) -> Vec<Face> {
    let end = |at: Option<&usize>| at.and_then(|at| points.get(*at)).copied();
    let legs = faces.iter().enumerate().filter_map(|(face, of)| {
        Some(Leg {
            face,
            from: end(of.addresses.first())?,
            to: end(of.addresses.last())?,
            back: false,
        })
    });
    let mut legs = nearest(legs.collect());
    if legs.len() <= MOST_IMPROVED {
        improve(&mut legs);
    }
    let mut faces: Vec<Option<Face>> = faces.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(legs.len());
    for leg in legs {
        if let Some(mut face) = faces.get_mut(leg.face).and_then(Option::take) {
            if leg.back {
                face.addresses.reverse();
            }
            ordered.push(face);
        }
    }
    ordered
}

fn nearest(mut left: Vec<Leg>) -> Vec<Leg> {
    let mut order = Vec::with_capacity(left.len());
    if left.is_empty() {
        return order;
    }
    let mut here = left.remove(0);
    loop {
        order.push(here);
        let ways = left.iter().enumerate();
        let ways = ways.flat_map(|(at, leg)| [(at, *leg), (at, leg.turned())]);
        let next = ways.min_by(|(_, a), (_, b)| {
            distance(here.to, a.from).total_cmp(&distance(here.to, b.from))
        });
        let Some((at, leg)) = next else { return order };
        left.remove(at);
        here = leg;
    }
}

fn improve(legs: &mut [Leg]) {
    for _ in 0..ROUNDS {
        let mut better = false;
        for first in 0..legs.len() {
            for last in first..legs.len() {
                if gain(legs, first, last).is_some_and(|gain| gain > LEAST_M) {
                    if let Some(part) = legs.get_mut(first..=last) {
                        part.reverse();
                        part.iter_mut().for_each(|leg| *leg = leg.turned());
                    }
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

/// How much shorter it is to walk from `first` to `last` the other way round.
fn gain(legs: &[Leg], first: usize, last: usize) -> Option<f64> {
    let (from, to) = (legs.get(first)?, legs.get(last)?);
    let before = first.checked_sub(1).and_then(|at| legs.get(at));
    let after = legs.get(last + 1);
    let now = before.map_or(0.0, |leg| distance(leg.to, from.from))
        + after.map_or(0.0, |leg| distance(to.to, leg.from));
    let turned = before.map_or(0.0, |leg| distance(leg.to, to.to))
        + after.map_or(0.0, |leg| distance(from.from, leg.from));
    Some(now - turned)
}

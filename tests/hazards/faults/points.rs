//! The points at which a disk can do harm, over all cores.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::disk::Harm;

/// One place where one kind of harm is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// At which operation, from 1.
    pub(super) at: usize,
    pub(super) harm: Harm,
    /// What chance makes of the sectors after a crash.
    pub(super) seed: u64,
}

/// How often each crash is tried, with other luck each time.
const CRASHES: u64 = 2;

/// Runs `check` at one in so many points of a session with so many operations; gives how many
/// there were. Odd steps meet each kind of harm. The point that falls is printed; `PALIER_EVERY=1`
/// tries all of them, `PALIER_POINT=AT` one place alone.
pub(super) fn at_points(operations: usize, step: usize, check: impl Fn(Point) + Sync) -> usize {
    let only = number("PALIER_POINT");
    let step = if only.is_some() {
        1
    } else {
        number("PALIER_EVERY").unwrap_or(step)
    };
    let points: Vec<_> = (1..=operations)
        .filter(|at| only.is_none_or(|only| only == *at))
        .flat_map(|at| {
            let crashes = (0..CRASHES).map(|luck| (Harm::Crash, luck));
            let others = [(Harm::Full, 0), (Harm::Fails, 0)];
            crashes.chain(others).map(move |(harm, luck)| Point {
                at,
                harm,
                seed: at as u64 * CRASHES + luck,
            })
        })
        .step_by(step)
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
            let fell = Fell(*point);
            check(*point);
            std::mem::forget(fell);
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    points.len()
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Says where a check fell.
struct Fell(Point);

impl Drop for Fell {
    fn drop(&mut self) {
        println!("at {:?}", self.0);
    }
}

//! A campaign in which everything goes wrong, from a seed: the network drops, doubles, delays,
//! reorders and cuts; phones and the relay lose their power and come back from backups; clocks
//! jump by ten years; people join, are accepted one by one and removed, meet and carry bundles. Once it
//! calms down everybody has everything.
//!
//! What runs is what people run: the device's own sync against the relay's own routes, on
//! stores on disks in memory. One thing happens at a time, and the seed says which.
//! `PALIER_SIMULATIONS` says how many seeds are tried, `SEED` tries one alone and tells its
//! story.

mod campaign;
mod landing;
mod network;
mod person;
mod scenario;
mod storm;
mod truth;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Instant,
};

use campaign::Campaign;
use scenario::Scenario;

/// How many seeds each run of the tests tries.
const SEEDS: u64 = 1_000;

#[test]
fn whatever_happens_everybody_ends_with_everything() {
    if let Some(seed) = number("SEED") {
        return run(seed, &Mutex::default());
    }
    let count = number("PALIER_SIMULATIONS").unwrap_or(SEEDS);
    let first = number("PALIER_SEED").unwrap_or(1);
    let (next, began) = (AtomicU64::new(first), Instant::now());
    let fallen = Mutex::new(Vec::new());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count || fallen.lock().unwrap().len() >= 10 {
                return;
            }
            let story = Mutex::default();
            if catch_unwind(AssertUnwindSafe(|| run(seed, &story))).is_err() {
                let story = story.into_inner().unwrap_or_default();
                println!("--- seed {seed} fell; its story:\n{}", story.join("\n"));
                fallen.lock().unwrap().push(seed);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    println!("{count} seeds from {first}, in {:.0?}", began.elapsed());
    let fallen = fallen.into_inner().unwrap();
    assert!(fallen.is_empty(), "try one alone: SEED={fallen:?}");
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn run(seed: u64, story: &Mutex<Vec<String>>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let scenario = Scenario::of(seed);
    runtime.block_on(async {
        let mut campaign = Campaign::begin(scenario, story).await;
        storm::rage(&mut campaign).await;
        campaign.calm().await;
        truth::check(&mut campaign).await;
    });
    // Nothing is awaited: what was cut may hang on threads that wait for nothing.
    runtime.shutdown_background();
}

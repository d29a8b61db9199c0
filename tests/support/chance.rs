//! Chance from a seed that is printed, so that a failure can be run again.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// From `PALIER_SEED`, or from a seed that is always the same.
    pub(crate) fn from_environment() -> Self {
        let seed = std::env::var("PALIER_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok())
            .unwrap_or(2012);
        println!("PALIER_SEED={seed}");
        Self::from_seed(seed)
    }

    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 up to `below`, which is not 0.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.0.next_u32()).unwrap_or_default() % below
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

//! Chance from a seed.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A sequence that a seed decides.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number below `end`; 0 where `end` is 0. The bias is below one in a million for the
    /// small ends used here.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32().checked_rem(end).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// Whether something happens that happens `per_mille` times in a thousand.
    pub(super) fn happens(&mut self, per_mille: u32) -> bool {
        self.below(1_000) < per_mille
    }

    /// A shift of at most `most`, either way, in steps of a thousandth of it.
    pub(super) fn shift(&mut self, most: f64) -> f64 {
        (f64::from(self.below(2_001)) - 1_000.0) / 1_000.0 * most
    }

    /// Puts things in an order of chance.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for end in (1..things.len()).rev() {
            let most = u32::try_from(end).unwrap_or(u32::MAX).saturating_add(1);
            let other = usize::try_from(self.below(most)).unwrap_or(0);
            things.swap(end, other);
        }
    }
}

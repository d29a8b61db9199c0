//! How often a value was how large.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How often a value was at most each of some bounds.
#[derive(Debug)]
pub(super) struct Histogram {
    bounds: &'static [f64],
    /// One for each bound, and one for what is larger than all of them.
    counts: Vec<AtomicU64>,
    /// In millionths, so that it adds up exactly.
    sum_millionths: AtomicU64,
}

impl Histogram {
    pub(super) fn new(bounds: &'static [f64]) -> Self {
        let counts = std::iter::repeat_with(AtomicU64::default);
        Self {
            bounds,
            counts: counts.take(bounds.len() + 1).collect(),
            sum_millionths: AtomicU64::default(),
        }
    }

    pub(super) fn observe(&self, value: f64) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Relaxed);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float that is out of range becomes the nearest count"
        )]
        let millionths = (value * 1e6) as u64;
        self.sum_millionths.fetch_add(millionths, Relaxed);
    }

    /// Each bound, and how many values were at most that.
    pub(super) fn cumulated(&self) -> Vec<(String, u64)> {
        let bounds = self.bounds.iter().map(f64::to_string);
        let bounds = bounds.chain(["+Inf".to_owned()]);
        let mut below = 0;
        let counts = self.counts.iter().map(|count| {
            below += count.load(Relaxed);
            below
        });
        bounds.zip(counts).collect()
    }

    pub(super) fn sum(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a sum that is read by eye")]
        let millionths = self.sum_millionths.load(Relaxed) as f64;
        millionths / 1e6
    }
}

//! How long to wait before the relay is asked again.

use std::time::Duration;

use crate::clock::random;

/// The longest wait after failures.
const MAX_WAIT: Duration = Duration::from_secs(300);
/// The shortest.
const MIN_WAIT: Duration = Duration::from_secs(1);

/// A random wait between nothing and a bound that doubles with each failure ("full jitter",
/// M. Brooker, AWS Architecture Blog, 2015), and never shorter than a second.
fn wait_after(failures: u32) -> Duration {
    let bound = MIN_WAIT
        .saturating_mul(2_u32.saturating_pow(failures.min(16)))
        .min(MAX_WAIT);
    MIN_WAIT.max(bound.mul_f64(chance()))
}

/// A random number from 0 to 1.
pub(super) fn chance() -> f64 {
    random::<4>().map_or(0.5, |bytes| {
        f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
    })
}

/// As [`wait_after`], but never before what the relay wishes; those who were all told the same
/// do not come back together.
pub(super) fn wait_at_least(wish: Duration, failures: u32) -> Duration {
    wish + wait_after(failures.max(u32::from(!wish.is_zero()) * 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_relay_wishes_is_kept_and_nobody_comes_back_together() {
        let wish = Duration::from_secs(30);
        let waits: Vec<_> = (0..50).map(|_| wait_at_least(wish, 1)).collect();
        assert!(waits.iter().all(|wait| *wait >= wish));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
        assert!(waits.iter().all(|wait| *wait <= wish + MAX_WAIT));
    }

    #[test]
    fn a_wait_grows_and_is_bounded() {
        for failures in 1..40 {
            let wait = wait_after(failures);
            assert!(wait >= MIN_WAIT && wait <= MAX_WAIT, "{wait:?}");
            assert!(wait <= MIN_WAIT * 2_u32.saturating_pow(failures.min(16)));
        }
    }
}

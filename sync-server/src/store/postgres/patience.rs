//! Trying again, later each time, and never all at once.

use std::time::{Duration, Instant};

/// How often something is tried in all.
const TRIES: u32 = 7;
/// After this nothing is tried again: devices come again by themselves, and those who wait
/// here take room.
const LONG: Duration = Duration::from_secs(5);
/// The longest first wait, in milliseconds; each next one may be twice as long.
const FIRST_MS: u64 = 20;

/// How often was something tried already, and since when.
#[derive(Debug)]
pub(super) struct Patience {
    tried: u32,
    since: Instant,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self {
            tried: 0,
            since: Instant::now(),
        }
    }

    /// Waits for a moment of chance ("full jitter": what failed together does not come again
    /// together), and says whether to try again.
    pub(super) async fn again(&mut self) -> bool {
        self.tried += 1;
        if self.tried >= TRIES || self.since.elapsed() > LONG {
            return false;
        }
        let longest = FIRST_MS << self.tried.min(6);
        tokio::time::sleep(chance(longest)).await;
        true
    }
}

/// A span between nothing and this many milliseconds. Without chance it is all of it.
pub(super) fn chance(longest_ms: u64) -> Duration {
    let mut bytes = [0; 8];
    let drawn = match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from_le_bytes(bytes) % longest_ms.max(1),
        Err(_none) => longest_ms,
    };
    Duration::from_millis(drawn)
}

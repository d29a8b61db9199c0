//! The processor's time, which a busy machine leaves as it is while the clock on the wall runs.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Time that all threads of this program have spent on a processor.
pub(crate) fn of_program() -> Duration {
    spent(ClockId::ProcessCPUTime)
}

/// Time that this thread has spent on a processor.
pub(crate) fn of_thread() -> Duration {
    spent(ClockId::ThreadCPUTime)
}

fn spent(clock: ClockId) -> Duration {
    let now = clock_gettime(clock);
    let whole = u64::try_from(now.tv_sec).unwrap_or_default();
    let rest = u32::try_from(now.tv_nsec).unwrap_or_default();
    Duration::new(whole, rest)
}

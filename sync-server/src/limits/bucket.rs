//! A budget that fills by itself. It may go below nothing: whoever has something left may take
//! all at once, and waits for it afterwards. So no request is too large to ever be granted.

use palier_core::moment::Moment;

/// What a bucket holds at most, and what flows in each second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Flow {
    /// What it holds when it is full.
    pub(super) full: u64,
    /// What flows in each second.
    pub(super) per_s: u64,
}

/// What is left, in thousandths, so that milliseconds count exactly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Bucket {
    left: i64,
    at: Moment,
}

/// Thousandths in one.
const THOUSANDTHS: i64 = 1_000;
/// The longest that anybody is told to wait, in seconds.
const LONGEST_WAIT_S: i64 = 3_600;

impl Bucket {
    pub(super) fn full(flow: Flow, now: Moment) -> Self {
        Self {
            left: thousandths(flow.full),
            at: now,
        }
    }

    /// Lets in what flowed since. A clock that goes back brings nothing and takes nothing.
    fn fill(&mut self, flow: Flow, now: Moment) {
        let elapsed_ms = now.0.saturating_sub(self.at.0).max(0);
        let came = elapsed_ms.saturating_mul(signed(flow.per_s));
        self.left = self.left.saturating_add(came).min(thousandths(flow.full));
        self.at = now;
    }

    pub(super) fn is_full(&self, flow: Flow, now: Moment) -> bool {
        let mut filled = *self;
        filled.fill(flow, now);
        filled.left == thousandths(flow.full)
    }

    /// Seconds until something is left; nothing where something is.
    pub(super) fn wait_s(&mut self, flow: Flow, now: Moment) -> Option<u32> {
        // Also when nothing is left: after a clock that went back, time counts from there.
        self.fill(flow, now);
        if self.left > 0 {
            return None;
        }
        let lacking = THOUSANDTHS.saturating_sub(self.left);
        let per_s = thousandths(flow.per_s).max(1);
        let wait_s = lacking.saturating_add(per_s - 1) / per_s;
        u32::try_from(wait_s.clamp(1, LONGEST_WAIT_S)).ok()
    }

    pub(super) fn take(&mut self, flow: Flow, count: u64, now: Moment) {
        self.fill(flow, now);
        self.left = self.left.saturating_sub(thousandths(count));
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn thousandths(count: u64) -> i64 {
    signed(count).saturating_mul(THOUSANDTHS)
}

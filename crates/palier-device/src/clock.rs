//! The device's clock and its source of chance: the two things that tests replace.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use palier_core::moment::{Millis, Moment};

use crate::error::Error;

/// A clock.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// One that a test sets.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at a moment until it is moved.
    #[must_use]
    pub fn at(moment: Moment) -> Self {
        Self::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// The moment that it shows.
    #[must_use]
    pub fn now(&self) -> Moment {
        match self {
            Self::System => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Set(millis) => Moment(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock on; the machine's is left alone.
    pub fn advance(&self, by: Millis) {
        if let Self::Set(millis) = self {
            millis.fetch_add(by.0, Ordering::SeqCst);
        }
    }
}

/// How far a clock may be off before it is corrected: beyond, relays and devices refuse what it
/// dates.
pub(crate) const TOLERANCE: Millis = Millis::hours(48);
/// No device stays away from its relay for longer, while its clock goes wrong all the time.
const LONG_AWAY: Millis = Millis::days(30);

/// What the relay said of the time, and what this device's clock said then.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Skew {
    /// The relay's time.
    pub(crate) true_then: Moment,
    /// This device's clock.
    pub(crate) ours_then: Moment,
}

impl Skew {
    /// How far the relay's clock is ahead of ours, where that matters; otherwise nothing.
    pub(crate) fn ahead(self) -> Millis {
        let ahead = self.true_then.0.saturating_sub(self.ours_then.0);
        if ahead.unsigned_abs() > TOLERANCE.0.unsigned_abs() {
            Millis(ahead)
        } else {
            Millis(0)
        }
    }

    /// The true time, as far as can be told, when this device's clock says `ours`.
    ///
    /// A clock that was set right since shows it: one that was behind is past the relay's time
    /// then, or as little before it as a clock may be off, far sooner than it would come there by
    /// itself; one that was ahead is behind what it said then.
    pub(crate) fn correct(self, ours: Moment) -> Moment {
        let ahead = self.ahead();
        let set_right = if ahead.0 > LONG_AWAY.0 {
            ours.after(TOLERANCE) >= self.true_then
        } else {
            ahead.0 < 0 && ours < self.ours_then
        };
        if set_right { ours } else { ours.after(ahead) }
    }
}

/// Random bytes from the operating system.
///
/// # Errors
/// It has none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_reason| Error::NoChance)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment(1_700_000_000_000);
    const YEARS: Millis = Millis::days(3_650);

    fn skew(ours: Moment) -> Skew {
        Skew {
            true_then: NOON,
            ours_then: ours,
        }
    }

    fn before(moment: Moment, span: Millis) -> Moment {
        Moment(moment.0 - span.0)
    }

    #[test]
    fn a_clock_that_is_years_off_is_corrected_until_it_is_set_right() {
        let later = Millis::hours(5);
        let truth = NOON.after(later);
        for ours in [NOON.after(YEARS), before(NOON, YEARS)] {
            let skew = skew(ours);
            assert_eq!(skew.correct(ours.after(later)), truth);
            assert_eq!(skew.correct(truth), truth, "it was set right");
            let slow = before(NOON, Millis::hours(1));
            assert_eq!(skew.correct(slow), slow, "it was set right, and is slow");
        }
    }

    #[test]
    fn a_clock_that_is_a_little_off_is_left_alone() {
        let ours = before(NOON, Millis::hours(47));
        assert_eq!(skew(ours).correct(ours), ours);
        assert_eq!(Skew::default().correct(NOON), NOON);
    }
}

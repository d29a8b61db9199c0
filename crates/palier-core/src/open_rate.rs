//! How often doors open, by hour and by kind of building, with what a team has seen itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::outcome::Outcome;

/// How many doors stand at an address: what a stairwell is like changes who opens, and when.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Housing {
    /// One door: a house, or a building that nobody described.
    One,
    /// Two to nine doors.
    Few,
    /// Ten doors or more.
    Many,
}

impl Housing {
    /// The kind of an address with so many doors.
    #[must_use]
    pub const fn of(doors: u32) -> Self {
        match doors {
            0 | 1 => Self::One,
            2..=9 => Self::Few,
            _ => Self::Many,
        }
    }
}

/// Below this, a rate says more about chance than about an hour: with 30 knocks the interval is
/// still 34 points wide at worst.
pub const ENOUGH: u32 = 30;

/// Knocks that found somebody or nobody, and how many found somebody.
///
/// Doors that were not reached, and dwellings where nobody lives, are no knocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Knocks {
    /// All of them.
    pub knocked: u32,
    /// Those that somebody opened to.
    pub opened: u32,
}

impl Knocks {
    /// Counts a visit.
    pub fn count(&mut self, outcome: Outcome) {
        let knocked = outcome.opened() || outcome == Outcome::Absent;
        self.knocked = self.knocked.saturating_add(u32::from(knocked));
        self.opened = self.opened.saturating_add(u32::from(outcome.opened()));
    }

    /// The rate with its interval; nothing where there are too few knocks to say.
    #[must_use]
    pub fn rate(self) -> Option<Rate> {
        (self.knocked >= ENOUGH).then(|| wilson(self.opened, self.knocked))
    }
}

/// A share, and the interval that holds the true one 95 times in a hundred.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
    /// What was seen, 0 to 1.
    pub seen: f64,
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

impl Rate {
    /// In whole percents: what was seen, rounded, and the interval's ends, outwards.
    #[must_use]
    pub fn percents(self) -> [u8; 3] {
        let below = |share: f64| (0..=100_u8).rev().find(|p| f64::from(*p) <= share * 100.0);
        let above = |share: f64| (0..=100_u8).find(|p| f64::from(*p) >= share * 100.0);
        [
            below(self.seen + 0.005).unwrap_or_default(),
            below(self.low).unwrap_or_default(),
            above(self.high).unwrap_or(100),
        ]
    }
}

/// Wilson's score interval at 95 %, which holds near 0 and 1 and for few cases.
///
/// Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
/// Journal of the American Statistical Association 22 (1927), p. 209.
pub fn wilson(opened: u32, knocked: u32) -> Rate {
    const Z: f64 = 1.959_964;
    let n = f64::from(knocked.max(1));
    let seen = f64::from(opened.min(knocked)) / n;
    let scale = 1.0 + Z * Z / n;
    let middle = (seen + Z * Z / (2.0 * n)) / scale;
    let half = Z * (seen * (1.0 - seen) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
    Rate {
        seen,
        low: (middle - half).max(0.0),
        high: (middle + half).min(1.0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-4, "{found}, not {expected}");
    }

    #[test]
    fn the_interval_is_wilson_s() {
        for (opened, knocked, low, high) in [
            (0, 30, 0.0, 0.1135),
            (15, 30, 0.3315, 0.6685),
            (30, 30, 0.8865, 1.0),
            (25, 100, 0.1755, 0.3430),
        ] {
            let rate = wilson(opened, knocked);
            close(rate.low, low);
            close(rate.high, high);
        }
    }

    #[test]
    fn an_hour_with_few_knocks_says_nothing() {
        let mut knocks = Knocks::default();
        for _ in 0..29 {
            knocks.count(Outcome::Absent);
        }
        knocks.count(Outcome::Inaccessible);
        knocks.count(Outcome::Vacant);
        assert_eq!((knocks.knocked, knocks.rate()), (29, None));
        knocks.count(Outcome::Refused);
        let rate = knocks.rate().unwrap();
        close(rate.seen, 1.0 / 30.0);
        assert_eq!(rate.percents(), [3, 0, 17]);
    }

    #[test]
    fn percents_of_an_interval_are_never_narrower_than_it() {
        assert_eq!(wilson(15, 30).percents(), [50, 33, 67]);
        assert_eq!(wilson(0, 30).percents(), [0, 0, 12]);
        assert_eq!(wilson(30, 30).percents(), [100, 88, 100]);
    }

    #[test]
    fn a_house_is_no_tower() {
        for (doors, housing) in [
            (0, Housing::One),
            (1, Housing::One),
            (2, Housing::Few),
            (9, Housing::Few),
            (10, Housing::Many),
            (200, Housing::Many),
        ] {
            assert_eq!(Housing::of(doors), housing);
        }
    }

    proptest! {
        #[test]
        fn the_interval_holds_what_was_seen(knocked in 1_u32..5_000, share in 0.0..=1.0_f64) {
            let opened = (0..knocked).filter(|n| f64::from(*n) < share * f64::from(knocked)).count();
            let rate = wilson(u32::try_from(opened).unwrap(), knocked);
            prop_assert!(0.0 <= rate.low && rate.low <= rate.seen + 1e-9);
            prop_assert!(rate.seen <= rate.high + 1e-9 && rate.high <= 1.0);
        }
    }
}

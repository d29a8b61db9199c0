//! Counts: what a report says of one station, and how counts add up.

use crate::outcome::Outcome;

/// Counts of one device for one station and day, or a sum of such counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Nobody opened.
    pub absent: u32,
    /// Somebody talked.
    pub spoke: u32,
    /// Somebody declined.
    pub refused: u32,
    /// Somebody asked to come back.
    pub come_back: u32,
    /// The door could not be reached.
    pub inaccessible: u32,
    /// Nobody lives there.
    pub vacant: u32,
    /// Somebody asked never to be contacted.
    pub do_not_contact: u32,
    /// Leaflets left.
    pub leaflets: u32,
}

/// The largest count that a report may hold for one station and day.
pub const MAX_COUNT: u32 = 100_000;

impl Tally {
    /// The words of the counts, in documents and in SQL.
    pub const WORDS: [&'static str; 8] = [
        "absent",
        "spoke",
        "refused",
        "come_back",
        "inaccessible",
        "vacant",
        "do_not_contact",
        "leaflets",
    ];

    /// Knocks: the sum of the seven outcomes.
    #[must_use]
    pub fn knocked(&self) -> u32 {
        Outcome::ALL
            .into_iter()
            .fold(0, |sum, outcome| sum.saturating_add(self.of(outcome)))
    }

    /// The count of one outcome.
    #[must_use]
    pub const fn of(&self, outcome: Outcome) -> u32 {
        match outcome {
            Outcome::Absent => self.absent,
            Outcome::Spoke => self.spoke,
            Outcome::Refused => self.refused,
            Outcome::ComeBack => self.come_back,
            Outcome::Inaccessible => self.inaccessible,
            Outcome::Vacant => self.vacant,
            Outcome::DoNotContact => self.do_not_contact,
        }
    }

    /// Counts one visit.
    pub fn count(&mut self, outcome: Outcome, leaflet: bool) {
        let of_outcome = match outcome {
            Outcome::Absent => &mut self.absent,
            Outcome::Spoke => &mut self.spoke,
            Outcome::Refused => &mut self.refused,
            Outcome::ComeBack => &mut self.come_back,
            Outcome::Inaccessible => &mut self.inaccessible,
            Outcome::Vacant => &mut self.vacant,
            Outcome::DoNotContact => &mut self.do_not_contact,
        };
        *of_outcome = of_outcome.saturating_add(1);
        self.leaflets = self.leaflets.saturating_add(u32::from(leaflet));
    }

    /// Its counts in the order of [`Self::WORDS`].
    #[must_use]
    pub const fn counts(&self) -> [u32; 8] {
        [
            self.absent,
            self.spoke,
            self.refused,
            self.come_back,
            self.inaccessible,
            self.vacant,
            self.do_not_contact,
            self.leaflets,
        ]
    }

    /// The tally of counts in the order of [`Self::WORDS`].
    #[must_use]
    pub const fn from_counts(counts: [u32; 8]) -> Self {
        let [
            absent,
            spoke,
            refused,
            come_back,
            inaccessible,
            vacant,
            do_not_contact,
            leaflets,
        ] = counts;
        Self {
            absent,
            spoke,
            refused,
            come_back,
            inaccessible,
            vacant,
            do_not_contact,
            leaflets,
        }
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        let mut sums = self.counts();
        for (sum, count) in sums.iter_mut().zip(other.counts()) {
            *sum = sum.saturating_add(count);
        }
        *self = Self::from_counts(sums);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_outcome_is_counted_once() {
        for outcome in Outcome::ALL {
            let mut tally = Tally::default();
            tally.count(outcome, false);
            assert_eq!(tally.of(outcome), 1);
            assert_eq!(tally.knocked(), 1);
            assert_eq!(tally.leaflets, 0);
        }
    }

    #[test]
    fn the_words_stand_in_the_order_of_the_counts() {
        for (index, word) in Tally::WORDS.iter().enumerate().take(7) {
            let mut counts = [0; 8];
            counts[index] = 3;
            let outcome: Outcome = word.parse().unwrap();
            assert_eq!(Tally::from_counts(counts).of(outcome), 3, "{word}");
        }
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_the_order(a: [u32; 8], b: [u32; 8], c: [u32; 8]) {
            let sum = |parts: [[u32; 8]; 3]| {
                let mut sum = Tally::default();
                for part in parts {
                    sum.add(&Tally::from_counts(part));
                }
                sum
            };
            prop_assert_eq!(sum([a, b, c]), sum([c, a, b]));
            prop_assert_eq!(Tally::from_counts(a).counts(), a);
        }
    }
}

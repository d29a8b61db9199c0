//! What people answer at the door, as counts of a polling station that no door is tied to.
//!
//! An answer is added to what waits at its station, and is then known only as a sum. It leaves
//! the device with its [`batch`]: ten opened doors at that station, never fewer.

pub mod batch;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::open_rate::{ENOUGH, Rate, wilson};

pub use batch::{BATCH, Batch};

/// What one person answered, as it stands on the screen and nowhere else.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Answered {
    /// How much they support the campaign, from 1 to 5.
    pub support: Option<u8>,
    /// Whether they have trouble with their registration as a voter.
    pub registration: bool,
    /// Whether they want to vote by proxy.
    pub proxy: bool,
}

/// How many answers there were of each sort.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Support, from 1 to 5.
    pub support: [u32; 5],
    /// Trouble with the registration.
    pub registration: u32,
    /// Wishes for a proxy.
    pub proxy: u32,
}

/// Counts, and out of how many opened doors: what a report says of one station.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// Doors that opened, where these answers may have come from: [`BATCH`] or more.
    pub doors: u32,
    /// What was answered there.
    pub counts: Counts,
}

impl Answered {
    /// It as counts of one person; nothing of a support that is not from 1 to 5.
    #[must_use]
    pub fn counts(self) -> Counts {
        let mut support = [0; 5];
        let place = self.support.and_then(|level| level.checked_sub(1));
        if let Some(count) = place.and_then(|place| support.get_mut(usize::from(place))) {
            *count = 1;
        }
        Counts {
            support,
            registration: self.registration.into(),
            proxy: self.proxy.into(),
        }
    }
}

impl Counts {
    /// How many people said how much they support the campaign.
    #[must_use]
    pub fn supports(&self) -> u32 {
        self.support
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The share of those who answered 4 or 5; nothing where there are too few answers to say.
    #[must_use]
    pub fn favourable(&self) -> Option<Rate> {
        let [.., four, five] = self.support;
        let answered = self.supports();
        (answered >= ENOUGH).then(|| wilson(four.saturating_add(five), answered))
    }

    /// Them in the order of [`Answers::WORDS`], after the doors.
    #[must_use]
    pub const fn list(&self) -> [u32; 7] {
        let [one, two, three, four, five] = self.support;
        [one, two, three, four, five, self.registration, self.proxy]
    }

    /// The counts of such a list.
    #[must_use]
    pub const fn of_list(list: [u32; 7]) -> Self {
        let [one, two, three, four, five, registration, proxy] = list;
        Self {
            support: [one, two, three, four, five],
            registration,
            proxy,
        }
    }

    /// Adds others.
    pub fn add(&mut self, others: &Self) {
        let mut sums = self.list();
        for (sum, count) in sums.iter_mut().zip(others.list()) {
            *sum = sum.saturating_add(count);
        }
        *self = Self::of_list(sums);
    }

    /// These without others; `None` where others were never added.
    #[must_use]
    pub fn without(&self, others: &Self) -> Option<Self> {
        let mut left = self.list();
        for (count, other) in left.iter_mut().zip(others.list()) {
            *count = count.checked_sub(other)?;
        }
        Some(Self::of_list(left))
    }
}

impl Answers {
    /// The words of the numbers, in documents and in SQL.
    pub const WORDS: [&'static str; 8] = [
        "doors",
        "support_1",
        "support_2",
        "support_3",
        "support_4",
        "support_5",
        "registration",
        "proxy",
    ];

    /// Its numbers in the order of [`Self::WORDS`].
    #[must_use]
    pub const fn numbers(&self) -> [u32; 8] {
        let [one, two, three, four, five, registration, proxy] = self.counts.list();
        [self.doors, one, two, three, four, five, registration, proxy]
    }

    /// The answers of numbers in the order of [`Self::WORDS`].
    #[must_use]
    pub const fn from_numbers(numbers: [u32; 8]) -> Self {
        let [doors, one, two, three, four, five, registration, proxy] = numbers;
        Self {
            doors,
            counts: Counts::of_list([one, two, three, four, five, registration, proxy]),
        }
    }

    /// Adds others.
    pub fn add(&mut self, others: &Self) {
        self.doors = self.doors.saturating_add(others.doors);
        self.counts.add(&others.counts);
    }

    /// These where they may be shown: those of fewer doors than a batch are not, whoever wrote
    /// them.
    #[must_use]
    pub const fn shown(self) -> Option<Self> {
        if self.doors < BATCH { None } else { Some(self) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_counts_once_where_it_was_given() {
        for level in 1..=5_u8 {
            let answered = Answered {
                support: Some(level),
                ..Answered::default()
            };
            let mut expected = Counts::default();
            expected.support[usize::from(level) - 1] = 1;
            assert_eq!(answered.counts(), expected);
        }
        for support in [None, Some(0), Some(6)] {
            let nothing = Answered {
                support,
                ..Answered::default()
            };
            assert_eq!(nothing.counts(), Counts::default());
        }
        let both = Answered {
            support: None,
            registration: true,
            proxy: true,
        };
        assert_eq!(both.counts().list(), [0, 0, 0, 0, 0, 1, 1]);
    }

    #[test]
    fn answers_of_few_doors_are_not_shown() {
        let answers = |doors| Answers::from_numbers([doors, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(answers(9).shown(), None);
        assert_eq!(answers(10).shown(), Some(answers(10)));
    }

    proptest! {
        #[test]
        fn sums_do_not_depend_on_the_order(a: [u32; 8], b: [u32; 8], c: [u32; 8]) {
            let sum = |parts: [[u32; 8]; 3]| {
                let mut sum = Answers::default();
                for part in parts {
                    sum.add(&Answers::from_numbers(part));
                }
                sum
            };
            prop_assert_eq!(sum([a, b, c]), sum([c, a, b]));
            prop_assert_eq!(Answers::from_numbers(a).numbers(), a);
        }
    }
}

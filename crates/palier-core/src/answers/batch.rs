//! Batches: ten opened doors at one station, the only form in which answers leave a device.
//!
//! The rule. A door opened where somebody spoke or refused; a device counts each door once. What
//! is answered waits at its station with the doors that opened there since the last batch,
//! whatever was answered at them and whatever was not. When an eleventh door is about to be
//! counted, or an outing ends on the tenth, those ten are a batch: what waits is now ready to
//! leave, and the next ten begin. Fewer than ten wait for the next outing; after the last one
//! they stay on the device, and leave with it.
//!
//! Where a batch begins and ends therefore depends on doors alone, so that neither the moment
//! when it leaves nor its size tells what was answered at which of its ten doors.

use crate::outcome::Outcome;

use super::{Answered, Answers, Counts};

/// How many doors opened in a batch.
pub const BATCH: u32 = 10;

/// What a device counted at one station and has not said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Batch {
    /// Doors that opened since the last whole batch: [`BATCH`] at most.
    pub opened: u32,
    /// What was answered since.
    pub waiting: Counts,
    /// Whole batches, which may leave.
    pub ready: Answers,
}

/// Something that cannot be counted, or no longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no door opened here that this answer could be of, or it was counted for good already")]
pub struct NotCounted;

impl Batch {
    /// Whether a door counts as opened here. Whoever asks to come back or not to be contacted is
    /// asked nothing.
    #[must_use]
    pub const fn is_opened(outcome: Outcome) -> bool {
        matches!(outcome, Outcome::Spoke | Outcome::Refused)
    }

    /// Counts a door that opened, and had not opened to this device before.
    pub fn open_door(&mut self) {
        self.close();
        self.opened = self.opened.saturating_add(1);
    }

    /// Takes such a door back: the next batch waits for another one.
    pub const fn take_door_back(&mut self) {
        self.opened = self.opened.saturating_sub(1);
    }

    /// Puts what somebody answers in the place of what they answered before.
    ///
    /// # Errors
    /// No door opened since the last batch, there are as many answers of this sort as doors, or
    /// what was answered before left with its batch.
    pub fn answer(&mut self, before: Answered, after: Answered) -> Result<(), NotCounted> {
        let mut waiting = (self.waiting.without(&before.counts())).ok_or(NotCounted)?;
        waiting.add(&after.counts());
        let most = [waiting.supports(), waiting.registration, waiting.proxy];
        let takes_back = after == Answered::default();
        if most.into_iter().any(|count| count > self.opened) && !takes_back {
            return Err(NotCounted);
        }
        self.waiting = waiting;
        Ok(())
    }

    /// Makes what waits ready where ten doors have opened: an outing ends.
    pub fn close(&mut self) {
        if self.opened >= BATCH {
            self.ready.add(&Answers {
                doors: self.opened,
                counts: self.waiting,
            });
            (self.opened, self.waiting) = (0, Counts::default());
        }
    }

    /// Takes out what is ready: it leaves.
    pub fn take_ready(&mut self) -> Answers {
        std::mem::take(&mut self.ready)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn support(level: u8) -> Answered {
        Answered {
            support: Some(level),
            ..Answered::default()
        }
    }

    fn opened(doors: u32) -> Batch {
        let mut batch = Batch::default();
        for _ in 0..doors {
            batch.open_door();
        }
        batch
    }

    #[test]
    fn ten_doors_leave_when_an_eleventh_opens_or_the_outing_ends() {
        let mut nine = opened(9);
        nine.answer(Answered::default(), support(4)).unwrap();
        nine.close();
        assert_eq!((nine.opened, nine.ready), (9, Answers::default()));
        let mut ten = nine;
        ten.open_door();
        assert_eq!(ten.ready, Answers::default());
        let leaves = Answers::from_numbers([10, 0, 0, 0, 1, 0, 0, 0]);
        let mut ended = ten;
        ended.close();
        assert_eq!((ended.opened, ended.take_ready()), (0, leaves));
        let mut eleven = ten;
        eleven.open_door();
        assert_eq!((eleven.opened, eleven.ready), (1, leaves));
        assert_eq!(eleven.waiting, Counts::default());
    }

    #[test]
    fn the_answer_at_the_tenth_door_leaves_with_it() {
        let mut batch = opened(10);
        batch.answer(Answered::default(), support(5)).unwrap();
        batch.open_door();
        assert_eq!(batch.ready.counts.support, [0, 0, 0, 0, 1]);
    }

    #[test]
    fn an_answer_is_changed_and_taken_back_until_its_batch_is_whole() {
        let mut batch = opened(1);
        batch.answer(Answered::default(), support(2)).unwrap();
        batch.answer(support(2), support(3)).unwrap();
        assert_eq!(batch.waiting.support, [0, 0, 1, 0, 0]);
        batch.answer(support(3), Answered::default()).unwrap();
        assert_eq!(batch.waiting, Counts::default());
        assert_eq!(
            batch.answer(support(3), Answered::default()),
            Err(NotCounted)
        );
        // The door was taken back first: the answer still can be.
        batch.answer(Answered::default(), support(2)).unwrap();
        batch.take_door_back();
        batch.answer(support(2), Answered::default()).unwrap();
    }

    #[test]
    fn nothing_is_answered_where_no_door_opened() {
        let mut batch = Batch::default();
        assert_eq!(
            batch.answer(Answered::default(), support(1)),
            Err(NotCounted)
        );
        let mut batch = opened(1);
        batch.answer(Answered::default(), support(1)).unwrap();
        assert_eq!(
            batch.answer(Answered::default(), support(1)),
            Err(NotCounted)
        );
    }

    /// What a hand does at one station.
    #[derive(Clone, Debug)]
    enum Step {
        Open,
        TakeBack,
        Answer(u8),
        EndOuting,
        Send,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => Just(Step::Open),
            1 => Just(Step::TakeBack),
            3 => (1..=5_u8).prop_map(Step::Answer),
            1 => Just(Step::EndOuting),
            2 => Just(Step::Send),
        ];
        proptest::collection::vec(step, 0..200)
    }

    proptest! {
        #[test]
        fn fewer_than_ten_doors_never_leave_and_nothing_is_lost_or_doubled(steps in steps()) {
            let mut batch = Batch::default();
            let (mut sent, mut answered) = (Answers::default(), Counts::default());
            let mut opened_since = 0_u32;
            for step in steps {
                match step {
                    Step::Open => { batch.open_door(); opened_since += 1; }
                    Step::TakeBack => batch.take_door_back(),
                    Step::Answer(level) => {
                        if batch.answer(Answered::default(), support(level)).is_ok() {
                            answered.add(&support(level).counts());
                        }
                    }
                    Step::EndOuting => batch.close(),
                    Step::Send => {
                        let leaves = batch.take_ready();
                        if leaves != Answers::default() {
                            prop_assert!(leaves.doors >= BATCH);
                            prop_assert!(leaves.doors <= opened_since);
                            prop_assert!(leaves.shown().is_some());
                            opened_since -= leaves.doors;
                            sent.add(&leaves);
                        }
                    }
                }
                let mut all = sent.counts;
                all.add(&batch.ready.counts);
                all.add(&batch.waiting);
                prop_assert_eq!(all, answered);
                prop_assert!(batch.opened <= BATCH);
            }
        }

        #[test]
        fn where_batches_end_depends_on_doors_alone(levels in proptest::collection::vec(0..=5_u8, 0..60)) {
            let (mut asked, mut silent) = (Batch::default(), Batch::default());
            for level in levels {
                asked.open_door();
                silent.open_door();
                let _uncounted = asked.answer(Answered::default(), support(level));
                prop_assert_eq!(asked.opened, silent.opened);
                prop_assert_eq!(asked.ready.doors, silent.ready.doors);
            }
        }
    }
}

//! Leaflet rounds: what became of the letter boxes of each building.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    id::{DeviceId, RoundId, VisitId},
    moment::Moment,
};

/// A leaflet round, as a lead made it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub made: Moment,
}

/// The longest name of a round, in characters.
pub const MAX_NAME: usize = 60;
/// The most letter boxes of one building.
pub const MAX_BOXES: u32 = 5_000;

/// What became of the letter boxes of one building.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Boxes {
    /// Nothing yet; or what was noted is taken back.
    Todo,
    /// They could not be reached.
    Unreached,
    /// They have their leaflets.
    Done,
}

impl Boxes {
    /// The word in documents and in SQL.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Unreached => "unreached",
            Self::Done => "done",
        }
    }
}

impl fmt::Display for Boxes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that says nothing of letter boxes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("say done, unreached or todo")]
pub struct NotBoxes;

impl FromStr for Boxes {
    type Err = NotBoxes;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Todo, Self::Unreached, Self::Done]
            .into_iter()
            .find(|boxes| boxes.word() == word)
            .ok_or(NotBoxes)
    }
}

/// What one device noted of one building in a round: a fact of its shift. The latest one of a
/// device stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handout {
    /// Its id.
    pub id: VisitId,
    /// The round.
    pub round: RoundId,
    /// The address.
    pub address: String,
    /// What became of its letter boxes.
    pub boxes: Boxes,
    /// How many there are.
    pub count: u32,
    /// When it was.
    pub at: Moment,
}

/// What stands of a building: of each device the latest, of several devices the best, since
/// whoever stood before a locked hall does not take back what another left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    latest: BTreeMap<(String, DeviceId), Handout>,
}

impl Standing {
    /// Notes what a device says; the order of arrival does not matter.
    pub fn note(&mut self, device: DeviceId, handout: Handout) {
        let key = (handout.address.clone(), device);
        let before = self.latest.get(&key);
        if before.is_none_or(|before| (before.at, before.id) < (handout.at, handout.id)) {
            self.latest.insert(key, handout);
        }
    }

    /// What stands of a building, and who noted it; nothing where it is to do.
    #[must_use]
    pub fn of(&self, address: &str) -> Option<(DeviceId, &Handout)> {
        let first = (address.to_owned(), DeviceId([0; 32]));
        self.latest
            .range(first..)
            .take_while(|((at, _), _)| at == address)
            .map(|((_, device), handout)| (*device, handout))
            .filter(|(_, handout)| handout.boxes != Boxes::Todo)
            .max_by_key(|(device, handout)| (handout.boxes, handout.at, *device))
    }

    /// What a device itself noted last of a building.
    #[must_use]
    pub fn by(&self, address: &str, device: DeviceId) -> Option<&Handout> {
        self.latest.get(&(address.to_owned(), device))
    }

    /// The latest of each device and building.
    pub fn all(&self) -> impl Iterator<Item = (DeviceId, &Handout)> {
        let latest = self.latest.iter();
        latest.map(|((_, device), handout)| (*device, handout))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn handout(id: u8, boxes: Boxes, at: i64) -> Handout {
        Handout {
            id: VisitId([id; 10]),
            round: RoundId([1; 10]),
            address: "a".into(),
            boxes,
            count: 4,
            at: Moment(at),
        }
    }

    #[test]
    fn what_is_taken_back_is_to_do_again_and_a_teammate_s_stays() {
        let (me, other) = (DeviceId([1; 32]), DeviceId([2; 32]));
        let mut standing = Standing::default();
        assert_eq!(standing.of("a"), None);
        standing.note(me, handout(1, Boxes::Done, 1));
        assert_eq!(standing.of("a").unwrap().0, me);
        standing.note(other, handout(2, Boxes::Unreached, 5));
        assert_eq!(standing.of("a").unwrap().1.boxes, Boxes::Done);
        standing.note(me, handout(3, Boxes::Todo, 6));
        assert_eq!(standing.of("a").unwrap().1.boxes, Boxes::Unreached);
        standing.note(other, handout(4, Boxes::Todo, 7));
        assert_eq!(standing.of("a"), None);
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(
            facts in proptest::collection::vec((0..3_u8, 0..6_u8, 0..3_usize, 0..5_i64), 0..20),
            turn in 0..20_usize
        ) {
            let words = [Boxes::Todo, Boxes::Unreached, Boxes::Done];
            let facts: Vec<_> = facts
                .into_iter()
                .enumerate()
                .map(|(n, (device, _, boxes, at))| {
                    let id = u8::try_from(n).unwrap();
                    (DeviceId([device; 32]), handout(id, words[boxes], at))
                })
                .collect();
            let in_order = |facts: &[(DeviceId, Handout)]| {
                let mut standing = Standing::default();
                for (device, handout) in facts {
                    standing.note(*device, handout.clone());
                }
                standing
            };
            let mut turned = facts.clone();
            turned.rotate_left(turn.min(facts.len()));
            turned.reverse();
            prop_assert_eq!(in_order(&facts), in_order(&turned));
        }
    }
}

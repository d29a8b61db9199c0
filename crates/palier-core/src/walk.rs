//! Walking a turf: which of its doors are looked for, and how far each side of each street is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    outcome::Outcome,
    territory::{StreetSide, street_side},
};

/// Which doors are shown, by what came of their latest visit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Show {
    /// Every door.
    #[default]
    All,
    /// Doors that nobody visited yet.
    Todo,
    /// Nobody opened.
    Absent,
    /// Somebody opened and talked.
    Spoke,
    /// Somebody opened and declined.
    Refused,
    /// Somebody opened and asked to come back.
    ComeBack,
    /// The door could not be reached.
    Inaccessible,
    /// Nobody lives there.
    Vacant,
    /// Somebody asked never to be contacted.
    DoNotContact,
}

impl Show {
    /// Whether a door in this state is shown.
    #[must_use]
    pub fn passes(self, state: Option<Outcome>) -> bool {
        let wanted = match self {
            Self::All => return true,
            Self::Todo => return state.is_none(),
            Self::Absent => Outcome::Absent,
            Self::Spoke => Outcome::Spoke,
            Self::Refused => Outcome::Refused,
            Self::ComeBack => Outcome::ComeBack,
            Self::Inaccessible => Outcome::Inaccessible,
            Self::Vacant => Outcome::Vacant,
            Self::DoNotContact => Outcome::DoNotContact,
        };
        state == Some(wanted)
    }
}

/// A door as a walk passes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The place of its address in walking order.
    pub place: u32,
    /// The id of its address.
    pub address: String,
    /// The number of its address.
    pub number: String,
    /// Its street.
    pub street: String,
    /// Its stair, empty until the building is described.
    pub stair: String,
    /// Its label on the landing, empty until the building is described.
    pub label: String,
    /// What came of its latest visit.
    pub state: Option<Outcome>,
}

/// What is looked for: words that each begin a number, a word of the street, a stair or a
/// label; and a state.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    words: Vec<String>,
    show: Show,
}

impl Sought {
    /// What a person typed, and chose.
    #[must_use]
    pub fn new(query: &str, show: Show) -> Self {
        Self {
            words: crate::fold::words(query),
            show,
        }
    }

    /// Whether a door is one of those. A number is looked for from its start: 12 finds 12 and
    /// 12 bis, not 112.
    #[must_use]
    pub fn takes(&self, door: &Passed) -> bool {
        self.show.passes(door.state) && self.names(door)
    }

    /// Whether a walk of what is sought stops at a door: one to visit, or one of the state that
    /// was chosen.
    #[must_use]
    pub fn stops_at(&self, door: &Passed) -> bool {
        self.takes(door) && (self.show != Show::All || door.state.is_none())
    }

    fn names(&self, door: &Passed) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let parts: Vec<String> = [&door.number, &door.street, &door.stair, &door.label]
            .into_iter()
            .flat_map(|text| crate::fold::words(text))
            .collect();
        self.words
            .iter()
            .all(|word| parts.iter().any(|part| part.starts_with(word)))
    }
}

/// One side of a street, as far as it is sought.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Stretch {
    /// The street.
    pub street: String,
    /// Which side of it.
    pub side: StreetSide,
    /// The place of its first address in walking order.
    pub from: u32,
    /// The place of its last address in walking order.
    pub to: u32,
    /// How many of its addresses have a door that is sought.
    pub addresses: u32,
    /// How many of its doors are sought.
    pub doors: u32,
    /// How many of these were visited.
    pub visited: u32,
}

/// How far a walk is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outline {
    /// The doors of the turf.
    pub doors: u32,
    /// How many of them were visited.
    pub visited: u32,
    /// Its sides of streets with a door that is sought, in walking order.
    pub stretches: Vec<Stretch>,
    last: String,
}

impl Outline {
    /// How many doors are sought.
    #[must_use]
    pub fn found(&self) -> u32 {
        self.stretches.iter().map(|stretch| stretch.doors).sum()
    }

    /// Counts the next door in walking order.
    pub fn pass(&mut self, door: &Passed, sought: &Sought) {
        let visited = u32::from(door.state.is_some());
        self.doors += 1;
        self.visited += visited;
        if !sought.takes(door) {
            return;
        }
        let side = street_side(&door.number);
        let continues = |last: &&mut Stretch| last.street == door.street && last.side == side;
        let is_new = self.last != door.address;
        if is_new {
            self.last.clone_from(&door.address);
        }
        match self.stretches.last_mut().filter(continues) {
            Some(stretch) => {
                stretch.to = door.place;
                stretch.addresses += u32::from(is_new);
                stretch.doors += 1;
                stretch.visited += visited;
            }
            None => self.stretches.push(Stretch {
                street: door.street.clone(),
                side,
                from: door.place,
                to: door.place,
                addresses: 1,
                doors: 1,
                visited,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(place: u32, number: &str, street: &str, state: Option<Outcome>) -> Passed {
        Passed {
            place,
            address: format!("{number} {street}"),
            number: number.into(),
            street: street.into(),
            stair: String::new(),
            label: String::new(),
            state,
        }
    }

    fn town() -> Vec<Passed> {
        vec![
            door(0, "1", "Rue des Lilas", Some(Outcome::Absent)),
            door(1, "112", "Rue des Lilas", Some(Outcome::Spoke)),
            door(2, "12 bis", "Rue des Lilas", None),
            door(3, "3", "Avenue de l’Été", None),
        ]
    }

    fn found(query: &str, show: Show) -> Vec<u32> {
        let sought = Sought::new(query, show);
        let town = town();
        let taken = town.iter().filter(|door| sought.takes(door));
        taken.map(|door| door.place).collect()
    }

    #[test]
    fn a_search_finds_numbers_from_their_start_and_streets_without_accents() {
        for (query, expected) in [
            ("12", vec![2]),
            ("12 lil", vec![2]),
            ("ete", vec![3]),
            ("L'ÉTÉ 3", vec![3]),
            ("  ", vec![0, 1, 2, 3]),
            ("acacias", vec![]),
        ] {
            assert_eq!(found(query, Show::All), expected, "{query}");
        }
        assert_eq!(found("lilas", Show::Todo), [2]);
        assert_eq!(found("", Show::Spoke), [1]);
    }

    #[test]
    fn a_stair_and_a_label_are_found_too() {
        let mut inside = door(0, "7", "Rue B", None);
        (inside.stair, inside.label) = ("B2".into(), "gauche".into());
        for (query, expected) in [("7 b2", true), ("gau", true), ("7 c", false)] {
            assert_eq!(Sought::new(query, Show::All).takes(&inside), expected);
        }
    }

    #[test]
    fn a_walk_stops_where_something_is_to_be_done() {
        let absent = door(0, "1", "Rue", Some(Outcome::Absent));
        assert!(!Sought::new("", Show::All).stops_at(&absent));
        assert!(Sought::new("", Show::Absent).stops_at(&absent));
        assert!(Sought::new("", Show::All).stops_at(&door(0, "1", "Rue", None)));
    }

    #[test]
    fn each_side_of_a_street_has_its_own_progress() {
        let mut outline = Outline::default();
        let mut town = town();
        town.insert(2, town[1].clone());
        for door in &town {
            outline.pass(door, &Sought::default());
        }
        let sides: Vec<_> = outline
            .stretches
            .iter()
            .map(|s| (s.side, s.from, s.to, s.addresses, s.doors, s.visited))
            .collect();
        assert_eq!(
            sides,
            [
                (StreetSide::Odd, 0, 0, 1, 1, 1),
                (StreetSide::Even, 1, 2, 2, 3, 2),
                (StreetSide::Odd, 3, 3, 1, 1, 0),
            ]
        );
        assert_eq!((outline.doors, outline.visited, outline.found()), (5, 3, 5));
    }

    #[test]
    fn a_search_shortens_the_streets_but_not_the_turf() {
        let mut outline = Outline::default();
        for door in &town() {
            outline.pass(door, &Sought::new("lilas", Show::Todo));
        }
        assert_eq!((outline.doors, outline.visited, outline.found()), (4, 2, 1));
    }
}

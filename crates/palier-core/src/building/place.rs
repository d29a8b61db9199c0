//! Where a door is: `ADDRESS/stair/floor/label`, the same text on every device.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use crate::document::shift::MAX_DOOR_BYTES;

/// The longest name of a stair, in characters.
pub const MAX_STAIR: usize = 8;
/// The longest name of a landing, in characters.
pub const MAX_LANDING: usize = 16;
/// The longest label of a door, in characters.
pub const MAX_LABEL: usize = 12;

/// Floors that a building may have; 0 is the ground.
pub const FLOORS: RangeInclusive<i16> = -9..=99;

/// A text that names no door, or no landing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a place in a building: ADDRESS/stair/floor/label, floors from -9 to 99")]
pub struct NotAPlace;

/// One landing: a floor of one stair.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LandingPlace {
    /// The address of the building.
    pub address: String,
    /// As the team calls the stair; empty where there is one.
    pub stair: String,
    /// 0 is the ground.
    pub floor: i16,
}

/// One door on a landing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct DoorPlace {
    /// The landing.
    pub landing: LandingPlace,
    /// What the door was called first; another label may stand beside it.
    pub label: String,
}

/// Whether a text names a stair, a landing or a door: short, on one line, and no part of a path.
#[must_use]
pub fn is_name(text: &str, most: usize) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= most
        && !text.chars().any(|sign| sign == '/' || sign.is_control())
}

impl LandingPlace {
    /// Checks the parts.
    ///
    /// # Errors
    /// One of them is out of bounds.
    pub fn new(address: &str, stair: &str, floor: i16) -> Result<Self, NotAPlace> {
        let fits = !address.is_empty()
            && !address.contains('/')
            && (stair.is_empty() || is_name(stair, MAX_STAIR))
            && FLOORS.contains(&floor);
        if !fits {
            return Err(NotAPlace);
        }
        Ok(Self {
            address: address.to_owned(),
            stair: stair.to_owned(),
            floor,
        })
    }

    /// A door of this landing.
    ///
    /// # Errors
    /// The label is out of bounds, or the whole is too long.
    pub fn door(&self, label: &str) -> Result<DoorPlace, NotAPlace> {
        let door = DoorPlace {
            landing: self.clone(),
            label: label.to_owned(),
        };
        if is_name(label, MAX_LABEL) && door.to_string().len() <= MAX_DOOR_BYTES {
            Ok(door)
        } else {
            Err(NotAPlace)
        }
    }
}

impl fmt::Display for LandingPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.address, self.stair, self.floor)
    }
}

impl fmt::Display for DoorPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.landing, self.label)
    }
}

impl FromStr for LandingPlace {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut parts = text.split('/');
        let (Some(address), Some(stair), Some(floor), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAPlace);
        };
        let number = floor.parse().map_err(|_reason| NotAPlace)?;
        let place = Self::new(address, stair, number)?;
        // One landing has one name: 02 is not another second floor.
        if number.to_string() == floor {
            Ok(place)
        } else {
            Err(NotAPlace)
        }
    }
}

impl FromStr for DoorPlace {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (landing, label) = text.rsplit_once('/').ok_or(NotAPlace)?;
        landing.parse::<LandingPlace>()?.door(label)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_place_reads_as_it_is_written() {
        for text in ["a/A/2/g", "a//0/1", "99100_0001_12_bis/B/-1/cave 3"] {
            assert_eq!(text.parse::<DoorPlace>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        let long = format!("{}/A/2/g", "a".repeat(MAX_DOOR_BYTES));
        for text in [
            "a",
            "a/A/2",
            "/A/2/g",
            "a/A/2/",
            "a/A/02/g",
            "a/A/+2/g",
            "a/A/100/g",
            "a/A/two/g",
            "a/A/2/g/h",
            "a/A/2/ g",
            "a/A/2/\n",
            "a/escalier long/2/g",
            "a/A/2/thirteen sign",
            &long,
        ] {
            assert_eq!(text.parse::<DoorPlace>(), Err(NotAPlace), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_place_comes_back(stair in "[A-Z0-9]{0,8}", floor in -9..=99_i16, label in "[a-z0-9]{1,12}") {
            let landing = LandingPlace::new("a", &stair, floor).unwrap();
            let door = landing.door(&label).unwrap();
            prop_assert_eq!(landing.to_string().parse(), Ok(landing));
            prop_assert_eq!(door.to_string().parse(), Ok(door));
        }

        #[test]
        fn no_text_makes_it_fall(text in ".{0,60}") {
            if let Ok(door) = text.parse::<DoorPlace>() {
                prop_assert_eq!(door.to_string(), text);
            }
        }
    }
}

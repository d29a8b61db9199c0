//! How one gets into a building: a closed list, and a code that ends.
//!
//! A code has no room for words: what is noted about a door must say nothing about who lives
//! behind it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::moment::{Millis, Moment};

/// How one gets in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Way {
    /// The door is open.
    Open,
    /// With a code.
    Code,
    /// With a badge.
    Badge,
    /// The caretaker opens.
    Caretaker,
    /// Nobody opens.
    Locked,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Code,
        Self::Badge,
        Self::Caretaker,
        Self::Locked,
    ];

    /// The word that stands for it in documents and commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Code => "code",
            Self::Badge => "badge",
            Self::Caretaker => "caretaker",
            Self::Locked => "locked",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that is no way in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a way in; one of open, code, badge, caretaker, locked")]
pub struct UnknownWay;

impl FromStr for Way {
    type Err = UnknownWay;

    fn from_str(word: &str) -> Result<Self, UnknownWay> {
        Self::ALL
            .into_iter()
            .find(|way| way.word() == word)
            .ok_or(UnknownWay)
    }
}

/// A text that is no code of a door.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "not a code: 1 to 10 digits, letters, # and *, a digit at least, no three letters in a row"
)]
pub struct NotACode;

/// The code of a door. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessCode(String);

impl AccessCode {
    /// The most signs that a code has.
    pub const MOST: usize = 10;
    /// How long a code is kept where nobody says otherwise.
    pub const USUAL: Millis = Millis::days(30);
    /// How long a code is kept at most.
    pub const LONGEST: Millis = Millis::days(92);

    /// Its signs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessCode(…)")
    }
}

impl FromStr for AccessCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code: String = text.trim().to_ascii_uppercase();
        let known = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '#' | '*');
        let mut letters = 0;
        let is_word = code.chars().any(|sign| {
            letters = if sign.is_ascii_alphabetic() {
                letters + 1
            } else {
                0
            };
            letters > 2
        });
        let fits = code.len() <= Self::MOST
            && code.chars().all(known)
            && code.chars().any(|sign| sign.is_ascii_digit())
            && !is_word;
        if fits { Ok(Self(code)) } else { Err(NotACode) }
    }
}

/// How one gets into a building.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// In which way.
    pub way: Way,
    /// The code and when it ends, where the way is a code.
    pub code: Option<(AccessCode, Moment)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_no_room_for_words() {
        for text in ["1", "12b9", " 4521A ", "*12#", "AB12CD34", "1234567890"] {
            let code: AccessCode = text.parse().unwrap();
            assert_eq!(code.as_str(), text.trim().to_uppercase());
            assert!(!format!("{code:?}").contains(code.as_str()));
        }
        for text in [
            "",
            "A",
            "chien",
            "12 bis",
            "M. 12",
            "code12",
            "1é",
            "12345678901",
            "A-1",
            "1ABC",
        ] {
            assert_eq!(text.parse::<AccessCode>(), Err(NotACode), "{text}");
        }
    }

    #[test]
    fn a_way_reads_as_it_is_written() {
        for way in Way::ALL {
            assert_eq!(way.word().parse(), Ok(way));
        }
        assert_eq!("sesame".parse::<Way>(), Err(UnknownWay));
    }
}

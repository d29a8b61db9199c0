//! What came of a knock.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What came of one knock at one door.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Outcome {
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

impl Outcome {
    /// Every outcome, in the order of the totals.
    pub const ALL: [Self; 7] = [
        Self::Absent,
        Self::Spoke,
        Self::Refused,
        Self::ComeBack,
        Self::Inaccessible,
        Self::Vacant,
        Self::DoNotContact,
    ];

    /// The word that stands for it in documents, files and commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Spoke => "spoke",
            Self::Refused => "refused",
            Self::ComeBack => "come_back",
            Self::Inaccessible => "inaccessible",
            Self::Vacant => "vacant",
            Self::DoNotContact => "do_not_contact",
        }
    }

    /// Whether somebody opened the door.
    #[must_use]
    pub const fn opened(self) -> bool {
        matches!(
            self,
            Self::Spoke | Self::Refused | Self::ComeBack | Self::DoNotContact
        )
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "not an outcome; one of absent, spoke, refused, come_back, inaccessible, vacant, do_not_contact"
)]
pub struct UnknownOutcome;

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.word() == word)
            .ok_or(UnknownOutcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.word().parse(), Ok(outcome));
        }
        assert_eq!("Spoke".parse::<Outcome>(), Err(UnknownOutcome));
    }

    #[test]
    fn json_uses_the_same_words() {
        for outcome in Outcome::ALL {
            let json = serde_json::to_string(&outcome).unwrap();
            assert_eq!(json, format!("\"{}\"", outcome.word()));
        }
    }
}

//! Kits: what is said at the door, and what is answered there.
//!
//! A kit is a file that a trainer writes. What a device publishes is a [`Version`] of it: a number
//! and the kit, under an id that is the digest of both, so that it is never changed.
//!
//! ```text
//! { "title": "…", "language": "fr", "opening": "STEP",
//!   "steps": { "STEP": { "say": "…", "hint": "…", "answers": [ { "heard": "…", "next": "STEP" } ] } },
//!   "cards": [ { "heard": "…", "say": "…" } ] }
//! ```
//!
//! A step without answers ends the conversation.

mod check;
mod find;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::DocumentId;

pub use check::{Fault, MAX_KIT_BYTES, Place};

/// What is said at the door.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kit {
    /// What it is called.
    pub title: String,
    /// In which language, two letters.
    pub language: String,
    /// The step where every conversation begins.
    pub opening: String,
    /// Its steps, by name.
    pub steps: BTreeMap<String, Step>,
    /// What to answer to what is often heard.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
}

/// One idea: a sentence, and where each answer leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The sentence.
    pub say: String,
    /// A word to whoever says it; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hint: String,
    /// What may be answered; nothing where the conversation ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Branch>,
}

/// An answer, and where it leads.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Branch {
    /// What is heard.
    pub heard: String,
    /// The name of the step that follows.
    pub next: String,
}

/// What to answer to something that is often heard.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Card {
    /// What is heard.
    pub heard: String,
    /// What to say.
    pub say: String,
}

/// A kit as it was published, once and for all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// Its number: what is published later has a higher one.
    pub number: u32,
    /// The kit.
    pub kit: Kit,
}

impl Kit {
    /// Reads a trainer's file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let (kit, mut faults) = check::parse(text)?;
        faults.extend(kit.faults());
        if faults.is_empty() {
            Ok(kit)
        } else {
            Err(faults)
        }
    }
}

impl Version {
    /// Its bytes, always the same for the same version.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Its types hold nothing that JSON cannot.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a version, and checks it as whoever published it had to.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_KIT_BYTES {
            return None;
        }
        let version: Self = serde_json::from_slice(bytes).ok()?;
        version.kit.faults().is_empty().then_some(version)
    }

    /// The id of a version with these bytes.
    #[must_use]
    pub fn id(bytes: &[u8]) -> DocumentId {
        DocumentId::kit(bytes)
    }
}

/// What is known of a version, to choose one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// Its id.
    pub id: DocumentId,
    /// Its number.
    pub number: u32,
    /// Its language.
    pub language: String,
}

/// The current version for somebody who reads a language: of those in that language, or of all
/// where none is, the one with the highest number; of two with the same, the one with the higher id.
#[must_use]
pub fn current<'a>(versions: &'a [Published], language: &str) -> Option<&'a Published> {
    let latest = |of_language: bool| {
        versions
            .iter()
            .filter(|version| !of_language || version.language == language)
            .max_by_key(|version| (version.number, version.id))
    };
    latest(true).or_else(|| latest(false))
}

/// The number of the next version.
#[must_use]
pub fn next_number(versions: &[Published]) -> u32 {
    let highest = versions.iter().map(|version| version.number).max();
    highest.unwrap_or_default().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(id: u8, number: u32, language: &str) -> Published {
        Published {
            id: DocumentId([id; 16]),
            number,
            language: language.into(),
        }
    }

    #[test]
    fn the_current_version_is_the_highest_of_its_language() {
        let versions = [
            published(1, 1, "fr"),
            published(2, 3, "fr"),
            published(9, 2, "fr"),
            published(4, 4, "en"),
            published(3, 3, "fr"),
        ];
        let chosen = |language| current(&versions, language).unwrap().id.0[0];
        assert_eq!(chosen("fr"), 3, "the higher id of two that are called 3");
        assert_eq!(chosen("en"), 4);
        assert_eq!(chosen("pt"), 4, "any is better than none");
        assert_eq!(current(&[], "fr"), None);
        assert_eq!(next_number(&versions), 5);
        assert_eq!(next_number(&[]), 1);
    }

    #[test]
    fn the_kits_of_the_demo_are_whole() {
        for (language, text) in crate::demo::KITS {
            let kit = Kit::read(text).unwrap();
            assert_eq!(kit.language, language);
            let version = Version { number: 7, kit };
            let bytes = version.encode();
            assert_eq!(Version::decode(&bytes), Some(version));
            assert_ne!(Version::id(&bytes), Version::id(b""));
        }
    }
}

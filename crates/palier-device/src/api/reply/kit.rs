//! Kits, as a screen shows them.

use palier_core::kit::{Card, Version};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KitRow {
    /// Its id.
    pub kit: String,
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub title: String,
    /// Its language, two letters.
    pub language: String,
    /// Whether it is the one that opens at the door, for who reads this language.
    pub current: bool,
    /// How many sentences it has.
    pub steps: u32,
    /// How many cards.
    pub cards: u32,
}

/// One version, to be read at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KitView {
    /// Its id.
    pub kit: String,
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub title: String,
    /// The step where it begins.
    pub opening: String,
    /// Its steps.
    pub steps: Vec<StepRow>,
    /// How many cards it has.
    pub cards: u32,
}

/// One sentence, and where each answer leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StepRow {
    /// The name of the step.
    pub step: String,
    /// The sentence.
    pub say: String,
    /// A word to whoever says it; empty where there is none.
    pub hint: String,
    /// What may be answered; nothing where the conversation ends.
    pub answers: Vec<BranchRow>,
}

/// An answer, and the step that follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BranchRow {
    /// What is heard.
    pub heard: String,
    /// The name of the step that follows.
    pub next: String,
}

/// What to answer to something that is often heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CardRow {
    /// What is heard.
    pub heard: String,
    /// What to say.
    pub say: String,
}

impl KitView {
    /// A version under its id.
    #[must_use]
    pub fn of(kit: String, version: Version) -> Self {
        let steps = version.kit.steps.into_iter().map(|(step, of)| StepRow {
            step,
            say: of.say,
            hint: of.hint,
            answers: (of.answers.into_iter())
                .map(|branch| BranchRow {
                    heard: branch.heard,
                    next: branch.next,
                })
                .collect(),
        });
        Self {
            kit,
            number: version.number,
            title: version.kit.title,
            opening: version.kit.opening,
            steps: steps.collect(),
            cards: u32::try_from(version.kit.cards.len()).unwrap_or(u32::MAX),
        }
    }
}

impl From<Card> for CardRow {
    fn from(card: Card) -> Self {
        Self {
            heard: card.heard,
            say: card.say,
        }
    }
}

//! What a kit must be before anybody reads it at a door.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

use super::{Kit, Step};
use crate::fold;

/// The largest kit, in bytes.
pub const MAX_KIT_BYTES: usize = 64 << 10;

const MAX_TITLE: usize = 80;
const MAX_STEPS: usize = 100;
const MAX_NAME: usize = 40;
/// A sentence fits a small screen in large letters.
const MAX_SAY: usize = 300;
const MAX_HINT: usize = 200;
const MAX_ANSWERS: usize = 6;
const MAX_HEARD: usize = 80;
const MAX_CARDS: usize = 100;
const MAX_CARD: usize = 600;

/// Something that is wrong with a kit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export, rename = "KitFault")]
pub enum Fault {
    /// The file is no kit.
    #[error("not a kit: {said}")]
    NotAKit {
        /// Where reading stopped, from 1; 0 where the whole is something else.
        line: usize,
        /// What the reader of JSON says.
        #[serde(skip)]
        said: String,
    },
    /// The file is too large.
    #[error("a kit has at most {most} bytes")]
    KitTooLarge {
        /// [`MAX_KIT_BYTES`].
        most: usize,
    },
    /// The file has a field that means nothing.
    #[error("{field} means nothing in a kit")]
    UnknownField {
        /// Where it stands, `/steps/bonjour/hnt`.
        field: String,
    },
    /// The language is none.
    #[error("the language is two small letters, for instance fr")]
    BadLanguage,
    /// A text is empty, too long, or has control characters.
    #[error("{place} has 1 to {most} characters, and no others than text")]
    BadText {
        /// Where it stands.
        place: Place,
        /// How many characters it may have.
        most: usize,
    },
    /// The kit has too many steps.
    #[error("the kit has at most {most} steps, and {found} were found")]
    TooManySteps {
        /// How many there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// The kit has too many cards.
    #[error("the kit has at most {most} cards, and {found} were found")]
    TooManyCards {
        /// How many there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// A step has too many answers.
    #[error("step {step} has at most {most} answers, and {found} were found")]
    TooManyAnswers {
        /// The step.
        step: String,
        /// How many there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// The kit opens with a step that is none.
    #[error("the opening leads to {to}, which is no step")]
    OpensNowhere {
        /// What it names.
        to: String,
    },
    /// An answer leads to a step that is none.
    #[error("step {step} leads to {to}, which is no step")]
    LeadsNowhere {
        /// Where it is named.
        step: String,
        /// What it names.
        to: String,
    },
    /// Two answers of one step are the same.
    #[error("step {step} has the same answer twice")]
    SameAnswer {
        /// The step.
        step: String,
    },
    /// No conversation comes to a step.
    #[error("no conversation comes to step {step}")]
    DeadStep {
        /// The step.
        step: String,
    },
    /// From a step there is no way to an end.
    #[error("from step {step} there is no way out: no answer leads to an end")]
    NoWayOut {
        /// The step.
        step: String,
    },
    /// A card that no search tells from another one, or finds.
    #[error("card {card} is found by no word of its own")]
    DeadCard {
        /// Its number, from 1.
        card: usize,
    },
}

/// Where a text stands in a kit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export, rename = "KitPlace")]
pub enum Place {
    /// What the kit is called.
    #[error("the title")]
    #[serde(rename = "kit_title")]
    Title,
    /// What a step is called.
    #[error("the name of a step")]
    #[serde(rename = "kit_step_name")]
    StepName,
    /// What a step says.
    #[error("step {step}")]
    #[serde(rename = "kit_step")]
    Step {
        /// The step.
        step: String,
    },
    /// The word to whoever says it.
    #[error("the hint of step {step}")]
    #[serde(rename = "kit_hint")]
    Hint {
        /// The step.
        step: String,
    },
    /// What may be answered.
    #[error("an answer of step {step}")]
    #[serde(rename = "kit_answer")]
    Answer {
        /// The step.
        step: String,
    },
    /// A card.
    #[error("card {card}")]
    #[serde(rename = "kit_card")]
    Card {
        /// Its number, from 1.
        card: usize,
    },
}

/// Reads a file, with what means nothing in it.
pub(super) fn parse(text: &str) -> Result<(Kit, Vec<Fault>), Vec<Fault>> {
    if text.len() > MAX_KIT_BYTES {
        return Err(vec![Fault::KitTooLarge {
            most: MAX_KIT_BYTES,
        }]);
    }
    let not_a_kit = |reason: serde_json::Error| {
        vec![Fault::NotAKit {
            line: reason.line(),
            said: reason.to_string(),
        }]
    };
    let written: Value = serde_json::from_str(text).map_err(not_a_kit)?;
    let kit: Kit = serde_json::from_str(text).map_err(not_a_kit)?;
    let understood = serde_json::to_value(&kit).map_err(not_a_kit)?;
    let mut faults = Vec::new();
    note_unknown(&written, &understood, "", &mut faults);
    Ok((kit, faults))
}

/// Notes every field that was written and not understood; an empty one says nothing.
fn note_unknown(written: &Value, understood: &Value, place: &str, faults: &mut Vec<Fault>) {
    match (written, understood) {
        (Value::Object(fields), Value::Object(known)) => {
            for (name, value) in fields {
                let place = format!("{place}/{name}");
                match known.get(name) {
                    Some(understood) => note_unknown(value, understood, &place, faults),
                    None if is_empty(value) => {}
                    None => faults.push(Fault::UnknownField { field: place }),
                }
            }
        }
        (Value::Array(values), Value::Array(known)) => {
            for (at, (value, understood)) in values.iter().zip(known).enumerate() {
                note_unknown(value, understood, &format!("{place}/{}", at + 1), faults);
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::String(text) if text.is_empty())
        || matches!(value, Value::Array(values) if values.is_empty())
}

impl Kit {
    /// Everything that is wrong with it; nothing where it may be published.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        note_text(&mut faults, Place::Title, &self.title, MAX_TITLE);
        let letters = self.language.bytes().all(|b| b.is_ascii_lowercase());
        if self.language.len() != 2 || !letters {
            faults.push(Fault::BadLanguage);
        }
        self.note_steps(&mut faults);
        self.note_ways(&mut faults);
        self.note_cards(&mut faults);
        faults
    }

    fn note_steps(&self, faults: &mut Vec<Fault>) {
        let (most, found) = (MAX_STEPS, self.steps.len());
        if found > most {
            faults.push(Fault::TooManySteps { most, found });
        }
        for (name, step) in &self.steps {
            note_text(faults, Place::StepName, name, MAX_NAME);
            let of = || name.clone();
            note_text(faults, Place::Step { step: of() }, &step.say, MAX_SAY);
            if !step.hint.is_empty() {
                note_text(faults, Place::Hint { step: of() }, &step.hint, MAX_HINT);
            }
            let (most, found) = (MAX_ANSWERS, step.answers.len());
            if found > most {
                faults.push(Fault::TooManyAnswers {
                    step: of(),
                    most,
                    found,
                });
            }
            let mut heard = BTreeSet::new();
            for answer in &step.answers {
                let place = Place::Answer { step: of() };
                note_text(faults, place, &answer.heard, MAX_HEARD);
                if !self.steps.contains_key(&answer.next) {
                    faults.push(Fault::LeadsNowhere {
                        step: of(),
                        to: answer.next.clone(),
                    });
                }
                if !heard.insert(fold::words(&answer.heard)) {
                    faults.push(Fault::SameAnswer { step: of() });
                }
            }
        }
    }

    /// Every step is come to from the opening, and from every step there is a way to an end.
    fn note_ways(&self, faults: &mut Vec<Fault>) {
        if !self.steps.contains_key(&self.opening) {
            faults.push(Fault::OpensNowhere {
                to: self.opening.clone(),
            });
            return;
        }
        let next = |name: &str| -> Vec<&str> {
            let step = self.steps.get(name).into_iter();
            step.flat_map(|step| step.answers.iter().map(|answer| answer.next.as_str()))
                .collect()
        };
        let reached = spread([self.opening.as_str()], next);
        let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, step) in &self.steps {
            for answer in &step.answers {
                before.entry(&answer.next).or_default().push(name);
            }
        }
        let is_end = |(name, step): (_, &Step)| step.answers.is_empty().then_some(name);
        let ends = self.steps.iter().map(|(n, s)| (n.as_str(), s));
        let leaves = spread(ends.filter_map(is_end), |name| {
            before.get(name).cloned().unwrap_or_default()
        });
        for name in self.steps.keys() {
            if !reached.contains(name.as_str()) {
                faults.push(Fault::DeadStep { step: name.clone() });
            } else if !leaves.contains(name.as_str()) {
                faults.push(Fault::NoWayOut { step: name.clone() });
            }
        }
    }

    fn note_cards(&self, faults: &mut Vec<Fault>) {
        let (most, found) = (MAX_CARDS, self.cards.len());
        if found > most {
            faults.push(Fault::TooManyCards { most, found });
        }
        let mut heard = BTreeSet::new();
        for (number, card) in (1..).zip(&self.cards) {
            for (text, most) in [(&card.heard, MAX_HEARD), (&card.say, MAX_CARD)] {
                note_text(faults, Place::Card { card: number }, text, most);
            }
            let words = fold::words(&card.heard);
            if words.is_empty() || !heard.insert(words) {
                faults.push(Fault::DeadCard { card: number });
            }
        }
    }
}

/// Everything that is come to from `first`, it with them.
fn spread<'a>(
    first: impl IntoIterator<Item = &'a str>,
    next: impl Fn(&str) -> Vec<&'a str>,
) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = first.into_iter().collect();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(next(name));
        }
    }
    seen
}

fn note_text(faults: &mut Vec<Fault>, place: Place, text: &str, most: usize) {
    let fits = (1..=most).contains(&text.trim().chars().count());
    if !fits || text.chars().any(char::is_control) {
        faults.push(Fault::BadText { place, most });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Harm = fn(&mut Value);

    fn whole() -> Value {
        json!({
            "title": "Invitation", "language": "fr", "opening": "bonjour",
            "steps": {
                "bonjour": { "say": "Bonjour !", "answers": [
                    { "heard": "Oui", "next": "merci" },
                    { "heard": "Pardon ?", "next": "encore" },
                ] },
                "encore": { "say": "Je répète.", "answers": [{ "heard": "Ah", "next": "bonjour" }] },
                "merci": { "say": "Merci." },
            },
            "cards": [{ "heard": "Pas le temps", "say": "Une minute suffit." }],
        })
    }

    /// The faults of a kit that is whole but for what `harm` does.
    fn harmed(harm: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut kit = whole();
        harm(&mut kit);
        let read = Kit::read(&kit.to_string());
        let faults = read.err().unwrap_or_default();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_kit_has_no_fault_and_may_go_round() {
        assert_eq!(harmed(|_| {}), [""; 0]);
    }

    #[test]
    fn every_harm_is_named() {
        let cases: [(Harm, &str); 14] = [
            (|k| k["title"] = json!(""), "the title has 1 to 80"),
            (|k| k["language"] = json!("français"), "the language"),
            (
                |k| k["opening"] = json!("salut"),
                "the opening leads to salut",
            ),
            (
                |k| k["steps"]["bonjour"]["answers"][0]["next"] = json!("nulle part"),
                "step bonjour leads to nulle part",
            ),
            (
                |k| k["steps"]["seule"] = json!({ "say": "Personne ne m’entend." }),
                "no conversation comes to step seule",
            ),
            (
                |k| k["steps"]["merci"]["answers"] = json!([{ "heard": "Oui", "next": "bonjour" }]),
                "from step bonjour there is no way out",
            ),
            (
                |k| k["steps"]["bonjour"]["answers"][1]["heard"] = json!("OUI !"),
                "step bonjour has the same answer twice",
            ),
            (
                |k| k["steps"]["merci"]["say"] = json!("a".repeat(301)),
                "step merci has 1 to 300",
            ),
            (
                |k| k["steps"]["merci"]["say"] = json!("a\u{7}"),
                "step merci has 1 to 300",
            ),
            (
                |k| k["steps"]["merci"]["hnt"] = json!("doucement"),
                "/steps/merci/hnt means nothing",
            ),
            (
                |k| {
                    let card = k["cards"][0].clone();
                    k["cards"].as_array_mut().unwrap().push(card);
                },
                "card 2 is found by no word",
            ),
            (
                |k| k["cards"][0]["heard"] = json!("…"),
                "card 1 is found by no",
            ),
            (
                |k| {
                    let answer = |n: usize| json!({ "heard": format!("{n}"), "next": "merci" });
                    k["steps"]["encore"]["answers"] = (0..7).map(answer).collect();
                },
                "step encore has at most 6 answers",
            ),
            (|k| k["steps"] = json!(3), "not a kit"),
        ];
        for (harm, expected) in cases {
            let faults = harmed(harm);
            let named = faults.iter().any(|fault| fault.starts_with(expected));
            assert!(named, "{expected}: {faults:?}");
        }
        let large = format!("{{\"title\": \"{}\"}}", "a".repeat(MAX_KIT_BYTES));
        let most = MAX_KIT_BYTES;
        assert_eq!(Kit::read(&large), Err(vec![Fault::KitTooLarge { most }]));
    }
}

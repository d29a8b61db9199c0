//! Codes that two people hand each other where no relay is reachable: as a QR code, as text in
//! a message, or read aloud and typed.
//!
//! ```text
//! text  = base32 (RFC 4648, upper case, no padding) of bytes, in groups of five
//! bytes = version u8 = 1 · kind u8 · payload · the first 4 bytes of
//!         SHA-256("palier code 1" · version · kind · payload)
//! ```
//!
//! The alphabet is one that QR codes pack tightly. A reader takes small letters, any white
//! space and dashes, and the digits 0, 1 and 8 for the letters O, I and B, which they are
//! taken for: base32 has none of the three.

mod answer;
mod request;

use data_encoding::BASE32_NOPAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use ts_rs::TS;

pub use answer::{AnswerCode, HandedTurf};
pub use request::RequestCode;

/// The layout's version.
const VERSION: u8 = 1;
/// What the checksum begins with.
const SUM_PREFIX: &[u8] = b"palier code 1";
/// Bytes of the checksum.
const SUM: usize = 4;
/// Letters of a group.
const GROUP: usize = 5;
/// The longest text that is read, in bytes.
pub const MAX_TEXT_BYTES: usize = 16 << 10;

/// What a code is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Request,
    Answer,
}

impl Kind {
    const fn byte(self) -> u8 {
        match self {
            Self::Request => 1,
            Self::Answer => 2,
        }
    }
}

/// Why a text is not the code that was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum CodeError {
    /// It is longer than any code.
    #[error("this is longer than any code")]
    #[serde(rename = "code_too_long")]
    TooLong,
    /// A letter is wrong or missing, or is there twice.
    #[error("the code is cut or mistyped")]
    #[serde(rename = "code_mistyped")]
    Mistyped,
    /// A newer version made it.
    #[error("a newer Palier made this code: update Palier")]
    #[serde(rename = "code_newer")]
    Newer,
    /// It is an answer where a request is wanted, or the other way round.
    #[error("this is the other kind of code: one asks, one answers")]
    #[serde(rename = "code_other_kind")]
    OtherKind,
    /// Its letters are right and its content makes no sense.
    #[error("the code makes no sense")]
    #[serde(rename = "code_nonsense")]
    Nonsense,
}

impl From<crate::bytes::Malformed> for CodeError {
    fn from(_reason: crate::bytes::Malformed) -> Self {
        Self::Nonsense
    }
}

/// The text of a payload.
fn write(kind: Kind, payload: &[u8]) -> String {
    let mut bytes = vec![VERSION, kind.byte()];
    bytes.extend_from_slice(payload);
    let sum = checksum(&bytes);
    bytes.extend_from_slice(&sum);
    in_groups(&BASE32_NOPAD.encode(&bytes))
}

fn in_groups(letters: &str) -> String {
    let mut text = String::with_capacity(letters.len() + letters.len() / GROUP);
    for (place, letter) in letters.chars().enumerate() {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// The letters of a text, as they are taken.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            letter => letter,
        })
}

/// The bytes of letters whose checksum fits, without it.
fn whole(letters: &str) -> Option<Vec<u8>> {
    let bytes = BASE32_NOPAD.decode(letters.as_bytes()).ok()?;
    let (bytes, sum) = bytes.split_last_chunk::<SUM>()?;
    (checksum(bytes) == *sum).then(|| bytes.to_vec())
}

/// What can be said of a code while it is typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Look {
    /// Its letters in groups, as they are taken.
    pub text: String,
    /// How many letters it has.
    pub letters: usize,
    /// Letters that no code has, each with its group, from 1.
    pub wrong: Vec<(char, usize)>,
    /// Whether its checksum fits: nothing is missing and nothing is mistyped.
    pub whole: bool,
}

/// Looks at a code while it is typed; at no more of it than a code may hold.
#[must_use]
pub fn look(text: &str) -> Look {
    let letters: String = letters(text).take(MAX_TEXT_BYTES).collect();
    let wrong = letters
        .chars()
        .enumerate()
        .filter(|(_, letter)| !matches!(letter, 'A'..='Z' | '2'..='7'))
        .map(|(place, letter)| (letter, place / GROUP + 1))
        .collect();
    Look {
        text: in_groups(&letters),
        letters: letters.chars().count(),
        wrong,
        whole: whole(&letters).is_some(),
    }
}

/// The payload of a text.
fn read(kind: Kind, text: &str) -> Result<Vec<u8>, CodeError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(CodeError::TooLong);
    }
    let letters: String = letters(text).collect();
    let bytes = whole(&letters).ok_or(CodeError::Mistyped)?;
    match bytes.as_slice() {
        [VERSION, found, payload @ ..] if *found == kind.byte() => Ok(payload.to_vec()),
        [VERSION, 1 | 2, ..] => Err(CodeError::OtherKind),
        [version, ..] if *version > VERSION => Err(CodeError::Newer),
        _ => Err(CodeError::Nonsense),
    }
}

fn checksum(bytes: &[u8]) -> [u8; SUM] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(SUM_PREFIX)
        .chain_update(bytes)
        .finalize()
        .into();
    hash.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_wrong_letter_is_named_at_once_and_a_whole_code_is_said_to_be() {
        let text = write(Kind::Request, b"porte");
        let typed = text.to_lowercase().replace('-', " ");
        assert_eq!(
            look(&typed),
            Look {
                text: text.clone(),
                letters: text.replace('-', "").len(),
                wrong: vec![],
                whole: true
            }
        );
        for (typed, wrong) in [
            ("", vec![]),
            ("ABCDE-F", vec![]),
            ("ABCDE F9", vec![('9', 2)]),
            ("é", vec![('é', 1)]),
            ("018", vec![]),
        ] {
            let looked = look(typed);
            assert_eq!((looked.wrong, looked.whole), (wrong, false), "{typed}");
        }
    }

    #[test]
    fn a_newer_code_and_the_other_kind_are_told_apart() {
        let text = write(Kind::Request, b"porte");
        assert_eq!(read(Kind::Request, &text), Ok(b"porte".to_vec()));
        assert_eq!(read(Kind::Answer, &text), Err(CodeError::OtherKind));
        let mut newer = vec![2, 1, 5];
        let sum = checksum(&newer);
        newer.extend_from_slice(&sum);
        let newer = BASE32_NOPAD.encode(&newer);
        assert_eq!(read(Kind::Request, &newer), Err(CodeError::Newer));
        for nothing in ["", "-", "A", "ÉTÉ", "https://relais.example/join#abc"] {
            assert_eq!(read(Kind::Request, nothing), Err(CodeError::Mistyped));
        }
        let long = "A".repeat(MAX_TEXT_BYTES + 1);
        assert_eq!(read(Kind::Request, &long), Err(CodeError::TooLong));
    }

    #[test]
    fn a_text_is_what_a_qr_code_packs_tightly() {
        let text = write(Kind::Request, &[0xa7; 70]);
        assert!(text.split('-').all(|group| group.len() <= GROUP));
        assert!(
            text.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
        );
    }

    proptest! {
        #[test]
        fn a_code_reads_back_as_a_hand_types_it(
            payload in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let text = write(Kind::Answer, &payload);
            let typed = text
                .to_lowercase()
                .replace('-', " ")
                .replace('o', "0")
                .replace('i', "1")
                .replace('b', "8");
            prop_assert_eq!(read(Kind::Answer, &typed), Ok(payload));
        }

        #[test]
        fn a_wrong_a_missing_and_a_doubled_letter_show(
            payload in proptest::collection::vec(any::<u8>(), 1..100),
            at in any::<proptest::sample::Index>(),
            letter in "[A-Z2-7]",
        ) {
            let text: Vec<char> = write(Kind::Answer, &payload)
                .chars()
                .filter(|letter| *letter != '-')
                .collect();
            let at = at.index(text.len());
            let letter = letter.chars().next().unwrap();
            let mut wrong = text.clone();
            wrong[at] = letter;
            let mut missing = text.clone();
            missing.remove(at);
            let mut doubled = text.clone();
            doubled.insert(at, text[at]);
            for changed in [wrong, missing, doubled] {
                if changed != text {
                    let changed: String = changed.into_iter().collect();
                    prop_assert_eq!(read(Kind::Answer, &changed), Err(CodeError::Mistyped));
                }
            }
            let twice: String = text.iter().chain(&text).collect();
            prop_assert_eq!(read(Kind::Answer, &twice), Err(CodeError::Mistyped));
        }
    }
}

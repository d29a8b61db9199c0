//! How polling stations are named: codes within a commune, ids within a campaign.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest code or id that is accepted, characters.
pub const MAX_CODE_CHARS: usize = 32;

/// The code of a polling station within its commune, in canonical form.
///
/// A code of digits only loses its leading zeros: `0005`, `005` and `5` are one station.
/// Any other code (`136A`, `01A`, `19.4`) is an id of its own and stays as it is: `01A` and `1A`
/// are two stations.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StationCode(String);

/// Why a text is no station code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export, rename = "StationCodeError")]
pub enum CodeError {
    /// Nothing is there.
    #[error("the station code is empty")]
    #[serde(rename = "station_code_empty")]
    Empty,
    /// More than [`MAX_CODE_CHARS`] characters.
    #[error("the station code is longer than {most} characters")]
    #[serde(rename = "station_code_long")]
    TooLong {
        /// [`MAX_CODE_CHARS`].
        most: usize,
    },
    /// A character that no code has.
    #[error("the station code holds a character that is no letter, digit, dot, hyphen or slash")]
    #[serde(rename = "station_code_sign")]
    Character,
}

impl StationCode {
    /// Reads a code in any of its forms.
    ///
    /// # Errors
    ///
    /// Where the text is empty, too long, or holds a character that no code has.
    pub fn new(text: &str) -> Result<Self, CodeError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if text.chars().count() > MAX_CODE_CHARS {
            return Err(CodeError::TooLong {
                most: MAX_CODE_CHARS,
            });
        }
        let known = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '/' | ' ');
        if !text.chars().all(known) {
            return Err(CodeError::Character);
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            let digits = text.trim_start_matches('0');
            let digits = if digits.is_empty() { "0" } else { digits };
            return Ok(Self(digits.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for StationCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

/// What people see of a polling station, and what everything is keyed by.
///
/// The code alone where the perimeters name no commune (`1251`), and `COMMUNE_CODE` where they do
/// (`66028_1`, as the `id_bv` of <https://www.data.gouv.fr/datasets/reconstruction-automatique-de-la-geometrie-des-bureaux-de-vote-depuis-insee-et-reu>).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StationId(String);

impl StationId {
    /// Makes the id of a station.
    #[must_use]
    pub fn new(commune: Option<&str>, code: &StationCode) -> Self {
        match commune {
            Some(commune) => Self(format!("{commune}_{code}")),
            None => Self(code.0.clone()),
        }
    }

    /// Takes an id that was stored or sent, as it is.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The commune's code, where the id names one.
    #[must_use]
    pub fn commune(&self) -> Option<&str> {
        self.0.split_once('_').map(|(commune, _)| commune)
    }

    /// The code within the commune.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.split_once('_').map_or(&*self.0, |(_, code)| code)
    }
}

impl fmt::Display for StationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn leading_zeros_of_a_number_mean_nothing() {
        for form in ["0005", "005", "5", " 5 "] {
            assert_eq!(StationCode::new(form).unwrap().as_str(), "5");
        }
        assert_eq!(StationCode::new("0000").unwrap().as_str(), "0");
    }

    #[test]
    fn a_code_that_is_no_number_is_an_id_of_its_own() {
        for code in ["136A", "1A", "01A", "19.4", "036A"] {
            assert_eq!(StationCode::new(code).unwrap().as_str(), code);
        }
        assert_ne!(StationCode::new("01A"), StationCode::new("1A"));
        assert_ne!(StationCode::new("1A"), StationCode::new("1"));
    }

    #[test]
    fn what_is_no_code_is_refused() {
        assert_eq!(StationCode::new("  "), Err(CodeError::Empty));
        let most = MAX_CODE_CHARS;
        let long = StationCode::new(&"9".repeat(33));
        assert_eq!(long, Err(CodeError::TooLong { most }));
        assert_eq!(StationCode::new("1\u{7}"), Err(CodeError::Character));
        assert_eq!(StationCode::new("1_2"), Err(CodeError::Character));
    }

    #[test]
    fn an_id_names_its_commune_where_there_is_one() {
        let code = StationCode::new("0001").unwrap();
        let id = StationId::new(Some("66028"), &code);
        assert_eq!(id.as_str(), "66028_1");
        assert_eq!((id.commune(), id.code()), (Some("66028"), "1"));
        assert_eq!(StationId::new(None, &code).as_str(), "1");
    }

    proptest! {
        #[test]
        fn a_canonical_code_stays_as_it_is(text in "[0-9A-Za-z./ -]{0,40}") {
            if let Ok(once) = StationCode::new(&text) {
                prop_assert_eq!(StationCode::new(once.as_str()), Ok(once.clone()));
            }
        }
    }
}

//! From what somebody typed to a polling station.

use super::code::{StationCode, StationId};

/// Why a text names no station.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ResolveError {
    /// No station is called so.
    #[error("unknown polling station {0:?}")]
    Unknown(String),
    /// Several stations are called so.
    #[error("polling station {text:?} is ambiguous: {}", list(.candidates))]
    Ambiguous {
        /// What was typed.
        text: String,
        /// The stations that it may mean.
        candidates: Vec<StationId>,
    },
}

fn list(ids: &[StationId]) -> String {
    let mut shown: Vec<&str> = ids.iter().take(6).map(StationId::as_str).collect();
    if ids.len() > shown.len() {
        shown.push("…");
    }
    shown.join(", ")
}

/// Finds the station that a text means: its id (`66028_1`), a form of it with zeros
/// (`66028_0001`), or its code alone (`0001`) where only one station has it.
///
/// Capitals make a difference only where two stations differ by nothing else.
///
/// # Errors
///
/// Where no station or more than one is meant.
pub fn resolve(ids: &[StationId], text: &str) -> Result<StationId, ResolveError> {
    let text = text.trim();
    if let Some(id) = ids.iter().find(|id| id.as_str() == text) {
        return Ok(id.clone());
    }
    let (commune, code) = match text.split_once('_') {
        Some((commune, code)) => (Some(commune.trim()), code),
        None => (None, text),
    };
    let Ok(code) = StationCode::new(code) else {
        return Err(ResolveError::Unknown(text.chars().take(40).collect()));
    };
    let of_commune = |id: &&StationId| {
        commune.is_none_or(|c| id.commune().is_some_and(|k| k.eq_ignore_ascii_case(c)))
    };
    let exact: Vec<&StationId> = ids
        .iter()
        .filter(of_commune)
        .filter(|id| id.code() == code.as_str())
        .collect();
    if !exact.is_empty() {
        return only(text, &exact);
    }
    let lower = code.as_str().to_lowercase();
    let loose: Vec<&StationId> = ids
        .iter()
        .filter(of_commune)
        .filter(|id| id.code().to_lowercase() == lower)
        .collect();
    only(text, &loose)
}

fn only(text: &str, found: &[&StationId]) -> Result<StationId, ResolveError> {
    match found {
        [] => Err(ResolveError::Unknown(text.chars().take(40).collect())),
        [id] => Ok((*id).clone()),
        several => Err(ResolveError::Ambiguous {
            text: text.to_owned(),
            candidates: several.iter().map(|id| (*id).clone()).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<StationId> {
        texts.iter().map(|text| StationId::stored(text)).collect()
    }

    fn check(known: &[&str], text: &str, expect: Option<&str>) {
        let found = resolve(&ids(known), text).ok();
        assert_eq!(found, expect.map(StationId::stored), "{text} in {known:?}");
    }

    #[test]
    fn every_form_of_a_code_is_understood() {
        check(&["1", "2", "01A"], "0001", Some("1"));
        check(&["1", "2", "01A"], " 01a ", Some("01A"));
        check(&["1", "2", "01A"], "1A", None);
        check(&["66028_1", "66028_2"], "66028_1", Some("66028_1"));
        check(&["66028_1", "66028_2"], "66028_0001", Some("66028_1"));
        check(&["66028_1", "66028_2"], "0001", Some("66028_1"));
        check(&["66028_1", "66028_2"], "66029_1", None);
        check(&["1a", "1A"], "1A", Some("1A"));
        check(&["1"], "", None);
        check(&["1"], "\u{0}", None);
    }

    #[test]
    fn a_code_that_two_communes_have_is_ambiguous() {
        let error = resolve(&ids(&["66028_1", "66029_1"]), "1").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("66028_1, 66029_1"), "{text}");
    }
}

//! Shares of candidates by station: `{"099": [{"name": "39.58"}, …], …}`.

use palier_core::territory::{StationCode, ballot_from_file};
use serde::de::IgnoredAny;

use super::RawResult;
use crate::import::{
    ImportError, Note, Parsed,
    json::{Entries, parse},
    text::Text,
};

pub(super) fn read_percent(text: &Text, file_name: &str) -> Result<Parsed<RawResult>, ImportError> {
    let entries: Entries<Vec<IgnoredAny>> = parse(&text.text)?;
    let ballot = ballot_from_file(file_name);
    let mut parsed = Parsed::new("percent-json", text);
    parsed.notes.push(Note::Ballot {
        ballot: ballot.clone(),
    });
    parsed.notes.push(Note::SharesOnly);
    for ((code, _), line) in entries.0.iter().zip(1_u32..) {
        let result = StationCode::new(code).map(|code| RawResult {
            line,
            commune: None,
            code,
            ballot: ballot.clone(),
            registered: None,
            votes: None,
        });
        parsed.take(line, result.map_err(Into::into));
    }
    Ok(parsed)
}

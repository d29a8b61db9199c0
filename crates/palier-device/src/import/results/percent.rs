//! Shares of candidates by station: `{"099": [{"name": "39.58"}, …], …}`.

use palier_core::territory::{StationCode, ballot_from_file};
use serde::de::IgnoredAny;

use super::RawResult;
use crate::import::{
    ImportError, Parsed,
    json::{Entries, parse},
    text::Text,
};

pub(super) fn read_percent(text: &Text, file_name: &str) -> Result<Parsed<RawResult>, ImportError> {
    let entries: Entries<Vec<IgnoredAny>> = parse(&text.text)?;
    let ballot = ballot_from_file(file_name);
    let mut parsed = Parsed::new("percent-json", text);
    parsed
        .notes
        .push(format!("the ballot is named after the file: {ballot}"));
    let note = "the file gives shares only: neither registered voters nor votes";
    parsed.notes.push(note.to_owned());
    for ((code, _), line) in entries.0.iter().zip(1_u32..) {
        let result = StationCode::new(code).map(|code| RawResult {
            line,
            commune: None,
            code,
            ballot: ballot.clone(),
            registered: None,
            votes: None,
        });
        parsed.take(line, result.map_err(|error| error.to_string()));
    }
    Ok(parsed)
}

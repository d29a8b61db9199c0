//! Rows that a city uploads after a municipal ballot, without a header.
//!
//! `number;MN;year;round;département;commune;station;I;registered;abstentions;votes;signatures;`
//! `blank;spoilt;valid;lists;(panel;votes)…`

use palier_core::territory::{StationCode, commune::commune_code};

use super::{RawResult, counts};
use crate::import::{
    ImportError, Parsed,
    table::{Row, read_headerless, unended},
    text::Text,
    value::{count, present},
};

const BEFORE_LISTS: usize = 16;

pub(super) fn read_mn(text: &Text) -> Result<Parsed<RawResult>, ImportError> {
    let rows = read_headerless(text)?;
    let mut parsed = Parsed::new("mn-csv", text);
    parsed.notes.extend(unended(text));
    let mut unlike = 0_u32;
    for row in &rows {
        let result = result(row);
        if result.is_ok() && field(row, 10).trim() != field(row, 11).trim() {
            unlike += 1;
        }
        parsed.take(row.line, result);
    }
    if unlike > 0 {
        let note = "stations whose ballots and signatures differ (ballots are kept as votes)";
        parsed.notes.push(format!("{note}: {unlike}"));
    }
    Ok(parsed)
}

fn field(row: &Row, column: usize) -> &str {
    row.get(Some(column))
}

fn result(row: &Row) -> Result<RawResult, String> {
    if field(row, 1).trim() != "MN" {
        return Err("not an MN row".to_owned());
    }
    let lists =
        count(field(row, 15), "number of lists")?.ok_or("no number of lists: the row is cut")?;
    let lists = usize::try_from(lists).unwrap_or(usize::MAX);
    if Some(row.fields.len())
        != lists
            .checked_mul(2)
            .and_then(|n| n.checked_add(BEFORE_LISTS))
    {
        return Err("the number of fields does not fit the number of lists: cut".to_owned());
    }
    let year = count(field(row, 2), "year")?.filter(|year| (1900..2100).contains(year));
    let round = count(field(row, 3), "round")?.filter(|round| (1..=2).contains(round));
    let (Some(year), Some(round)) = (year, round) else {
        return Err("no year or round".to_owned());
    };
    let commune = commune_code(present(field(row, 4)), field(row, 5));
    let (registered, votes) = counts(
        count(field(row, 8), "inscrits")?,
        count(field(row, 9), "abstentions")?,
        count(field(row, 10), "votants")?,
    )?;
    Ok(RawResult {
        line: row.line,
        commune: Some(commune.ok_or("the commune's code is not understood")?),
        code: StationCode::new(field(row, 6)).map_err(|error| error.to_string())?,
        ballot: format!("{year}_muni_t{round}"),
        registered,
        votes,
    })
}

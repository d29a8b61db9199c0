//! Rows that a city uploads after a municipal ballot, without a header.
//!
//! `number;MN;year;round;département;commune;station;I;registered;abstentions;votes;signatures;`
//! `blank;spoilt;valid;lists;(panel;votes)…`

use palier_core::territory::{StationCode, commune::commune_code};

use super::{RawResult, counts};
use crate::import::{
    BadRow, Column, ImportError, Note, Parsed,
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
        parsed.notes.push(Note::Unlike { count: unlike });
    }
    Ok(parsed)
}

fn field(row: &Row, column: usize) -> &str {
    row.get(Some(column))
}

fn result(row: &Row) -> Result<RawResult, BadRow> {
    if field(row, 1).trim() != "MN" {
        return Err(BadRow::NotMn);
    }
    let number = |at: usize, column| count(field(row, at), column);
    let lists = number(15, Column::ColumnLists)?.ok_or(BadRow::ListsCut)?;
    let lists = usize::try_from(lists).unwrap_or(usize::MAX);
    if Some(row.fields.len())
        != lists
            .checked_mul(2)
            .and_then(|n| n.checked_add(BEFORE_LISTS))
    {
        return Err(BadRow::ListsCut);
    }
    let year = number(2, Column::ColumnYear)?.filter(|year| (1900..2100).contains(year));
    let round = number(3, Column::ColumnRound)?.filter(|round| (1..=2).contains(round));
    let (Some(year), Some(round)) = (year, round) else {
        return Err(BadRow::NoYearOrRound);
    };
    let commune = commune_code(present(field(row, 4)), field(row, 5));
    let (registered, votes) = counts(
        number(8, Column::titled("inscrits"))?,
        number(9, Column::titled("abstentions"))?,
        number(10, Column::titled("votants"))?,
    )?;
    Ok(RawResult {
        line: row.line,
        commune: Some(commune.ok_or(BadRow::CommuneCode)?),
        code: StationCode::new(field(row, 6))?,
        ballot: format!("{year}_muni_t{round}"),
        registered,
        votes,
    })
}

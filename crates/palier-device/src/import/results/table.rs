//! Results in a table with a header.

use palier_core::territory::{StationCode, ballot_from_file, commune::commune_code};

use super::{RawResult, STATION, counts};
use crate::import::{
    BadRow, Column, ImportError, Note, Parsed,
    look::Look,
    table::{Header, Row, read, unended},
    text::Text,
    value::{count, present, words},
};

const MAX_BALLOT_CHARS: usize = 80;

struct Columns {
    width: usize,
    /// Fields of one candidate, where candidates repeat without a header, and where they begin.
    group: Option<(usize, usize)>,
    ballot: Option<usize>,
    department: Option<usize>,
    commune: Option<usize>,
    station: Option<usize>,
    registered: Option<usize>,
    abstentions: Option<usize>,
    votes: Option<usize>,
}

impl Columns {
    fn of(header: &Header) -> Result<Self, ImportError> {
        let width = header.len();
        let columns = Self {
            width,
            group: header
                .find(&["npanneau", "npan", "numerodepanneau"])
                .and_then(|start| Some((start, width.checked_sub(start)?)))
                .filter(|(_, fields)| *fields > 0),
            ballot: header.find(&["idelection"]),
            department: header.find(&["codedudepartement", "codedepartement", "departement"]),
            commune: header.find(&["codedelacommune", "codecommune", "codeinsee"]),
            station: header.find(STATION),
            registered: header.find(&["inscrits"]),
            abstentions: header.find(&["abstentions"]),
            votes: header.find(&["votants"]),
        };
        if columns.votes.is_none() && columns.abstentions.is_none() {
            let (looks, column) = (Look::ResultTable.looks(), Column::ColumnVotes);
            return Err(ImportError::MissingColumn { looks, column });
        }
        Ok(columns)
    }

    const fn format(&self) -> &'static str {
        if self.ballot.is_some() {
            "aggregate-csv"
        } else if self.commune.is_some() {
            "ministry-csv"
        } else {
            "city-csv"
        }
    }

    fn check_width(&self, fields: usize) -> Result<(), BadRow> {
        let whole = match self.group {
            Some((start, group)) => {
                fields > start
                    && fields
                        .checked_sub(start)
                        .is_some_and(|rest| rest % group == 0)
            }
            None => fields == self.width,
        };
        if whole {
            return Ok(());
        }
        Err(BadRow::Fields {
            found: fields,
            wanted: self.width,
        })
    }

    fn read(&self, row: &Row, ballot: &str) -> Result<RawResult, BadRow> {
        self.check_width(row.fields.len())?;
        let column = Column::ColumnStation;
        let code = present(row.get(self.station)).ok_or(BadRow::MissingValue { column })?;
        let code = StationCode::new(code)?;
        let department = present(row.get(self.department));
        let commune = match present(row.get(self.commune)) {
            None => None,
            Some(commune) => Some(commune_code(department, commune).ok_or(BadRow::CommuneCode)?),
        };
        let number = |column, title| count(row.get(column), Column::titled(title));
        let (registered, votes) = counts(
            number(self.registered, "inscrits")?,
            number(self.abstentions, "abstentions")?,
            number(self.votes, "votants")?,
        )?;
        let named = words(
            row.get(self.ballot),
            Column::titled("id_election"),
            MAX_BALLOT_CHARS,
        )?;
        Ok(RawResult {
            line: row.line,
            commune,
            code,
            ballot: if named.is_empty() {
                ballot.to_owned()
            } else {
                named
            },
            registered,
            votes,
        })
    }
}

pub(super) fn read_table(text: &Text, file_name: &str) -> Result<Parsed<RawResult>, ImportError> {
    let (header, rows) = read(text)?;
    let columns = Columns::of(&header)?;
    let ballot = ballot_from_file(file_name);
    let mut parsed = Parsed::new(columns.format(), text);
    parsed.notes.extend(unended(text));
    if columns.ballot.is_none() {
        parsed.notes.push(Note::Ballot {
            ballot: ballot.clone(),
        });
    }
    if columns.votes.is_none() {
        parsed.notes.push(Note::VotesComputed);
    }
    for row in &rows {
        parsed.take(row.line, columns.read(row, &ballot));
    }
    Ok(parsed)
}

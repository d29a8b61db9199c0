//! Separated values, with true line numbers.

use super::{ImportError, Note, text::Text};

/// One record and the line it begins on, from 1.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) line: u32,
    pub(super) fields: Vec<String>,
}

impl Row {
    /// A field, empty where there is none.
    pub(super) fn get(&self, column: Option<usize>) -> &str {
        column
            .and_then(|column| self.fields.get(column))
            .map_or("", String::as_str)
    }
}

/// The first row of a table, with names made comparable.
#[derive(Clone, Debug)]
pub(super) struct Header(Vec<String>);

impl Header {
    /// Reads the header of a text, without the rest.
    pub(super) fn of(text: &str) -> Self {
        let line = first_line(text);
        let fields = rows_of(line, separator(line)).unwrap_or_default();
        Self::from_row(fields.first())
    }

    fn from_row(row: Option<&Row>) -> Self {
        let names = row.map_or(&[][..], |row| &row.fields);
        Self(names.iter().map(|name| fold(name)).collect())
    }

    /// The column that bears one of some names, the first name first.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.0.iter().position(|column| column == name))
    }

    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.find(names).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first names, to tell somebody what a file looks like.
    pub(super) fn shown(&self) -> String {
        let names: Vec<String> = self
            .0
            .iter()
            .take(4)
            .map(|n| n.chars().take(20).collect())
            .collect();
        names.join(", ")
    }
}

/// Letters and digits only, small and without accents: `N°Panneau` and `n_panneau` are one.
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            other => other,
        })
        .filter(|c| c.is_ascii_alphanumeric())
        .collect()
}

/// The separator of a line: whichever comes most often.
pub(super) fn separator(line: &str) -> u8 {
    let of = |separator: &u8| line.bytes().filter(|b| b == separator).count();
    [b',', b'\t', b'|', b';']
        .into_iter()
        .max_by_key(of)
        .unwrap_or(b';')
}

pub(super) fn first_line(text: &str) -> &str {
    text.lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("")
}

/// The header and the rows of a text.
pub(super) fn read(text: &Text) -> Result<(Header, Vec<Row>), ImportError> {
    let mut rows = read_headerless(text)?;
    if rows.len() < 2 {
        return Err(ImportError::NoRow);
    }
    let header = Header::from_row(rows.first());
    rows.remove(0);
    Ok((header, rows))
}

/// The rows of a text without a header.
pub(super) fn read_headerless(text: &Text) -> Result<Vec<Row>, ImportError> {
    rows_of(&text.text, separator(first_line(&text.text)))
}

/// Whether the last line has no end: it may be cut within its last field.
pub(super) fn unended(text: &Text) -> Option<Note> {
    (!text.text.ends_with(['\n', '\r'])).then_some(Note::Unended)
}

fn rows_of(text: &str, separator: u8) -> Result<Vec<Row>, ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut lines = Lines::new(text);
    let mut rows: Vec<Row> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut last = 0;
    while reader.read_record(&mut record).is_ok_and(|more| more) {
        let at = record.position().map_or(0, csv::Position::byte);
        last = lines.skip_to_record(usize::try_from(at).unwrap_or(usize::MAX));
        rows.push(Row {
            line: lines.line,
            fields: record.iter().map(str::to_owned).collect(),
        });
    }
    let rest = text.get(last..).unwrap_or_default();
    let spans_lines = rest.trim_end().contains(['\n', '\r']);
    if spans_lines && rest.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        let line = rows.last().map_or(1, |row| row.line);
        return Err(ImportError::OpenQuote { line });
    }
    Ok(rows)
}

/// Counts lines ahead of a place in a text, whatever ends them.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// Goes to the first byte of the record that begins at `start` or after line ends there.
    fn skip_to_record(&mut self, start: usize) -> usize {
        while let Some(byte) = self.bytes.get(self.at) {
            let ends = matches!(byte, b'\n' | b'\r');
            if self.at >= start && !ends {
                break;
            }
            let first_of_two = *byte == b'\r' && self.bytes.get(self.at + 1) == Some(&b'\n');
            if ends && !first_of_two {
                self.line = self.line.saturating_add(1);
            }
            self.at += 1;
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<u32> {
        rows_of(text, b';')
            .unwrap()
            .iter()
            .map(|row| row.line)
            .collect()
    }

    #[test]
    fn lines_are_those_of_the_file() {
        assert_eq!(lines("a;b\n1;2\n3;4\n"), [1, 2, 3]);
        assert_eq!(lines("a;b\r\n1;2\r\n3;4"), [1, 2, 3]);
        assert_eq!(lines("a;b\r1;2\r3;4"), [1, 2, 3]);
        assert_eq!(lines("a;b\n\n\r\n1;2\n\n3;4\n\n"), [1, 4, 6]);
        assert_eq!(lines("a;b\n1;\"x\ny\"\n3;4\n"), [1, 2, 4]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_an_error() {
        let error = rows_of("a;b\n1;\"2\n3;4\n5;6\n", b';').unwrap_err();
        assert_eq!(error, ImportError::OpenQuote { line: 2 });
    }

    #[test]
    fn names_of_columns_are_compared_without_accents_or_signs() {
        let header = Header::of("Code du département;N°Panneau;code_bv\n");
        assert_eq!(header.find(&["codedudepartement"]), Some(0));
        assert_eq!(header.find(&["npan", "npanneau"]), Some(1));
        assert_eq!(header.find(&["codebv"]), Some(2));
    }

    #[test]
    fn the_separator_is_whichever_comes_most_often() {
        for (line, expect) in [
            ("a;b,c;d", b';'),
            ("a,b", b','),
            ("a\tb", b'\t'),
            ("a", b';'),
        ] {
            assert_eq!(separator(line), expect, "{line}");
        }
    }
}

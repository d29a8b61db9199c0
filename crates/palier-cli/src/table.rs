//! Short aligned tables for a terminal.

use std::fmt::Write;

/// A table: a header, and rows of as many cells.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    header: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// A table of rows.
    pub(crate) fn new(
        header: [&'static str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        Self {
            header,
            rows: rows.into_iter().collect(),
        }
    }

    /// Its lines, each cell as wide as the widest of its column; numbers stand to the right.
    pub(crate) fn text(&self) -> String {
        let mut columns: [(usize, bool); N] =
            self.header.map(|title| (title.chars().count(), true));
        for row in &self.rows {
            for ((width, numbers), cell) in columns.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
                *numbers &= cell.chars().all(|c| c.is_ascii_digit());
            }
        }
        let mut text = String::new();
        line(&mut text, &self.header, &columns);
        for row in &self.rows {
            line(&mut text, row, &columns);
        }
        text
    }
}

fn line<T: AsRef<str>>(text: &mut String, cells: &[T], columns: &[(usize, bool)]) {
    let mut whole = String::new();
    for (cell, (width, numbers)) in cells.iter().zip(columns) {
        let cell = cell.as_ref();
        // Writing into a string does not fail.
        let _ = if *numbers {
            write!(whole, "{cell:>width$}  ")
        } else {
            write!(whole, "{cell:<width$}  ")
        };
    }
    text.push_str(whole.trim_end());
    text.push('\n');
}

/// What a number that may be missing shows.
pub(crate) fn maybe<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right_and_words_to_the_left() {
        let rows = [["Écluse", "7"], ["Gué", "1204"]].map(|row| row.map(String::from));
        let table = Table::new(["name", "n"], rows);
        assert_eq!(table.text(), "name       n\nÉcluse     7\nGué     1204\n");
    }
}

//! Single values of a row.

use super::{BadRow, Column};

/// The value, unless it is empty or stands for nothing (`NA`).
pub(super) fn present(text: &str) -> Option<&str> {
    let text = text.trim();
    let nothing = ["", "NA", "N/A", "NULL", "null", "NaN", "nan"];
    (!nothing.contains(&text)).then_some(text)
}

/// A whole number, with spaces between thousands or a fraction of zeros.
pub(super) fn count(text: &str, column: Column) -> Result<Option<u32>, BadRow> {
    let Some(text) = present(text) else {
        return Ok(None);
    };
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let whole = match compact.split_once([',', '.']) {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return Err(BadRow::NotWholeNumber { column }),
        None => &*compact,
    };
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadRow::NotWholeNumber { column });
    }
    whole
        .parse()
        .map(Some)
        .map_err(|_too_large| BadRow::NumberTooLarge { column })
}

/// A number with a decimal point or comma.
pub(super) fn decimal(text: &str, column: Column) -> Result<f64, BadRow> {
    let Some(text) = present(text) else {
        return Err(BadRow::MissingValue { column });
    };
    text.replacen(',', ".", 1)
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite())
        .ok_or(BadRow::NotANumber { column })
}

/// A text of limited length without control characters.
pub(super) fn words(text: &str, column: Column, most: usize) -> Result<String, BadRow> {
    let text = present(text).unwrap_or_default();
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(BadRow::NotLetters { column });
    }
    if text.chars().any(char::is_control) {
        return Err(BadRow::ControlSign { column });
    }
    if text.chars().count() > most {
        return Err(BadRow::TextTooLong { column, most });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: Column = Column::titled("x");

    #[test]
    fn counts_are_whole() {
        for (text, expect) in [
            ("1450", Some(1450)),
            (" 1 450 ", Some(1450)),
            ("12,000", Some(12)),
            ("NA", None),
            ("", None),
        ] {
            assert_eq!(count(text, X), Ok(expect), "{text}");
        }
        for text in ["-1", "48,21", "99999999999", "abc", ",0", "1e3"] {
            assert!(count(text, X).is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_come_with_point_or_comma() {
        assert_eq!(decimal("2,37238", X), decimal("2.37238", X));
        for text in ["", "NA", "inf", "NaN", "2,3,4", "est"] {
            assert!(decimal(text, X).is_err(), "{text}");
        }
    }

    #[test]
    fn words_are_clean_and_short() {
        assert_eq!(words(" Rue du Lavoir ", X, 20), Ok("Rue du Lavoir".into()));
        for text in ["Rue\u{7}", "Rue\ndu", "R\u{fffd}e", "123456789012345678901"] {
            assert!(words(text, X, 20).is_err(), "{text:?}");
        }
    }
}

//! Spans of time as they are typed.

/// Reads `90s`, `30m`, `12h` or `7d`: seconds.
pub(super) fn seconds(text: &str) -> Result<u32, String> {
    let wrong = || "a span is a number with s, m, h or d, for instance 7d".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let each = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let count = text
        .strip_suffix(unit)
        .filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|count| count.parse::<u32>().ok())
        .filter(|count| *count > 0)
        .ok_or_else(wrong)?;
    count
        .checked_mul(each)
        .ok_or_else(|| "this span is too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        for (text, expected) in [
            ("7d", Some(604_800)),
            ("12h", Some(43_200)),
            ("30m", Some(1_800)),
            ("90s", Some(90)),
            ("0d", None),
            ("7", None),
            ("d", None),
            ("", None),
            ("-1d", None),
            ("+1d", None),
            ("1é", None),
            ("99999999d", None),
        ] {
            assert_eq!(seconds(text).ok(), expected, "{text}");
        }
    }
}

//! From bytes to text.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{ImportError, Looks, MAX_FILE_BYTES, Note};

/// The text of a file.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) encoding: &'static str,
    pub(super) notes: Vec<Note>,
}

/// Decodes UTF-8 (with a mark or without), UTF-16 with a mark, and otherwise latin-1 in its
/// Windows form.
///
/// Text that is UTF-8 but for a few bytes stays UTF-8: those bytes become `U+FFFD`, and the rows
/// that hold one are rejected later.
pub(super) fn decode(bytes: &[u8]) -> Result<Text, ImportError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ImportError::FileTooLarge {
            most_mib: MAX_FILE_BYTES >> 20,
        });
    }
    if let Some(looks) = binary(bytes) {
        return Err(ImportError::NotText { looks });
    }
    let (encoding, name) = match Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding == UTF_8 => (encoding, "utf-8"),
        Some((encoding, _)) => (encoding, "utf-16"),
        None if bytes.contains(&0) => {
            let looks = Looks::LooksBinary;
            return Err(ImportError::NotText { looks });
        }
        None if mostly_utf8(bytes) => (UTF_8, "utf-8"),
        None => (WINDOWS_1252, "latin-1"),
    };
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    if text.trim().is_empty() {
        return Err(ImportError::FileEmpty);
    }
    let mut notes = Vec::new();
    if damaged {
        notes.push(Note::Bytes {
            encoding: name.into(),
        });
    }
    Ok(Text {
        text: text.into_owned(),
        encoding: name,
        notes,
    })
}

/// Whether the sequences of several bytes that are UTF-8 outnumber the bytes that are not.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad == 0 || good > bad
}

fn binary(bytes: &[u8]) -> Option<Looks> {
    let kinds: [(&[u8], Looks); 7] = [
        (b"PK\x03\x04", Looks::LooksArchive),
        (b"\x1f\x8b", Looks::LooksCompressed),
        (b"\x28\xb5\x2f\xfd", Looks::LooksCompressed),
        (b"\xd0\xcf\x11\xe0", Looks::LooksOldSpreadsheet),
        (b"%PDF", Looks::LooksPdf),
        (b"SQLite format 3\0", Looks::LooksDatabase),
        (b"PAR1", Looks::LooksParquet),
    ];
    kinds
        .into_iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map(|(_, looks)| looks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: Result<(&str, &str), ImportError>) {
        let decoded = decode(bytes).map(|t| (t.text, t.encoding));
        assert_eq!(decoded, expect.map(|(text, name)| (text.to_owned(), name)));
    }

    #[test]
    fn every_encoding_is_read() {
        check("Été".as_bytes(), Ok(("Été", "utf-8")));
        check("\u{feff}Été".as_bytes(), Ok(("Été", "utf-8")));
        check(b"\xc9t\xe9", Ok(("Été", "latin-1")));
        check(b"\xff\xfeA\0b\0", Ok(("Ab", "utf-16")));
        check(b"", Err(ImportError::FileEmpty));
        check(b" \r\n", Err(ImportError::FileEmpty));
        let not_text = |looks| Err(ImportError::NotText { looks });
        check(b"a\0b", not_text(Looks::LooksBinary));
        check(b"%PDF-1.7", not_text(Looks::LooksPdf));
    }

    #[test]
    fn text_cut_within_a_letter_is_still_utf_8() {
        let bytes = "rue de l'Été; cité".as_bytes();
        check(
            &bytes[..bytes.len() - 1],
            Ok(("rue de l'Été; cit\u{fffd}", "utf-8")),
        );
    }
}

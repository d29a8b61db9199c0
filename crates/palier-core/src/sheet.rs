//! A walk on paper: the short code that leads from a printed line back to its door.

use sha2::{Digest, Sha256};

/// Digits and capitals without those that a pen makes alike: 0 and O, 1 and I.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// What the hash begins with.
const PREFIX: &[u8] = b"palier sheet 1";
/// Letters of a code: about a million codes. In a turf of 5,000 doors some twelve pairs share
/// one; who enters it chooses between the two.
const LETTERS: usize = 4;

/// The code of a door: the same on every sheet and every device, whatever is added around it.
#[must_use]
pub fn line_code(door: &str) -> String {
    let hash = Sha256::new()
        .chain_update(PREFIX)
        .chain_update(door.as_bytes())
        .finalize();
    hash.iter()
        .take(LETTERS)
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_never_changes() {
        // Sheets that were printed once are entered with a later version.
        for (door, code) in [("a", "ZXA6"), ("75056_1234_00012/A/3/2", "4WFD")] {
            assert_eq!(line_code(door), code, "{door}");
        }
    }

    #[test]
    fn codes_are_four_letters_and_nearly_all_different() {
        let codes: BTreeSet<String> = (0..5_000)
            .map(|n| line_code(&format!("door/{n}")))
            .collect();
        assert!(codes.iter().all(|code| code.len() == LETTERS));
        assert!(codes.len() > 4_950, "{}", codes.len());
    }
}

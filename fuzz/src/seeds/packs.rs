//! Packs of map tiles to begin with: sound, and false in one way each.

#[path = "../../../crates/palier-device/src/basemap/written.rs"]
mod written;

use written::{Writing, directory, gzip, varint};

/// Sound packs, packed and not; and those that lie about lengths, lead in a circle or unfold
/// without end.
pub(super) fn packs() -> Vec<Vec<u8>> {
    let mut packs: Vec<_> = [Writing::Plain, Writing::Gzip].map(sound).into();
    packs.extend([
        circle(),
        deep(),
        bomb(),
        bomb_of_a_directory(),
        many(),
        far(),
    ]);
    let mut cut = sound(Writing::Plain);
    cut.truncate(cut.len() - 3);
    packs.push(cut);
    packs
}

/// A root with two tiles and a leaf with two more.
fn sound(writing: Writing) -> Vec<u8> {
    let tiles = [b"one".as_slice(), b"two", b"three"].map(|tile| writing.of(tile));
    let [one, two, three] = tiles.each_ref().map(|tile| length(tile));
    let leaf = writing.of(&directory(&[(5, 1, two, one), (7, 3, three, one + two)]));
    let root = directory(&[(0, 2, one, 0), (5, 0, length(&leaf), 0)]);
    writing.pack(&root, &leaf, &tiles.concat(), 2)
}

/// A leaf that leads to itself.
fn circle() -> Vec<u8> {
    let leaf = directory(&[(0, 0, 5, 0)]);
    let root = directory(&[(0, 0, length(&leaf), 0)]);
    Writing::Plain.pack(&root, &leaf, &[], 3)
}

/// Leaves that lead from one to the next, further than any may.
fn deep() -> Vec<u8> {
    let leaves: Vec<u8> = (1..=8)
        .flat_map(|at| directory(&[(0, 0, 5, at * 5)]))
        .collect();
    Writing::Plain.pack(&directory(&[(0, 0, 5, 0)]), &leaves, &[], 3)
}

/// A tile of many times its bytes.
fn bomb() -> Vec<u8> {
    let tile = gzip(&vec![0; 256 << 10]);
    let root = directory(&[(0, 1, length(&tile), 0)]);
    Writing::Gzip.pack(&root, &[], &tile, 0)
}

/// A first directory of many times its bytes.
fn bomb_of_a_directory() -> Vec<u8> {
    let mut entries = Vec::new();
    varint(&mut entries, 50_000);
    entries.extend(vec![1; 200_000]);
    Writing::Gzip.pack(&entries, &[], b"tile", 3)
}

/// A count of entries that its bytes do not hold.
fn many() -> Vec<u8> {
    let mut count = Vec::new();
    varint(&mut count, u64::MAX);
    Writing::Plain.pack(&count, &[], &[], 0)
}

/// Offsets and lengths at the end of what a number holds.
fn far() -> Vec<u8> {
    let entries = [
        (0, 1, 5, u64::MAX - 9),
        (1, 0, u64::MAX, 0),
        (5, u64::MAX, 1 << 40, 1 << 40),
    ];
    Writing::Plain.pack(&directory(&entries), b"leaf", b"tile", 2)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

//! A pack of map tiles: its header, its directories and what unfolds to tiles.

use std::io::Cursor;

use palier_device::basemap::Pack;

/// Tiles that are asked for: the first of all, their neighbours, a street, the last, and none.
const ASKED: [(u8, u32, u32); 10] = [
    (0, 0, 0),
    (1, 0, 0),
    (1, 1, 1),
    (2, 1, 1),
    (2, 0, 1),
    (3, 7, 0),
    (14, 8_097, 5_719),
    (22, (1 << 22) - 1, 0),
    (22, 0, 1 << 22),
    (255, u32::MAX, u32::MAX),
];
/// The most that a tile unfolds to.
const MOST_BYTES: usize = 16 << 20;
/// The most characters of a credit.
const MOST_CREDIT: usize = 160;

/// Opens a pack and asks it for tiles, then backwards: the answers are the same.
pub(crate) fn read(bytes: &[u8]) {
    let Ok(mut pack) = Pack::open(Cursor::new(bytes)) else {
        return;
    };
    let (first, last) = pack.zooms();
    assert!(first <= last && last <= 22, "zooms that are none");
    let [west, south, east, north] = pack.bounds();
    assert!(west < east && south < north, "a place without inside");
    let credit = pack.credit();
    assert!(credit.chars().count() <= MOST_CREDIT && !credit.contains(['<', '>', '\n', '\0']));
    let _broken = pack.try_middle().is_err();
    let forwards = ASKED.map(|(zoom, x, y)| pack.tile(zoom, x, y));
    for (asked, before) in ASKED.iter().zip(&forwards).rev() {
        let again = pack.tile(asked.0, asked.1, asked.2);
        assert_eq!(&again, before, "it depends on what was asked before");
        assert!(!again.is_ok_and(|tile| tile.is_some_and(|tile| tile.len() > MOST_BYTES)));
    }
}

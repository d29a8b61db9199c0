use std::{fs, io::Cursor, path::PathBuf};

use proptest::prelude::*;

use super::{
    written::{Writing, directory, gzip, varint},
    *,
};
use crate::{
    api::reply::PackState,
    error::{Error, Thing},
};

fn open(bytes: Vec<u8>) -> Result<Pack<Cursor<Vec<u8>>>, PackFault> {
    Pack::open(Cursor::new(bytes))
}

fn pack_of(root: &[u8], leaves: &[u8], tiles: &[u8], zoom: u8) -> Vec<u8> {
    Writing::Gzip.pack(root, leaves, tiles, zoom)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

#[test]
fn a_tile_is_found_in_the_root_in_a_run_and_in_a_leaf() {
    let (one, two) = (gzip(b"one"), gzip(b"two"));
    let leaf = gzip(&directory(&[
        (5, 1, length(&one), 0),
        (7, 3, length(&two), length(&one)),
    ]));
    let root = directory(&[(0, 2, length(&one), 0), (5, 0, length(&leaf), 0)]);
    let mut pack = open(pack_of(&root, &leaf, &[one, two].concat(), 2)).unwrap();
    let text = |found: Option<Vec<u8>>| found.map(|bytes| String::from_utf8(bytes).unwrap());
    let cases = [
        ((0, 0, 0), Some("one")),
        ((1, 0, 0), Some("one")),
        ((1, 0, 1), None),
        ((2, 0, 0), Some("one")),
        ((2, 1, 0), None),
        ((2, 1, 1), Some("two")),
        ((2, 0, 1), Some("two")),
        ((3, 0, 0), None),
        ((2, 9, 0), None),
    ];
    for ((zoom, x, y), expected) in cases {
        let found = text(pack.tile(zoom, x, y).unwrap());
        assert_eq!(found.as_deref(), expected, "{zoom}/{x}/{y}");
    }
    assert_eq!(pack.credit(), "© Town");
}

#[test]
fn a_pack_that_lies_is_refused_in_its_own_words() {
    let tile = gzip(b"tile");
    let root = directory(&[(0, 1, length(&tile), 0)]);
    let good = pack_of(&root, &[], &tile, 0);
    assert!(open(good.clone()).is_ok());
    let with = |at: usize, bytes: &[u8]| {
        let mut bad = good.clone();
        bad[at..at + bytes.len()].copy_from_slice(bytes);
        bad
    };
    let huge = u64::MAX.to_le_bytes();
    let large = (1_u64 << 40).to_le_bytes();
    let cases = [
        (Vec::new(), PackFault::NotOne),
        (b"PMTiles\x03".to_vec(), PackFault::NotOne),
        (with(7, b"\x02"), PackFault::NotOne),
        (with(99, b"\x02"), PackFault::OtherTiles),
        (with(97, b"\x03"), PackFault::OtherTiles),
        (with(98, b"\x04"), PackFault::OtherTiles),
        (with(101, b"\xff"), PackFault::Damaged),
        (with(8, &huge), PackFault::Damaged),
        (with(16, &large), PackFault::Cut),
        (with(64, &large), PackFault::Cut),
        (good[..good.len() - 1].to_vec(), PackFault::Cut),
    ];
    for (nth, (bytes, expected)) in cases.into_iter().enumerate() {
        assert_eq!(open(bytes).unwrap_err(), expected, "case {nth}");
    }
}

#[test]
fn directories_in_a_circle_end() {
    let around = gzip(&directory(&[(0, 0, 40, 0)]));
    // The leaf names itself, with the length that it has.
    let length = length(&around);
    let leaf = gzip(&directory(&[(0, 0, length, 0)]));
    let root = directory(&[(0, 0, self::length(&leaf), 0)]);
    assert_eq!(self::length(&leaf), length);
    let mut pack = open(pack_of(&root, &leaf, &[], 1)).unwrap();
    assert_eq!(pack.tile(1, 0, 0), Err(PackFault::Damaged));
}

#[test]
fn an_answer_does_not_depend_on_what_was_asked_before() {
    // Two directories that begin at one place: one ends where the other goes on.
    let tiles = [gzip(b"one"), gzip(b"two")].concat();
    let one = length(&gzip(b"one"));
    let long = directory(&[(1, 1, one, 0), (2, 1, one, one)]);
    let root = directory(&[(1, 0, length(&long), 0), (2, 0, length(&long) - 1, 0)]);
    let bytes = Writing::Plain.pack(&root, &long, &tiles, 1);
    let mut asked = open(bytes.clone()).unwrap();
    assert!(asked.tile(1, 0, 0).unwrap().is_some());
    let mut fresh = open(bytes).unwrap();
    assert_eq!(fresh.tile(1, 0, 1), Err(PackFault::Damaged));
    assert_eq!(asked.tile(1, 0, 1), Err(PackFault::Damaged));
}

#[test]
fn what_unfolds_without_end_is_refused() {
    let bomb = gzip(&vec![0; 32 << 20]);
    assert!(bomb.len() < 64 << 10);
    let root = directory(&[(0, 1, length(&bomb), 0)]);
    let mut pack = open(pack_of(&root, &[], &bomb, 0)).unwrap();
    assert_eq!(pack.tile(0, 0, 0), Err(PackFault::TooLarge));
    let as_root = pack_of(&vec![0; 32 << 20], &[], &[], 0);
    assert_eq!(open(as_root).unwrap_err(), PackFault::TooLarge);
    // A count that its bytes cannot hold sets nothing aside.
    let mut count = Vec::new();
    varint(&mut count, u64::MAX);
    assert_eq!(
        open(pack_of(&count, &[], &[], 0)).unwrap_err(),
        PackFault::Damaged
    );
}

#[test]
fn an_entry_outside_of_the_tiles_is_refused() {
    let tile = gzip(b"tile");
    for (length, offset) in [(1 << 30, 0), (5, u64::MAX - 9), (5, 1 << 40)] {
        let root = directory(&[(0, 1, length, offset)]);
        let mut pack = match open(pack_of(&root, &[], &tile, 0)) {
            Ok(pack) => pack,
            Err(reason) => {
                assert_eq!(reason, PackFault::Damaged);
                continue;
            }
        };
        assert_eq!(pack.tile(0, 0, 0), Err(PackFault::Damaged));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_harm_to_a_pack_does_more_than_an_error(at in 0_usize..200, byte: u8, cut in 0_usize..220) {
        let tile = gzip(b"tile");
        let leaf = gzip(&directory(&[(1, 4, length(&tile), 0)]));
        let root = directory(&[(0, 1, length(&tile), 0), (1, 0, length(&leaf), 0)]);
        let mut bytes = pack_of(&root, &leaf, &tile, 1);
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        bytes.truncate(cut.max(100));
        if let Ok(mut pack) = open(bytes) {
            for (zoom, x) in [(0, 0), (1, 0), (1, 1)] {
                let _answer = pack.tile(zoom, x, 0);
            }
        }
    }
}

/// A pack of the real data; none where it is absent.
fn real(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PALIER_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join("basemap").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn real_packs_are_read_to_their_last_zoom() {
    for (name, zoom, x, y) in [
        ("redon.pmtiles", 14, 8097, 5719),
        ("monaco.pmtiles", 14, 8529, 5974),
    ] {
        let Some(path) = real(name) else { return };
        let mut pack = Pack::open(fs::File::open(path).unwrap()).unwrap();
        assert_eq!(pack.zooms(), (0, 14));
        assert_eq!(pack.credit(), "© OpenMapTiles © OpenStreetMap");
        let tile = pack.tile(zoom, x, y).unwrap().unwrap();
        let text = String::from_utf8_lossy(&tile);
        for layer in ["building", "transportation", "landuse"] {
            assert!(text.contains(layer), "{name} has no {layer}");
        }
        assert_eq!(pack.tile(14, 1, 1), Ok(None));
    }
}

#[test]
fn a_pack_is_kept_under_its_hash_listed_and_removed() {
    let Some(path) = real("redon.pmtiles") else {
        return;
    };
    let bytes = fs::read(path).unwrap();
    let home = tempfile::tempdir().unwrap();
    let atlas = Atlas::beside(Some(home.path()));
    assert_eq!(atlas.list(&[]).unwrap(), []);
    let (first, rest) = bytes.split_at(20_000);
    assert_eq!(atlas.take("re/don.pmtiles", 0, first, false).unwrap(), None);
    // A part that does not follow the one before is refused, and the file goes on.
    let wrong = atlas.take("redon.pmtiles", 5, rest, true);
    assert!(matches!(wrong, Err(Error::MapPack(PackFault::Parts))));
    let kept = atlas
        .take("re/don.pmtiles", 20_000, rest, true)
        .unwrap()
        .unwrap();
    assert_eq!(kept.name, "re_don");
    assert_eq!(kept.bytes, length(&bytes));
    // Twice is once.
    atlas.take("redon.pmtiles", 0, &bytes, true).unwrap();
    let listed = atlas.list(&[]).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0].pack, &*listed[0].name), (&kept.pack, "redon"));
    let near = atlas.covering([-2.09, 47.648, -2.08, 47.652]).unwrap();
    assert_eq!(near.map(|pack| pack.pack), Some(kept.pack.clone()));
    assert_eq!(atlas.covering([2.0, 48.0, 2.1, 48.1]).unwrap(), None);
    let tile = Tile::parse(&format!("/{}/14/8097/5719", kept.pack)).unwrap();
    assert!(atlas.tile(&tile).unwrap().is_some());
    atlas.remove("redon").unwrap();
    assert!(matches!(
        atlas.tile(&tile),
        Err(Error::Unknown(Thing::MapPack))
    ));
    assert_eq!(atlas.list(&[]).unwrap(), []);
}

#[test]
fn what_is_no_pack_leaves_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let atlas = Atlas::beside(Some(home.path()));
    let refused = atlas.take("a.zip", 0, b"PK\x03\x04 and so on", false);
    assert!(matches!(refused, Err(Error::MapPack(PackFault::NotOne))));
    let tile = gzip(b"tile");
    let cut = pack_of(&directory(&[(0, 1, 900, 0)]), &[], &tile, 0);
    let refused = atlas.take("cut.pmtiles", 0, &cut, true);
    assert!(matches!(refused, Err(Error::MapPack(PackFault::Damaged))));
    assert_eq!(atlas.list(&[]).unwrap(), []);
    assert!(!home.path().join("maps/arriving").exists());
}

#[test]
fn a_pack_that_was_harmed_since_is_listed_and_can_be_removed() {
    let home = tempfile::tempdir().unwrap();
    let atlas = Atlas::beside(Some(home.path()));
    let tile = gzip(b"tile");
    let good = pack_of(&directory(&[(0, 1, length(&tile), 0)]), &[], &tile, 0);
    let kept = atlas.take("town.pmtiles", 0, &good, true).unwrap().unwrap();
    let path = home.path().join(format!("maps/{}-town.pmtiles", kept.pack));
    fs::write(path, b"PMTiles").unwrap();
    assert_eq!(atlas.list(&[]).unwrap()[0].bounds, None);
    assert_eq!(atlas.covering([-1.0, -1.0, 1.0, 1.0]).unwrap(), None);
    atlas.remove(&kept.pack).unwrap();
    assert_eq!(atlas.list(&[]).unwrap(), []);
}

#[test]
fn a_pack_whose_bytes_changed_is_set_aside_and_the_next_one_taken() {
    let home = tempfile::tempdir().unwrap();
    let town = |tile: &[u8]| {
        let tile = gzip(tile);
        pack_of(&directory(&[(0, 1, length(&tile), 0)]), &[], &tile, 0)
    };
    let around = [-1.0, -1.0, 1.0, 1.0];
    let covering = |atlas: &Atlas| atlas.covering(around).unwrap().map(|pack| pack.name);
    let begun = Atlas::beside(Some(home.path()));
    let kept = begun
        .take("town", 0, &town(b"tile"), true)
        .unwrap()
        .unwrap();
    let place = Tile::parse(&format!("{}/0/0/0", kept.pack)).unwrap();
    assert_eq!(begun.tile(&place).unwrap().unwrap(), b"tile");
    let path = home.path().join(format!("maps/{}-town.pmtiles", kept.pack));
    // One bit of the tile: nothing of the header tells.
    let mut harmed = fs::read(&path).unwrap();
    let last = harmed.len() - 12;
    harmed[last] ^= 1;
    fs::write(&path, &harmed).unwrap();
    // In the run in which it was harmed, the first tile that falls tells.
    assert!(matches!(begun.tile(&place), Err(Error::MapPack(_))));
    assert!(matches!(
        begun.tile(&place),
        Err(Error::MapPack(PackFault::Damaged))
    ));
    // In another run, it is not even asked.
    fs::rename(path.with_extension("damaged"), &path).unwrap();
    let atlas = Atlas::beside(Some(home.path()));
    assert_eq!(covering(&atlas), None);
    assert!(path.with_extension("damaged").exists() && !path.exists());
    let state = |atlas: &Atlas| atlas.list(&[]).unwrap().remove(0).state;
    assert_eq!(state(&atlas), PackState::Damaged);
    assert!(matches!(atlas.to_offer("town"), Err(Error::Unknown(_))));
    atlas.take("other", 0, &town(b"other"), true).unwrap();
    assert_eq!(covering(&atlas).as_deref(), Some("other"));
    atlas.remove("other").unwrap();
    // Taken again, it is whole, and the harmed one gone.
    atlas.take("town", 0, &town(b"tile"), true).unwrap();
    assert_eq!(
        (state(&atlas), covering(&atlas).as_deref()),
        (PackState::Here, Some("town"))
    );
    assert!(!path.with_extension("damaged").exists());
}

#[test]
fn a_path_that_is_no_tile_is_none() {
    for path in [
        "",
        "/a",
        "/a/1/2",
        "/a/1/2/3/4",
        "/a/x/2/3",
        "/a/-1/2/3",
        "/a/300/2/3",
    ] {
        assert_eq!(Tile::parse(path), None, "{path}");
    }
    assert!(Tile::parse("a/1/2/3").is_some());
}

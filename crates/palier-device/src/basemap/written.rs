//! Packs that tests write: small, and as false as they wish.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

/// How the inside and the tiles of a pack are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Writing {
    /// Not at all: a change of a byte is read as one.
    Plain = 1,
    /// With gzip.
    Gzip = 2,
}

impl Writing {
    /// Packs a part.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Plain => bytes.to_vec(),
            Self::Gzip => gzip(bytes),
        }
    }

    /// A pack of a square degree or four around the corner of meridian and equator; leaves and
    /// tiles are packed already.
    pub(crate) fn pack(self, root: &[u8], leaves: &[u8], tiles: &[u8], zoom: u8) -> Vec<u8> {
        let root = self.of(root);
        let metadata = self.of(b"{\"attribution\":\"<b>&copy; Town</b>\"}");
        let mut bytes = b"PMTiles\x03".to_vec();
        let mut at = 127;
        for part in [&root[..], &metadata, leaves, tiles] {
            let length = u64::try_from(part.len()).unwrap();
            bytes.extend(u64::to_le_bytes(at));
            bytes.extend(length.to_le_bytes());
            at += length;
        }
        bytes.extend([0; 24]);
        bytes.extend([1, self as u8, self as u8, 1, 0, zoom]);
        for edge in [-10_000_000_i32, -10_000_000, 10_000_000, 10_000_000] {
            bytes.extend(edge.to_le_bytes());
        }
        bytes.extend([0; 9]);
        assert_eq!(bytes.len(), 127);
        for part in [&root[..], &metadata, leaves, tiles] {
            bytes.extend(part);
        }
        bytes
    }
}

/// A number, seven bits a byte.
pub(crate) fn varint(into: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        into.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    into.push(u8::try_from(value).unwrap());
}

/// A directory of `(tile, run, length, offset)`.
pub(crate) fn directory(entries: &[(u64, u64, u64, u64)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    varint(&mut bytes, u64::try_from(entries.len()).unwrap());
    let mut before = 0;
    for (tile, ..) in entries {
        varint(&mut bytes, tile - before);
        before = *tile;
    }
    for (_, run, ..) in entries {
        varint(&mut bytes, *run);
    }
    for (_, _, length, _) in entries {
        varint(&mut bytes, *length);
    }
    for (.., offset) in entries {
        varint(&mut bytes, offset + 1);
    }
    bytes
}

/// Bytes, packed with gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

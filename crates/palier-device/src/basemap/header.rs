//! The first bytes of a pack: where its parts stand, and what it covers.

use super::{PackFault, Packing};

/// How many bytes a header has.
pub(super) const HEADER_BYTES: usize = 127;
/// The largest zoom that a pack may have; tiles of a street end at 15.
pub(super) const MAX_ZOOM: u8 = 22;

/// A stretch of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl Part {
    /// A stretch within this one; an error where it does not lie in it.
    pub(super) fn within(self, offset: u64, length: u64) -> Result<Self, PackFault> {
        let end = offset.checked_add(length).ok_or(PackFault::Damaged)?;
        let offset = self.offset.checked_add(offset).ok_or(PackFault::Damaged)?;
        if end > self.length {
            return Err(PackFault::Damaged);
        }
        Ok(Self { offset, length })
    }
}

/// What the header says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Header {
    pub(super) root: Part,
    pub(super) metadata: Part,
    pub(super) leaves: Part,
    pub(super) tiles: Part,
    /// Of directories and metadata.
    pub(super) inside: Packing,
    pub(super) tile: Packing,
    pub(super) min_zoom: u8,
    pub(super) max_zoom: u8,
    /// West, south, east, north, degrees.
    pub(super) bounds: [f64; 4],
}

/// Tiles of the kind MVT.
const VECTOR: u8 = 1;

impl Header {
    /// Reads the header of a file of `file_bytes`.
    pub(super) fn read(bytes: &[u8; HEADER_BYTES], file_bytes: u64) -> Result<Self, PackFault> {
        if !bytes.starts_with(b"PMTiles\x03") {
            return Err(PackFault::NotOne);
        }
        let part = |at: usize| -> Result<Part, PackFault> {
            let part = Part {
                offset: number(bytes, at)?,
                length: number(bytes, at + 8)?,
            };
            match part.offset.checked_add(part.length) {
                Some(end) if end <= file_bytes => Ok(part),
                Some(_) => Err(PackFault::Cut),
                None => Err(PackFault::Damaged),
            }
        };
        let byte = |at: usize| bytes.get(at).copied().ok_or(PackFault::Cut);
        if byte(99)? != VECTOR {
            return Err(PackFault::OtherTiles);
        }
        let header = Self {
            root: part(8)?,
            metadata: part(24)?,
            leaves: part(40)?,
            tiles: part(56)?,
            inside: packing(byte(97)?)?,
            tile: packing(byte(98)?)?,
            min_zoom: byte(100)?,
            max_zoom: byte(101)?,
            bounds: [
                degrees(bytes, 102)?,
                degrees(bytes, 106)?,
                degrees(bytes, 110)?,
                degrees(bytes, 114)?,
            ],
        };
        let [west, south, east, north] = header.bounds;
        let on_earth = west >= -180.0 && south >= -90.0 && east <= 180.0 && north <= 90.0;
        let fits = header.min_zoom <= header.max_zoom && header.max_zoom <= MAX_ZOOM;
        if on_earth && west < east && south < north && fits {
            Ok(header)
        } else {
            Err(PackFault::Damaged)
        }
    }
}

fn packing(byte: u8) -> Result<Packing, PackFault> {
    match byte {
        1 => Ok(Packing::None),
        2 => Ok(Packing::Gzip),
        _ => Err(PackFault::OtherTiles),
    }
}

fn number(bytes: &[u8], at: usize) -> Result<u64, PackFault> {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    found
        .map(|bytes| u64::from_le_bytes(*bytes))
        .ok_or(PackFault::Cut)
}

fn degrees(bytes: &[u8], at: usize) -> Result<f64, PackFault> {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    found
        .map(|bytes| f64::from(i32::from_le_bytes(*bytes)) / 1e7)
        .ok_or(PackFault::Cut)
}

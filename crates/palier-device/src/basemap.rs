//! Base maps: packs of vector tiles in files beside the device's store.
//!
//! A pack is a file in the PMTiles layout, version 3
//! (<https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>). It comes from outside and
//! is believed in nothing: every length is held against the file's and against a limit before
//! anything is read or unfolded.

mod atlas;
mod directory;
mod header;
mod pack;
mod tile_id;

pub use atlas::Tile;
pub(crate) use atlas::{Atlas, FOLDER};
pub use pack::Pack;

use std::io::{self, Read};

use flate2::read::GzDecoder;
use serde::Serialize;
use ts_rs::TS;

/// Why a file is of no use as a base map.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum PackFault {
    /// It is another kind of file, or another version.
    #[error("this file is no map pack (PMTiles, version 3)")]
    #[serde(rename = "pack_not_one")]
    NotOne,
    /// It is shorter than it says.
    #[error("this map pack is cut: a part of it is missing")]
    #[serde(rename = "pack_cut")]
    Cut,
    /// What it says does not fit together.
    #[error("this map pack is damaged")]
    #[serde(rename = "pack_damaged")]
    Damaged,
    /// It holds pictures, or is packed in a way that is not read here.
    #[error("this map pack holds no vector tiles that Palier can read")]
    #[serde(rename = "pack_other_tiles")]
    OtherTiles,
    /// A part of it is larger than anything of its kind.
    #[error("a part of this map pack is too large to be one")]
    #[serde(rename = "pack_too_large")]
    TooLarge,
    /// Its parts did not come one after the other.
    #[error("this map pack did not arrive whole")]
    #[serde(rename = "pack_parts")]
    Parts,
    /// The relay gives other bytes than the campaign offers.
    #[error("the relay gives another file than the campaign offers")]
    #[serde(rename = "pack_other_bytes")]
    OtherBytes,
    /// The relay has it no more.
    #[error("the relay does not have this map pack any more")]
    #[serde(rename = "pack_gone")]
    Gone,
    /// It is larger than a campaign can offer.
    #[error("a campaign offers map packs of up to 64 MiB")]
    #[serde(rename = "pack_beyond")]
    Beyond,
}

impl From<io::Error> for PackFault {
    fn from(reason: io::Error) -> Self {
        match reason.kind() {
            io::ErrorKind::UnexpectedEof => Self::Cut,
            _ => Self::Damaged,
        }
    }
}

/// How bytes of a pack are packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Packing {
    None,
    Gzip,
}

impl Packing {
    /// Unfolds bytes, at most `most` of them.
    fn unfold(self, bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, PackFault> {
        let unfolded = match self {
            Self::None => bytes,
            Self::Gzip => {
                let mut unfolded = Vec::new();
                GzDecoder::new(bytes.as_slice())
                    .take(most.saturating_add(1))
                    .read_to_end(&mut unfolded)
                    .map_err(|_reason| PackFault::Damaged)?;
                unfolded
            }
        };
        if u64::try_from(unfolded.len()).is_ok_and(|length| length <= most) {
            Ok(unfolded)
        } else {
            Err(PackFault::TooLarge)
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod written;

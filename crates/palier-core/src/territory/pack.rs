//! Territory packs: reference data in one file, addressed by its hash.
//!
//! A pack is eight bytes `PALTERR` and a version, then JSON compressed with zstd. The same
//! territory gives the same bytes.

use std::{fmt, io::Read, str::FromStr};

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Territory, TerritoryError};

const MAGIC: &[u8; 7] = b"PALTERR";
const VERSION: u8 = 1;
const LEVEL: i32 = 6;

/// Largest territory that [`unpack`] opens, bytes of JSON.
pub const MAX_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;

/// Why bytes are no territory pack.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PackError {
    /// They do not begin as a pack does.
    #[error("not a territory pack")]
    NotAPack,
    /// A later version of Palier made them.
    #[error("the territory pack has version {0}; this app reads up to {VERSION}")]
    Newer(u8),
    /// They end too early or were changed on the way.
    #[error("the territory pack is cut or damaged")]
    Damaged,
    /// They unfold to more than [`MAX_UNPACKED_BYTES`].
    #[error("the territory pack unfolds to more than {} MiB", MAX_UNPACKED_BYTES >> 20)]
    TooLarge,
    /// They unfold to something that is no territory.
    #[error("the territory pack does not hold a territory")]
    NotATerritory,
    /// A pack could not be made.
    #[error("the territory pack could not be made")]
    NotPacked,
    /// They unfold to a territory that does not hold together.
    #[error("the territory pack does not hold together: {0}")]
    Incoherent(#[from] TerritoryError),
}

/// Makes a pack.
///
/// # Errors
///
/// Where a number cannot be written or the memory for compression is missing.
pub fn pack(territory: &Territory) -> Result<Vec<u8>, PackError> {
    let json = serde_json::to_vec(territory).map_err(|_json| PackError::NotPacked)?;
    let body = zstd::bulk::compress(&json, LEVEL).map_err(|_zstd| PackError::NotPacked)?;
    let mut bytes = Vec::with_capacity(body.len() + 8);
    bytes.extend_from_slice(MAGIC);
    bytes.push(VERSION);
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// Opens a pack.
///
/// # Errors
///
/// Where the bytes are no pack, come from a later version, are damaged or too large, or hold a
/// territory that does not hold together.
pub fn unpack(bytes: &[u8]) -> Result<Territory, PackError> {
    unpack_within(bytes, MAX_UNPACKED_BYTES)
}

fn unpack_within(bytes: &[u8], max_bytes: u64) -> Result<Territory, PackError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(PackError::NotAPack)?;
    let (version, body) = rest.split_first().ok_or(PackError::Damaged)?;
    if *version == 0 {
        return Err(PackError::Damaged);
    }
    if *version > VERSION {
        return Err(PackError::Newer(*version));
    }
    let damaged = |_: std::io::Error| PackError::Damaged;
    let decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(damaged)?;
    let mut json = Vec::new();
    decoder
        .take(max_bytes.saturating_add(1))
        .read_to_end(&mut json)
        .map_err(damaged)?;
    if u64::try_from(json.len()).is_ok_and(|len| len > max_bytes) {
        return Err(PackError::TooLarge);
    }
    let territory: Territory =
        serde_json::from_slice(&json).map_err(|_json| PackError::NotATerritory)?;
    territory.check()?;
    Ok(territory)
}

/// SHA-256 of the bytes of a pack; hexadecimal in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackHash([u8; 32]);

impl PackHash {
    /// The hash of a pack.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for PackHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for PackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for PackHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PackHash({self})")
    }
}

impl From<PackHash> for String {
    fn from(hash: PackHash) -> Self {
        hash.to_string()
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the hash of a territory pack is 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for PackHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        HEXLOWER_PERMISSIVE
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(NotAHash)
    }
}

impl TryFrom<String> for PackHash {
    type Error = NotAHash;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, proptest};

    use super::*;
    use crate::territory::{Address, Station, StationCode};

    fn territory(points: &[(f64, f64)]) -> Territory {
        let code = StationCode::new("7").unwrap();
        let ring = points.iter().map(|(x, y)| [*x, *y]).collect();
        let station = Station::new(None, code, "École".into(), vec![vec![ring]]);
        let addresses = points.iter().enumerate().map(|(i, (lon, lat))| Address {
            id: i.to_string(),
            number: "12 bis".into(),
            street: "Rue du Lavoir".into(),
            postcode: "99100".into(),
            commune: "Palier".into(),
            commune_code: None,
            lon: *lon,
            lat: *lat,
            station: Some(station.id.clone()),
            doors: 1,
        });
        Territory {
            addresses: addresses.collect(),
            stations: vec![station],
            results: Vec::new(),
        }
    }

    #[test]
    fn a_damaged_pack_is_refused() {
        let good = pack(&territory(&[(1.0, 2.0)])).unwrap();
        assert_eq!(unpack(b"nothing"), Err(PackError::NotAPack));
        assert_eq!(unpack(b"PALTERR"), Err(PackError::Damaged));
        assert_eq!(unpack(&good[..good.len() - 3]), Err(PackError::Damaged));
        let mut newer = good.clone();
        newer[7] = 9;
        assert_eq!(unpack(&newer), Err(PackError::Newer(9)));
        for at in 8..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            let _ = unpack(&bad);
        }
    }

    #[test]
    fn a_pack_that_unfolds_without_end_is_refused() {
        let good = pack(&territory(&[(1.0, 2.0)])).unwrap();
        assert_eq!(unpack_within(&good, 100), Err(PackError::TooLarge));
    }

    #[test]
    fn a_hash_reads_back() {
        let hash = PackHash::of(b"abc");
        assert!(hash.to_string().starts_with("ba7816bf"));
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("ba78".parse::<PackHash>(), Err(NotAHash));
    }

    proptest! {
        #[test]
        fn a_pack_unfolds_to_what_was_packed(
            points in proptest::collection::vec((-180.0_f64..180.0, -90.0_f64..90.0), 0..20)
        ) {
            let territory = territory(&points);
            let bytes = pack(&territory).unwrap();
            prop_assert_eq!(&bytes, &pack(&territory).unwrap());
            prop_assert_eq!(unpack(&bytes), Ok(territory));
        }
    }
}

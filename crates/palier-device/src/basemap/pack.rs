//! One pack: its tiles by zoom, column and row.

use std::io::{Read, Seek, SeekFrom};

use serde::Deserialize;

use super::{
    PackFault,
    directory::{self, Entry},
    header::{HEADER_BYTES, Header, Part},
    tile_id::tile_id,
};

/// The most bytes of a directory or of the metadata, as they stand in the file.
const MAX_PART_BYTES: u64 = 2 << 20;
/// The same, unfolded.
const MAX_UNFOLDED_BYTES: u64 = 16 << 20;
/// The most bytes of a tile, as they stand in the file.
const MAX_TILE_BYTES: u64 = 4 << 20;
/// The same, unfolded.
const MAX_UNFOLDED_TILE_BYTES: u64 = 16 << 20;
/// How many directories may lead to a tile: the specification's own writers use two.
const MAX_DEPTH: u8 = 4;
/// The most characters that are shown of what a pack says of its makers.
const MAX_CREDIT: usize = 160;

/// Whom the data is owed to, where a pack of the schema does not say.
const CREDIT: &str = "© OpenMapTiles © OpenStreetMap";

/// A pack that is open.
#[derive(Debug)]
pub struct Pack<R> {
    source: R,
    header: Header,
    credit: String,
    root: Vec<Entry>,
    /// The directory that was read last: tiles that are asked for together stand together.
    leaf: Option<(Part, Vec<Entry>)>,
}

/// What we read of the metadata.
#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    attribution: Option<String>,
}

impl<R: Read + Seek> Pack<R> {
    /// Opens a pack: reads its header, its metadata and its first directory.
    ///
    /// # Errors
    /// It is no pack, or a broken one.
    pub fn open(mut source: R) -> Result<Self, PackFault> {
        let file_bytes = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        let mut first = [0; HEADER_BYTES];
        source
            .read_exact(&mut first)
            .map_err(|_short| PackFault::NotOne)?;
        let header = Header::read(&first, file_bytes)?;
        let mut pack = Self {
            source,
            header,
            credit: CREDIT.to_owned(),
            root: Vec::new(),
            leaf: None,
        };
        pack.root = pack.directory(header.root)?;
        if let Some(credit) = pack.metadata()?.attribution {
            pack.credit = plain(&credit);
        }
        Ok(pack)
    }

    /// One tile, unfolded; nothing where the pack has none there.
    ///
    /// # Errors
    /// What leads to it, or the tile, is broken.
    pub fn tile(&mut self, zoom: u8, x: u32, y: u32) -> Result<Option<Vec<u8>>, PackFault> {
        let Some(tile) = tile_id(zoom, x, y) else {
            return Ok(None);
        };
        let Some(found) = self.find(tile)? else {
            return Ok(None);
        };
        let part = self.header.tiles.within(found.offset, found.length)?;
        let bytes = self.read(part, MAX_TILE_BYTES)?;
        self.header
            .tile
            .unfold(bytes, MAX_UNFOLDED_TILE_BYTES)
            .map(Some)
    }

    /// Reads the tile in the middle, at each zoom: a pack whose directories or tiles cannot be
    /// read is refused before it is needed in a street.
    ///
    /// # Errors
    /// One of them is broken.
    pub fn try_middle(&mut self) -> Result<(), PackFault> {
        let [west, south, east, north] = self.bounds();
        let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
        let (min, max) = self.zooms();
        for zoom in min..=max {
            let (x, y) = tile_at(lon, lat, zoom);
            self.tile(zoom, x, y)?;
        }
        Ok(())
    }

    /// The smallest and the largest zoom.
    pub const fn zooms(&self) -> (u8, u8) {
        (self.header.min_zoom, self.header.max_zoom)
    }

    /// West, south, east, north, degrees.
    pub const fn bounds(&self) -> [f64; 4] {
        self.header.bounds
    }

    /// Whom the data is owed to: to be shown on the map.
    pub fn credit(&self) -> &str {
        &self.credit
    }

    fn find(&mut self, tile: u64) -> Result<Option<Entry>, PackFault> {
        let mut found = directory::find(&self.root, tile);
        for _ in 0..MAX_DEPTH {
            match found {
                Some(entry) if entry.run == 0 => {
                    found = directory::find(self.leaf(entry)?, tile);
                }
                found => return Ok(found),
            }
        }
        Err(PackFault::Damaged)
    }

    fn leaf(&mut self, entry: Entry) -> Result<&[Entry], PackFault> {
        let part = self.header.leaves.within(entry.offset, entry.length)?;
        let leaf = match self.leaf.take().filter(|(kept, _)| *kept == part) {
            Some(leaf) => leaf,
            None => (part, self.directory(part)?),
        };
        Ok(&self.leaf.insert(leaf).1)
    }

    fn directory(&mut self, part: Part) -> Result<Vec<Entry>, PackFault> {
        let bytes = self.read(part, MAX_PART_BYTES)?;
        directory::read(&self.header.inside.unfold(bytes, MAX_UNFOLDED_BYTES)?)
    }

    fn metadata(&mut self) -> Result<Metadata, PackFault> {
        let bytes = self.read(self.header.metadata, MAX_PART_BYTES)?;
        let json = self.header.inside.unfold(bytes, MAX_UNFOLDED_BYTES)?;
        serde_json::from_slice(&json).map_err(|_reason| PackFault::Damaged)
    }

    fn read(&mut self, part: Part, most: u64) -> Result<Vec<u8>, PackFault> {
        if part.length > most {
            return Err(PackFault::TooLarge);
        }
        let length = usize::try_from(part.length).map_err(|_length| PackFault::TooLarge)?;
        let mut bytes = vec![0; length];
        self.source.seek(SeekFrom::Start(part.offset))?;
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// The text of a credit that may hold links: what stands between `<` and `>` is left out.
fn plain(credit: &str) -> String {
    let mut inside = false;
    let mut text = String::new();
    for letter in credit.replace("&copy;", "©").chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if inside || letter.is_control() => {}
            letter => text.push(letter),
        }
    }
    let text: String = text.trim().chars().take(MAX_CREDIT).collect();
    if text.is_empty() {
        CREDIT.to_owned()
    } else {
        text
    }
}

/// The tile of a zoom in which a point lies (web Mercator).
fn tile_at(lon: f64, lat: f64, zoom: u8) -> (u32, u32) {
    let side = f64::from(1_u32 << zoom.min(31));
    let lat = lat.clamp(-85.05, 85.05).to_radians();
    let down = (1.0 - (lat.tan() + 1.0 / lat.cos()).ln() / std::f64::consts::PI) / 2.0;
    (whole((lon + 180.0) / 360.0 * side), whole(down * side))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held within the range first"
)]
fn whole(value: f64) -> u32 {
    value.clamp(0.0, f64::from(u32::MAX)) as u32
}

//! The packs of a device: files beside its store, each under the hash of its bytes.

mod arriving;
mod file;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Read, Seek},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use palier_core::document::campaign::{MAX_PACK_BYTES, OfferedPack};

use self::file::{ARRIVING, DAMAGED, PackFile, WHOLE, disk};
use super::{Pack, PackFault};
use crate::{
    api::reply::{PackRow, PackState},
    error::{Error, Thing},
};

/// The folder of the packs, beside the store.
pub(crate) const FOLDER: &str = "maps";
/// One tile of one pack.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tile {
    /// The hash of the pack.
    pub pack: String,
    /// Its zoom.
    pub zoom: u8,
    /// Its column.
    pub x: u32,
    /// Its row.
    pub y: u32,
}

impl Tile {
    /// Reads `HASH/ZOOM/X/Y`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.trim_start_matches('/').split('/');
        let tile = Self {
            pack: parts.next()?.to_owned(),
            zoom: parts.next()?.parse().ok()?,
            x: parts.next()?.parse().ok()?,
            y: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(tile)
    }
}

/// A pack that is open, for whoever draws.
type Open = Arc<Mutex<Pack<File>>>;

/// The packs of a device. Drawing waits for none of its taps, and no tap for drawing.
#[derive(Debug)]
pub(crate) struct Atlas {
    /// None for a device without a folder.
    folder: Option<PathBuf>,
    /// What was hashed in this run, and not found wanting since.
    open: Mutex<BTreeMap<String, Open>>,
    /// One pack arrives at a time.
    arriving: Mutex<()>,
}

impl Atlas {
    /// The packs beside the store in `home`.
    pub(crate) fn beside(home: Option<&Path>) -> Self {
        Self {
            folder: home.map(|home| home.join(FOLDER)),
            open: Mutex::default(),
            arriving: Mutex::default(),
        }
    }

    /// The packs of this device and those that the campaign offers, by name.
    pub(crate) fn list(&self, offered: &[OfferedPack]) -> Result<Vec<PackRow>, Error> {
        let mut rows: Vec<PackRow> = Vec::new();
        let mut arriving = BTreeMap::new();
        for file in self.files()? {
            let bytes = fs::metadata(&file.path).map_err(disk)?.len();
            if file.ending == ARRIVING {
                arriving.insert(file.pack, bytes);
                continue;
            }
            let open = (file.ending == WHOLE).then(|| File::open(&file.path));
            let open = open.and_then(|file| Pack::open(file.ok()?).ok());
            // A file that was harmed is listed, so that it can be removed.
            rows.push(row(file.pack, file.name, bytes, open.as_ref()));
        }
        for offered in offered {
            let arrived = arriving.remove(&offered.pack).unwrap_or(0);
            match rows.iter_mut().find(|row| row.pack == offered.pack) {
                Some(row) => (row.shared, row.arrived) = (true, arrived),
                None => rows.push(PackRow {
                    state: PackState::Offered,
                    arrived,
                    shared: true,
                    ..row::<File>(
                        offered.pack.clone(),
                        offered.name.clone(),
                        offered.bytes,
                        None,
                    )
                }),
            }
        }
        for pack in arriving.into_keys() {
            // Nobody offers it any more: the rest will never come.
            self.remove(&pack)?;
        }
        rows.sort_by(|a, b| (&a.name, &a.pack).cmp(&(&b.name, &b.pack)));
        Ok(rows)
    }

    /// The pack that shows the most of `bounds`: the one that holds its middle, the smallest
    /// where several do. One that was harmed since is set aside, and the next one taken.
    pub(crate) fn covering(&self, bounds: [f64; 4]) -> Result<Option<PackRow>, Error> {
        let [west, south, east, north] = bounds;
        let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
        let area = |[west, south, east, north]: [f64; 4]| (east - west) * (north - south);
        let mut packs: Vec<(f64, PackRow)> = Vec::new();
        for file in self.files()? {
            let open = (file.ending == WHOLE).then(|| File::open(&file.path));
            let Some(pack) = open.and_then(|file| Pack::open(file.ok()?).ok()) else {
                continue;
            };
            let bounds @ [west, south, east, north] = pack.bounds();
            if (west..=east).contains(&lon) && (south..=north).contains(&lat) {
                let bytes = fs::metadata(&file.path).map_err(disk)?.len();
                packs.push((area(bounds), row(file.pack, file.name, bytes, Some(&pack))));
            }
        }
        packs.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        for (_, pack) in packs {
            match self.opened(&pack.pack) {
                Ok(_) => return Ok(Some(pack)),
                Err(Error::MapPack(_)) => {}
                Err(reason) => return Err(reason),
            }
        }
        Ok(None)
    }

    /// The name of a pack that was set aside, if there is one.
    pub(crate) fn damaged(&self) -> Result<Option<String>, Error> {
        let mut files = self.files()?.into_iter();
        Ok(files
            .find(|file| file.ending == DAMAGED)
            .map(|file| file.name))
    }

    /// Removes a pack, by its hash or its name.
    pub(crate) fn remove(&self, pack: &str) -> Result<(), Error> {
        let mut found = self.files()?;
        if found.iter().any(|file| file.pack == pack) {
            found.retain(|file| file.pack == pack);
        } else {
            found.retain(|file| file.name == pack);
        }
        let [first, rest @ ..] = found.as_slice() else {
            return Err(Error::Unknown(Thing::MapPack));
        };
        if rest.iter().any(|file| file.pack != first.pack) {
            return Err(Error::Ambiguous(Thing::MapPack));
        }
        held(&self.open).remove(&first.pack);
        for file in &found {
            fs::remove_file(&file.path).map_err(disk)?;
        }
        Ok(())
    }

    /// One tile, unfolded; nothing where the pack has none there.
    pub(crate) fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Error> {
        let pack = self.opened(&tile.pack)?;
        let found = held(&pack).tile(tile.zoom, tile.x, tile.y);
        if found.is_err() {
            // It may have been harmed in this very run: it is hashed again before it is used.
            held(&self.open).remove(&tile.pack);
        }
        found.map_err(Error::MapPack)
    }

    /// What the campaign can offer of a pack of this device, by its hash or its name, and its
    /// bytes.
    pub(crate) fn to_offer(&self, pack: &str) -> Result<(OfferedPack, Vec<u8>), Error> {
        let files = self.files()?;
        let whole = || files.iter().filter(|file| file.ending == WHOLE);
        let mut named = whole().filter(|file| file.pack == pack || file.name == pack);
        let file = named.next().ok_or(Error::Unknown(Thing::MapPack))?;
        if named.next().is_some() {
            return Err(Error::Ambiguous(Thing::MapPack));
        }
        let bytes = fs::metadata(&file.path).map_err(disk)?.len();
        if bytes > MAX_PACK_BYTES {
            return Err(Error::MapPack(PackFault::Beyond));
        }
        self.opened(&file.pack)?;
        let offered = OfferedPack {
            name: file.name.clone(),
            pack: file.pack.clone(),
            bytes,
        };
        Ok((offered, fs::read(&file.path).map_err(disk)?))
    }

    /// A pack for drawing. What was not yet used in this run is hashed first; where its bytes
    /// are others than when it came, it is set aside.
    fn opened(&self, hash: &str) -> Result<Open, Error> {
        let mut open = held(&self.open);
        if let Some(pack) = open.get(hash) {
            return Ok(Arc::clone(pack));
        }
        let files = self.files()?;
        let found = |file: &&PackFile| file.pack == hash && file.ending == WHOLE;
        let file = files
            .iter()
            .find(found)
            .ok_or(Error::Unknown(Thing::MapPack))?;
        if !file.is_sound()? {
            file.set_aside()?;
            return Err(Error::MapPack(PackFault::Damaged));
        }
        let source = File::open(&file.path).map_err(disk)?;
        let pack = Arc::new(Mutex::new(Pack::open(source).map_err(Error::MapPack)?));
        open.insert(hash.to_owned(), Arc::clone(&pack));
        Ok(pack)
    }

    fn files(&self) -> Result<Vec<PackFile>, Error> {
        self.folder.as_deref().map_or(Ok(Vec::new()), PackFile::all)
    }

    fn folder(&self) -> Result<&Path, Error> {
        self.folder
            .as_deref()
            .ok_or(Error::Folder(std::io::ErrorKind::NotFound))
    }
}

fn row<R: Read + Seek>(hash: String, name: String, bytes: u64, pack: Option<&Pack<R>>) -> PackRow {
    PackRow {
        pack: hash,
        name,
        bytes,
        state: pack.map_or(PackState::Damaged, |_| PackState::Here),
        arrived: 0,
        shared: false,
        bounds: pack.map(Pack::bounds),
        min_zoom: pack.map_or(0, |pack| pack.zooms().0),
        max_zoom: pack.map_or(0, |pack| pack.zooms().1),
        credit: pack.map_or_else(String::new, |pack| pack.credit().to_owned()),
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

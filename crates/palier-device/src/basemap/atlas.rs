//! The packs of a device: files beside its store, each under the hash of its bytes.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Pack, PackFault};
use crate::{
    api::reply::PackRow,
    error::{Error, Thing},
};

/// The folder of the packs, beside the store.
pub(crate) const FOLDER: &str = "maps";
/// A pack that is still arriving.
const ARRIVING: &str = "arriving";
/// How the names of packs end.
const ENDING: &str = ".pmtiles";
/// The most characters of a pack's name that are kept.
const MAX_NAME: usize = 60;

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

    /// Takes the next part of a file, which begins at byte `at`; with the last one, looks
    /// whether it is a pack, and keeps it.
    pub(crate) fn take(
        &self,
        name: &str,
        at: u64,
        part: &[u8],
        last: bool,
    ) -> Result<Option<PackRow>, Error> {
        let _turn = held(&self.arriving);
        let folder = self.folder()?;
        fs::create_dir_all(folder).map_err(disk)?;
        let path = folder.join(ARRIVING);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)
            .map_err(disk)?;
        if at == 0 {
            file.set_len(0).map_err(disk)?;
            // Another kind of file is told apart at once, not after all of it has come.
            let most = part.len().min(8);
            if !b"PMTiles\x03".starts_with(part.get(..most).unwrap_or_default()) {
                return Err(Error::MapPack(PackFault::NotOne));
            }
        }
        if file.metadata().map_err(disk)?.len() != at {
            return Err(Error::MapPack(PackFault::Parts));
        }
        file.write_all(part).map_err(disk)?;
        if !last {
            return Ok(None);
        }
        file.sync_all().map_err(disk)?;
        let kept = keep(folder, &path, &mut file, name);
        if kept.is_err() {
            // What is no pack need not stay.
            let _gone = fs::remove_file(&path).is_err();
        }
        kept.map(Some)
    }

    /// The packs, by name.
    pub(crate) fn list(&self) -> Result<Vec<PackRow>, Error> {
        let mut rows = Vec::new();
        for (hash, path) in self.files()? {
            let bytes = fs::metadata(&path).map_err(disk)?.len();
            let name = name_of(&path);
            let open = File::open(&path)
                .map_err(PackFault::from)
                .and_then(Pack::open);
            // A file that was harmed is listed, so that it can be removed.
            rows.push(row(hash, name, bytes, open.as_ref().ok()));
        }
        rows.sort_by(|a, b| (&a.name, &a.pack).cmp(&(&b.name, &b.pack)));
        Ok(rows)
    }

    /// The pack that shows the most of `bounds`: the one that holds its middle, the smallest
    /// where several do.
    pub(crate) fn covering(&self, bounds: [f64; 4]) -> Result<Option<PackRow>, Error> {
        let [west, south, east, north] = bounds;
        let (lon, lat) = (f64::midpoint(west, east), f64::midpoint(south, north));
        let area = |[west, south, east, north]: [f64; 4]| (east - west) * (north - south);
        let mut packs = self.list()?;
        packs.retain(|pack| {
            pack.bounds.is_some_and(|[west, south, east, north]| {
                (west..=east).contains(&lon) && (south..=north).contains(&lat)
            })
        });
        Ok(packs.into_iter().min_by(|a, b| {
            let [a, b] = [a, b].map(|pack| pack.bounds.map_or(f64::MAX, area));
            a.total_cmp(&b)
        }))
    }

    /// Removes a pack, by its hash or its name.
    pub(crate) fn remove(&self, pack: &str) -> Result<(), Error> {
        let mut found = self.files()?;
        if found.iter().any(|(hash, _)| hash == pack) {
            found.retain(|(hash, _)| hash == pack);
        } else {
            found.retain(|(_, path)| name_of(path) == pack);
        }
        match found.as_slice() {
            [] => Err(Error::Unknown(Thing::MapPack)),
            [(hash, path)] => {
                held(&self.open).remove(hash);
                fs::remove_file(path).map_err(disk)
            }
            _ => Err(Error::Ambiguous(Thing::MapPack)),
        }
    }

    /// One tile, unfolded; nothing where the pack has none there.
    pub(crate) fn tile(&self, tile: &Tile) -> Result<Option<Vec<u8>>, Error> {
        let pack = self.opened(&tile.pack)?;
        let found = held(&pack).tile(tile.zoom, tile.x, tile.y);
        found.map_err(Error::MapPack)
    }

    fn opened(&self, hash: &str) -> Result<Open, Error> {
        let mut open = held(&self.open);
        if let Some(pack) = open.get(hash) {
            return Ok(Arc::clone(pack));
        }
        let files = self.files()?;
        let (_, path) = files
            .iter()
            .find(|(known, _)| known == hash)
            .ok_or(Error::Unknown(Thing::MapPack))?;
        let file = File::open(path).map_err(disk)?;
        let pack = Arc::new(Mutex::new(Pack::open(file).map_err(Error::MapPack)?));
        open.insert(hash.to_owned(), Arc::clone(&pack));
        Ok(pack)
    }

    /// The hash and the path of every pack.
    fn files(&self) -> Result<Vec<(String, PathBuf)>, Error> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(reason) => return Err(disk(reason)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(disk)?.path();
            if let Some(hash) = hash_of(&path) {
                files.push((hash, path));
            }
        }
        Ok(files)
    }

    fn folder(&self) -> Result<&Path, Error> {
        self.folder
            .as_deref()
            .ok_or(Error::Folder(io::ErrorKind::NotFound))
    }
}

/// Looks at what arrived, and gives it its name.
fn keep(folder: &Path, path: &Path, file: &mut File, name: &str) -> Result<PackRow, Error> {
    file.seek(SeekFrom::Start(0)).map_err(disk)?;
    let hash = hash(file).map_err(disk)?;
    let bytes = file.metadata().map_err(disk)?.len();
    let mut pack = Pack::open(file).map_err(Error::MapPack)?;
    pack.try_middle().map_err(Error::MapPack)?;
    let name = clean(name);
    let row = row(hash.clone(), name.clone(), bytes, Some(&pack));
    for entry in fs::read_dir(folder).map_err(disk)? {
        let known = entry.map_err(disk)?.path();
        if hash_of(&known).as_ref() == Some(&hash) {
            // It is here already, perhaps harmed since: this one has just been read.
            fs::remove_file(known).map_err(disk)?;
        }
    }
    fs::rename(path, folder.join(format!("{hash}-{name}{ENDING}"))).map_err(disk)?;
    Ok(row)
}

fn hash(file: &mut File) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(HEXLOWER.encode(&digest.finalize()));
        }
        digest.update(block.get(..read).unwrap_or_default());
    }
}

fn row<R: Read + Seek>(hash: String, name: String, bytes: u64, pack: Option<&Pack<R>>) -> PackRow {
    PackRow {
        pack: hash,
        name,
        bytes,
        bounds: pack.map(Pack::bounds),
        min_zoom: pack.map_or(0, |pack| pack.zooms().0),
        max_zoom: pack.map_or(0, |pack| pack.zooms().1),
        credit: pack.map_or_else(String::new, |pack| pack.credit().to_owned()),
    }
}

/// The hash in a file's name: 64 hexadecimal digits, a hyphen, a name.
fn hash_of(path: &Path) -> Option<String> {
    let (hash, _) = path
        .file_name()?
        .to_str()?
        .strip_suffix(ENDING)?
        .split_once('-')?;
    let is = hash.len() == 64 && HEXLOWER.decode(hash.as_bytes()).is_ok();
    is.then(|| hash.to_owned())
}

fn name_of(path: &Path) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let name = file.strip_suffix(ENDING).unwrap_or(&file);
    name.split_once('-').map_or("", |(_, name)| name).to_owned()
}

/// A name that any disk takes: letters, digits, blanks, hyphens.
fn clean(name: &str) -> String {
    let name = name.strip_suffix(ENDING).unwrap_or(name);
    let letters = name.chars().take(MAX_NAME);
    let fit = |letter: char| letter.is_alphanumeric() || " -_.".contains(letter);
    let clean: String = letters
        .map(|letter| if fit(letter) { letter } else { '_' })
        .collect();
    let clean = clean.trim().trim_matches('.');
    if clean.is_empty() { "map" } else { clean }.to_owned()
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn disk(reason: io::Error) -> Error {
    match reason.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        kind => Error::Folder(kind),
    }
}

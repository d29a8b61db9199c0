//! Packs that arrive: from a file part by part, or from the relay, where what came before a cut
//! stays.

use std::{
    fs::{self, File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use palier_core::document::campaign::OfferedPack;

use super::{
    Atlas,
    file::{ARRIVING, PackFile, WHOLE, clean, disk, hash},
    held, row,
};
use crate::{
    api::reply::PackRow,
    basemap::{Pack, PackFault},
    error::Error,
};

/// A file that is being copied.
const COPIED: &str = "arriving";

impl Atlas {
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
        let path = folder.join(COPIED);
        if at == 0 {
            // Another kind of file is told apart at once, not after all of it has come.
            let most = part.len().min(8);
            if !b"PMTiles\x03".starts_with(part.get(..most).unwrap_or_default()) {
                gone(&path)?;
                return Err(Error::MapPack(PackFault::NotOne));
            }
        }
        append(folder, &path, at, part)?;
        if !last {
            return Ok(None);
        }
        let kept = self.keep(&path, name, None);
        if kept.is_err() {
            // What is no pack need not stay.
            gone(&path)?;
        }
        kept.map(Some)
    }

    /// How much of a pack has come from the relay, in bytes.
    pub(crate) fn arrived(&self, pack: &str) -> Result<u64, Error> {
        Ok(fs::metadata(self.partial(pack)?).map_or(0, |file| file.len()))
    }

    /// Takes the next bytes of a pack that the campaign offers; at 0 it begins anew.
    pub(crate) fn go_on(&self, offered: &OfferedPack, at: u64, bytes: &[u8]) -> Result<(), Error> {
        let _turn = held(&self.arriving);
        let path = self.partial(&offered.pack)?;
        let end = u64::try_from(bytes.len()).map_or(u64::MAX, |length| at.saturating_add(length));
        if end > offered.bytes {
            gone(&path)?;
            return Err(Error::MapPack(PackFault::OtherBytes));
        }
        append(self.folder()?, &path, at, bytes)
    }

    /// Keeps a pack of which every byte has come, if they are those that the campaign offers;
    /// otherwise none of them stays.
    pub(crate) fn arrive(&self, offered: &OfferedPack) -> Result<PackRow, Error> {
        let _turn = held(&self.arriving);
        let path = self.partial(&offered.pack)?;
        let kept = self.keep(&path, &offered.name, Some(&offered.pack));
        if matches!(kept, Err(Error::MapPack(_))) {
            gone(&path)?;
        }
        kept
    }

    fn partial(&self, pack: &str) -> Result<PathBuf, Error> {
        Ok(self.folder()?.join(format!("{pack}{ARRIVING}")))
    }

    /// Looks at what arrived, and gives it its name.
    fn keep(&self, path: &Path, name: &str, wanted: Option<&str>) -> Result<PackRow, Error> {
        let mut file = File::open(path).map_err(disk)?;
        file.sync_all().map_err(disk)?;
        let pack = hash(&mut file).map_err(disk)?;
        if wanted.is_some_and(|wanted| wanted != pack) {
            return Err(Error::MapPack(PackFault::OtherBytes));
        }
        file.seek(SeekFrom::Start(0)).map_err(disk)?;
        let bytes = file.metadata().map_err(disk)?.len();
        let mut open = Pack::open(file).map_err(Error::MapPack)?;
        open.try_middle().map_err(Error::MapPack)?;
        let name = clean(name);
        let row = row(pack.clone(), name.clone(), bytes, Some(&open));
        let folder = self.folder()?;
        for known in PackFile::all(folder)? {
            if known.pack == pack && known.path != path {
                // It is here already, perhaps harmed since: this one has just been read.
                fs::remove_file(known.path).map_err(disk)?;
            }
        }
        held(&self.open).remove(&pack);
        fs::rename(path, folder.join(format!("{pack}-{name}{WHOLE}"))).map_err(disk)?;
        Ok(row)
    }
}

/// Writes bytes at the end of a file, which is `at`; at 0 it begins anew.
fn append(folder: &Path, path: &Path, at: u64, bytes: &[u8]) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(disk)?;
    let mut options = OpenOptions::new();
    let mut file = options.create(true).append(true).open(path).map_err(disk)?;
    let long = file.metadata().map_err(disk)?.len();
    if at == 0 && long > 0 {
        file.set_len(0).map_err(disk)?;
    } else if long != at {
        return Err(Error::MapPack(PackFault::Parts));
    }
    file.write_all(bytes).map_err(disk)
}

fn gone(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(reason) if reason.kind() != std::io::ErrorKind::NotFound => Err(disk(reason)),
        _ => Ok(()),
    }
}

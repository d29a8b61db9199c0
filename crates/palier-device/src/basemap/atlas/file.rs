//! The files of packs: each says by its name what it holds.
//!
//! `HASH-NAME.pmtiles` is a pack, `HASH-NAME.damaged` one whose bytes are no longer those of its
//! hash, `HASH.arriving` the beginning of one that comes from the relay.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// How the name of a pack ends.
pub(super) const WHOLE: &str = ".pmtiles";
/// How the name of a pack ends that was set aside.
pub(super) const DAMAGED: &str = ".damaged";
/// How the name of a pack ends that comes from the relay.
pub(super) const ARRIVING: &str = ".arriving";
/// The most characters of a pack's name that are kept.
const MAX_NAME: usize = 60;

/// One file of the folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PackFile {
    pub(super) path: PathBuf,
    /// The hash that its name says.
    pub(super) pack: String,
    /// What it is called; nothing for one that arrives.
    pub(super) name: String,
    /// [`WHOLE`], [`DAMAGED`] or [`ARRIVING`].
    pub(super) ending: &'static str,
}

impl PackFile {
    /// Every file of a folder that is one of these.
    pub(super) fn all(folder: &Path) -> Result<Vec<Self>, Error> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(reason) => return Err(disk(reason)),
        };
        let mut files = Vec::new();
        for entry in entries {
            files.extend(Self::read(entry.map_err(disk)?.path()));
        }
        Ok(files)
    }

    fn read(path: PathBuf) -> Option<Self> {
        let file = path.file_name()?.to_str()?;
        let ending = [WHOLE, DAMAGED, ARRIVING]
            .into_iter()
            .find(|ending| file.ends_with(ending))?;
        let stem = file.strip_suffix(ending)?;
        let (pack, name) = match ending {
            ARRIVING => (stem, ""),
            _ => stem.split_once('-')?,
        };
        let is_hash = pack.len() == 64 && HEXLOWER.decode(pack.as_bytes()).is_ok();
        is_hash.then(|| Self {
            pack: pack.to_owned(),
            name: name.to_owned(),
            ending,
            path: path.clone(),
        })
    }

    /// Whether its bytes are still those of its hash: reads all of it.
    pub(super) fn is_sound(&self) -> Result<bool, Error> {
        let mut file = File::open(&self.path).map_err(disk)?;
        Ok(hash(&mut file).map_err(disk)? == self.pack)
    }

    /// Gives it the name of a damaged one: it is used no more, and kept.
    pub(super) fn set_aside(&self) -> Result<(), Error> {
        fs::rename(&self.path, self.path.with_extension("damaged")).map_err(disk)
    }
}

/// The hash of a file from where it stands.
pub(super) fn hash(file: &mut File) -> io::Result<String> {
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

/// A name that any disk takes: letters, digits, blanks, hyphens.
pub(super) fn clean(name: &str) -> String {
    let name = name.strip_suffix(WHOLE).unwrap_or(name);
    let letters = name.chars().take(MAX_NAME);
    let fit = |letter: char| letter.is_alphanumeric() || " -_.".contains(letter);
    let clean: String = letters
        .map(|letter| if fit(letter) { letter } else { '_' })
        .collect();
    let clean = clean.trim().trim_matches('.');
    if clean.is_empty() { "map" } else { clean }.to_owned()
}

/// What a disk says, in the words of a device.
pub(super) fn disk(reason: io::Error) -> Error {
    match reason.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Error::DiskFull
        }
        kind => Error::Folder(kind),
    }
}

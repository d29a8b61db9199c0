//! What a device holds, carried to another one in a file.

use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use palier_core::moment::{Moment, NotAMoment};
use palier_device::{Device, Error, api::Api};
use serde_json::json;

use crate::{failure::Failure, out::Out, show};

/// Writes a file that is there whole or not at all.
///
/// # Errors
/// The moment is none, the file cannot be written, or the device is in no campaign.
pub(crate) async fn export(
    api: Api,
    file: &Path,
    since: Option<String>,
    out: Out,
) -> Result<(), Failure> {
    let since = since
        .as_deref()
        .map(str::parse::<Moment>)
        .transpose()
        .map_err(|reason: NotAMoment| Failure::Said(reason.to_string()))?;
    let to = file.to_owned();
    let envelopes = api.lend(move |device| write(device, &to, since)).await??;
    let name = file.display().to_string();
    if out.json {
        out.value(&json!({ "file": name, "envelopes": envelopes }))
    } else {
        out.text(&format!("{name}: {envelopes} envelopes\n"))
    }
}

/// Takes in what a file holds.
///
/// # Errors
/// It cannot be read, is no bundle, or is of another campaign.
pub(crate) async fn import(api: Api, file: &Path, out: Out) -> Result<(), Failure> {
    let opened = File::open(file).map_err(|reason| Failure::File {
        file: file.display().to_string(),
        reason,
    })?;
    let report = api
        .lend(move |device| device.read_bundle(&mut BufReader::new(opened)))
        .await??;
    if out.json {
        out.value(&serde_json::to_value(report)?)
    } else {
        out.text(&format!("{}\n", show::bundle(&report)))
    }
}

fn write(device: &mut Device, file: &Path, since: Option<Moment>) -> Result<u32, Failure> {
    let beside = beside(file);
    let written = write_beside(device, &beside, since)
        .and_then(|count| {
            fs::rename(&beside, file)
                .map(|()| count)
                .map_err(Undone::File)
        })
        .and_then(|count| sync_folder(file).map(|()| count).map_err(Undone::File));
    written.map_err(|undone| {
        // What was begun is of no use; where it cannot be removed, it is only in the way.
        let _left = fs::remove_file(&beside);
        match undone {
            Undone::Device(reason) => Failure::Device(reason),
            Undone::File(reason) => Failure::Unwritten {
                file: file.display().to_string(),
                reason,
            },
        }
    })
}

enum Undone {
    Device(Error),
    File(io::Error),
}

fn write_beside(device: &mut Device, file: &Path, since: Option<Moment>) -> Result<u32, Undone> {
    let mut writer = BufWriter::new(File::create(file).map_err(Undone::File)?);
    let count = device
        .write_bundle(since, &mut writer)
        .map_err(Undone::Device)?;
    writer.flush().map_err(Undone::File)?;
    writer.get_ref().sync_all().map_err(Undone::File)?;
    Ok(count)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// The new name of a file is on disk once its folder is.
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) {
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

//! Base maps from files, and from the relay.

use std::{fs::File, io::Read, path::Path};

use data_encoding::BASE64;
use palier_device::api::{Api, Reply, Request, request::PackPart};

use crate::{failure::Failure, out::Out, show};

/// How much of a file is handed over at a time.
const PART_BYTES: usize = 4 << 20;

/// Hands a file to the device, part by part.
///
/// # Errors
/// It cannot be read, or is no pack.
pub(crate) async fn add(api: &Api, file: &Path, out: Out) -> Result<(), Failure> {
    let unreadable = |reason| Failure::File {
        file: file.display().to_string(),
        reason,
    };
    let mut source = File::open(file).map_err(unreadable)?;
    let bytes = source.metadata().map_err(unreadable)?.len();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut at = 0;
    let mut part = Vec::new();
    loop {
        part.clear();
        let most = u64::try_from(PART_BYTES).unwrap_or(u64::MAX);
        let mut taken = Read::by_ref(&mut source).take(most);
        taken.read_to_end(&mut part).map_err(unreadable)?;
        let next = at + u64::try_from(part.len()).unwrap_or(u64::MAX);
        let last = part.is_empty() || next >= bytes;
        let request = Request::AddPack(PackPart {
            file: name.clone().into_owned(),
            at,
            content: BASE64.encode(&part),
            last,
        });
        let reply = api.ask(request.clone()).await?;
        if last {
            return show::reply(&request, &reply, out);
        }
        at = next;
    }
}

/// Fetches a base map that the campaign offers, part by part.
///
/// # Errors
/// The campaign offers none of this name, the relay is away, or gives another file. What came
/// before a cut stays for the next time.
pub(crate) async fn fetch(api: &Api, pack: &str, out: Out) -> Result<(), Failure> {
    loop {
        let request = Request::FetchPack {
            pack: pack.to_owned(),
        };
        let reply = api.ask(request.clone()).await?;
        if !matches!(reply, Reply::PackFetched { pack: None, .. }) {
            return show::reply(&request, &reply, out);
        }
    }
}

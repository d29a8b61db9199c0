//! Bundles: the envelopes that a device holds, in one file, to be carried to another device.
//!
//! ```text
//! "palier bundle 1\n" · campaign 32 · (length u32, not 0 · envelope)* · 0 u32
//! · SHA-256 32 of all before
//! ```
//!
//! Nothing in it is trusted but for what each envelope proves. A file that was cut or changed
//! still gives what is whole in it.

use std::io::{self, Read, Write};

use palier_core::{id::CampaignId, moment::Moment};
use sha2::{Digest, Sha256};

use super::Device;
use crate::{
    api::reply::BundleReport,
    error::{BundleFault, Error},
    store::given,
};

const MAGIC: &[u8; 16] = b"palier bundle 1\n";
/// The largest envelope: the largest body, its header, length and signature.
const MAX_ENVELOPE_BYTES: usize = (1 << 20) + 256;
/// How many envelopes, and about how many bytes of them, are taken in at a time.
const CHUNK: usize = 500;
const CHUNK_BYTES: usize = 4 << 20;

impl Device {
    /// Writes what this device holds, its own latest included; how many envelopes. Of
    /// documents, only what came since a moment.
    ///
    /// # Errors
    /// The device is in no campaign, or the file cannot be written.
    pub fn write_bundle(
        &mut self,
        since: Option<Moment>,
        out: &mut dyn Write,
    ) -> Result<u32, Error> {
        self.seal_outbox()?;
        let campaign = self.member()?.place.campaign;
        let mut writing = Writing {
            out,
            hash: Sha256::new(),
        };
        writing.put(MAGIC)?;
        writing.put(&campaign.0)?;
        let mut count = 0;
        let since = since.unwrap_or_default();
        given::for_each(
            self.connection(),
            campaign.reports_space(),
            since,
            |bytes| {
                count += 1;
                let length = u32::try_from(bytes.len()).map_err(|_too_long| Error::Document)?;
                writing.put(&length.to_be_bytes())?;
                writing.put(bytes)
            },
        )?;
        writing.put(&[0; 4])?;
        writing.end()?;
        Ok(count)
    }

    /// Takes in what a bundle holds, in any order.
    ///
    /// # Errors
    /// It is no bundle, or another campaign's, or the store failed.
    pub fn read_bundle(&mut self, file: &mut dyn Read) -> Result<BundleReport, Error> {
        let campaign = self.member()?.place.campaign;
        let mut reading = Reading::begin(file, &campaign)?;
        let mut bundled = BundleReport::default();
        loop {
            let chunk = reading.chunk();
            if !chunk.is_empty() {
                let handed = self.take_handed(&chunk)?;
                bundled.received += handed.note.received;
                bundled.known += handed.note.known;
                bundled.waiting += handed.note.waiting;
                let refused = handed.answers.iter().filter(|one| is_refused(one)).count();
                let refused = u32::try_from(refused).unwrap_or(u32::MAX);
                bundled.set_aside += refused.saturating_sub(handed.note.waiting);
            }
            if let Some(whole) = reading.ended {
                bundled.whole = whole;
                return Ok(bundled);
            }
        }
    }
}

const fn is_refused(answer: &palier_core::wire::Pushed) -> bool {
    matches!(answer, palier_core::wire::Pushed::Refused(_))
}

struct Writing<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
}

impl Writing<'_> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.hash.update(bytes);
        self.out.write_all(bytes).map_err(unwritable)
    }

    fn end(self) -> Result<(), Error> {
        let hash = self.hash.finalize();
        self.out.write_all(&hash).map_err(unwritable)?;
        self.out.flush().map_err(unwritable)
    }
}

fn unwritable(reason: io::Error) -> Error {
    if reason.kind() == io::ErrorKind::StorageFull {
        return Error::DiskFull;
    }
    Error::NotSaved(reason.kind())
}

struct Reading<'a> {
    file: &'a mut dyn Read,
    hash: Sha256,
    /// Whether the file was whole, once it has come to its end.
    ended: Option<bool>,
}

impl<'a> Reading<'a> {
    fn begin(file: &'a mut dyn Read, campaign: &CampaignId) -> Result<Self, Error> {
        let mut reading = Self {
            file,
            hash: Sha256::new(),
            ended: None,
        };
        let magic = reading.array::<16>();
        match reading.array::<32>() {
            Some(of) if magic == Some(*MAGIC) && of == campaign.0 => Ok(reading),
            Some(_) if magic == Some(*MAGIC) => Err(Error::Bundle(BundleFault::OtherCampaign)),
            _ => Err(Error::Bundle(BundleFault::NotOne)),
        }
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).ok()?;
        self.hash.update(bytes);
        Some(bytes)
    }

    /// The next envelopes; the last ones come with the end.
    fn chunk(&mut self) -> Vec<Vec<u8>> {
        let mut chunk = Vec::new();
        let mut size = 0;
        while chunk.len() < CHUNK && size < CHUNK_BYTES && self.ended.is_none() {
            if let Some(bytes) = self.envelope() {
                size += bytes.len();
                chunk.push(bytes);
            }
        }
        chunk
    }

    fn envelope(&mut self) -> Option<Vec<u8>> {
        let length = self.array::<4>().map(u32::from_be_bytes);
        match length.and_then(|length| usize::try_from(length).ok()) {
            Some(0) => {
                let computed: [u8; 32] = self.hash.clone().finalize().into();
                self.ended = Some(self.array::<32>() == Some(computed));
                None
            }
            Some(length) if length <= MAX_ENVELOPE_BYTES => {
                let mut bytes = vec![0; length];
                if self.file.read_exact(&mut bytes).is_err() {
                    self.ended = Some(false);
                    return None;
                }
                self.hash.update(&bytes);
                Some(bytes)
            }
            _ => {
                self.ended = Some(false);
                None
            }
        }
    }
}

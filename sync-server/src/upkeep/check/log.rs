//! The log: without gaps, each envelope as it was signed, each device's line unbroken.

use std::{collections::HashMap, thread};

use palier_core::{
    envelope::Envelope,
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
};
use rusqlite::{Connection, Row};

use super::{super::hex, Checked};
use crate::{error::StoreError, store::sqlite::rows};

/// How many envelopes are looked at together.
const AT_A_TIME: usize = 2_000;

/// A line of the log.
struct Line {
    campaign: CampaignId,
    space: SpaceId,
    seq: u64,
    device: DeviceId,
    device_seq: u64,
    id: EnvelopeId,
    kind: u8,
    document: [u8; 16],
    bytes: Vec<u8>,
}

/// Where the lines of a space have come to.
#[derive(Default)]
struct Space {
    of: Option<(CampaignId, SpaceId)>,
    seq: u64,
    devices: HashMap<DeviceId, (u64, EnvelopeId)>,
}

/// Looks over every envelope, in the order of the spaces.
pub(super) fn look(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    heads(db, checked)?;
    let mut found = db.prepare(
        "SELECT campaign, space, seq, device, device_seq, id, kind, document, bytes
         FROM log ORDER BY campaign, space, seq",
    )?;
    let mut found = found.query([])?;
    let mut space = Space::default();
    loop {
        let mut lines = Vec::with_capacity(AT_A_TIME);
        while lines.len() < AT_A_TIME
            && let Some(row) = found.next()?
        {
            lines.push(Line::read(row)?);
        }
        if lines.is_empty() {
            return Ok(());
        }
        for (line, whole) in lines.iter().zip(all_whole(&lines)) {
            checked.envelopes += 1;
            if let Some(what) = whole {
                checked.found(what, line.place());
            }
            space.follow(line, checked);
        }
    }
}

/// The counters of the spaces.
fn heads(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut wrong = db.prepare(
        "SELECT s.campaign, s.space FROM spaces s
         WHERE s.head IS NOT (SELECT max(seq) FROM log l
                              WHERE l.campaign = s.campaign AND l.space = s.space)
         UNION
         SELECT l.campaign, l.space FROM log l
         WHERE NOT EXISTS (SELECT 1 FROM spaces s
                           WHERE s.campaign = l.campaign AND s.space = l.space)",
    )?;
    let mut wrong = wrong.query([])?;
    while let Some(row) = wrong.next()? {
        let campaign: Vec<u8> = row.get(0)?;
        let space: Vec<u8> = row.get(1)?;
        let place = format!("campaign {} space {}", hex(&campaign), hex(&space));
        checked.found("a counter is not at the end of its log", place);
    }
    Ok(())
}

/// Hashes and signatures, on as many threads as there are.
fn all_whole(lines: &[Line]) -> Vec<Option<&'static str>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = lines.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let looking = lines
            .chunks(share)
            .map(|lines| scope.spawn(|| lines.iter().map(Line::what_is_wrong).collect::<Vec<_>>()));
        let looking: Vec<_> = looking.collect();
        let joined = looking.into_iter().map(|thread| thread.join());
        // A thread that falls has found something wrong with each of its lines.
        let found = joined.map(|found| {
            found.unwrap_or_else(|_fell| vec![Some("it makes its reader fall"); share])
        });
        found.flatten().take(lines.len()).collect()
    })
}

impl Line {
    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            campaign: CampaignId(row.get(0)?),
            space: SpaceId(row.get(1)?),
            seq: rows::count(row.get(2)?)?,
            device: DeviceId(row.get(3)?),
            device_seq: rows::count(row.get(4)?)?,
            id: EnvelopeId(row.get(5)?),
            kind: row.get(6)?,
            document: row.get(7)?,
            bytes: row.get(8)?,
        })
    }

    fn place(&self) -> String {
        let Self {
            campaign,
            space,
            seq,
            ..
        } = self;
        format!("campaign {campaign} space {space} place {seq}")
    }

    /// Whether the envelope is the one that was signed, and the line says the same of it.
    fn what_is_wrong(&self) -> Option<&'static str> {
        if EnvelopeId::of(&self.bytes) != self.id {
            return Some("an envelope is not the one that was taken");
        }
        let Ok(envelope) = Envelope::decode(&self.bytes) else {
            return Some("an envelope cannot be read");
        };
        if envelope.verify().is_err() {
            return Some("an envelope is not signed by its device");
        }
        let header = &envelope.header;
        let same = header.campaign == self.campaign
            && header.space == self.space
            && header.device == self.device
            && header.device_seq == self.device_seq
            && header.kind.byte() == self.kind
            && header.document.0 == self.document;
        (!same).then_some("a line of the log says something else than its envelope")
    }

    fn previous(&self) -> Option<EnvelopeId> {
        let envelope = Envelope::decode(&self.bytes).ok()?;
        Some(envelope.header.previous)
    }
}

impl Space {
    fn follow(&mut self, line: &Line, checked: &mut Checked) {
        let of = (line.campaign, line.space);
        if self.of != Some(of) {
            *self = Self {
                of: Some(of),
                ..Self::default()
            };
        }
        if line.seq != self.seq + 1 {
            checked.found("a place of the log is missing before", line.place());
        }
        self.seq = line.seq;
        let now = (line.device_seq, line.id);
        let (seq, id) = self
            .devices
            .insert(line.device, now)
            .unwrap_or((0, EnvelopeId::NONE));
        if line.device_seq != seq + 1 || line.previous() != Some(id) {
            checked.found("a device's line is broken at", line.place());
        }
    }
}

//! The log: without gaps, each envelope as it was signed, each device's line unbroken.

use std::{collections::HashMap, thread};

use palier_core::{
    envelope::Envelope,
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
};

use super::Checked;

/// How many envelopes are looked at together.
pub(crate) const AT_A_TIME: usize = 2_000;

/// A line of the log, as its columns say.
pub(crate) struct Line {
    pub(crate) campaign: CampaignId,
    pub(crate) space: SpaceId,
    pub(crate) seq: u64,
    pub(crate) device: DeviceId,
    pub(crate) device_seq: u64,
    pub(crate) id: EnvelopeId,
    pub(crate) kind: u8,
    pub(crate) document: [u8; 16],
    pub(crate) bytes: Vec<u8>,
}

/// The log, followed in the order of the spaces, and where the lines of one have come to.
#[derive(Default)]
pub(crate) struct Log {
    of: Option<(CampaignId, SpaceId)>,
    seq: u64,
    devices: HashMap<DeviceId, (u64, EnvelopeId)>,
}

/// Hashes and signatures, on as many threads as there are.
fn all_wrong(lines: &[Line]) -> Vec<Option<&'static str>> {
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

impl Log {
    /// Looks over the next lines.
    pub(crate) fn follow(&mut self, lines: &[Line], checked: &mut Checked) {
        for (line, wrong) in lines.iter().zip(all_wrong(lines)) {
            checked.envelopes += 1;
            if let Some(what) = wrong {
                checked.found(what, line.place());
            }
            self.follow_one(line, checked);
        }
    }

    fn follow_one(&mut self, line: &Line, checked: &mut Checked) {
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

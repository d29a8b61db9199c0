//! Reading envelopes ahead: what takes the most time and needs no row, on every core.

use std::{collections::HashMap, num::NonZeroUsize, thread};

use palier_core::{
    document::{batch::Unpacker, shift::Changes},
    envelope::{Envelope, Kind},
    id::EnvelopeId,
    key::TeamKey,
    moment::Moment,
    refusal::Refusal,
    seal,
};

/// How many envelopes are read ahead: what they hold is in memory at once.
pub(in crate::device) const WINDOW: usize = 256;
/// Below this many, another thread costs more than it saves.
const WORTH_A_THREAD: usize = 16;
/// The most operations of an envelope that is read ahead, which bounds the memory of a window;
/// a larger one is read alone, in its turn.
const MAX_OPERATIONS: usize = 2_000;

/// What was read ahead, by envelope.
#[derive(Debug)]
pub(super) struct Ahead(HashMap<EnvelopeId, Read>);

#[derive(Debug)]
struct Read {
    signature: Result<(), Refusal>,
    changes: Option<Changes>,
}

impl Ahead {
    /// Nothing.
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Reads these envelopes, with the keys that are known.
    pub(super) fn read(entries: &[(EnvelopeId, &[u8])], keys: &[TeamKey], now: Moment) -> Self {
        let read = |part: &[(EnvelopeId, &[u8])]| -> Vec<(EnvelopeId, Read)> {
            let mut unpacker = Unpacker::default();
            part.iter()
                .filter_map(|(id, bytes)| Some((*id, Read::of(bytes, keys, now, &mut unpacker)?)))
                .collect()
        };
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        if cores == 1 || entries.len() < WORTH_A_THREAD {
            return Self(read(entries).into_iter().collect());
        }
        let (mine, others) = entries.split_at(entries.len() / cores);
        Self(thread::scope(|scope| {
            let size = others.len().div_ceil(cores - 1);
            let threads: Vec<_> = others
                .chunks(size)
                .map(|part| scope.spawn(move || read(part)))
                .collect();
            let mut all: HashMap<_, _> = read(mine).into_iter().collect();
            for thread in threads {
                // What a thread fell over is read again in its turn.
                all.extend(thread.join().unwrap_or_default());
            }
            all
        }))
    }

    /// Whether the signature of an envelope fits.
    pub(super) fn signature(&self, envelope: &Envelope, id: EnvelopeId) -> Result<(), Refusal> {
        match self.0.get(&id) {
            Some(read) => read.signature,
            None => envelope.verify(),
        }
    }

    /// The changes of an envelope of a shift, where they were read.
    pub(super) fn take_changes(&mut self, id: EnvelopeId) -> Option<Changes> {
        self.0.get_mut(&id)?.changes.take()
    }
}

impl Read {
    /// `None` where the bytes are no envelope.
    fn of(bytes: &[u8], keys: &[TeamKey], now: Moment, unpacker: &mut Unpacker) -> Option<Self> {
        let envelope = Envelope::decode(bytes).ok()?;
        let signature = envelope.verify();
        let changes = if signature.is_ok() && envelope.header.kind == Kind::Shift {
            changes(&envelope, keys, now, unpacker)
        } else {
            None
        };
        Some(Self { signature, changes })
    }
}

fn changes(
    envelope: &Envelope,
    keys: &[TeamKey],
    now: Moment,
    unpacker: &mut Unpacker,
) -> Option<Changes> {
    let header = envelope.header.encode();
    let body = keys
        .iter()
        .filter(|key| key.epoch == envelope.header.key_epoch)
        .find_map(|key| seal::open_body(key, &header, &envelope.body).ok())?;
    Changes::read_next(unpacker, &envelope.header.device, &body, now)
        .filter(|changes| changes.operations() <= MAX_OPERATIONS)
}

//! A post office in this process: per space an ordered log of envelopes.
//!
//! It serves the devices of one demonstration, who trust each other: it checks no right. They
//! check what they receive, as always.

use std::collections::BTreeMap;

use palier_core::{
    envelope::{Envelope, Kind},
    id::{DeviceId, EnvelopeId, Incarnation, SpaceId},
    invitation::InvitationRecord,
    refusal::Refusal,
    wire::{MAX_BATCH, Page, PushAnswer, Pushed},
};

/// The post office.
#[derive(Debug, Default)]
pub(in crate::demo) struct Office {
    logs: BTreeMap<SpaceId, Vec<Vec<u8>>>,
    known: BTreeMap<EnvelopeId, u64>,
    invitations: BTreeMap<DeviceId, Vec<u8>>,
    packs: BTreeMap<String, Vec<u8>>,
}

/// The only life that a post office has.
const LIFE: Incarnation = Incarnation([0; 16]);

impl Office {
    /// Takes envelopes.
    pub(super) fn take<'a>(&mut self, envelopes: impl IntoIterator<Item = &'a [u8]>) -> PushAnswer {
        PushAnswer {
            incarnation: LIFE.to_string(),
            pushed: envelopes
                .into_iter()
                .map(|bytes| self.take_one(bytes).unwrap_or_else(Pushed::Refused))
                .collect(),
        }
    }

    fn take_one(&mut self, bytes: &[u8]) -> Result<Pushed, Refusal> {
        let id = EnvelopeId::of(bytes);
        if let Some(place) = self.known.get(&id) {
            return Ok(Pushed::Duplicate(*place));
        }
        let envelope = Envelope::decode(bytes)?;
        if envelope.header.kind == Kind::Invitation {
            let key = InvitationRecord::decode(&envelope.body)?.invitation.key;
            self.invitations.insert(key, envelope.body);
        }
        let log = self.logs.entry(envelope.header.space).or_default();
        log.push(bytes.to_vec());
        let place = u64::try_from(log.len()).map_err(|_reason| Refusal::TooLarge)?;
        self.known.insert(id, place);
        Ok(Pushed::Stored(place))
    }

    /// One page of a space's log.
    pub(super) fn page(&self, space: SpaceId, after: u64) -> Page {
        let log = self.logs.get(&space).map_or(&[][..], Vec::as_slice);
        Page {
            incarnation: LIFE,
            head: u64::try_from(log.len()).unwrap_or(u64::MAX),
            entries: (1..)
                .zip(log)
                .filter(|(place, _)| *place > after)
                .take(MAX_BATCH)
                .map(|(place, bytes)| (place, bytes.clone()))
                .collect(),
        }
    }

    /// The record of an invitation.
    pub(super) fn invitation(&self, key: DeviceId) -> Option<Vec<u8>> {
        self.invitations.get(&key).cloned()
    }

    /// Keeps a territory pack.
    pub(super) fn keep_pack(&mut self, hash: &str, packed: Vec<u8>) {
        self.packs.insert(hash.to_owned(), packed);
    }

    /// A territory pack.
    pub(super) fn pack(&self, hash: &str) -> Option<&[u8]> {
        self.packs.get(hash).map(Vec::as_slice)
    }
}

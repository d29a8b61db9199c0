//! An envelope as far as it can be read and checked without the store.

use palier_core::{
    certificate::Chain,
    envelope::{Envelope, Kind},
    id::{CampaignId, DeviceId, EnvelopeId},
    invitation::InvitationRecord,
    moment::Moment,
    refusal::Refusal,
    revocation::Revocation,
    rights::Rights,
};

/// An envelope with everything about it that costs time and needs no store: signatures and
/// chains are checked here, on many threads, before one thread decides.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The envelope.
    pub(crate) envelope: Envelope,
    /// Its bytes as they came.
    pub(crate) bytes: Vec<u8>,
    /// Its id.
    pub(crate) id: EnvelopeId,
    /// Whether its signature fits.
    pub(crate) signature: Result<(), Refusal>,
    /// Its body, where the relay reads it.
    pub(crate) content: Content,
}

/// The body of an envelope, where the relay reads it before it knows anything else.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The device introduces itself, or renews its rights.
    Introduction {
        /// Its chain.
        chain: Box<Chain>,
        /// What the chain gives.
        rights: Result<Rights, Refusal>,
    },
    /// The chain of another device.
    OfAnother {
        /// What the chain gives.
        rights: Result<Rights, Refusal>,
    },
    /// Rights are taken back.
    Revocation(Revocation),
    /// Somebody is invited.
    Invitation {
        /// The record.
        record: Box<InvitationRecord>,
        /// Whether its signatures and rights hold.
        holds: Result<(), Refusal>,
    },
    /// Everything else: sealed, or open and read later.
    Other,
}

impl Candidate {
    /// Reads an envelope of a campaign at the moment when it came.
    pub(crate) fn read(bytes: &[u8], campaign: &CampaignId, now: Moment) -> Result<Self, Refusal> {
        let envelope = Envelope::decode(bytes)?;
        if envelope.header.campaign != *campaign {
            return Err(Refusal::WrongSpace);
        }
        let content = Content::read(&envelope, now)?;
        Ok(Self {
            signature: envelope.verify(),
            id: EnvelopeId::of(bytes),
            bytes: bytes.to_vec(),
            content,
            envelope,
        })
    }

    /// Whether the device introduces itself in it.
    pub(crate) fn introduces(&self, device: &DeviceId) -> bool {
        self.envelope.header.device == *device && self.introduced_rights().is_some()
    }

    /// The rights that an introduction shows, where it is one.
    pub(crate) fn introduced_rights(&self) -> Option<Result<Rights, Refusal>> {
        match &self.content {
            Content::Introduction { rights, .. } => Some(rights.clone()),
            _ => None,
        }
    }
}

impl Content {
    fn read(envelope: &Envelope, now: Moment) -> Result<Self, Refusal> {
        let (header, body) = (&envelope.header, envelope.body.as_slice());
        Ok(match header.kind {
            Kind::Certificate => {
                let chain = Chain::decode(body)?;
                let rights = chain.verify(&header.campaign, now);
                if chain.devices().last() == Some(header.device) {
                    let chain = Box::new(chain);
                    Self::Introduction { chain, rights }
                } else {
                    Self::OfAnother { rights }
                }
            }
            Kind::Revocation => Self::Revocation(Revocation::decode(body)?),
            Kind::Invitation => {
                let record = Box::new(InvitationRecord::decode(body)?);
                let holds = record.verify(&header.campaign, now);
                Self::Invitation { record, holds }
            }
            _ => Self::Other,
        })
    }
}

//! An envelope as far as it can be read and checked without the store.

use axum::body::Bytes;
use palier_core::{
    certificate::Chain,
    envelope::{Envelope, Kind},
    id::{CampaignId, DeviceId, EnvelopeId},
    invitation::InvitationRecord,
    moment::Moment,
    refusal::Refusal,
    request::JoinRequest,
    revocation::Revocation,
    rights::Rights,
};

/// The largest request to join, in bytes: it is kept for a device that nobody knows yet.
pub(super) const MAX_REQUEST_BYTES: usize = 16 << 10;
/// Nothing is past its end then: ends are looked at when the store is, in the decision.
const BEFORE_EVERY_END: Moment = Moment(i64::MIN);

/// An envelope with everything about it that costs time and needs no store: signatures and
/// chains are checked here, on many threads, before one thread decides.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The envelope.
    pub(crate) envelope: Envelope,
    /// Its bytes as they came.
    pub(crate) bytes: Bytes,
    /// Its id.
    pub(crate) id: EnvelopeId,
    /// Whether its signature fits.
    pub(crate) signature: Result<(), Refusal>,
    /// Its body, where the relay reads it.
    pub(crate) content: Content,
}

/// The body of an envelope, where the relay reads it before it knows anything else. Rights
/// are those of chains whose signatures hold, whether they ended or not.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// The device introduces itself, or renews its rights.
    Introduction {
        /// Its chain.
        chain: Box<Chain>,
        /// What the chain gives.
        rights: Result<Rights, Refusal>,
    },
    /// The device asks to join, with the chain that its invitation gives.
    Request {
        /// Its chain.
        chain: Box<Chain>,
        /// What it wishes.
        rights: Result<Rights, Refusal>,
    },
    /// The chain of another device.
    OfAnother {
        /// That device.
        device: DeviceId,
        /// What the chain gives.
        rights: Result<Rights, Refusal>,
    },
    /// Rights are taken back.
    Revocation(Revocation),
    /// Somebody is invited.
    Invitation {
        /// The record.
        record: Box<InvitationRecord>,
        /// The rights of its issuer, where signatures and rights hold.
        issuer: Result<Rights, Refusal>,
    },
    /// Everything else: sealed, or open and read later.
    Other,
}

impl Candidate {
    /// Reads an envelope of a campaign.
    pub(crate) fn read(bytes: Bytes, campaign: &CampaignId) -> Result<Self, Refusal> {
        let envelope = Envelope::decode(&bytes)?;
        if envelope.header.campaign != *campaign {
            return Err(Refusal::WrongSpace);
        }
        if envelope.header.kind == Kind::Request && bytes.len() > MAX_REQUEST_BYTES {
            return Err(Refusal::TooLarge);
        }
        let content = Content::read(&envelope)?;
        Ok(Self {
            signature: envelope.verify(),
            id: EnvelopeId::of(&bytes),
            bytes,
            content,
            envelope,
        })
    }

    /// Whether a device that may be unknown makes itself known in it: it introduces itself,
    /// or asks to join.
    pub(crate) fn presents(&self, device: &DeviceId) -> bool {
        let presents = matches!(
            self.content,
            Content::Introduction { .. } | Content::Request { .. }
        );
        presents && self.envelope.header.device == *device
    }

    /// The rights that an introduction shows, where it is one.
    pub(crate) fn introduced_rights(&self) -> Option<Result<&Rights, Refusal>> {
        match &self.content {
            Content::Introduction { rights, .. } => Some(rights.as_ref().map_err(|why| *why)),
            _ => None,
        }
    }
}

impl Content {
    fn read(envelope: &Envelope) -> Result<Self, Refusal> {
        let (header, body) = (&envelope.header, envelope.body.as_slice());
        Ok(match header.kind {
            Kind::Certificate => {
                let chain = Chain::decode(body)?;
                let rights = chain.verify(&header.campaign, BEFORE_EVERY_END);
                let device = chain.devices().last().ok_or(Refusal::Malformed)?;
                if device == header.device {
                    let chain = Box::new(chain);
                    Self::Introduction { chain, rights }
                } else {
                    Self::OfAnother { device, rights }
                }
            }
            Kind::Request => {
                let request = JoinRequest::decode(body)?;
                let rights = request.verify(header, BEFORE_EVERY_END);
                let chain = Box::new(request.chain);
                Self::Request { chain, rights }
            }
            Kind::Revocation => Self::Revocation(Revocation::decode(body)?),
            Kind::Invitation => {
                let record = Box::new(InvitationRecord::decode(body)?);
                let issuer = record
                    .verify(&header.campaign, BEFORE_EVERY_END)
                    .and_then(|()| record.issuer.verify(&header.campaign, BEFORE_EVERY_END));
                Self::Invitation { record, issuer }
            }
            _ => Self::Other,
        })
    }
}

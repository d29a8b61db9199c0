//! The signed unit that travels and is kept: header, body, signature.
//!
//! ```text
//! version u8 = 1 · kind u8 · campaign 32 · space 16 · document 16 · key epoch u32
//! · device 32 · device sequence u64 · previous id 32          (the header, 142 bytes)
//! · body length u32 · body · signature 64
//! ```
//!
//! Numbers are big-endian. The signature covers a prefix, the header and the body; the id is
//! SHA-256 of all the bytes. A key epoch of 0 says that the body is open.

use crate::{
    bytes::{Reader, Writer},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId},
    key::{Secret, SignatureBytes, verify},
    refusal::Refusal,
};

/// The layout's version.
const VERSION: u8 = 1;
/// What a signature over an envelope begins with.
const SIGNED_AS: &[u8] = b"palier envelope 1";
/// Bytes of a header.
pub const HEADER_BYTES: usize = 142;
/// The largest body, in bytes.
pub const MAX_BODY_BYTES: usize = 1 << 20;
/// The largest envelope, in bytes.
pub const MAX_ENVELOPE_BYTES: usize = HEADER_BYTES + 4 + MAX_BODY_BYTES + 64;

/// What an envelope carries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A chain of certificates: a device introduces itself, or a lead another one.
    Certificate,
    /// Rights taken back.
    Revocation,
    /// A team key, sealed to each member.
    TeamKey,
    /// An invitation, with the team keys sealed to it.
    Invitation,
    /// A wish to join a team that accepts its members.
    Request,
    /// Changes of a shift.
    Shift,
    /// Changes of a turf.
    Turf,
    /// Changes of a team.
    Team,
    /// Changes of a report.
    Report,
    /// Changes of a kit.
    Kit,
    /// Changes of the campaign.
    Campaign,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Certificate,
        Self::Revocation,
        Self::TeamKey,
        Self::Invitation,
        Self::Request,
        Self::Shift,
        Self::Turf,
        Self::Team,
        Self::Report,
        Self::Kit,
        Self::Campaign,
    ];

    /// The byte that stands for it. Bytes are never given twice.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Certificate => 1,
            Self::Revocation => 2,
            Self::TeamKey => 3,
            Self::Invitation => 4,
            Self::Request => 5,
            Self::Shift => 16,
            Self::Turf => 17,
            Self::Team => 18,
            Self::Report => 19,
            Self::Kit => 20,
            Self::Campaign => 21,
        }
    }

    /// The kind that a byte stands for.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.byte() == byte)
    }

    /// Whether it carries changes of a document.
    #[must_use]
    pub const fn is_document(self) -> bool {
        self.byte() >= 16
    }

    /// Whether its body is sealed with the team's key.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Shift | Self::Turf | Self::Team)
    }
}

/// What stands before the body, in clear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// What the body is.
    pub kind: Kind,
    /// The campaign.
    pub campaign: CampaignId,
    /// The space, whose log it enters.
    pub space: SpaceId,
    /// The document, or [`DocumentId::NONE`].
    pub document: DocumentId,
    /// Which of the team's keys seals the body; 0 where it is open.
    pub key_epoch: u32,
    /// Who wrote and signed it.
    pub device: DeviceId,
    /// Its place among this device's envelopes in this space, from 1.
    pub device_seq: u64,
    /// The device's envelope before it in this space, or [`EnvelopeId::NONE`].
    pub previous: EnvelopeId,
}

impl Header {
    /// Its bytes, which also bind a sealed body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::default()
            .u8(VERSION)
            .u8(self.kind.byte())
            .put(&self.campaign.0)
            .put(&self.space.0)
            .put(&self.document.0)
            .u32(self.key_epoch)
            .put(&self.device.0)
            .u64(self.device_seq)
            .put(&self.previous.0)
            .done()
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Refusal> {
        if reader.u8()? != VERSION {
            return Err(Refusal::Malformed);
        }
        let header = Self {
            kind: Kind::from_byte(reader.u8()?).ok_or(Refusal::Malformed)?,
            campaign: CampaignId(reader.array()?),
            space: SpaceId(reader.array()?),
            document: DocumentId(reader.array()?),
            key_epoch: reader.u32()?,
            device: DeviceId(reader.array()?),
            device_seq: reader.u64()?,
            previous: EnvelopeId(reader.array()?),
        };
        header.check_shape().map(|()| header)
    }

    /// What can be told of a header alone.
    fn check_shape(&self) -> Result<(), Refusal> {
        let first = self.device_seq == 1;
        let whole = self.kind.is_document() == (self.document != DocumentId::NONE)
            && self.kind.is_sealed() == (self.key_epoch != 0)
            && self.device_seq != 0
            && first == (self.previous == EnvelopeId::NONE);
        if whole {
            Ok(())
        } else {
            Err(Refusal::Malformed)
        }
    }
}

/// A header, a body and a signature over both. The signature of a decoded envelope is not
/// yet checked: see [`Envelope::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// What stands before the body.
    pub header: Header,
    /// The body, sealed where the header says so.
    pub body: Vec<u8>,
    signature: SignatureBytes,
}

impl Envelope {
    /// Signs a header and a body.
    #[must_use]
    pub fn sign(header: Header, body: Vec<u8>, secret: &Secret) -> Self {
        let signature = secret.sign(&signed_bytes(&header, &body));
        Self {
            header,
            body,
            signature,
        }
    }

    /// Its bytes, as they travel and as they are kept.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::default()
            .put(&self.header.encode())
            .long_piece(&self.body)
            .put(&self.signature)
            .done()
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They are too large, or do not follow the layout to their last byte.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_ENVELOPE_BYTES {
            return Err(Refusal::TooLarge);
        }
        let mut reader = Reader::new(bytes);
        let envelope = Self {
            header: Header::read(&mut reader)?,
            body: reader.long_piece()?.to_vec(),
            signature: reader.array()?,
        };
        reader.end()?;
        Ok(envelope)
    }

    /// Checks the signature against the device that the header names.
    ///
    /// # Errors
    /// It does not fit.
    pub fn verify(&self) -> Result<(), Refusal> {
        verify(
            &self.header.device,
            &signed_bytes(&self.header, &self.body),
            &self.signature,
        )
        .map_err(Refusal::from)
    }
}

fn signed_bytes(header: &Header, body: &[u8]) -> Vec<u8> {
    Writer::starting(SIGNED_AS)
        .put(&header.encode())
        .long_piece(body)
        .done()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn envelope(body: Vec<u8>) -> Envelope {
        let secret = Secret::from_seed(&[1; 32]);
        let header = Header {
            kind: Kind::Shift,
            campaign: CampaignId([2; 32]),
            space: SpaceId([3; 16]),
            document: DocumentId([4; 16]),
            key_epoch: 1,
            device: secret.device(),
            device_seq: 2,
            previous: EnvelopeId([5; 32]),
        };
        Envelope::sign(header, body, &secret)
    }

    #[test]
    fn a_header_has_the_size_that_the_layout_says() {
        assert_eq!(envelope(Vec::new()).header.encode().len(), HEADER_BYTES);
    }

    #[test]
    fn a_header_that_contradicts_itself_is_malformed() {
        type Bend = fn(&mut Header);
        let bends: [(&str, Bend); 5] = [
            ("a document without id", |h| h.document = DocumentId::NONE),
            ("a sealed kind in clear", |h| h.key_epoch = 0),
            ("an open kind sealed", |h| h.kind = Kind::Report),
            ("a sequence from 0", |h| h.device_seq = 0),
            ("a first with a previous", |h| h.device_seq = 1),
        ];
        for (what, bend) in bends {
            let mut bent = envelope(Vec::new());
            bend(&mut bent.header);
            assert_eq!(
                Envelope::decode(&bent.encode()),
                Err(Refusal::Malformed),
                "{what}"
            );
        }
    }

    proptest! {
        #[test]
        fn an_envelope_reads_back(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let envelope = envelope(body);
            let read = Envelope::decode(&envelope.encode()).unwrap();
            prop_assert_eq!(&read, &envelope);
            prop_assert_eq!(read.verify(), Ok(()));
        }

        #[test]
        fn a_changed_byte_never_passes(at in 0_usize..230, bit in 0_u8..8) {
            let mut bytes = envelope(vec![7; 20]).encode();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            let passed = Envelope::decode(&bytes).and_then(|read| read.verify());
            prop_assert!(passed.is_err());
        }

        #[test]
        fn a_cut_envelope_never_reads(kept in 0_usize..229) {
            let bytes = envelope(vec![7; 20]).encode();
            prop_assert!(Envelope::decode(&bytes[..kept.min(bytes.len() - 1)]).is_err());
        }
    }
}

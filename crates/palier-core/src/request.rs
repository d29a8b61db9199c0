//! A wish to join a team that accepts its members: the body of an envelope of kind `request`.
//!
//! ```text
//! version u8 = 1 · chain (a piece) · count u8 (0 to 4) · sealed pseudonyms
//! sealed pseudonym = to 32 · encapsulated 32 · sealed 177
//! ```
//!
//! The chain is that of an introduction, its last certificate signed by the key of an
//! invitation whose policy is *approved*: it shows that the device holds the link, and gives
//! no rights until somebody who may issue them signs a certificate for the same device. The
//! envelope is its device's first and stands in no log; the introduction that follows is
//! first in its place.

use sha2::{Digest, Sha256};

use crate::{
    bytes::{Malformed, Reader, Writer},
    certificate::{Chain, MAX_CHAIN},
    document::team::MAX_PSEUDONYM,
    envelope::{Header, Kind},
    id::DeviceId,
    invitation::{Invitation, Policy},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
    seal::SealedName,
};

/// The layout's version.
const VERSION: u8 = 1;

/// A device's wish to join.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JoinRequest {
    /// The chain that it would have, were the invitation open.
    pub chain: Chain,
    /// Its pseudonym, sealed to each who can accept it and is known to it.
    pub names: Vec<SealedName>,
}

impl JoinRequest {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer
            .u8(VERSION)
            .piece(&self.chain.encode())
            .u8(u8::try_from(self.names.len()).unwrap_or(u8::MAX));
        for name in &self.names {
            name.write(&mut writer);
        }
        writer.done()
    }

    /// Reads bytes; nothing is checked yet but their layout.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let chain = Chain::decode(reader.piece()?)?;
        let count = usize::from(reader.u8()?);
        if count > MAX_CHAIN {
            return Err(Malformed);
        }
        let names = (0..count)
            .map(|_| SealedName::read(&mut reader))
            .collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self { chain, names })
    }

    /// Checks that a device may wish so, under the header that carries it, and says what it
    /// wishes: the role and scope that its invitation offers. The envelope's own signature is
    /// checked apart, and so are the invitation's uses and the team's limit.
    ///
    /// # Errors
    /// Another device's chain or one that does not hold ([`Refusal::BadCertificate`],
    /// [`Refusal::Expired`]), an invitation past its end ([`Refusal::InvitationExpired`]), one
    /// whose holders need not ask ([`Refusal::NotAllowed`]), another space
    /// ([`Refusal::WrongSpace`]), or a header that is none of a request
    /// ([`Refusal::Malformed`]).
    pub fn verify(&self, header: &Header, now: Moment) -> Result<Rights, Refusal> {
        if header.kind != Kind::Request || header.device_seq != 1 {
            return Err(Refusal::Malformed);
        }
        let wished = self.wished(header, now)?;
        if wished.scope.home(&header.campaign) != header.space {
            return Err(Refusal::WrongSpace);
        }
        let offer = &self.invitation()?.offer;
        if offer.policy != Policy::Approved {
            return Err(Refusal::NotAllowed);
        }
        if offer.expires < now {
            return Err(Refusal::InvitationExpired);
        }
        Ok(wished)
    }

    fn wished(&self, header: &Header, now: Moment) -> Result<Rights, Refusal> {
        let wished = self.chain.wished(&header.campaign, now)?;
        // No link above it may be one that still waits.
        let above = self
            .chain
            .above()
            .map(|above| above.verify(&header.campaign, now));
        match above {
            Some(Ok(_)) if wished.device == header.device => Ok(wished),
            _ => Err(Refusal::BadCertificate),
        }
    }

    /// The invitation that the device holds.
    ///
    /// # Errors
    /// The chain's last certificate came through none.
    pub fn invitation(&self) -> Result<&Invitation, Refusal> {
        self.chain.invitation().ok_or(Refusal::BadCertificate)
    }

    /// The pseudonym, where it is sealed to this receiver.
    #[must_use]
    pub fn pseudonym(&self, device: &DeviceId, receiver: &Secret) -> Option<String> {
        let mine = receiver.receive_key();
        let name = self.names.iter().find(|name| name.to == mine)?;
        let name = name.open(receiver, device).ok()?;
        Some(
            name.chars()
                .filter(|letter| !letter.is_control())
                .take(MAX_PSEUDONYM)
                .collect(),
        )
    }
}

/// Twelve digits that stand for a device where two people compare aloud, such as
/// `204 118 973 560`: who would pass for another would have to try 10¹² keys.
#[must_use]
pub fn device_code(device: &DeviceId) -> String {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(b"palier device code 1")
        .chain_update(device.0)
        .finalize()
        .into();
    let number = hash
        .first_chunk()
        .map_or(0, |bytes: &[u8; 8]| u64::from_be_bytes(*bytes))
        % 1_000_000_000_000;
    let thousands = [1_000_000_000, 1_000_000, 1_000, 1];
    thousands
        .map(|unit| format!("{:03}", number / unit % 1_000))
        .join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        certificate::tests::organiser,
        envelope::Envelope,
        id::{DocumentId, EnvelopeId, SpaceId, TeamId},
        invitation::{InvitationSecret, Offer},
        rights::{Role, Scope},
    };

    const NOW: Moment = Moment(1_000);
    const TEAM: TeamId = TeamId([7; 16]);

    struct Cast {
        root: Secret,
        organiser: Secret,
        joiner: Secret,
    }

    fn cast() -> Cast {
        let [root, organiser, joiner] = [1, 2, 3].map(|seed| Secret::from_seed(&[seed; 32]));
        Cast {
            root,
            organiser,
            joiner,
        }
    }

    fn request(cast: &Cast, policy: Policy, name: &str) -> JoinRequest {
        let chain = organiser(&cast.root, &cast.organiser);
        let secret = InvitationSecret([9; 16]);
        let offer = Offer {
            role: Role::Volunteer,
            scope: Scope::Team(TEAM),
            policy,
            uses: 3,
            limit: 12,
            expires: Moment(5_000),
            rights_until: Moment(9_000),
        };
        let invitation = Invitation::sign(cast.root.campaign(), &secret, offer, &cast.organiser);
        let device = cast.joiner.device();
        let names = chain
            .receivers()
            .map(|to| SealedName::seal(name, &device, to, [4; 32]).unwrap())
            .collect();
        JoinRequest {
            chain: chain.with(invitation.accept(&secret, &cast.joiner)),
            names,
        }
    }

    fn header(cast: &Cast) -> Header {
        Header {
            kind: Kind::Request,
            campaign: cast.root.campaign(),
            space: TEAM.space(),
            document: DocumentId::NONE,
            key_epoch: 0,
            device: cast.joiner.device(),
            device_seq: 1,
            previous: EnvelopeId::NONE,
        }
    }

    #[test]
    fn a_request_says_what_is_wished_and_only_the_issuer_reads_the_name() {
        let cast = cast();
        let request = request(&cast, Policy::Approved, "Loriot");
        let envelope = Envelope::sign(header(&cast), request.encode(), &cast.joiner);
        let read = Envelope::decode(&envelope.encode()).unwrap();
        let request = JoinRequest::decode(&read.body).unwrap();
        let wished = request.verify(&read.header, NOW).unwrap();
        assert_eq!(wished.role, Role::Volunteer);
        assert_eq!(wished.receive, cast.joiner.receive_key());
        let device = cast.joiner.device();
        let name = request.pseudonym(&device, &cast.organiser);
        assert_eq!(name.as_deref(), Some("Loriot"));
        assert_eq!(request.pseudonym(&device, &cast.joiner), None);
        let bytes = envelope.encode();
        assert!(!bytes.windows(6).any(|window| window == b"Loriot"));
    }

    #[test]
    fn a_request_under_another_header_is_none() {
        let cast = cast();
        type Bend = fn(&mut Header);
        let bends: [(Bend, Refusal); 4] = [
            (|h| h.kind = Kind::Certificate, Refusal::Malformed),
            (|h| h.device_seq = 2, Refusal::Malformed),
            (|h| h.device = DeviceId([5; 32]), Refusal::BadCertificate),
            (|h| h.space = SpaceId([5; 16]), Refusal::WrongSpace),
        ];
        let request = request(&cast, Policy::Approved, "Loriot");
        for (bend, refusal) in bends {
            let mut bent = header(&cast);
            bend(&mut bent);
            assert_eq!(request.verify(&bent, NOW), Err(refusal));
        }
        let late = Moment(5_001);
        assert_eq!(
            request.verify(&header(&cast), late),
            Err(Refusal::InvitationExpired)
        );
        let open = self::request(&cast, Policy::Open, "Loriot");
        assert_eq!(open.verify(&header(&cast), NOW), Err(Refusal::NotAllowed));
    }

    #[test]
    fn a_device_code_is_twelve_digits_and_follows_from_the_device() {
        let code = device_code(&DeviceId([1; 32]));
        assert_eq!(code, device_code(&DeviceId([1; 32])));
        assert_ne!(code, device_code(&DeviceId([2; 32])));
        assert_eq!(code.len(), 15);
        assert!(code.split(' ').all(|group| group.len() == 3));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn a_request_reads_back_and_a_cut_one_does_not(
            name in "\\PC{0,40}",
            kept in 0_usize..2_000,
        ) {
            let request = request(&cast(), Policy::Approved, &name);
            let bytes = request.encode();
            prop_assert_eq!(JoinRequest::decode(&bytes), Ok(request));
            let kept = kept % bytes.len();
            prop_assert_eq!(JoinRequest::decode(&bytes[..kept]), Err(Malformed));
            let longer = [&bytes, b"x".as_slice()].concat();
            prop_assert_eq!(JoinRequest::decode(&longer), Err(Malformed));
        }
    }
}

//! Rights as small signed certificates, in a chain from the campaign's root key.
//!
//! ```text
//! version u8 = 1 · campaign 32 · subject 32 · receive key 32 · role u8 · scope
//! · not after i64 · issued · signature 64
//! issued = 0 u8 · issuer 32                    signed by the issuer
//!        | 1 u8 · invitation (a piece)         signed by the invitation's key
//! chain  = count u8 · each certificate (a piece), from the organiser down
//! ```
//!
//! An invitation is part of the certificate that it gives, so that a chain has three links at
//! most from the root to a volunteer, and anybody can check it offline.

use crate::{
    bytes::{Malformed, Reader, Writer},
    id::{CampaignId, DeviceId},
    invitation::{Invitation, Policy},
    key::{ReceiveKey, Secret, SignatureBytes, verify},
    moment::Moment,
    refusal::Refusal,
    rights::{Rights, Role, Scope},
};

/// The layout's version.
const VERSION: u8 = 1;
/// What a signature over a certificate begins with.
const SIGNED_AS: &[u8] = b"palier certificate 1";
/// The longest chain.
pub const MAX_CHAIN: usize = 4;

/// By whom a certificate was issued.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Issued {
    /// By a device, or by the root key.
    By(DeviceId),
    /// By whoever held the secret of an invitation.
    Through(Box<Invitation>),
}

impl Issued {
    /// The device that answers for it.
    #[must_use]
    pub const fn issuer(&self) -> DeviceId {
        match self {
            Self::By(issuer) => *issuer,
            Self::Through(invitation) => invitation.issuer,
        }
    }

    /// The key that signs the certificate.
    const fn signer(&self) -> DeviceId {
        match self {
            Self::By(issuer) => *issuer,
            Self::Through(invitation) => invitation.key,
        }
    }
}

/// What a certificate says, before it is signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// In which campaign.
    pub campaign: CampaignId,
    /// To which device.
    pub subject: DeviceId,
    /// Where things are sealed to it.
    pub receive: ReceiveKey,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// Until when.
    pub not_after: Moment,
    /// By whom.
    pub issued: Issued,
}

impl Grant {
    fn rights(&self) -> Rights {
        Rights {
            device: self.subject,
            receive: self.receive,
            role: self.role,
            scope: self.scope.clone(),
            not_after: self.not_after,
        }
    }
}

/// A signed [`Grant`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    /// What it says.
    pub grant: Grant,
    signature: SignatureBytes,
}

impl Certificate {
    /// Signs a grant with the key of its issuer or of its invitation.
    #[must_use]
    pub fn sign(grant: Grant, secret: &Secret) -> Self {
        let signature = secret.sign(&signed_bytes(&grant));
        Self { grant, signature }
    }

    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        write_grant(&self.grant, &mut writer);
        writer.put(&self.signature).done()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let certificate = Self {
            grant: read_grant(&mut reader)?,
            signature: reader.array()?,
        };
        reader.end()?;
        Ok(certificate)
    }

    /// Checks it against the rights of its issuer; `None` stands for the root key.
    fn check(&self, issuer: Option<&Rights>) -> Result<Rights, Refusal> {
        let grant = &self.grant;
        let allowed = match issuer {
            None => {
                grant.issued == Issued::By(DeviceId(grant.campaign.0))
                    && grant.role == Role::Organiser
                    && grant.scope == Scope::Campaign
            }
            Some(issuer) => {
                grant.issued.issuer() == issuer.device
                    && issuer.may_issue(grant.role, &grant.scope)
                    && grant.not_after <= issuer.not_after
            }
        };
        if !allowed {
            return Err(Refusal::BadCertificate);
        }
        if let Issued::Through(invitation) = &grant.issued {
            invitation.check_gives(grant)?;
        }
        verify(
            &grant.issued.signer(),
            &signed_bytes(grant),
            &self.signature,
        )
        .map_err(|_reason| Refusal::BadCertificate)?;
        Ok(grant.rights())
    }
}

/// Certificates from an organiser's down to a device's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain(Vec<Certificate>);

impl Chain {
    /// The chain of an organiser, signed by the root key.
    #[must_use]
    pub fn of_organiser(certificate: Certificate) -> Self {
        Self(vec![certificate])
    }

    /// This chain with one certificate more.
    #[must_use]
    pub fn with(&self, certificate: Certificate) -> Self {
        let mut longer = self.clone();
        longer.0.push(certificate);
        longer
    }

    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.u8(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        for certificate in &self.0 {
            writer.piece(&certificate.encode());
        }
        writer.done()
    }

    /// Reads bytes; nothing is checked yet but their layout.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let count = usize::from(reader.u8()?);
        if !(1..=MAX_CHAIN).contains(&count) {
            return Err(Malformed);
        }
        let certificates = (0..count)
            .map(|_| Certificate::decode(reader.piece()?))
            .collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self(certificates))
    }

    /// The rights that the chain gives to its last device, every signature checked.
    ///
    /// # Errors
    /// A link is of another campaign, gives what its issuer may not, or is not signed
    /// rightly ([`Refusal::BadCertificate`]); or it is past its end ([`Refusal::Expired`]); or
    /// it came through an invitation whose holders are accepted one by one, and nobody
    /// accepted yet ([`Refusal::Waiting`]).
    pub fn verify(&self, campaign: &CampaignId, now: Moment) -> Result<Rights, Refusal> {
        let rights = self.wished(campaign, now)?;
        let waits = |certificate: &Certificate| match &certificate.grant.issued {
            Issued::Through(invitation) => invitation.offer.policy == Policy::Approved,
            Issued::By(_) => false,
        };
        if self.0.iter().any(waits) {
            return Err(Refusal::Waiting);
        }
        Ok(rights)
    }

    /// The rights that its last device would have, once it is accepted: as [`Chain::verify`],
    /// whatever the policy of the invitations in it.
    ///
    /// # Errors
    /// As [`Chain::verify`], without [`Refusal::Waiting`].
    pub(crate) fn wished(&self, campaign: &CampaignId, now: Moment) -> Result<Rights, Refusal> {
        let mut rights: Option<Rights> = None;
        for certificate in &self.0 {
            if certificate.grant.campaign != *campaign {
                return Err(Refusal::BadCertificate);
            }
            rights = Some(certificate.check(rights.as_ref())?);
        }
        let rights = rights.ok_or(Refusal::BadCertificate)?;
        if rights.not_after < now {
            return Err(Refusal::Expired);
        }
        Ok(rights)
    }

    /// The rights that the last certificate gives, of a chain that was verified before: nothing
    /// is checked. `None` where it is empty.
    #[must_use]
    pub fn granted(&self) -> Option<Rights> {
        self.0.last().map(|last| last.grant.rights())
    }

    /// The campaign that it says it is of.
    #[must_use]
    pub fn campaign(&self) -> Option<CampaignId> {
        self.0.first().map(|certificate| certificate.grant.campaign)
    }

    /// The invitation that gave the last certificate, where one did.
    #[must_use]
    pub fn invitation(&self) -> Option<&Invitation> {
        match &self.0.last()?.grant.issued {
            Issued::Through(invitation) => Some(invitation),
            Issued::By(_) => None,
        }
    }

    /// The chain of its last certificate's issuer; none where the root key issued it.
    pub(crate) fn above(&self) -> Option<Self> {
        let (_last, above) = self.0.split_last()?;
        (!above.is_empty()).then(|| Self(above.to_vec()))
    }

    /// Where things are sealed to each device of the chain, from the organiser down.
    pub fn receivers(&self) -> impl Iterator<Item = ReceiveKey> + '_ {
        self.0.iter().map(|certificate| certificate.grant.receive)
    }

    /// Every device of the chain, from the organiser down.
    pub fn devices(&self) -> impl Iterator<Item = DeviceId> + '_ {
        self.0.iter().map(|certificate| certificate.grant.subject)
    }
}

fn write_grant(grant: &Grant, writer: &mut Writer) {
    writer
        .u8(VERSION)
        .put(&grant.campaign.0)
        .put(&grant.subject.0)
        .put(&grant.receive.0)
        .u8(grant.role.byte());
    grant.scope.write(writer);
    writer.i64(grant.not_after.0);
    match &grant.issued {
        Issued::By(issuer) => writer.u8(0).put(&issuer.0),
        Issued::Through(invitation) => writer.u8(1).piece(&invitation.encode()),
    };
}

fn read_grant(reader: &mut Reader<'_>) -> Result<Grant, Malformed> {
    if reader.u8()? != VERSION {
        return Err(Malformed);
    }
    Ok(Grant {
        campaign: CampaignId(reader.array()?),
        subject: DeviceId(reader.array()?),
        receive: ReceiveKey(reader.array()?),
        role: Role::from_byte(reader.u8()?)?,
        scope: Scope::read(reader)?,
        not_after: Moment(reader.i64()?),
        issued: match reader.u8()? {
            0 => Issued::By(DeviceId(reader.array()?)),
            1 => Issued::Through(Box::new(Invitation::decode(reader.piece()?)?)),
            _ => return Err(Malformed),
        },
    })
}

fn signed_bytes(grant: &Grant) -> Vec<u8> {
    let mut writer = Writer::starting(SIGNED_AS);
    write_grant(grant, &mut writer);
    writer.done()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{
        id::TeamId,
        invitation::{InvitationSecret, Offer, Policy},
    };

    const NOW: Moment = Moment(1_000);
    const END: Moment = Moment(10_000);
    const TEAM: TeamId = TeamId([7; 16]);

    pub(crate) fn organiser(root: &Secret, device: &Secret) -> Chain {
        Chain::of_organiser(Certificate::sign(
            Grant {
                campaign: root.campaign(),
                subject: device.device(),
                receive: device.receive_key(),
                role: Role::Organiser,
                scope: Scope::Campaign,
                not_after: END,
                issued: Issued::By(root.device()),
            },
            root,
        ))
    }

    fn secrets() -> [Secret; 4] {
        [1, 2, 3, 4].map(|seed| Secret::from_seed(&[seed; 32]))
    }

    fn offer(role: Role) -> Offer {
        Offer {
            role,
            scope: Scope::Team(TEAM),
            policy: Policy::Open,
            uses: 1,
            limit: 12,
            expires: Moment(5_000),
            rights_until: END,
        }
    }

    fn invited(
        chain: &Chain,
        root: &Secret,
        issuer: &Secret,
        role: Role,
        joiner: &Secret,
    ) -> Chain {
        let secret = InvitationSecret([9; 16]);
        let invitation = Invitation::sign(root.campaign(), &secret, offer(role), issuer);
        chain.with(invitation.accept(&secret, joiner))
    }

    #[test]
    fn a_chain_from_root_to_volunteer_holds_through_two_invitations() {
        let [root, organiser_device, lead, volunteer] = secrets();
        let chain = organiser(&root, &organiser_device);
        let chain = invited(&chain, &root, &organiser_device, Role::Lead, &lead);
        let chain = invited(&chain, &root, &lead, Role::Volunteer, &volunteer);
        let read = Chain::decode(&chain.encode()).unwrap();
        assert_eq!(read, chain);
        let rights = read.verify(&root.campaign(), NOW).unwrap();
        assert_eq!(rights.device, volunteer.device());
        assert_eq!(rights.role, Role::Volunteer);
        assert_eq!(rights.scope, Scope::Team(TEAM));
        assert_eq!(read.invitation().unwrap().issuer, lead.device());
    }

    #[test]
    fn an_invitation_whose_holders_are_accepted_gives_no_rights_alone() {
        let [root, organiser_device, lead, volunteer] = secrets();
        let chain = organiser(&root, &organiser_device);
        let secret = InvitationSecret([9; 16]);
        let offer = Offer {
            policy: Policy::Approved,
            ..offer(Role::Lead)
        };
        let invitation = Invitation::sign(root.campaign(), &secret, offer, &organiser_device);
        let asking = chain.with(invitation.accept(&secret, &lead));
        assert_eq!(asking.verify(&root.campaign(), NOW), Err(Refusal::Waiting));
        let wished = asking.wished(&root.campaign(), NOW).unwrap();
        assert_eq!(wished.device, lead.device());
        // Nor does it give what it does not give itself.
        let below = invited(&asking, &root, &lead, Role::Volunteer, &volunteer);
        assert_eq!(below.verify(&root.campaign(), NOW), Err(Refusal::Waiting));
    }

    #[test]
    fn a_volunteer_invites_nobody() {
        let [root, organiser_device, volunteer, other] = secrets();
        let chain = organiser(&root, &organiser_device);
        let chain = invited(
            &chain,
            &root,
            &organiser_device,
            Role::Volunteer,
            &volunteer,
        );
        let chain = invited(&chain, &root, &volunteer, Role::Volunteer, &other);
        assert_eq!(
            chain.verify(&root.campaign(), NOW),
            Err(Refusal::BadCertificate)
        );
    }

    #[test]
    fn a_chain_ends_with_its_certificate() {
        let [root, device, ..] = secrets();
        let chain = organiser(&root, &device);
        assert!(chain.verify(&root.campaign(), END).is_ok());
        assert_eq!(
            chain.verify(&root.campaign(), Moment(END.0 + 1)),
            Err(Refusal::Expired)
        );
    }

    #[test]
    fn another_root_gives_nothing() {
        let [root, device, other, _] = secrets();
        let chain = organiser(&root, &device);
        assert_eq!(
            chain.verify(&other.campaign(), NOW),
            Err(Refusal::BadCertificate)
        );
    }

    #[test]
    fn a_chain_does_not_outlive_its_issuer_and_is_not_widened() {
        let [root, organiser_device, lead, _] = secrets();
        let chain = organiser(&root, &organiser_device);
        let secret = InvitationSecret([9; 16]);
        let long = Offer {
            rights_until: Moment(END.0 + 1),
            ..offer(Role::Lead)
        };
        let invitation = Invitation::sign(root.campaign(), &secret, long, &organiser_device);
        let too_long = chain.with(invitation.accept(&secret, &lead));
        assert!(too_long.verify(&root.campaign(), NOW).is_err());

        let invitation = Invitation::sign(
            root.campaign(),
            &secret,
            offer(Role::Volunteer),
            &organiser_device,
        );
        let mut widened = invitation.accept(&secret, &lead).grant;
        widened.role = Role::Lead;
        let widened = chain.with(Certificate::sign(widened, &secret.secret()));
        assert_eq!(
            widened.verify(&root.campaign(), NOW),
            Err(Refusal::BadCertificate)
        );
    }

    #[test]
    fn a_changed_byte_never_passes() {
        let [root, organiser_device, lead, _] = secrets();
        let chain = organiser(&root, &organiser_device);
        let chain = invited(&chain, &root, &organiser_device, Role::Lead, &lead);
        let bytes = chain.encode();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let passed = Chain::decode(&changed)
                .map_err(Refusal::from)
                .and_then(|chain| chain.verify(&root.campaign(), NOW));
            assert!(passed.is_err(), "byte {at}");
        }
    }
}

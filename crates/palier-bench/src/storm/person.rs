//! A device with nothing but its keys, its chain and its place in one space.

use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DocumentId, EnvelopeId, SpaceId, TeamId},
    key::Secret,
    moment::{Millis, Moment},
    rights::{Role, Scope},
};

/// A device that signs.
pub(super) struct Person {
    secret: Secret,
    campaign: CampaignId,
    space: SpaceId,
    chain: Chain,
    seq: u64,
    last: EnvelopeId,
}

/// Bytes of a shift of sixty visits, sealed.
const SHIFT_BYTES: usize = 3_500;

impl Person {
    /// The organiser, by the campaign's root key.
    pub(super) fn organiser(root: &Secret, now: Moment) -> Self {
        let secret = key(0);
        let campaign = root.campaign();
        let issued = Issued::By(root.device());
        let grant = grant(
            campaign,
            &secret,
            Role::Organiser,
            Scope::Campaign,
            issued,
            now,
        );
        let chain = Chain::of_organiser(Certificate::sign(grant, root));
        Self::new(secret, campaign, campaign.space(), chain)
    }

    /// A volunteer of a team, whose certificate this one signs.
    pub(super) fn volunteer(&self, number: u32, team: TeamId, now: Moment) -> Self {
        let secret = key(number);
        let issued = Issued::By(self.secret.device());
        let scope = Scope::Team(team);
        let grant = grant(self.campaign, &secret, Role::Volunteer, scope, issued, now);
        let chain = self.chain.with(Certificate::sign(grant, &self.secret));
        Self::new(secret, self.campaign, team.space(), chain)
    }

    const fn new(secret: Secret, campaign: CampaignId, space: SpaceId, chain: Chain) -> Self {
        Self {
            secret,
            campaign,
            space,
            chain,
            seq: 0,
            last: EnvelopeId::NONE,
        }
    }

    pub(super) const fn space(&self) -> SpaceId {
        self.space
    }

    pub(super) fn introduction(&mut self) -> Vec<u8> {
        let chain = self.chain.encode();
        self.write(Kind::Certificate, DocumentId::NONE, chain)
    }

    pub(super) fn shift(&mut self) -> Vec<u8> {
        self.write(Kind::Shift, DocumentId([5; 16]), vec![9; SHIFT_BYTES])
    }

    fn write(&mut self, kind: Kind, document: DocumentId, body: Vec<u8>) -> Vec<u8> {
        self.seq += 1;
        let header = Header {
            kind,
            campaign: self.campaign,
            space: self.space,
            document,
            key_epoch: u32::from(kind.is_sealed()),
            device: self.secret.device(),
            device_seq: self.seq,
            previous: self.last,
        };
        let bytes = Envelope::sign(header, body, &self.secret).encode();
        self.last = EnvelopeId::of(&bytes);
        bytes
    }
}

/// The keys of the device with a number; 0 is the organiser's.
pub(super) fn key(number: u32) -> Secret {
    let mut seed = [1; 32];
    let (first, _rest) = seed.split_at_mut(4);
    first.copy_from_slice(&number.to_be_bytes());
    Secret::from_seed(&seed)
}

fn grant(
    campaign: CampaignId,
    device: &Secret,
    role: Role,
    scope: Scope,
    issued: Issued,
    now: Moment,
) -> Grant {
    Grant {
        campaign,
        subject: device.device(),
        receive: device.receive_key(),
        role,
        scope,
        // Nobody's rights last longer than the organiser's.
        not_after: now.after(Millis::days(if role == Role::Organiser { 30 } else { 20 })),
        issued,
    }
}

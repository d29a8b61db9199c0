//! Devices of a small campaign, with nothing but the core.

use std::collections::HashMap;

use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    document::{Actor, Document, batch, report},
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    invitation::{Invitation, InvitationRecord, InvitationSecret, Offer, Policy},
    key::Secret,
    moment::{Millis, Moment},
    request::JoinRequest,
    revocation::Revocation,
    rights::{Role, Scope},
};

pub(crate) const NOW: Moment = Moment(1_773_590_400_000);
pub(crate) const TEAM: TeamId = TeamId([7; 16]);
pub(crate) const OTHER_TEAM: TeamId = TeamId([8; 16]);

pub(crate) fn root() -> Secret {
    Secret::from_seed(&[200; 32])
}

pub(crate) fn campaign() -> CampaignId {
    root().campaign()
}

pub(crate) fn secret(seed: u16) -> Secret {
    let mut bytes = [0; 32];
    bytes[..2].copy_from_slice(&seed.to_be_bytes());
    Secret::from_seed(&bytes)
}

/// A certificate that ends after the first month.
fn certify(device: &Secret, role: Role, scope: Scope, by: &Secret) -> Certificate {
    certify_until(NOW.after(Millis::days(30)), device, role, scope, by)
}

fn certify_until(
    not_after: Moment,
    device: &Secret,
    role: Role,
    scope: Scope,
    by: &Secret,
) -> Certificate {
    let grant = Grant {
        campaign: campaign(),
        subject: device.device(),
        receive: device.receive_key(),
        role,
        scope,
        not_after,
        issued: Issued::By(by.device()),
    };
    Certificate::sign(grant, by)
}

/// One device, and where its sequences stand.
pub(crate) struct Device {
    pub(crate) secret: Secret,
    pub(crate) chain: Chain,
    last: HashMap<SpaceId, (u64, EnvelopeId)>,
    report: Option<Document>,
}

impl Device {
    pub(crate) fn with(secret: Secret, chain: Chain) -> Self {
        Self {
            secret,
            chain,
            last: HashMap::new(),
            report: None,
        }
    }

    /// An organiser, by the root key.
    pub(crate) fn organiser(seed: u16) -> Self {
        Self::renewed_organiser(seed, Millis::days(30))
    }

    /// An organiser whose rights hold for so long from the beginning.
    pub(crate) fn renewed_organiser(seed: u16, span: Millis) -> Self {
        let (device, until) = (secret(seed), NOW.after(span));
        let certificate = certify_until(until, &device, Role::Organiser, Scope::Campaign, &root());
        Self::with(device, Chain::of_organiser(certificate))
    }

    /// A device whose certificate this one signs by hand.
    pub(crate) fn appoint(&self, seed: u16, role: Role, scope: Scope) -> Self {
        let device = secret(seed);
        let certificate = certify(&device, role, scope, &self.secret);
        Self::with(device, self.chain.with(certificate))
    }

    /// The same, until so long from the beginning; organisers are appointed by the root key.
    pub(crate) fn appoint_for(&self, span: Millis, seed: u16, role: Role, scope: Scope) -> Self {
        if role == Role::Organiser {
            return Self::renewed_organiser(seed, span);
        }
        let device = secret(seed);
        let certificate = certify_until(NOW.after(span), &device, role, scope, &self.secret);
        Self::with(device, self.chain.with(certificate))
    }

    /// A device that this one's invitation lets in.
    pub(crate) fn invited(seed: u16, record: &InvitationRecord, by: &InvitationSecret) -> Self {
        let device = secret(seed);
        let certificate = record.invitation.accept(by, &device);
        let chain = record.issuer.with(certificate);
        Self::with(device, chain)
    }

    pub(crate) fn id(&self) -> DeviceId {
        self.secret.device()
    }

    /// The next envelope of the device in a space.
    pub(crate) fn write(
        &mut self,
        space: SpaceId,
        kind: Kind,
        document: DocumentId,
        body: Vec<u8>,
    ) -> Vec<u8> {
        let (seq, previous) = self
            .last
            .get(&space)
            .copied()
            .unwrap_or((0, EnvelopeId::NONE));
        let bytes = self.write_at(space, kind, document, body, seq + 1, previous);
        self.last.insert(space, (seq + 1, EnvelopeId::of(&bytes)));
        bytes
    }

    /// The next envelope of the device in a space; its sequence stays where it is.
    pub(crate) fn next(
        &self,
        space: SpaceId,
        kind: Kind,
        document: DocumentId,
        body: Vec<u8>,
    ) -> Vec<u8> {
        let (seq, previous) = match (kind, self.last.get(&space)) {
            (Kind::Request, _) | (_, None) => (0, EnvelopeId::NONE),
            (_, Some(last)) => *last,
        };
        self.write_at(space, kind, document, body, seq + 1, previous)
    }

    /// An envelope was stored, so that the next one stands after it.
    pub(crate) fn took(&mut self, space: SpaceId, envelope: &[u8]) {
        let (seq, _) = self
            .last
            .get(&space)
            .copied()
            .unwrap_or((0, EnvelopeId::NONE));
        self.last.insert(space, (seq + 1, EnvelopeId::of(envelope)));
    }

    /// A report of its own, in a document that nobody wrote before.
    pub(crate) fn report_body(&self, wanted: &report::Report) -> Vec<u8> {
        let actor = Actor::of(&self.secret.device(), 1);
        let mut document = Document::new(Kind::Report, actor).unwrap();
        let change = report::write(&mut document, wanted, NOW).unwrap().unwrap();
        batch::pack([change.as_slice()]).unwrap()
    }

    /// The chain of a new volunteer of the team, that ends before its own.
    pub(crate) fn appoints_briefly(&self) -> Vec<u8> {
        let (role, scope) = (Role::Volunteer, Scope::Team(TEAM));
        let appointed = self.appoint_for(Millis::days(10), 4_000, role, scope);
        appointed.chain.encode()
    }

    /// What a request to join holds.
    pub(crate) fn request_body(&self) -> Vec<u8> {
        let chain = self.chain.clone();
        let names = Vec::new();
        JoinRequest { chain, names }.encode()
    }

    /// An envelope at any place of the sequence; the sequence stays where it is.
    pub(crate) fn write_at(
        &self,
        space: SpaceId,
        kind: Kind,
        document: DocumentId,
        body: Vec<u8>,
        device_seq: u64,
        previous: EnvelopeId,
    ) -> Vec<u8> {
        let header = Header {
            kind,
            campaign: campaign(),
            space,
            document,
            key_epoch: u32::from(kind.is_sealed()),
            device: self.id(),
            device_seq,
            previous,
        };
        Envelope::sign(header, body, &self.secret).encode()
    }

    pub(crate) fn introduction(&mut self, space: SpaceId) -> Vec<u8> {
        let chain = self.chain.encode();
        self.write(space, Kind::Certificate, DocumentId::NONE, chain)
    }

    /// A request to join, by the invitation that the device holds. It stands in no line.
    pub(crate) fn asks(&self) -> Vec<u8> {
        self.asks_for(&self.chain, 0)
    }

    /// A request with many sealed names.
    pub(crate) fn asks_at_length(&self, extra: usize) -> Vec<u8> {
        self.asks_for(&self.chain, extra)
    }

    /// A request by another invitation.
    pub(crate) fn asks_with(&self, record: &InvitationRecord, by: &InvitationSecret) -> Vec<u8> {
        let certificate = record.invitation.accept(by, &self.secret);
        self.asks_for(&record.issuer.with(certificate), 0)
    }

    fn asks_for(&self, chain: &Chain, extra: usize) -> Vec<u8> {
        let request = JoinRequest {
            chain: chain.clone(),
            names: Vec::new(),
        };
        let mut body = request.encode();
        body.resize(body.len() + extra, 0);
        let (space, none) = (TEAM.space(), EnvelopeId::NONE);
        self.write_at(space, Kind::Request, DocumentId::NONE, body, 1, none)
    }

    /// Accepts a device into the team: its chain from now on, in an envelope of this one's.
    pub(crate) fn accepts(&mut self, device: &mut Self, role: Role) -> Vec<u8> {
        let team = Scope::Team(TEAM);
        let certificate = certify(&device.secret, role, team, &self.secret);
        device.chain = self.chain.with(certificate);
        let chain = device.chain.encode();
        self.write(TEAM.space(), Kind::Certificate, DocumentId::NONE, chain)
    }

    /// A sealed shift; the relay reads none of it.
    pub(crate) fn shift(&mut self, space: SpaceId, size: usize) -> Vec<u8> {
        self.write(space, Kind::Shift, DocumentId([5; 16]), vec![9; size])
    }

    pub(crate) fn revocation(&mut self, space: SpaceId, device: DeviceId) -> Vec<u8> {
        let body = Revocation::of(device).encode();
        self.write(space, Kind::Revocation, DocumentId::NONE, body)
    }

    /// An invitation of the device, not yet written.
    pub(crate) fn offers(&self, secret: u8, offer: Offer) -> (InvitationRecord, InvitationSecret) {
        let secret = InvitationSecret([secret; 16]);
        let record = InvitationRecord {
            invitation: Invitation::sign(campaign(), &secret, offer, &self.secret),
            issuer: self.chain.clone(),
            campaign_name: "Campagne".into(),
            team_name: "Équipe".into(),
            keys: Vec::new(),
        };
        (record, secret)
    }

    pub(crate) fn invites(&mut self, record: &InvitationRecord) -> Vec<u8> {
        let space = record.invitation.offer.scope.home(&campaign());
        self.write(space, Kind::Invitation, DocumentId::NONE, record.encode())
    }

    /// An invitation of this device once more, whose users must be accepted from now on.
    pub(crate) fn asks_from_now_on(&mut self, record: &InvitationRecord) -> Vec<u8> {
        let invitation = &record.invitation;
        let offer = Offer {
            policy: Policy::Approved,
            ..invitation.offer.clone()
        };
        self.invites(&InvitationRecord {
            invitation: invitation.offering(offer, &self.secret),
            ..record.clone()
        })
    }

    /// The envelope that brings this device's one report to what it should say.
    pub(crate) fn reports(&mut self, wanted: &report::Report) -> Vec<u8> {
        let document = self.report.get_or_insert_with(|| {
            let actor = Actor::of(&self.secret.device(), 1);
            Document::new(Kind::Report, actor).unwrap()
        });
        let change = report::write(document, wanted, NOW).unwrap().unwrap();
        let body = batch::pack([change.as_slice()]).unwrap();
        let id = DocumentId::report(&self.id(), &wanted.day, wanted.team);
        self.write(campaign().reports_space(), Kind::Report, id, body)
    }
}

/// An open invitation of volunteers into a team.
pub(crate) fn open_offer(team: TeamId, uses: u16, limit: u16) -> Offer {
    Offer {
        role: Role::Volunteer,
        scope: Scope::Team(team),
        policy: Policy::Open,
        uses,
        limit,
        expires: NOW.after(Millis::days(7)),
        rights_until: NOW.after(Millis::days(20)),
    }
}

//! What the devices of a town wrote and signed.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    document::{Actor, Document, batch, shift},
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DocumentId, EnvelopeId, SpaceId, TeamId, VisitId},
    key::{Secret, TeamKey},
    moment::{Millis, Moment},
    outcome::Outcome,
    rights::{Role, Scope},
    seal::seal_body,
    visit::{Entry, Visit},
    wire::{Asked, Proof, write_push},
};

use super::Size;

/// Members of a team.
const TEAM_SIZE: usize = 12;

/// One signed request.
pub(super) struct Push {
    /// The value of its `authorization` header.
    pub(super) proof: String,
    /// Its body.
    pub(super) body: Vec<u8>,
    /// How many envelopes are in it.
    pub(super) envelopes: usize,
}

/// All that is pushed.
pub(super) struct Town {
    /// To be pushed first, in order.
    pub(super) introductions: Vec<Push>,
    /// What each device pushes, in its order.
    pub(super) pushes: Vec<Vec<Push>>,
}

impl Town {
    /// A campaign of its own, with teams of twelve, each member writing its share.
    pub(super) fn write(size: Size) -> Result<Self> {
        let now = now()?;
        let root = Secret::from_seed(&seed(u64::try_from(now.0)?, 0));
        let writer = Writer {
            campaign: root.campaign(),
            now,
        };
        let device = Secret::from_seed(&seed(u64::try_from(now.0)?, 1));
        let grant = writer.grant(&device, Role::Organiser, Scope::Campaign, &root);
        let organiser = (Chain::of_organiser(Certificate::sign(grant, &root)), device);
        let begins = writer.envelope(
            &organiser.1,
            (writer.campaign.space(), 1, EnvelopeId::NONE),
            Kind::Certificate,
            organiser.0.encode(),
        );
        let mut town = Self {
            introductions: vec![writer.push(&organiser.1, &[begins])],
            pushes: Vec::new(),
        };
        let each = size.envelopes / size.devices;
        for number in 0..size.devices {
            let (introduction, pushes) = writer.member(&organiser, number, each, size)?;
            town.introductions.push(introduction);
            town.pushes.push(pushes);
        }
        Ok(town)
    }
}

struct Writer {
    campaign: CampaignId,
    now: Moment,
}

impl Writer {
    fn grant(&self, device: &Secret, role: Role, scope: Scope, by: &Secret) -> Grant {
        Grant {
            campaign: self.campaign,
            subject: device.device(),
            receive: device.receive_key(),
            role,
            scope,
            not_after: self.now.after(Millis::days(30)),
            issued: Issued::By(by.device()),
        }
    }

    /// A member's introduction, and its shift in as many envelopes as asked.
    fn member(
        &self,
        (chain, organiser): &(Chain, Secret),
        number: usize,
        envelopes: usize,
        size: Size,
    ) -> Result<(Push, Vec<Push>)> {
        let secret = Secret::from_seed(&seed(u64::try_from(self.now.0)?, 2 + number as u64));
        let team = seed((number / TEAM_SIZE) as u64, 78);
        let team = TeamId(*team.first_chunk().context("no team")?);
        let grant = self.grant(&secret, Role::Volunteer, Scope::Team(team), organiser);
        let chain = chain.with(Certificate::sign(grant, organiser));
        let space = team.space();
        let first = self.envelope(
            &secret,
            (space, 1, EnvelopeId::NONE),
            Kind::Certificate,
            chain.encode(),
        );
        let mut last = EnvelopeId::of(&first);
        let introduction = self.push(&secret, &[first]);
        let mut shift = Shift::open(&secret, self.now)?;
        let mut written = Vec::new();
        for place in 0..envelopes {
            let body = shift.visit(size.visits)?;
            let place = (space, place as u64 + 2, last);
            let bytes = self.envelope(&secret, place, Kind::Shift, body);
            last = EnvelopeId::of(&bytes);
            written.push(bytes);
        }
        let pushes = written.chunks(size.together);
        Ok((
            introduction,
            pushes.map(|some| self.push(&secret, some)).collect(),
        ))
    }

    fn envelope(
        &self,
        secret: &Secret,
        (space, device_seq, previous): (SpaceId, u64, EnvelopeId),
        kind: Kind,
        body: Vec<u8>,
    ) -> Vec<u8> {
        let header = Header {
            kind,
            campaign: self.campaign,
            space,
            document: match kind.is_document() {
                true => DocumentId([6; 16]),
                false => DocumentId::NONE,
            },
            key_epoch: u32::from(kind.is_sealed()),
            device: secret.device(),
            device_seq,
            previous,
        };
        Envelope::sign(header, body, secret).encode()
    }

    fn push(&self, secret: &Secret, envelopes: &[Vec<u8>]) -> Push {
        let body = write_push(envelopes.iter().map(Vec::as_slice));
        let asked = Asked {
            method: "POST",
            path_and_query: "/v1/push",
            body: &body,
        };
        Push {
            proof: Proof::sign(self.campaign, secret, self.now, asked).header(),
            envelopes: envelopes.len(),
            body,
        }
    }
}

/// A device's shifts: real changes, sealed.
struct Shift {
    actor: Actor,
    document: Document,
    now: Moment,
    visits: u64,
}

impl Shift {
    fn open(secret: &Secret, now: Moment) -> Result<Self> {
        let actor = Actor::of(&secret.device(), 1);
        Ok(Self {
            actor,
            document: opened(actor, now)?,
            now,
            visits: 0,
        })
    }

    /// The sealed body of the next so many visits.
    fn visit(&mut self, count: usize) -> Result<Vec<u8>> {
        if self.visits > 400 {
            *self = Self {
                document: opened(self.actor, self.now)?,
                visits: 0,
                ..*self
            };
        }
        let mut changes = Vec::new();
        for _ in 0..count {
            self.visits += 1;
            changes.push(self.record()?);
        }
        let body = batch::pack(changes.iter().map(Vec::as_slice))?;
        let key = TeamKey {
            epoch: 1,
            bytes: [5; 32],
        };
        Ok(seal_body(&key, [9; 24], &[0; 142], &body)?)
    }

    fn record(&mut self) -> Result<Vec<u8>> {
        let number = self.visits;
        let id = seed(number, 77).first_chunk().copied();
        let entry = Entry {
            id: VisitId(id.context("no id")?),
            replaces: None,
            visit: Some(Visit {
                door: format!("00001_{:04}_{number:05}", number % 40),
                outcome: (Outcome::ALL.into_iter().cycle())
                    .nth(usize::try_from(number % 4)?)
                    .context("no outcome")?,
                at: self.now,
                leaflet: number.is_multiple_of(3),
                back: None,
            }),
        };
        let change = shift::record(&mut self.document, &[entry], self.now)?;
        change.context("a visit is a change")
    }
}

fn opened(actor: Actor, now: Moment) -> Result<Document> {
    let mut document = Document::new(Kind::Shift, actor)?;
    shift::open(&mut document, DocumentId([3; 16]), now)?;
    Ok(document)
}

fn now() -> Result<Moment> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Moment(i64::try_from(since.as_millis())?))
}

/// Bytes that differ for each pair of numbers.
fn seed(one: u64, other: u64) -> [u8; 32] {
    EnvelopeId::of(&[one.to_be_bytes(), other.to_be_bytes()].concat()).0
}

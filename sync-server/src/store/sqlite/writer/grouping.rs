//! However many pushes share a commit, and whatever the writer remembers of the one before,
//! answers and rows are those of one commit a push on a writer that remembers nothing.

use std::collections::HashMap;

use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    document::{Actor, Document, batch, report},
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    invitation::{Invitation, InvitationRecord, InvitationSecret, Offer, Policy},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    request::JoinRequest,
    revocation::Revocation,
    rights::{Role, Scope},
    tally::Tally,
};
use rusqlite::types::Value;

use super::*;
use crate::{accept::Candidate, store::sqlite::open};

/// How many orders are tried.
const SEEDS: u64 = 60;
const NOW: Moment = Moment(1_773_590_400_000);
const LATER: Moment = Moment(NOW.0 + 1_000_000);
const TEAM: TeamId = TeamId([7; 16]);

fn root() -> Secret {
    Secret::from_seed(&[200; 32])
}

fn campaign() -> CampaignId {
    root().campaign()
}

/// A device that writes; what it wrote is kept in order.
struct Writes {
    secret: Secret,
    chain: Chain,
    last: HashMap<SpaceId, (u64, EnvelopeId)>,
}

impl Writes {
    fn new(seed: u8, role: Role, scope: Scope, not_after: Moment, by: Option<&Self>) -> Self {
        let secret = Secret::from_seed(&[seed; 32]);
        let root = root();
        let issuer = by.map_or(&root, |by| &by.secret);
        let grant = Grant {
            campaign: campaign(),
            subject: secret.device(),
            receive: secret.receive_key(),
            role,
            scope,
            not_after,
            issued: Issued::By(issuer.device()),
        };
        let certificate = Certificate::sign(grant, issuer);
        let chain = match by {
            Some(by) => by.chain.with(certificate),
            None => Chain::of_organiser(certificate),
        };
        let last = HashMap::new();
        Self {
            secret,
            chain,
            last,
        }
    }

    fn invited(seed: u8, (record, by): &(InvitationRecord, InvitationSecret)) -> Self {
        let secret = Secret::from_seed(&[seed; 32]);
        let chain = record.issuer.with(record.invitation.accept(by, &secret));
        let last = HashMap::new();
        Self {
            secret,
            chain,
            last,
        }
    }

    fn id(&self) -> DeviceId {
        self.secret.device()
    }

    fn at(
        &self,
        space: SpaceId,
        kind: Kind,
        document: DocumentId,
        body: Vec<u8>,
        (device_seq, previous): (u64, EnvelopeId),
    ) -> Candidate {
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
        let bytes = Envelope::sign(header, body, &self.secret).encode();
        Candidate::read(bytes.into(), &campaign()).unwrap()
    }

    fn write(&mut self, space: SpaceId, kind: Kind, body: Vec<u8>) -> Candidate {
        let document = match kind.is_document() {
            true => DocumentId([5; 16]),
            false => DocumentId::NONE,
        };
        self.write_document(space, kind, document, body)
    }

    fn write_document(
        &mut self,
        space: SpaceId,
        kind: Kind,
        document: DocumentId,
        body: Vec<u8>,
    ) -> Candidate {
        let last = self.last.get(&space).copied();
        let (seq, previous) = last.unwrap_or((0, EnvelopeId::NONE));
        let candidate = self.at(space, kind, document, body, (seq + 1, previous));
        self.last.insert(space, (seq + 1, candidate.id));
        candidate
    }

    fn introduction(&mut self, space: SpaceId) -> Candidate {
        let chain = self.chain.encode();
        self.write(space, Kind::Certificate, chain)
    }

    fn shift(&mut self, size: usize) -> Candidate {
        self.write(TEAM.space(), Kind::Shift, vec![9; size])
    }

    fn invites(
        &mut self,
        seed: u8,
        policy: Policy,
    ) -> (Candidate, (InvitationRecord, InvitationSecret)) {
        let secret = InvitationSecret([seed; 16]);
        let offer = Offer {
            role: Role::Volunteer,
            scope: Scope::Team(TEAM),
            policy,
            uses: 2,
            limit: 5,
            expires: LATER,
            rights_until: LATER,
        };
        let record = InvitationRecord {
            invitation: Invitation::sign(campaign(), &secret, offer, &self.secret),
            issuer: self.chain.clone(),
            campaign_name: "Campagne".into(),
            team_name: "Équipe".into(),
            keys: Vec::new(),
        };
        let body = record.encode();
        (
            self.write(TEAM.space(), Kind::Invitation, body),
            (record, secret),
        )
    }

    fn accepts(&mut self, other: &mut Self) -> Candidate {
        let grant = Grant {
            campaign: campaign(),
            subject: other.id(),
            receive: other.secret.receive_key(),
            role: Role::Volunteer,
            scope: Scope::Team(TEAM),
            not_after: LATER,
            issued: Issued::By(self.id()),
        };
        other.chain = self.chain.with(Certificate::sign(grant, &self.secret));
        let chain = other.chain.encode();
        self.write(TEAM.space(), Kind::Certificate, chain)
    }

    fn asks(&self) -> Candidate {
        let request = JoinRequest {
            chain: self.chain.clone(),
            names: Vec::new(),
        };
        let first = (1, EnvelopeId::NONE);
        let (space, none) = (TEAM.space(), DocumentId::NONE);
        self.at(space, Kind::Request, none, request.encode(), first)
    }

    /// Three changes of one report.
    fn reports(&mut self) -> Vec<Candidate> {
        let mut document = Document::new(Kind::Report, Actor::of(&self.id(), 1)).unwrap();
        let day = "2026-03-15";
        let id = DocumentId::report(&self.id(), day, Some(TEAM));
        let mut written = Vec::new();
        for absent in 1..=3 {
            let tally = Tally {
                absent,
                ..Tally::default()
            };
            let wanted = report::Report {
                day: day.into(),
                team: Some(TEAM),
                stations: [("1251".to_owned(), tally)].into(),
                ..report::Report::default()
            };
            let change = report::write(&mut document, &wanted, NOW).unwrap().unwrap();
            let body = batch::pack([change.as_slice()]).unwrap();
            let space = campaign().reports_space();
            written.push(self.write_document(space, Kind::Report, id, body));
        }
        written
    }
}

/// What a team writes, in an order in which nearly all of it is taken, and who may push it.
fn story() -> (Vec<Candidate>, Vec<DeviceId>) {
    let scope = || Scope::Team(TEAM);
    let (home, team, reports) = (campaign().space(), TEAM.space(), campaign().reports_space());
    let mut organiser = Writes::new(1, Role::Organiser, Scope::Campaign, LATER, None);
    let mut lead = Writes::new(2, Role::Lead, scope(), LATER, Some(&organiser));
    let mut merle = Writes::new(3, Role::Volunteer, scope(), LATER, Some(&organiser));
    let ended = Moment(NOW.0 - 1);
    let mut late = Writes::new(4, Role::Volunteer, scope(), ended, Some(&organiser));
    let mut story = vec![
        organiser.introduction(home),
        organiser.introduction(team),
        lead.introduction(team),
    ];
    let (opens, open) = lead.invites(1, Policy::Open);
    let (approves, approved) = lead.invites(2, Policy::Approved);
    let mut invited = [5, 6, 7].map(|seed| Writes::invited(seed, &open));
    let mut asking = Writes::invited(8, &approved);
    story.extend([opens, approves, merle.introduction(team), asking.asks()]);
    let fork = merle.at(
        team,
        Kind::Shift,
        DocumentId([5; 16]),
        vec![1],
        (2, EnvelopeId::of(&story[5].bytes)),
    );
    story.extend([merle.shift(3), fork, merle.shift(4)]);
    for device in &mut invited {
        story.extend([device.introduction(team), device.shift(2)]);
    }
    story.push(merle.introduction(reports));
    story.extend(merle.reports());
    story.extend([
        lead.accepts(&mut asking),
        asking.introduction(team),
        asking.shift(5),
        late.introduction(team),
        late.shift(6),
    ]);
    let device = invited[0].id();
    let revocation = Revocation::of(device).encode();
    story.extend([
        organiser.write(home, Kind::Revocation, revocation),
        invited[0].shift(7),
        lead.shift(8),
        invited[1].introduction(reports),
    ]);
    let pushers = vec![organiser.id(), lead.id(), merle.id(), device];
    (story, pushers)
}

/// Numbers that follow from a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// The story with some of it out of order, twice, or never, in pushes of a few envelopes.
fn pushes(chance: &mut Chance, story: &[Candidate], pushers: &[DeviceId]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..story.len()).collect();
    for _ in 0..chance.below(6) {
        let place = chance.below(order.len() - 1);
        order.swap(place, place + 1);
    }
    for _ in 0..chance.below(8) {
        let (one, place) = (chance.below(story.len()), chance.below(order.len()));
        order.insert(place, one);
    }
    if chance.below(3) == 0 {
        order.remove(chance.below(order.len()));
    }
    let mut pushes = Vec::new();
    while !order.is_empty() {
        let size = (1 + chance.below(4)).min(order.len());
        // The first number of a push says who pushes; past the pushers, it is the writer.
        let mut push = vec![chance.below(pushers.len() * 3)];
        push.extend(order.drain(..size));
        pushes.push(push);
    }
    pushes
}

fn batch_of(push: &[usize], story: &[Candidate], pushers: &[DeviceId]) -> Batch {
    let (who, envelopes) = push.split_first().unwrap();
    let writer = story[envelopes[0]].envelope.header.device;
    Batch {
        device: pushers.get(*who).copied().unwrap_or(writer),
        candidates: envelopes
            .iter()
            .map(|one| Ok(story[*one].clone()))
            .collect(),
        at: NOW,
    }
}

fn taken(batches: Vec<Batch>) -> Taken {
    Taken {
        batches,
        ..Taken::default()
    }
}

/// Every row of every table that a push can change.
fn rows(db: &Connection) -> Vec<(String, Vec<Vec<Value>>)> {
    let tables = [
        "spaces",
        "log",
        "introductions",
        "revocations",
        "invitations",
        "redemptions",
        "requests",
        "reports",
        "tallies",
        "turnout",
    ];
    let read = |table: &str| {
        let mut statement = db
            .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3"))
            .unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        let found = statement.query_map([], row).unwrap();
        found.map(Result::unwrap).collect()
    };
    tables.map(|table| (table.to_owned(), read(table))).into()
}

#[test]
fn answers_and_rows_do_not_follow_from_what_shares_a_commit() {
    let (story, pushers) = story();
    let mut seen = HashMap::new();
    for seed in 1..=SEEDS {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let pushes = pushes(&mut chance, &story, &pushers);
        let batches = || pushes.iter().map(|push| batch_of(push, &story, &pushers));

        let mut alone = Desk::new(open::scratch(NOW).unwrap());
        let mut expected = Vec::new();
        for batch in batches() {
            alone.facts = Facts::default();
            expected.extend(alone.write(&taken(vec![batch])).unwrap().pushed);
        }

        let mut together = Desk::new(open::scratch(NOW).unwrap());
        let mut found = Vec::new();
        let mut waiting: Vec<Batch> = batches().collect();
        while !waiting.is_empty() {
            let size = (1 + chance.below(9)).min(waiting.len());
            let some = taken(waiting.drain(..size).collect());
            // A commit that fails leaves nothing behind, not even in memory.
            if chance.below(4) == 0 {
                together.db.execute_batch(FAILS).unwrap();
                let grows = together.write(&some).is_err();
                together.db.execute_batch("DROP TRIGGER fails").unwrap();
                if !grows {
                    // It held nothing new: it was written, and changed nothing.
                    assert!(together.write(&some).is_ok(), "seed {seed}");
                }
            }
            found.extend(together.write(&some).unwrap().pushed);
        }

        assert_eq!(found, expected, "seed {seed}");
        assert_eq!(rows(&together.db), rows(&alone.db), "seed {seed}");
        for pushed in expected.into_iter().flatten() {
            let word = match pushed {
                Pushed::Stored(_) => "stored".to_owned(),
                Pushed::Duplicate(_) => "duplicate".to_owned(),
                Pushed::Refused(refusal) => refusal.to_string(),
            };
            *seen.entry(word).or_insert(0) += 1;
        }
    }
    // The orders meet all of what the story is about.
    for refusal in [
        Refusal::Fork,
        Refusal::Gap,
        Refusal::Waiting,
        Refusal::Expired,
        Refusal::Revoked,
        Refusal::TeamFull,
        Refusal::InvitationUsed,
        Refusal::UnknownDevice,
    ] {
        assert!(
            seen.contains_key(&refusal.to_string()),
            "{refusal} {seen:?}"
        );
    }
    assert!(
        seen.contains_key("duplicate") && seen["stored"] > 1_000,
        "{seen:?}"
    );
}

/// The first new envelope of a commit makes it fail.
const FAILS: &str = "CREATE TRIGGER fails AFTER INSERT ON log
     BEGIN SELECT RAISE(ABORT, 'as asked'); END;";

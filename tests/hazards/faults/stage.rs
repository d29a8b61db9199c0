//! What a volunteer meets in the session: prepared once, by an organiser whose disk is sound.

use std::sync::LazyLock;

use palier_core::{
    envelope::Envelope,
    id::{Incarnation, SpaceId},
    invitation::{InvitationRecord, Link, Policy},
    outcome::Outcome,
    rights::Role,
    wire::{Page, PushAnswer, Pushed},
};
use palier_device::{
    Clock, Device,
    device::{NewVisit, Wanted},
};

use crate::town::{self, TEAM};

/// The relay of the session, which is only its answers.
pub(super) const INCARNATION: Incarnation = Incarnation([7; 16]);
/// How many addresses the town has.
const ADDRESSES: usize = 4;

/// Everything that comes to the volunteer.
pub(super) struct Stage {
    pub(super) link: Link,
    pub(super) record: Vec<u8>,
    /// The campaign's log, and the team's.
    pub(super) pages: [(SpaceId, Page); 2],
    /// What comes later in the team's log.
    pub(super) more: (SpaceId, Page),
    pub(super) territory: (String, Vec<u8>),
    pub(super) doors: Vec<String>,
}

pub(super) static STAGE: LazyLock<Stage> = LazyLock::new(Stage::build);

impl Stage {
    fn build() -> Self {
        let mut organiser = Device::in_memory(Clock::System).unwrap();
        organiser
            .create_campaign("Campagne", "http://127.0.0.1:1", None)
            .unwrap();
        town::prepare(&mut organiser, ADDRESSES, Policy::Open);
        let wanted = Wanted {
            role: Role::Volunteer,
            team: Some(TEAM.into()),
            station: None,
            expires: None,
            uses: None,
        };
        let link = Link::parse(&organiser.invite(&wanted).unwrap().link).unwrap();
        let territory = organiser.unsent_territory().unwrap().unwrap();
        let doors = town::doors(&organiser);
        let [campaign, team] = organiser.spaces().unwrap()[..] else {
            panic!("an organiser with one team reads two spaces");
        };
        let before = sent(&mut organiser);
        let record = before.iter().find_map(|bytes| record_in(bytes)).unwrap();
        let visit = NewVisit {
            door: doors[0].clone(),
            outcome: Outcome::Absent,
            at: None,
            leaflet: false,
        };
        organiser.record(visit).unwrap();
        let after = sent(&mut organiser);
        let pages = [campaign, team].map(|space| (space, page(space, &before, 0)));
        let read = pages[1].1.head;
        Self {
            more: (team, page(team, &after, read)),
            link,
            record,
            pages,
            territory,
            doors,
        }
    }
}

/// Everything that a device would push, noted as taken.
fn sent(device: &mut Device) -> Vec<Vec<u8>> {
    device.seal_outbox().unwrap();
    let outgoing = device.outgoing().unwrap();
    let answer = taken(outgoing.envelopes.len());
    device.note_pushed(&outgoing, &answer).unwrap();
    outgoing
        .envelopes
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect()
}

/// The answer of a relay that takes everything.
pub(super) fn taken(count: usize) -> PushAnswer {
    PushAnswer {
        incarnation: INCARNATION.to_string(),
        pushed: vec![Pushed::Stored(1); count],
    }
}

fn record_in(bytes: &[u8]) -> Option<Vec<u8>> {
    let body = Envelope::decode(bytes).unwrap().body;
    InvitationRecord::decode(&body).is_ok().then_some(body)
}

fn page(space: SpaceId, envelopes: &[Vec<u8>], after: u64) -> Page {
    let of_space = envelopes
        .iter()
        .filter(|bytes| Envelope::decode(bytes).unwrap().header.space == space);
    let entries: Vec<_> = (after + 1..).zip(of_space.cloned()).collect();
    Page {
        incarnation: INCARNATION,
        head: after + entries.len() as u64,
        entries,
    }
}

//! Who goes out, and who can read what afterwards.

use palier_core::{
    envelope::{Envelope, Kind},
    id::SpaceId,
    invitation::{InvitationRecord, Link, Policy},
    rights::Role,
    seal,
    team_key::TeamKeyRecord,
    wire::Page,
};

use super::{
    INCARNATION, Letterbox, give_territory, introduce, join, link, member, organiser, tap, visited,
};
use crate::{Clock, device::Device, store::membership};

/// An organiser, a lead and volunteers, all of whom have heard of each other.
pub(super) struct Team<const N: usize> {
    pub(super) letters: Letterbox,
    pub(super) organiser: Device,
    pub(super) lead: Device,
    pub(super) volunteers: [Device; N],
}

pub(super) fn team<const N: usize>(names: [&str; N]) -> Team<N> {
    let mut letters = Letterbox::default();
    let mut organiser = organiser(&mut letters);
    let mut lead = member(&mut letters, &mut organiser, Role::Lead, "Huppe");
    let volunteers = names.map(|name| member(&mut letters, &mut lead, Role::Volunteer, name));
    let mut team = Team {
        letters,
        organiser,
        lead,
        volunteers,
    };
    team.settle();
    team
}

impl<const N: usize> Team<N> {
    /// Everybody hears of everything that was handed in, until nobody has anything to add.
    pub(super) fn settle(&mut self) {
        for _ in 0..4 {
            let everybody = [&mut self.organiser, &mut self.lead];
            for device in everybody.into_iter().chain(&mut self.volunteers) {
                self.letters.deliver(device);
                self.letters.collect(device);
            }
        }
    }
}

pub(super) fn space(device: &Device) -> SpaceId {
    device.spaces().unwrap()[1]
}

fn epoch_in_use(device: &Device) -> palier_core::key::TeamKey {
    let team = palier_core::id::TeamId(space(device).0);
    let mut keys = membership::keys(device.connection(), team).unwrap();
    keys.pop().unwrap()
}

pub(super) fn set_aside(device: &Device) -> u32 {
    device
        .connection()
        .query_row(
            "SELECT (SELECT count(*) FROM set_aside) + (SELECT count(*) FROM unapplied)",
            [],
            |row| row.get(0),
        )
        .unwrap()
}

/// Sealed bodies of the letterbox, from one place on, that a device's keys open.
fn opened_by(device: &Device, letters: &Letterbox, from: usize) -> usize {
    let team = palier_core::id::TeamId(space(device).0);
    let keys = membership::keys(device.connection(), team).unwrap();
    letters.0[from..]
        .iter()
        .map(|(_, bytes)| Envelope::decode(bytes).unwrap())
        .filter(|envelope| envelope.header.kind.is_sealed())
        .filter(|envelope| {
            let header = envelope.header.encode();
            keys.iter()
                .any(|key| seal::open_body(key, &header, &envelope.body).is_ok())
        })
        .count()
}

/// Keys handed out in the letterbox, from one place on, that a device or a link opens.
fn keys_for(device: &Device, link: &Link, letters: &Letterbox, from: usize) -> usize {
    let team = space(device).0;
    let secrets = [device.secret(), std::sync::Arc::new(link.secret.secret())];
    letters.0[from..]
        .iter()
        .map(|(_, bytes)| Envelope::decode(bytes).unwrap())
        .flat_map(|envelope| match envelope.header.kind {
            Kind::TeamKey => TeamKeyRecord::decode(&envelope.body).unwrap().keys,
            Kind::Invitation => InvitationRecord::decode(&envelope.body).unwrap().keys,
            _ => Vec::new(),
        })
        .filter(|key| secrets.iter().any(|secret| key.open(secret, &team).is_ok()))
        .count()
}

#[test]
fn a_removed_member_reads_nothing_that_is_written_after() {
    let mut team = team(["Pinson"]);
    let shared = link(&mut team.letters, &mut team.lead, Role::Volunteer, 5);
    let mut merle = Device::in_memory(Clock::System).unwrap();
    join(&mut merle, &mut team.letters, &shared, "Merle").unwrap();
    team.letters.deliver(&mut merle);
    give_territory(&team.organiser, &mut merle);
    tap(&mut merle, 0);
    team.letters.collect(&mut merle);
    team.settle();
    assert_eq!(visited(&team.volunteers[0]), 1);

    // A tap that stands in no envelope yet is sealed with the new key, too.
    tap(&mut team.lead, 1);
    team.lead.remove_member(None, "Merle").unwrap();
    let from = team.letters.0.len();
    team.letters.collect(&mut team.lead);
    team.settle();
    for (number, device) in (2..).zip([&mut team.organiser, &mut team.volunteers[0]]) {
        tap(device, number);
    }
    team.settle();
    for device in [&team.organiser, &team.lead, &team.volunteers[0]] {
        assert_eq!(visited(device), 4);
        assert_eq!(set_aside(device), 0);
        assert_eq!(epoch_in_use(device).epoch, 2);
    }

    // Whatever a relay may hand out, and with the link in hand.
    assert_eq!(opened_by(&team.lead, &team.letters, from), 3);
    assert_eq!(opened_by(&merle, &team.letters, from), 0);
    assert_eq!(keys_for(&merle, &shared, &team.letters, from), 0);
    team.letters.deliver(&mut merle);
    assert_eq!(visited(&merle), 1);
    assert_eq!(epoch_in_use(&merle).epoch, 1);

    // What was written before stays, what comes after is heard by nobody.
    tap(&mut merle, 5);
    team.letters.collect(&mut merle);
    team.letters.deliver(&mut team.organiser);
    assert_eq!(visited(&team.organiser), 4);
    assert!(!team.organiser.rebuild().unwrap().differed);
    assert!(!team.lead.rebuild().unwrap().differed);
    let members = team.lead.team_members(None).unwrap().members;
    assert!(
        members
            .iter()
            .all(|row| row.name.as_deref() != Some("Merle"))
    );
}

#[test]
fn links_of_before_a_removal_hold_no_key_and_ask_and_links_of_after_hold_every_key() {
    let mut team = team([]);
    let shared = link(&mut team.letters, &mut team.lead, Role::Volunteer, 5);
    let other = link(&mut team.letters, &mut team.lead, Role::Volunteer, 5);
    let mut merle = Device::in_memory(Clock::System).unwrap();
    join(&mut merle, &mut team.letters, &shared, "Merle").unwrap();
    team.letters.deliver(&mut merle);
    team.letters.collect(&mut merle);
    team.settle();
    assert!(team.lead.spaces_with_requests().unwrap().is_empty());
    tap(&mut team.lead, 0);
    team.lead.remove_member(None, "Merle").unwrap();
    tap(&mut team.lead, 1);
    let from = team.letters.0.len();
    team.letters.collect(&mut team.lead);
    team.settle();

    for of_before in [&shared, &other] {
        let record = InvitationRecord::decode(&team.letters.record_of(of_before)).unwrap();
        assert_eq!(record.invitation.offer.policy, Policy::Approved);
        assert_eq!(record.invitation.offer.uses, 5);
        assert!(record.keys.is_empty());
        assert_eq!(keys_for(&merle, of_before, &team.letters, from), 0);
    }
    assert_eq!(team.lead.spaces_with_requests().unwrap().len(), 1);

    let after = link(&mut team.letters, &mut team.lead, Role::Volunteer, 5);
    let mut pinson = Device::in_memory(Clock::System).unwrap();
    join(&mut pinson, &mut team.letters, &after, "Pinson").unwrap();
    team.letters.deliver(&mut pinson);
    give_territory(&team.organiser, &mut pinson);
    assert_eq!(visited(&pinson), 2);
    assert_eq!(epoch_in_use(&pinson), epoch_in_use(&team.lead));
    tap(&mut pinson, 2);
    team.letters.collect(&mut pinson);
    team.settle();
    assert_eq!(visited(&team.lead), 3);
    let record = InvitationRecord::decode(&team.letters.record_of(&after)).unwrap();
    assert_eq!(record.invitation.offer.policy, Policy::Open);
}

#[test]
fn who_joins_with_an_old_record_is_given_the_key_in_use() {
    let mut team = team(["Merle"]);
    let open = link(&mut team.letters, &mut team.lead, Role::Volunteer, 5);
    let record = team.letters.record_of(&open);
    team.lead.remove_member(None, "Merle").unwrap();
    team.letters.collect(&mut team.lead);
    // The record was fetched before the key changed.
    let mut pinson = Device::in_memory(Clock::System).unwrap();
    let joining = pinson.begin_joining(&open, &record, "Pinson").unwrap();
    introduce(&mut pinson, &mut team.letters, joining);
    tap(&mut team.lead, 0);
    team.letters.collect(&mut team.lead);
    team.letters.deliver(&mut pinson);
    give_territory(&team.organiser, &mut pinson);
    assert_eq!(visited(&pinson), 0);
    assert!(set_aside(&pinson) > 0);

    team.settle();
    team.letters.deliver(&mut pinson);
    assert_eq!(visited(&pinson), 1);
    assert_eq!(set_aside(&pinson), 0);
    assert!(!pinson.rebuild().unwrap().differed);
}

#[test]
fn leads_who_remove_people_at_the_same_time_end_with_one_key_that_nobody_removed_knows() {
    for _ in 0..8 {
        let mut team = team(["Merle", "Pinson", "Loriot"]);
        let mut second = member(
            &mut team.letters,
            &mut team.organiser,
            Role::Lead,
            "Alouette",
        );
        team.settle();
        team.letters.deliver(&mut second);
        tap(&mut team.volunteers[2], 0);
        team.settle();
        team.letters.deliver(&mut second);

        // Neither lead hears of the other.
        team.lead.remove_member(None, "Merle").unwrap();
        tap(&mut team.lead, 1);
        second.remove_member(None, "Pinson").unwrap();
        tap(&mut second, 2);
        team.letters.collect(&mut team.lead);
        team.letters.collect(&mut second);
        let both = [epoch_in_use(&team.lead), epoch_in_use(&second)];
        assert_eq!(both.clone().map(|key| key.epoch), [2, 2]);
        assert_ne!(both[0], both[1]);

        for _ in 0..3 {
            team.letters.deliver(&mut second);
            team.letters.collect(&mut second);
            for device in [&mut team.lead, &mut team.organiser, &mut team.volunteers[2]] {
                team.letters.deliver(device);
                team.letters.collect(device);
            }
        }
        let from = team.letters.0.len();
        tap(&mut second, 3);
        tap(&mut team.volunteers[2], 4);
        team.letters.collect(&mut second);
        team.letters.collect(&mut team.volunteers[2]);
        for device in [
            &mut team.lead,
            &mut team.organiser,
            &mut team.volunteers[2],
            &mut second,
        ] {
            team.letters.deliver(device);
        }
        let key = epoch_in_use(&team.lead);
        assert!(key.epoch > 2);
        for device in [&team.organiser, &team.volunteers[2], &second] {
            assert_eq!(epoch_in_use(device), key);
            assert_eq!(visited(device), 5);
        }
        for removed in &mut team.volunteers[..2] {
            team.letters.deliver(removed);
            assert_eq!(opened_by(removed, &team.letters, from), 0);
            assert_ne!(epoch_in_use(removed), key);
        }
    }
}

#[test]
fn a_device_that_was_away_while_the_key_changed_catches_up() {
    let mut team = team(["Merle", "Pinson"]);
    // Pinson records with no network, under the key that was in use.
    tap(&mut team.volunteers[1], 0);
    team.volunteers[1].seal_outbox().unwrap();
    tap(&mut team.volunteers[1], 1);
    team.lead.remove_member(None, "Merle").unwrap();
    team.letters.collect(&mut team.lead);
    tap(&mut team.lead, 2);
    team.letters.collect(&mut team.lead);

    let pinson = &mut team.volunteers[1];
    team.letters.deliver(pinson);
    assert_eq!(visited(pinson), 3);
    assert_eq!(epoch_in_use(pinson).epoch, 2);
    let from = team.letters.0.len();
    team.letters.collect(pinson);
    let epochs: Vec<u32> = team.letters.0[from..]
        .iter()
        .map(|(_, bytes)| Envelope::decode(bytes).unwrap().header.key_epoch)
        .filter(|epoch| *epoch != 0)
        .collect();
    assert_eq!(epochs, [1, 2]);
    team.letters.deliver(&mut team.lead);
    assert_eq!(visited(&team.lead), 3);
}

#[test]
fn who_may_remove_whom() {
    let mut team = team(["Merle", "Pinson"]);
    let refused = team.volunteers[0].remove_member(None, "Pinson");
    assert_eq!(refused.unwrap_err().code(), "not_allowed");
    for (who, code) in [
        ("Huppe", "not_allowed"),
        ("Personne", "unknown_member"),
        (&team.organiser.id().to_string(), "not_allowed"),
    ] {
        let refused = team.lead.remove_member(None, who).unwrap_err();
        assert_eq!(refused.code(), code, "{who}");
    }
    let of_organiser = Some("Diderot");
    team.organiser.remove_member(of_organiser, "Huppe").unwrap();
    team.letters.collect(&mut team.organiser);
    team.letters.deliver(&mut team.volunteers[0]);
    team.letters.deliver(&mut team.volunteers[1]);
    let key = epoch_in_use(&team.organiser);
    assert_eq!(epoch_in_use(&team.volunteers[1]), key);
    assert_eq!(key.epoch, 2);
    let members = team.organiser.team_members(of_organiser).unwrap();
    let removable = members.members.iter().filter(|row| row.removable).count();
    assert_eq!((members.members.len(), removable), (3, 2));
}

#[test]
fn an_acceptance_without_the_right_is_set_aside() {
    let mut team = team(["Merle", "Pinson"]);
    let space = space(&team.lead);
    // Merle writes a chain for Pinson's device that no lead made.
    let chain = team.lead.member().unwrap().place.chain.encode();
    let (secret, now) = (team.volunteers[0].secret(), team.volunteers[0].now());
    let campaign = team.lead.member().unwrap().place.campaign;
    team.volunteers[0]
        .store
        .write(|t| {
            let draft = super::Draft::open(Kind::Certificate, space, chain);
            super::outbox::post(t, &secret, campaign, draft, now)
        })
        .unwrap();
    tap(&mut team.volunteers[0], 0);
    team.letters.collect(&mut team.volunteers[0]);
    team.letters.deliver(&mut team.volunteers[1]);
    assert_eq!(set_aside(&team.volunteers[1]), 1);
    assert_eq!(visited(&team.volunteers[1]), 1);
}

#[test]
fn a_log_that_is_heard_by_halves_gives_the_removed_nothing() {
    let mut team = team(["Merle", "Pinson"]);
    team.lead.remove_member(None, "Merle").unwrap();
    let from = team.letters.0.len();
    team.letters.collect(&mut team.lead);
    let whole = team.letters.page(space(&team.lead));
    for (place, entry) in whole.entries.iter().enumerate() {
        let page = Page {
            incarnation: INCARNATION,
            head: place as u64 + 1,
            entries: vec![entry.clone()],
        };
        team.organiser.receive(space(&team.lead), &page).unwrap();
    }
    team.settle();
    let merle = &team.volunteers[0];
    let no_link = Link {
        relay: String::new(),
        campaign: merle.member().unwrap().place.campaign,
        secret: palier_core::invitation::InvitationSecret([0; 16]),
    };
    assert_eq!(keys_for(merle, &no_link, &team.letters, from), 0);
    assert!(epoch_in_use(merle).epoch < epoch_in_use(&team.organiser).epoch);
    assert_eq!(epoch_in_use(&team.organiser), epoch_in_use(&team.lead));
    assert_eq!(epoch_in_use(&team.volunteers[1]), epoch_in_use(&team.lead));
}

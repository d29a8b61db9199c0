//! How far counts what somebody wrote who was removed.

use palier_core::{
    building::Plan,
    envelope::{Envelope, Kind},
    id::{DeviceId, SpaceId, TeamId},
    revocation::Revocation,
    rights::Role,
    wire::Page,
};

use super::{
    Draft, INCARNATION, Letterbox, join, link, outbox,
    people::{Team, set_aside, space, team},
    tap, visited,
};
use crate::{Clock, device::Device, store::membership};

type Log = Vec<(SpaceId, Vec<u8>)>;

/// Hands over everything that a device holds.
fn hand(from: &mut Device, to: &mut Device) {
    let mut file = Vec::new();
    from.write_bundle(None, &mut file).unwrap();
    assert!(to.read_bundle(&mut file.as_slice()).unwrap().whole);
}

fn remove_merle(team: &mut Team<2>) {
    team.lead.remove_member(None, "Merle").unwrap();
}

/// Everybody who stays has the same doors, and a rebuild changes nothing.
fn all_have(team: &mut Team<2>, doors: usize) {
    team.settle();
    let Team {
        organiser,
        lead,
        volunteers: [_merle, pinson],
        ..
    } = team;
    for device in [organiser, lead, pinson] {
        assert_eq!(visited(device), doors);
        assert!(!device.rebuild().unwrap().differed);
    }
}

/// What came to the letterbox from a place on, taken out of it: of one device, and of others.
fn split(letters: &mut Log, from: usize, device: DeviceId) -> (Log, Log) {
    let is_by = |bytes: &[u8]| Envelope::decode(bytes).unwrap().header.device == device;
    let tail = letters.split_off(from).into_iter();
    tail.partition(|(_, bytes)| is_by(bytes))
}

#[test]
fn what_the_relay_took_before_the_removal_came_counts_for_the_remover_too() {
    let mut team = team(["Merle", "Pinson"]);
    tap(&mut team.volunteers[0], 0);
    remove_merle(&mut team);
    team.letters.collect(&mut team.volunteers[0]);
    team.letters.deliver(&mut team.lead);
    assert_eq!(visited(&team.lead), 1);
    team.letters.collect(&mut team.lead);
    all_have(&mut team, 1);

    // A relay that goes on taking what comes is not believed.
    tap(&mut team.volunteers[0], 1);
    team.letters.collect(&mut team.volunteers[0]);
    all_have(&mut team, 1);
    assert_eq!(set_aside(&team.volunteers[1]), 1);
}

#[test]
fn what_is_handed_over_after_a_removal_waits_for_the_log() {
    let mut team = team(["Merle", "Pinson"]);
    tap(&mut team.volunteers[0], 0);
    remove_merle(&mut team);
    hand(&mut team.volunteers[0], &mut team.lead);
    assert_eq!(visited(&team.lead), 0);
    team.letters.collect(&mut team.volunteers[0]);
    team.letters.deliver(&mut team.lead);
    assert_eq!(visited(&team.lead), 1);
    team.letters.collect(&mut team.lead);
    all_have(&mut team, 1);
}

#[test]
fn what_was_handed_over_and_never_reached_the_relay_counts_for_nobody() {
    let mut team = team(["Merle", "Pinson"]);
    let [merle, pinson] = &mut team.volunteers;
    tap(merle, 0);
    hand(merle, pinson);
    tap(pinson, 1);
    assert_eq!(visited(pinson), 2);
    remove_merle(&mut team);
    team.letters.collect(&mut team.lead);
    let pinson = &mut team.volunteers[1];
    team.letters.deliver(pinson);
    assert_eq!(visited(pinson), 1);
    let (of_merle, _) = split(&mut team.letters.0.clone(), 0, team.volunteers[0].id());
    let merles = of_merle.len();
    for device in [&mut team.volunteers[1], &mut team.organiser, &mut team.lead] {
        team.letters.deliver(device);
        team.letters.collect(device);
    }
    let (of_merle, _) = split(&mut team.letters.0.clone(), 0, team.volunteers[0].id());
    assert_eq!(
        of_merle.len(),
        merles,
        "nobody offers it to the relay any more"
    );
    for device in [&mut team.lead, &mut team.organiser] {
        team.letters.deliver(device);
        assert_eq!(visited(device), 1);
    }
    assert!(!team.volunteers[1].rebuild().unwrap().differed);
}

#[test]
fn what_the_remover_held_counts_however_late_others_read_it() {
    let mut team = team(["Merle", "Pinson"]);
    tap(&mut team.volunteers[0], 0);
    hand(&mut team.volunteers[0], &mut team.lead);
    assert_eq!(visited(&team.lead), 1);
    remove_merle(&mut team);
    let from = team.letters.0.len();
    team.letters.collect(&mut team.lead);
    let (of_merle, of_others) = split(&mut team.letters.0, from, team.volunteers[0].id());
    assert!(!of_merle.is_empty());
    team.letters.0.extend(of_others);
    team.letters.deliver(&mut team.volunteers[1]);
    assert_eq!(visited(&team.volunteers[1]), 0);
    team.letters.0.extend(of_merle);
    team.letters.deliver(&mut team.volunteers[1]);
    team.letters.deliver(&mut team.organiser);
    for device in [&mut team.volunteers[1], &mut team.organiser] {
        assert_eq!(visited(device), 1);
        assert!(!device.rebuild().unwrap().differed);
    }
}

/// A device that was away reads these in this order.
fn read(log: &Log, device: &mut Device) {
    let space = space(device);
    let pulled = device.pulled(space).unwrap();
    let of_space = log.iter().filter(|(of, _)| *of == space);
    let entries: Vec<_> = (pulled + 1..)
        .zip(of_space.map(|(_, bytes)| bytes.clone()))
        .collect();
    let page = Page {
        incarnation: INCARNATION,
        head: pulled + entries.len() as u64,
        entries,
    };
    device.receive(space, &page).unwrap();
}

#[test]
fn a_log_that_was_filled_again_in_another_order_gives_the_same_doors() {
    for behind in 0..4 {
        let mut team = team(["Merle", "Pinson"]);
        let from = team.letters.0.len();
        tap(&mut team.volunteers[0], 0);
        // The lead does not know of the visit; the relay does.
        remove_merle(&mut team);
        team.letters.collect(&mut team.volunteers[0]);
        team.letters.deliver(&mut team.lead);
        for _ in 0..2 {
            team.letters.collect(&mut team.lead);
            team.letters.deliver(&mut team.lead);
        }
        assert_eq!(visited(&team.lead), 1);
        let merle = team.volunteers[0].id();
        let (of_merle, mut log) = split(&mut team.letters.0, from, merle);
        assert!(log.len() > 3);
        let place = log.len() - behind;
        log.splice(place..place, of_merle);
        read(&log, &mut team.volunteers[1]);
        assert_eq!(visited(&team.volunteers[1]), 1, "{behind} from the end");
        assert!(!team.volunteers[1].rebuild().unwrap().differed);
    }
}

#[test]
fn who_may_remove_nobody_does_not_say_how_far_a_line_counts() {
    let mut team = team(["Merle", "Pinson"]);
    let (merle, in_team) = (team.volunteers[0].id(), space(&team.lead));
    remove_merle(&mut team);
    team.letters.collect(&mut team.lead);
    team.settle();
    let said = Revocation {
        until: 1_000,
        ..Revocation::of(merle)
    };
    let pinson = &mut team.volunteers[1];
    let (secret, now) = (pinson.secret(), pinson.now());
    let campaign = pinson.member().unwrap().place.campaign;
    let draft = Draft::open(Kind::Revocation, in_team, said.encode());
    pinson
        .store
        .write(|t| outbox::post(t, &secret, campaign, draft, now))
        .unwrap();
    team.letters.collect(&mut team.volunteers[1]);
    tap(&mut team.volunteers[0], 0);
    team.letters.collect(&mut team.volunteers[0]);
    team.letters.deliver(&mut team.lead);
    assert_eq!(visited(&team.lead), 0);
    assert_eq!(set_aside(&team.lead), 2);
}

/// How the first building of the turf is described, where it is.
fn storeys(device: &Device) -> Option<u64> {
    let (_, doors) = device.doors("Marché").unwrap();
    let view = device.building("Marché", &doors[0].address_id).unwrap();
    view.plain.is_none().then_some(u64::from(view.doors))
}

fn describe(device: &mut Device, stairs: &[&str]) {
    let (_, doors) = device.doors("Marché").unwrap();
    let address = doors[0].address_id.clone();
    let plan = Plan {
        stairs: stairs.iter().map(|stair| (*stair).to_owned()).collect(),
        lowest: 0,
        highest: 2,
        doors: 2,
        ground: Some(0),
    };
    device.describe_building("Marché", &address, &plan).unwrap();
}

#[test]
fn what_was_handed_over_of_a_shared_document_counts_for_nobody_unless_somebody_built_on_it() {
    for built_on in [false, true] {
        let mut team = team(["Merle", "Pinson"]);
        let [merle, pinson] = &mut team.volunteers;
        describe(merle, &["A", "B"]);
        hand(merle, pinson);
        assert!(storeys(pinson).is_some());
        if built_on {
            describe(pinson, &["A", "B", "C"]);
            pinson.seal_outbox().unwrap();
        }
        remove_merle(&mut team);
        team.letters.collect(&mut team.lead);
        let pinson = &mut team.volunteers[1];
        team.letters.deliver(pinson);
        assert_eq!(storeys(pinson).is_some(), built_on);
        assert!(!pinson.rebuild().unwrap().differed);
        tap(pinson, 1);
        assert_eq!(visited(pinson), 1);
    }
}

/// Whether a device holds the key that a team uses now.
fn holds_the_key(device: &Device, of: &Device) -> bool {
    let keys = |device: &Device| {
        let team = TeamId(space(device).0);
        membership::keys(device.connection(), team).unwrap()
    };
    let (held, in_use) = (keys(device), keys(of).pop().unwrap());
    held.iter().any(|key| key.bytes == in_use.bytes)
}

#[test]
fn who_is_handed_over_after_a_removal_is_given_no_key_before_the_log_has_them() {
    let mut team = team(["Merle", "Pinson"]);
    let shared = link(&mut team.letters, &mut team.lead, Role::Volunteer, 5);
    team.settle();
    // Merle keeps what a relay showed of the link before.
    let mut before = Letterbox(team.letters.0.clone());
    remove_merle(&mut team);
    team.settle();
    let mut late = Device::in_memory(Clock::System).unwrap();
    join(&mut late, &mut before, &shared, "Fauvette").unwrap();
    hand(&mut late, &mut team.lead);
    // Whatever changes the key again leaves them out as well.
    team.lead.remove_member(None, "Pinson").unwrap();
    hand(&mut team.lead, &mut late);
    assert!(!holds_the_key(&late, &team.lead));

    // A relay that takes the introduction says so, and shows it in its log.
    team.letters.collect(&mut team.lead);
    team.letters.deliver(&mut team.lead);
    team.letters.collect(&mut team.lead);
    team.letters.deliver(&mut late);
    assert!(holds_the_key(&late, &team.lead));
}

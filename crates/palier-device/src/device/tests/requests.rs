//! Who asks to join a team that accepts its members.

use palier_core::{
    envelope::{Envelope, Kind},
    invitation::{InvitationRecord, Link, Policy},
    rights::Role,
    wire::{PushAnswer, Pushed},
};

use super::{
    INCARNATION, Letterbox, all_meet, give_territory, introduce, link, organiser_of,
    people::{set_aside, space},
    tap, visited,
};
use crate::{Clock, device::Device};

/// A relay's part in a request: it keeps what was asked, and hands out the chain for it.
fn ask(device: &mut Device, letters: &Letterbox, link: &Link, name: &str) -> Vec<u8> {
    let record = letters.record_of(link);
    device.begin_asking(link, &record, name).unwrap();
    let request = device.to_ask().unwrap().unwrap().unsent.unwrap();
    let waiting = PushAnswer {
        incarnation: INCARNATION.to_string(),
        pushed: vec![Pushed::Refused(palier_core::refusal::Refusal::Waiting)],
    };
    device.note_asked(&waiting).unwrap();
    assert!(device.to_ask().unwrap().unwrap().unsent.is_none());
    request
}

fn chain_for(device: &Device, letters: &Letterbox) -> Vec<u8> {
    letters
        .0
        .iter()
        .map(|(_, bytes)| Envelope::decode(bytes).unwrap())
        .filter(|envelope| envelope.header.kind == Kind::Certificate)
        .map(|envelope| envelope.body)
        .find(|body| {
            let chain = palier_core::certificate::Chain::decode(body).unwrap();
            chain.devices().last() == Some(device.id())
        })
        .unwrap()
}

fn approved_team() -> (Letterbox, Device, Device, Link) {
    let mut letters = Letterbox::default();
    let device = Device::in_memory(Clock::System).unwrap();
    let mut organiser = organiser_of(device, &mut letters, Policy::Approved);
    let offer = link(&mut letters, &mut organiser, Role::Lead, 1);
    let mut lead = Device::in_memory(Clock::System).unwrap();
    let request = ask(&mut lead, &letters, &offer, "Huppe");
    let space = Envelope::decode(&request).unwrap().header.space;
    organiser.note_requests(space, &[request]).unwrap();
    organiser.accept_request("Huppe").unwrap();
    letters.collect(&mut organiser);
    let joining = lead.begin_accepted(&chain_for(&lead, &letters)).unwrap();
    introduce(&mut lead, &mut letters, joining);
    letters.deliver(&mut lead);
    give_territory(&organiser, &mut lead);
    letters.collect(&mut lead);
    let offer = link(&mut letters, &mut lead, Role::Volunteer, 5);
    (letters, organiser, lead, offer)
}

#[test]
fn who_is_accepted_reads_what_was_written_before_and_after() {
    let (mut letters, mut organiser, mut lead, offer) = approved_team();
    let record = InvitationRecord::decode(&letters.record_of(&offer)).unwrap();
    assert_eq!(record.invitation.offer.policy, Policy::Approved);
    assert!(record.keys.is_empty());
    tap(&mut lead, 0);
    letters.collect(&mut lead);

    let mut merle = Device::in_memory(Clock::System).unwrap();
    let request = ask(&mut merle, &letters, &offer, "Merle");
    let space = space(&lead);
    lead.note_requests(space, &[request.clone(), vec![1, 2, 3]])
        .unwrap();
    let rows = lead.requests().unwrap();
    let waiting = merle.status().unwrap().waiting.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].name.as_deref(), Some("Merle"));
    assert_eq!(rows[0].code, waiting.code);
    // It cannot let itself in.
    let early = merle.begin_joining(&offer, &letters.record_of(&offer), "Merle");
    assert_eq!(early.unwrap_err().code(), "waiting");

    lead.accept_request(&rows[0].code).unwrap();
    assert!(lead.requests().unwrap().is_empty());
    // The relay may still show it for a while.
    lead.note_requests(space, &[request]).unwrap();
    assert!(lead.requests().unwrap().is_empty());
    letters.collect(&mut lead);
    let joining = merle.begin_accepted(&chain_for(&merle, &letters)).unwrap();
    introduce(&mut merle, &mut letters, joining);
    assert!(merle.status().unwrap().waiting.is_none());
    // Its pseudonym waits for the key, and stops nothing.
    letters.collect(&mut merle);
    letters.deliver(&mut merle);
    give_territory(&organiser, &mut merle);
    assert_eq!(visited(&merle), 1);
    assert_eq!(set_aside(&merle), 0);
    tap(&mut merle, 1);
    letters.collect(&mut merle);
    tap(&mut lead, 2);
    letters.collect(&mut lead);
    all_meet(&letters, [&mut merle, &mut lead, &mut organiser], 3);
}

#[test]
fn a_request_is_declined_once_and_forgotten() {
    let (letters, _, mut lead, offer) = approved_team();
    let mut merle = Device::in_memory(Clock::System).unwrap();
    let request = ask(&mut merle, &letters, &offer, "Merle");
    let space = space(&lead);
    lead.note_requests(space, std::slice::from_ref(&request))
        .unwrap();
    lead.decline_request("Merle").unwrap();
    assert!(lead.requests().unwrap().is_empty());
    lead.note_requests(space, std::slice::from_ref(&request))
        .unwrap();
    assert!(lead.requests().unwrap().is_empty());
    assert_eq!(lead.declined().unwrap(), [(space, merle.id())]);
    lead.note_decline_sent(space, merle.id()).unwrap();
    assert!(lead.declined().unwrap().is_empty());
    let refused = lead.accept_request("Merle").unwrap_err();
    assert_eq!(refused.code(), "unknown_request");

    merle.note_declined().unwrap();
    assert!(merle.to_ask().unwrap().is_none());
    // The person may ask again, with the same link.
    ask(&mut merle, &letters, &offer, "Merle");
}

#[test]
fn a_chain_for_another_device_or_another_right_lets_nobody_in() {
    let (mut letters, _, mut lead, offer) = approved_team();
    let mut merle = Device::in_memory(Clock::System).unwrap();
    let mut pinson = Device::in_memory(Clock::System).unwrap();
    let request = ask(&mut merle, &letters, &offer, "Merle");
    ask(&mut pinson, &letters, &offer, "Pinson");
    lead.note_requests(space(&lead), &[request]).unwrap();
    lead.accept_request("Merle").unwrap();
    letters.collect(&mut lead);
    let chain = chain_for(&merle, &letters);
    let refused = pinson.begin_accepted(&chain).unwrap_err();
    assert_eq!(refused.code(), "bad_certificate");
    let lead_s = lead.member().unwrap().place.chain.encode();
    let refused = merle.begin_accepted(&lead_s).unwrap_err();
    assert_eq!(refused.code(), "bad_certificate");
    let nonsense = merle.begin_accepted(b"rien").unwrap_err();
    assert_eq!(nonsense.code(), "relay_nonsense");
    assert!(merle.begin_accepted(&chain).is_ok());
}

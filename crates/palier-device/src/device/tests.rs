//! Devices that hand each other envelopes without a relay.

mod answers;
mod buildings;
mod colours;
mod following;
mod hostile;
mod kits;
mod mine;
mod people;
mod reading_on;
mod redemption;
mod removed;
mod requests;
mod revisits;
mod rounds;
mod walk;

use palier_core::{
    demo,
    document::batch,
    envelope::{Envelope, Kind},
    id::{DocumentId, Incarnation, SpaceId},
    invitation::{Link, Policy},
    outcome::Outcome,
    refusal::Refusal,
    revocation::Revocation,
    rights::Role,
    wire::{Page, PushAnswer, Pushed},
};

use super::{
    Device, Doors, Joining, NewVisit, Wanted,
    outbox::{self, Draft},
};
use crate::{Clock, api::request::Subject, store::envelopes};

const INCARNATION: Incarnation = Incarnation([7; 16]);

/// Every envelope that was handed in, by arrival, as a relay would keep it.
#[derive(Default)]
struct Letterbox(Vec<(SpaceId, Vec<u8>)>);

impl Letterbox {
    fn collect(&mut self, device: &mut Device) {
        device.seal_outbox().unwrap();
        let outgoing = device.outgoing().unwrap();
        let envelopes = outgoing.envelopes.iter();
        let answer = PushAnswer {
            incarnation: INCARNATION.to_string(),
            pushed: envelopes.map(|(_, bytes)| self.keep(bytes)).collect(),
        };
        device.note_pushed(&outgoing, &answer).unwrap();
    }

    fn keep(&mut self, bytes: &[u8]) -> Pushed {
        let space = Envelope::decode(bytes).unwrap().header.space;
        self.0.push((space, bytes.to_vec()));
        Pushed::Stored(self.0.iter().filter(|(of, _)| *of == space).count() as u64)
    }

    fn page(&self, space: SpaceId) -> Page {
        let of_space = self.0.iter().filter(|(of, _)| *of == space);
        let entries: Vec<_> = (1..)
            .zip(of_space.map(|(_, bytes)| bytes.clone()))
            .collect();
        Page {
            incarnation: INCARNATION,
            head: entries.len() as u64,
            entries,
        }
    }

    /// Gives a device everything; how many were taken in and set aside.
    fn deliver(&self, device: &mut Device) -> (u32, u32) {
        let mut sums = (0, 0);
        for space in device.spaces().unwrap() {
            let note = device.receive(space, &self.page(space)).unwrap();
            sums = (sums.0 + note.received, sums.1 + note.set_aside);
        }
        sums
    }

    /// The last record of an invitation.
    fn record_of(&self, link: &Link) -> Vec<u8> {
        let key = link.secret.secret().device();
        self.0
            .iter()
            .rev()
            .map(|(_, bytes)| Envelope::decode(bytes).unwrap())
            .find(|envelope| {
                envelope.header.kind == Kind::Invitation
                    && palier_core::invitation::InvitationRecord::decode(&envelope.body)
                        .unwrap()
                        .invitation
                        .key
                        == key
            })
            .unwrap()
            .body
    }
}

fn organiser(letters: &mut Letterbox) -> Device {
    organiser_on(Device::in_memory(Clock::System).unwrap(), letters)
}

fn organiser_on(device: Device, letters: &mut Letterbox) -> Device {
    organiser_of(device, letters, Policy::Open)
}

fn organiser_of(mut device: Device, letters: &mut Letterbox, policy: Policy) -> Device {
    device
        .create_campaign("Campagne", "http://127.0.0.1:1", None)
        .unwrap();
    equip(device, letters, policy)
}

/// Gives a campaign that was just made a territory, a team and a turf.
fn equip(mut device: Device, letters: &mut Letterbox, policy: Policy) -> Device {
    let town = demo::town(5);
    for (subject, text) in [
        (Subject::Stations, town.stations_geojson()),
        (Subject::Addresses, town.addresses_csv()),
    ] {
        device
            .import(subject, "file", text.as_bytes(), false)
            .unwrap();
    }
    device.create_team("Diderot", policy, None).unwrap();
    let station = Doors::Station(town.territory.stations[0].id.as_str().into());
    device.create_turf("Marché", "Diderot", station).unwrap();
    letters.collect(&mut device);
    device
}

fn member(letters: &mut Letterbox, inviter: &mut Device, role: Role, name: &str) -> Device {
    let device = Device::in_memory(Clock::System).unwrap();
    member_on(device, letters, inviter, role, name)
}

fn member_on(
    mut device: Device,
    letters: &mut Letterbox,
    inviter: &mut Device,
    role: Role,
    name: &str,
) -> Device {
    let link = link(letters, inviter, role, 1);
    let joined = join(&mut device, letters, &link, name);
    assert_eq!(joined, Ok(()));
    letters.deliver(&mut device);
    give_territory(inviter, &mut device);
    letters.collect(&mut device);
    device
}

fn link(letters: &mut Letterbox, inviter: &mut Device, role: Role, uses: u16) -> Link {
    let wanted = Wanted {
        role,
        team: Some("Diderot".into()),
        station: None,
        expires: None,
        uses: Some(uses),
    };
    let link = Link::parse(&inviter.invite(&wanted).unwrap().link).unwrap();
    letters.collect(inviter);
    link
}

/// Joins with the record as it stands; the letterbox counts no uses.
fn join(
    device: &mut Device,
    letters: &mut Letterbox,
    link: &Link,
    name: &str,
) -> Result<(), String> {
    let record = letters.record_of(link);
    let joining = device
        .begin_joining(link, &record, name)
        .map_err(|reason| reason.code())?;
    introduce(device, letters, joining);
    Ok(())
}

fn introduce(device: &mut Device, letters: &mut Letterbox, joining: Joining) {
    let bytes = joining.introduction().to_vec();
    let space = Envelope::decode(&bytes).unwrap().header.space;
    letters.0.push((space, bytes));
    let answer = PushAnswer {
        incarnation: INCARNATION.to_string(),
        pushed: vec![Pushed::Stored(1)],
    };
    device.finish_joining(joining, &answer).unwrap();
}

fn give_territory(from: &Device, to: &mut Device) {
    let territory = crate::store::territory::get(from.connection()).unwrap();
    let packed = palier_core::territory::pack(&territory).unwrap();
    let hash = palier_core::territory::PackHash::of(&packed).to_string();
    to.take_territory(&hash, &packed).unwrap();
}

/// Records a visit; its id.
fn knock(device: &mut Device, door: &str, outcome: Outcome) -> String {
    let visit = NewVisit {
        door: door.into(),
        outcome,
        at: None,
        leaflet: false,
    };
    device.record(visit).unwrap().0.to_string()
}

fn tap(device: &mut Device, number: usize) {
    let (_, doors) = device.doors("Marché").unwrap();
    knock(device, &doors[number].door, Outcome::Spoke);
}

/// Each takes in everything that came, and has so many doors visited and the team of two.
fn all_meet(letters: &Letterbox, devices: [&mut Device; 3], doors: usize) {
    for device in devices {
        letters.deliver(device);
        assert_eq!(visited(device), doors);
        assert!(!device.rebuild().unwrap().differed);
        let names = device.status().unwrap().teams[0].members.clone();
        assert_eq!(names, ["Huppe", "Merle"]);
    }
}

fn visited(device: &Device) -> usize {
    let (_, doors) = device.doors("Marché").unwrap();
    doors.iter().filter(|door| door.state.is_some()).count()
}

/// Posts an envelope whose signature and place hold, with another body than its kind has.
fn post_nonsense(device: &mut Device, body: Vec<u8>) {
    let campaign = device.member().unwrap().place.campaign;
    let space = device.spaces().unwrap()[1];
    let (secret, now) = (device.secret(), device.now());
    let draft = Draft {
        kind: Kind::Shift,
        space,
        document: DocumentId([9; 16]),
        key_epoch: 1,
        records: 0,
        body,
    };
    device
        .store
        .write(|t| outbox::post(t, &secret, campaign, draft, now))
        .unwrap();
}

#[test]
fn a_bad_body_is_set_aside_alone_and_what_follows_is_taken() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    letters.deliver(&mut lead);
    for body in [b"rien".to_vec(), batch::pack([]).unwrap(), Vec::new()] {
        post_nonsense(&mut merle, body);
    }
    tap(&mut merle, 0);
    letters.collect(&mut merle);
    assert_eq!(letters.deliver(&mut lead), (1, 3));
    assert_eq!(visited(&lead), 1);
    assert!(!lead.rebuild().unwrap().differed);
    assert_eq!(letters.deliver(&mut lead), (0, 0));
}

#[test]
fn bytes_that_are_no_envelope_are_kept_and_stop_nothing() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let space = merle.spaces().unwrap()[1];
    letters.0.push((space, vec![1, 2, 3]));
    tap(&mut merle, 0);
    letters.collect(&mut merle);
    let (_, set_aside) = letters.deliver(&mut lead);
    assert_eq!(set_aside, 1);
    assert_eq!(visited(&lead), 1);
    let kept: Vec<u8> = lead
        .connection()
        .query_row("SELECT bytes FROM set_aside", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, [1, 2, 3]);
}

#[test]
fn an_envelope_that_is_left_out_shows_as_a_gap() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    letters.deliver(&mut lead);
    for number in 0..3 {
        tap(&mut merle, number);
        letters.collect(&mut merle);
    }
    let space = merle.spaces().unwrap()[1];
    let mut page = letters.page(space);
    let left_out = page.entries.len() - 2;
    page.entries.remove(left_out);
    let note = lead.receive(space, &page).unwrap();
    assert_eq!((note.received, note.waiting), (1, 1));
    assert!(note.new_incarnation, "it is read again from the start");
    let why: String = lead
        .connection()
        .query_row("SELECT refusal FROM waiting", [], |row| row.get(0))
        .unwrap();
    assert_eq!(why, Refusal::Gap.to_string());
    let again = lead.receive(space, &page).unwrap();
    assert!(!again.new_incarnation, "once");
    assert_eq!(visited(&lead), 1);
    assert_eq!(letters.deliver(&mut lead), (2, 0));
    assert_eq!(visited(&lead), 3);
}

#[test]
fn a_revoked_device_is_heard_no_more() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    letters.deliver(&mut lead);
    let space = merle.spaces().unwrap()[1];
    let place = lead.member().unwrap().place.clone();
    let revocation = Revocation::of(merle.id());
    let (secret, now) = (lead.secret(), lead.now());
    lead.store
        .write(|t| {
            outbox::introduce(t, &secret, &place, space, now)?;
            let draft = Draft::open(Kind::Revocation, space, revocation.encode());
            outbox::post(t, &secret, place.campaign, draft, now)
        })
        .unwrap();
    letters.collect(&mut lead);
    let mut pinson = member(&mut letters, &mut lead, Role::Volunteer, "Pinson");
    tap(&mut merle, 0);
    letters.collect(&mut merle);
    letters.deliver(&mut pinson);
    assert_eq!(visited(&pinson), 0);
}

#[test]
fn a_new_life_of_the_relay_is_offered_everything_again() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    tap(&mut merle, 0);
    letters.collect(&mut merle);
    assert!(merle.outgoing().unwrap().envelopes.is_empty());
    let space = merle.spaces().unwrap()[1];
    let page = Page {
        incarnation: Incarnation([8; 16]),
        head: 0,
        entries: Vec::new(),
    };
    assert!(merle.receive(space, &page).unwrap().new_incarnation);
    assert!(merle.outgoing().unwrap().envelopes.len() >= 3);
    assert_eq!(envelopes::pulled(merle.connection(), space).unwrap(), 0);
}

#[test]
fn a_device_back_from_a_backup_takes_back_what_it_sent_since_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (phone, backup) = (folder.path().join("phone"), folder.path().join("backup"));
    let open = |folder: &std::path::Path| Device::open(folder, None, Clock::System).unwrap();
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member_on(
        open(&phone),
        &mut letters,
        &mut lead,
        Role::Volunteer,
        "Merle",
    );
    tap(&mut merle, 0);
    letters.collect(&mut merle);
    drop(merle);
    std::fs::create_dir(&backup).unwrap();
    for file in std::fs::read_dir(&phone).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), backup.join(file.file_name())).unwrap();
    }
    let mut merle = open(&phone);
    tap(&mut merle, 1);
    letters.collect(&mut merle);
    drop(merle);

    let mut restored = open(&backup);
    assert_eq!(visited(&restored), 1);
    assert_eq!(letters.deliver(&mut restored).1, 0);
    assert_eq!(visited(&restored), 2);
    tap(&mut restored, 2);
    letters.collect(&mut restored);
    assert_eq!(letters.deliver(&mut lead).1, 0);
    assert_eq!(visited(&lead), 3);
    assert!(!restored.rebuild().unwrap().differed);
}

#[test]
fn a_full_disk_records_nothing_by_halves_and_goes_on_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut letters = Letterbox::default();
    let mut lead = organiser_on(
        Device::open(folder.path(), None, Clock::System).unwrap(),
        &mut letters,
    );
    let pages: i64 = lead
        .connection()
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let limit = |device: &Device, pages: i64| {
        device
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
    };
    limit(&lead, pages);
    let (_, doors) = lead.doors("Marché").unwrap();
    let mut recorded = 0;
    let full = loop {
        let tapped = lead.record(NewVisit {
            door: doors[recorded].door.clone(),
            outcome: Outcome::Absent,
            at: None,
            leaflet: false,
        });
        match tapped {
            Ok(_) => recorded += 1,
            Err(full) => break full,
        }
    };
    assert_eq!(full.code(), "disk_full");
    assert_eq!(visited(&lead), recorded);
    assert!(!lead.rebuild().is_ok_and(|rebuilt| rebuilt.differed));
    limit(&lead, pages * 10);
    tap(&mut lead, recorded);
    assert_eq!(visited(&lead), recorded + 1);
    assert!(!lead.rebuild().unwrap().differed);
}

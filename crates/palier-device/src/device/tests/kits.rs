//! Kits: who publishes, which one opens, and that a version is never another.

use palier_core::{
    demo::KITS,
    document::kit,
    envelope::Kind,
    kit::{Kit, Version},
    rights::Role,
};

use super::{Device, Letterbox, Wanted, introduce, member, organiser};
use crate::{Clock, api::reply::KitRow, device::documents::Address};
use palier_core::invitation::Link;

fn titles(device: &Device) -> Vec<(u32, String, bool)> {
    let kits = device.kits().unwrap().into_iter();
    kits.map(|row: KitRow| (row.number, row.language, row.current))
        .collect()
}

/// Somebody of the whole campaign, by an invitation.
fn trainer(letters: &mut Letterbox, organiser: &mut Device) -> Device {
    let wanted = Wanted {
        role: Role::Trainer,
        team: None,
        station: None,
        expires: None,
        uses: None,
    };
    let link = Link::parse(&organiser.invite(&wanted).unwrap().link).unwrap();
    letters.collect(organiser);
    let mut device = Device::in_memory(Clock::System).unwrap();
    let record = letters.record_of(&link);
    let joining = device.begin_joining(&link, &record, "Loriot").unwrap();
    introduce(&mut device, letters, joining);
    letters.deliver(&mut device);
    device
}

#[test]
fn a_published_kit_opens_on_every_device_and_earlier_ones_stay() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut loriot = trainer(&mut letters, &mut lead);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    assert_eq!(merle.read_kit(None, "fr").unwrap(), None);
    let (_, french) = KITS[0];
    let (first, number) = lead.publish_kit(french).unwrap();
    assert_eq!(number, 1);
    letters.collect(&mut lead);
    letters.deliver(&mut loriot);
    let changed = french.replace("Bonjour ! Nous", "Bonsoir ! Nous");
    let (second, number) = loriot.publish_kit(&changed).unwrap();
    assert_eq!(number, 2);
    loriot.publish_kit(KITS[1].1).unwrap();
    letters.collect(&mut loriot);
    letters.deliver(&mut merle);
    letters.deliver(&mut lead);
    let expected = [
        (3, "en".to_owned(), true),
        (1, "fr".to_owned(), false),
        (2, "fr".to_owned(), true),
    ];
    for device in [&mut merle, &mut loriot, &mut lead] {
        assert_eq!(titles(device), expected);
        let open = device.read_kit(None, "fr").unwrap().unwrap();
        assert_eq!(
            (open.kit.as_str(), open.number),
            (second.to_string().as_str(), 2)
        );
        assert_eq!(open.opening, "bonjour");
        assert_eq!(open.steps.len(), 12);
        let earlier = device.read_kit(Some(&first.to_string()), "fr").unwrap();
        assert_eq!(earlier.unwrap().number, 1);
        let found = device
            .find_cards(&open.kit, "carte l'électorale perdu")
            .unwrap();
        assert_eq!(found.len(), 1);
        assert!(!device.rebuild().unwrap().differed);
        assert_eq!(titles(device), expected);
    }
    let unknown = merle.find_cards("nulle part", "").unwrap_err();
    assert_eq!(unknown.code(), "unknown_kit");
}

#[test]
fn volunteers_publish_nothing_and_nobody_publishes_what_breaks_the_rules() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let refused = merle.publish_kit(KITS[0].1).unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    let dead = KITS[0]
        .1
        .replace("\"next\": \"autour\"", "\"next\": \"voter\"");
    let refused = lead.publish_kit(&dead).unwrap_err();
    assert_eq!(refused.code(), "bad_kit");
    assert!(
        refused
            .to_string()
            .contains("no conversation comes to step autour")
    );
    assert!(titles(&lead).is_empty());
}

#[test]
fn what_somebody_writes_over_a_version_changes_it_nowhere() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut loriot = trainer(&mut letters, &mut lead);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let (id, _) = lead.publish_kit(KITS[0].1).unwrap();
    letters.collect(&mut lead);
    letters.deliver(&mut loriot);
    let mut kit = Kit::read(KITS[0].1).unwrap();
    kit.title = "Autre chose".into();
    let other = Version { number: 9, kit }.encode();
    let at = Address {
        id,
        kind: Kind::Kit,
        space: loriot.member().unwrap().place.campaign.space(),
    };
    let (writer, now) = (loriot.writer(), loriot.now());
    loriot
        .store
        .write(|t| writer.edit(t, at, 0, |document| kit::publish(document, &other, now)))
        .unwrap();
    letters.collect(&mut loriot);
    letters.deliver(&mut merle);
    for device in [&mut merle, &mut loriot] {
        let open = device.read_kit(None, "fr").unwrap().unwrap();
        assert_eq!((open.number, open.title.contains("Autre")), (1, false));
        assert!(!device.rebuild().unwrap().differed);
    }
}

//! The colour that a campaign is known by.

use palier_core::{colour, invitation::Policy, rights::Role};

use super::{Letterbox, equip, member};
use crate::{Clock, device::Device, error::Error};

const RELAY: &str = "http://127.0.0.1:1";

fn coloured(wanted: Option<u8>) -> (Device, Result<(), Error>) {
    let mut device = Device::in_memory(Clock::System).unwrap();
    let made = device.create_campaign_in("Campagne", RELAY, None, wanted);
    (device, made.map(|_| ()))
}

#[test]
fn a_colour_is_of_the_palette_or_follows_from_the_key() {
    for (wanted, worn) in [
        (Some(1), Some(1)),
        (Some(6), Some(6)),
        (Some(7), None),
        (Some(0), None),
    ] {
        let (device, made) = coloured(wanted);
        assert_eq!(made.is_ok(), worn.is_some());
        assert_eq!(device.status().unwrap().colour, worn);
    }
    let (device, _) = coloured(None);
    let follows = device.campaign_id().unwrap().as_ref().map(colour::of);
    assert_eq!(device.status().unwrap().colour, follows);
}

#[test]
fn every_device_of_a_campaign_wears_the_colour_that_was_chosen() {
    let mut letters = Letterbox::default();
    // Never the one that follows from its key.
    let (organiser, chosen) = (1..)
        .map(|wanted| (coloured(Some(wanted)).0, wanted))
        .find(|(device, wanted)| {
            device.campaign_id().unwrap().as_ref().map(colour::of) != Some(*wanted)
        })
        .unwrap();
    let mut organiser = equip(organiser, &mut letters, Policy::Open);
    letters.collect(&mut organiser);
    let mut merle = member(&mut letters, &mut organiser, Role::Volunteer, "Merle");
    letters.deliver(&mut merle);
    for device in [&mut organiser, &mut merle] {
        assert_eq!(device.status().unwrap().colour, Some(chosen));
        assert!(!device.rebuild().unwrap().differed);
        assert_eq!(device.status().unwrap().colour, Some(chosen));
    }
}

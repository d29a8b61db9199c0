//! Coming back to a door, and when doors open.

use palier_core::{
    come_back::Due,
    moment::{Millis, Moment},
    open_rate::{ENOUGH, Housing},
    outcome::Outcome,
    rights::Role,
};

use super::{Letterbox, NewVisit, member, organiser};
use crate::{api::request::Grouping, device::Device, error::Error};

const TURF: &str = "Marché";

fn record(device: &mut Device, door: &str, outcome: Outcome, at: Option<Moment>) -> String {
    let visit = NewVisit {
        door: door.into(),
        outcome,
        at,
        leaflet: true,
    };
    device.record(visit).unwrap().0.to_string()
}

fn door(device: &Device, number: usize) -> String {
    device.doors(TURF).unwrap().1[number].door.clone()
}

fn said(device: &Device) -> Vec<(Due, Option<String>)> {
    let revisits = device.revisits().unwrap().into_iter();
    revisits
        .map(|revisit| (revisit.due, revisit.door.last_visit.unwrap().back))
        .collect()
}

#[test]
fn a_moment_to_come_back_corrects_the_visit_and_reaches_the_team() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let first = door(&merle, 0);
    let visit = record(&mut merle, &first, Outcome::ComeBack, None);
    assert_eq!(said(&merle), [(Due::Unsaid, None)]);
    let offers = merle.come_back_offers().unwrap();
    let when = offers.last().unwrap();
    let (corrected, row) = merle.set_come_back(&visit, when).unwrap();
    assert_eq!(row.state, Some(Outcome::ComeBack));
    let last = row.last_visit.unwrap();
    assert_eq!((last.back.as_ref(), last.leaflet), (Some(when), true));
    letters.collect(&mut merle);
    letters.deliver(&mut lead);
    for device in [&mut merle, &mut lead] {
        assert_eq!(said(device), [(Due::Later, Some(when.clone()))]);
        assert!(!device.rebuild().unwrap().differed);
    }
    let counted = merle.totals(Grouping::Day).unwrap().rows;
    assert_eq!((counted[0].knocked, counted[0].come_back), (1, 1));
    merle.undo(&corrected.to_string()).unwrap();
    assert_eq!(said(&merle), []);
}

#[test]
fn only_a_visit_that_asked_for_it_takes_a_moment() {
    let mut device = organiser(&mut Letterbox::default());
    let (first, second) = (door(&device, 0), door(&device, 1));
    let absent = record(&mut device, &first, Outcome::Absent, None);
    let asked = record(&mut device, &second, Outcome::ComeBack, None);
    for (visit, when) in [
        (absent.as_str(), "2026-11-28"),
        (asked.as_str(), "ce soir"),
        (asked.as_str(), "2026-11-28 20-18"),
    ] {
        let refused = device.set_come_back(visit, when);
        assert!(matches!(refused, Err(Error::BadInput { .. })), "{when}");
    }
    device.undo(&asked).unwrap();
    assert!(device.set_come_back(&asked, "2026-11-28").is_err());
    let later = record(&mut device, &second, Outcome::ComeBack, None);
    device.set_come_back(&later, "2001-01-01 18-20").unwrap();
    assert_eq!(said(&device)[0].0, Due::Late);
    let after = Some(device.now().after(Millis::seconds(1)));
    record(&mut device, &second, Outcome::Spoke, after);
    assert_eq!(said(&device), [], "a later visit answers it");
}

#[test]
fn hours_are_said_only_with_enough_knocks_and_the_surest_comes_first() {
    let mut device = organiser(&mut Letterbox::default());
    let noon: Moment = "2026-03-14T11:00:00Z".parse().unwrap();
    let evening = noon.after(Millis::hours(7));
    let knock = |device: &mut Device, from: Moment, number: u32, outcome| {
        let at = from.after(Millis::seconds(number));
        let first = door(device, 0);
        record(device, &first, outcome, Some(at))
    };
    for number in 0..ENOUGH {
        let evening_outcome = if number % 2 == 0 {
            Outcome::Spoke
        } else {
            Outcome::Absent
        };
        knock(&mut device, evening, number, evening_outcome);
    }
    for number in 1..ENOUGH {
        knock(&mut device, noon, number, Outcome::Absent);
    }
    knock(&mut device, noon, ENOUGH, Outcome::Inaccessible);
    let hours = device.open_hours().unwrap();
    assert_eq!(hours.len(), 1, "29 knocks at noon are not enough");
    assert_eq!((hours[0].hour, hours[0].housing), (19, Housing::One));
    assert_eq!((hours[0].knocked, hours[0].seen), (ENOUGH, 50));
    assert_eq!((hours[0].low, hours[0].high), (33, 67));
    knock(&mut device, noon, ENOUGH + 1, Outcome::Absent);
    let hours = device.open_hours().unwrap();
    let said: Vec<_> = hours.iter().map(|hour| (hour.hour, hour.seen)).collect();
    assert_eq!(said, [(19, 50), (12, 0)]);
}

#[test]
fn who_asked_not_to_be_contacted_stays_so_whatever_comes_after() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    letters.deliver(&mut lead);
    let first = door(&merle, 0);
    let asked = record(&mut merle, &first, Outcome::DoNotContact, None);
    letters.collect(&mut merle);
    letters.deliver(&mut lead);
    let later = Some(lead.now().after(Millis::hours(2)));
    record(&mut lead, &first, Outcome::ComeBack, later);
    letters.collect(&mut lead);
    letters.deliver(&mut merle);
    let state = |device: &Device| device.doors(TURF).unwrap().1[0].state;
    for device in [&mut merle, &mut lead] {
        assert_eq!(state(device), Some(Outcome::DoNotContact));
        assert_eq!(said(device), [], "nobody comes back there");
        let refused = device.record_together(std::slice::from_ref(&first), Outcome::Absent, false);
        assert_eq!(refused.unwrap_err().code(), "bad_input");
        assert!(!device.rebuild().unwrap().differed);
    }
    // It was a slip of the hand: taken back, the latest visit speaks again.
    merle.undo(&asked).unwrap();
    assert_eq!(state(&merle), Some(Outcome::ComeBack));
}

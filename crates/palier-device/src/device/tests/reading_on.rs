//! How far a log was read, and what need not be read back.

use super::*;

struct Pair {
    letters: Letterbox,
    lead: Device,
    merle: Device,
}

/// Two of a team who have read all that is there.
fn pair() -> Pair {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    letters.collect(&mut merle);
    letters.deliver(&mut lead);
    letters.deliver(&mut merle);
    Pair {
        letters,
        lead,
        merle,
    }
}

/// Envelopes that a device's next sync would fetch, and their bytes.
fn unread(letters: &Letterbox, device: &Device) -> (usize, usize) {
    let mut sums = (0, 0);
    for space in device.spaces().unwrap() {
        let after = device.pulled(space).unwrap();
        let entries = letters.page(space).entries;
        for (_, bytes) in entries.iter().filter(|(place, _)| *place > after) {
            sums = (sums.0 + 1, sums.1 + bytes.len());
        }
    }
    sums
}

fn team(device: &Device) -> SpaceId {
    device.spaces().unwrap()[1]
}

#[test]
fn what_was_just_sent_is_not_fetched_back() {
    let mut pair = pair();
    let sent = pair.letters.0.len();
    for door in 0..3 {
        tap(&mut pair.merle, door);
        pair.letters.collect(&mut pair.merle);
        assert_eq!(unread(&pair.letters, &pair.merle), (0, 0));
    }
    assert!(pair.letters.0.len() >= sent + 3);
    let reports = pair.merle.member().unwrap().place.campaign.reports_space();
    assert!(!pair.letters.page(reports).entries.is_empty());
    assert_eq!(pair.merle.pulled(reports).unwrap(), 0);
}

#[test]
fn what_was_sent_behind_others_does_not_hide_what_they_wrote() {
    let mut pair = pair();
    tap(&mut pair.lead, 0);
    pair.letters.collect(&mut pair.lead);
    tap(&mut pair.merle, 1);
    pair.letters.collect(&mut pair.merle);
    assert_eq!(unread(&pair.letters, &pair.merle).0, 2);
    pair.letters.deliver(&mut pair.merle);
    assert_eq!(visited(&pair.merle), 2);
    assert_eq!(unread(&pair.letters, &pair.merle), (0, 0));
}

#[test]
fn what_was_sent_again_after_a_lost_answer_is_not_fetched_back() {
    let mut pair = pair();
    tap(&mut pair.merle, 0);
    pair.merle.seal_outbox().unwrap();
    let outgoing = pair.merle.outgoing().unwrap();
    let envelopes = outgoing.envelopes.iter();
    let stored: Vec<_> = envelopes
        .map(|(_, bytes)| pair.letters.keep(bytes))
        .collect();
    let again = stored.into_iter().map(|answer| match answer {
        Pushed::Stored(place) => Pushed::Duplicate(place),
        other => other,
    });
    let answer = PushAnswer {
        incarnation: INCARNATION.to_string(),
        pushed: again.collect(),
    };
    pair.merle.note_pushed(&outgoing, &answer).unwrap();
    assert_eq!(unread(&pair.letters, &pair.merle), (0, 0));
}

#[test]
fn a_log_that_lost_what_was_just_sent_is_offered_everything_again() {
    let mut pair = pair();
    tap(&mut pair.merle, 0);
    pair.letters.collect(&mut pair.merle);
    let space = team(&pair.merle);
    let last = pair.letters.0.iter().rposition(|(of, _)| *of == space);
    pair.letters.0.remove(last.unwrap());

    let head = pair.letters.page(space).head;
    assert_eq!(pair.merle.pulled(space).unwrap(), head + 1);
    tap(&mut pair.merle, 1);
    pair.letters.collect(&mut pair.merle);
    assert_eq!(pair.merle.pulled(space).unwrap(), 0);
    assert!(!pair.merle.outgoing().unwrap().envelopes.is_empty());
}

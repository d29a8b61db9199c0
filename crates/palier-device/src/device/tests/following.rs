//! Shifts that are followed, and those whose document has to be looked at.

use palier_core::{
    document::shift,
    id::VisitId,
    moment::Moment,
    outcome::Outcome,
    rights::Role,
    visit::{Entry, Visit},
};

use super::{
    super::{Device, shift::address},
    Letterbox, member, organiser, tap, visited,
};
use crate::store::documents::{self, Standing};

/// The one shift that has visits, and one of them.
fn first_visit(device: &Device) -> (palier_core::id::DocumentId, VisitId, String) {
    device
        .connection()
        .query_row(
            "SELECT shift, id, door FROM visit ORDER BY at, id LIMIT 1",
            [],
            |row| {
                let shift = palier_core::id::DocumentId(row.get(0)?);
                Ok((shift, VisitId(row.get(1)?), row.get(2)?))
            },
        )
        .unwrap()
}

fn is_followed(device: &Device, shift: palier_core::id::DocumentId) -> bool {
    let standing = documents::standing(device.connection(), shift).unwrap();
    matches!(standing, Standing::Followed(_))
}

#[test]
fn an_outing_is_followed_by_its_device_and_by_its_team_to_its_end() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    for number in 0..5 {
        tap(&mut merle, number);
        if number % 2 == 0 {
            letters.collect(&mut merle);
            letters.deliver(&mut lead);
        }
    }
    let (shift, visit, _) = first_visit(&merle);
    merle.undo(&visit.to_string()).unwrap();
    merle.close_shift("Marché").unwrap();
    letters.collect(&mut merle);
    assert_eq!(letters.deliver(&mut lead).1, 0);
    for device in [&mut merle, &mut lead] {
        assert!(is_followed(device, shift));
        assert_eq!(visited(device), 4);
        assert!(!device.rebuild().unwrap().differed);
        assert!(is_followed(device, shift));
    }
}

#[test]
fn a_followed_outing_opens_as_the_document_that_its_changes_make() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    for number in 0..4 {
        tap(&mut merle, number);
    }
    letters.collect(&mut merle);
    letters.deliver(&mut lead);
    // One more, which waits for its envelope on the device that wrote it.
    tap(&mut merle, 4);
    let (shift, ..) = first_visit(&merle);
    for (device, count) in [(&merle, 5), (&lead, 4)] {
        let kept = documents::load(device.connection(), shift, device.actor())
            .unwrap()
            .unwrap();
        assert_eq!(shift::read(&kept.document).entries.len(), count);
    }
}

#[test]
fn a_shift_that_does_more_than_add_is_kept_whole_from_then_on() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    for number in 0..2 {
        tap(&mut merle, number);
    }
    letters.collect(&mut merle);
    letters.deliver(&mut lead);
    let (id, visit, door) = first_visit(&merle);
    // The same entry once more, with something else in it.
    let again = Entry {
        id: visit,
        replaces: None,
        visit: Some(Visit {
            door,
            outcome: Outcome::Refused,
            at: Moment(1),
            leaflet: true,
            back: None,
        }),
    };
    let team = merle.member().unwrap().team().unwrap();
    let (writer, now) = (merle.writer(), merle.now());
    merle
        .store
        .write(|t| {
            writer.edit(t, address(id, team), 1, |document| {
                shift::record(document, &[again], now)
            })
        })
        .unwrap();
    tap(&mut merle, 2);
    letters.collect(&mut merle);
    assert_eq!(letters.deliver(&mut lead).1, 0);
    for device in [&mut merle, &mut lead] {
        assert!(!is_followed(device, id));
        assert_eq!(visited(device), 3);
        assert!(!device.rebuild().unwrap().differed);
    }
}

#[test]
fn a_push_that_only_sends_brings_the_report_when_the_outing_ends() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let reports = |device: &Device| -> u32 {
        device
            .connection()
            .query_row("SELECT count(*) FROM envelope WHERE kind = 19", [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    for number in 0..5 {
        tap(&mut merle, number);
        merle.seal_due().unwrap();
    }
    assert_eq!(reports(&merle), 1);
    merle.close_shift("Marché").unwrap();
    merle.seal_due().unwrap();
    assert_eq!(reports(&merle), 2);
    tap(&mut merle, 5);
    merle.seal_outbox().unwrap();
    assert_eq!(reports(&merle), 3);
}

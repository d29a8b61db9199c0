//! A member who means harm: signatures hold, and what they sign does not.

use palier_core::{
    document::{Actor, Document, shift},
    id::{DeviceId, VisitId},
    moment::Millis,
    visit::{Entry, Visit},
};

use super::*;

fn shift_by(actor: Actor, count: u32, at: palier_core::moment::Moment) -> Vec<u8> {
    let mut document = Document::new(Kind::Shift, actor).unwrap();
    let mut changes = vec![
        shift::open(&mut document, DocumentId([8; 16]), at)
            .unwrap()
            .unwrap(),
    ];
    let entries: Vec<Entry> = (0..count)
        .map(|number| Entry {
            id: VisitId([number.to_be_bytes(); 3].concat()[..10].try_into().unwrap()),
            replaces: None,
            visit: Some(Visit {
                door: "porte".into(),
                outcome: Outcome::Spoke,
                at,
                leaflet: false,
                back: None,
            }),
        })
        .collect();
    changes.extend(shift::record(&mut document, &entries, at).unwrap());
    batch::pack(changes.iter().map(Vec::as_slice)).unwrap()
}

#[test]
fn what_a_member_signs_in_bad_faith_is_refused_alone_and_harms_no_other_document() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    tap(&mut merle, 0);
    letters.collect(&mut merle);
    letters.deliver(&mut lead);
    let now = merle.now();
    let (mine, others) = (Actor::of(&merle.id(), 7), Actor::of(&DeviceId([3; 32]), 1));
    let years_ahead = now.after(Millis::days(4_000));
    let half = {
        let body = shift_by(mine, 3, now);
        body[..body.len() / 2].to_vec()
    };
    let later = {
        let mut document = Document::new(Kind::Shift, mine).unwrap();
        shift::open(&mut document, DocumentId([8; 16]), now).unwrap();
        let change = shift::close(&mut document, now).unwrap().unwrap();
        batch::pack([change.as_slice()]).unwrap()
    };
    let bomb = bomb_of_a_gib();
    let bodies = [
        ("a bomb", bomb),
        ("too many operations", shift_by(mine, 9_000, now)),
        ("another's actor", shift_by(others, 3, now)),
        ("half a batch", half),
    ];
    let aside = bodies.len();
    for (_, body) in bodies {
        post_nonsense(&mut merle, body);
    }
    let waiting = [
        ("a sequence that begins later", later),
        ("years ahead", shift_by(mine, 3, years_ahead)),
    ];
    for (_, body) in waiting {
        post_nonsense(&mut merle, body);
    }
    tap(&mut merle, 1);
    letters.collect(&mut merle);

    let (_, set_aside) = letters.deliver(&mut lead);
    assert_eq!(set_aside as usize, aside);
    assert_eq!(visited(&lead), 2, "what is good is taken");
    let unapplied: u32 = lead
        .connection()
        .query_row("SELECT count(*) FROM unapplied", [], |row| row.get(0))
        .unwrap();
    assert_eq!(unapplied, 2);
    assert!(!lead.rebuild().unwrap().differed);
    assert_eq!(letters.deliver(&mut lead), (0, 0));
    lead.begin_sync().unwrap();
    tap(&mut lead, 2);
    assert_eq!(visited(&lead), 3);
}

/// A batch that would unpack to a GiB.
fn bomb_of_a_gib() -> Vec<u8> {
    // Frames of zstd, RFC 8878: a header with a window of one MiB, and blocks that repeat one
    // byte 128 KiB times each.
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50];
    for _ in 0..8_191 {
        bomb.extend([0x02, 0x00, 0x10, 0x00]);
    }
    bomb.extend([0x03, 0x00, 0x10, 0x00]);
    bomb
}

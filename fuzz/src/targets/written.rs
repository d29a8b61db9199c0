//! A document of each kind in which something stands already, in another life of the device.

use palier_core::{
    document::{Actor, Document, campaign, kit, report, shift, team, turf},
    envelope::Kind,
    id::DocumentId,
    moment::{Moment, TimeZone},
    outcome::Outcome,
    tally::Tally,
};

use super::DEVICE;

const AT: Moment = Moment(1_760_000_000_000);

/// The document.
pub(super) fn of(kind: Kind) -> Document {
    let mut document = Document::new(kind, Actor::of(&DEVICE, 2)).unwrap();
    let to = &mut document;
    match kind {
        Kind::Shift => shift::open(to, DocumentId([5; 16]), AT),
        Kind::Turf => {
            let cover = turf::Cover::Addresses(vec!["01_0001_00009".into()]);
            turf::create(to, "Gare", &cover, AT)
        }
        Kind::Team => team::set_pseudonym(to, &DEVICE, "Merle", AT),
        Kind::Report => {
            let mut tally = Tally::default();
            tally.count(Outcome::Spoke, true);
            let said = report::Report {
                day: "2025-10-09".into(),
                stations: [("1".into(), tally)].into(),
                ..report::Report::default()
            };
            report::write(to, &said, AT)
        }
        Kind::Campaign => campaign::create(to, "Campagne", TimeZone::PARIS, None, AT),
        _ => kit::publish(to, b"no version", AT),
    }
    .unwrap();
    document
}

/// A document that was saved.
pub(super) fn again(saved: &[u8]) -> Document {
    Document::load(saved, Actor::of(&DEVICE, 2)).unwrap()
}

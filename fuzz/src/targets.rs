//! The readers, each with what must hold of whatever it reads.

pub(crate) mod bundle;
mod pack;
mod written;

use palier_core::{
    certificate::Chain,
    document::{Document, batch, check},
    envelope::{Envelope, Kind},
    id::{CampaignId, DeviceId, EnvelopeId},
    invitation::{InvitationRecord, Link},
    moment::Moment,
    request::JoinRequest,
    revocation::Revocation,
    team_key::TeamKeyRecord,
    territory::unpack,
    wire::{Page, Proof, PushAnswer, read_push, write_push},
};
use palier_device::import::{read_addresses, read_results, read_stations};

/// Reads bytes; panics where something does not hold.
pub(crate) type Target = fn(&[u8]);

/// Every target by its name.
pub(crate) const ALL: [(&str, Target); 12] = [
    ("envelope", envelope),
    ("certificate", certificate),
    ("invitation", invitation),
    ("request", request),
    ("wire", wire),
    ("changes", changes),
    ("bundle", bundle::read),
    ("territory", territory),
    ("pack", pack::read),
    ("stations", stations),
    ("addresses", addresses),
    ("results", results),
];

/// When the fuzzer reads: all of it happened before.
pub(crate) const NOW: Moment = Moment(1_800_000_000_000);
/// Whose changes the fuzzer writes.
pub(crate) const DEVICE: DeviceId = DeviceId([7; 32]);

fn envelope(bytes: &[u8]) {
    let Ok(envelope) = Envelope::decode(bytes) else {
        return;
    };
    assert_eq!(envelope.encode(), bytes, "an envelope has one writing");
    let _forged = envelope.verify().is_err();
    let _id = EnvelopeId::of(bytes);
    let _fit = Revocation::decode(&envelope.body).is_ok();
    let _fit = TeamKeyRecord::decode(&envelope.body).is_ok();
    if let Ok(request) = JoinRequest::decode(&envelope.body) {
        let _forged = request.verify(&envelope.header, NOW).is_err();
    }
}

fn certificate(bytes: &[u8]) {
    if let Ok(chain) = Chain::decode(bytes) {
        assert_eq!(chain.encode(), bytes, "a chain has one writing");
        let campaign = CampaignId([3; 32]);
        assert!(chain.verify(&campaign, NOW).is_err(), "a forged chain");
    }
}

fn invitation(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(link) = Link::parse(text)
    {
        let again = Link::parse(&link.text());
        assert!(again.is_ok_and(|again| again.text() == link.text()));
    }
    if let Ok(record) = InvitationRecord::decode(bytes) {
        assert_eq!(record.encode(), bytes, "a record has one writing");
        let campaign = record.invitation.campaign;
        let _forged = record.verify(&campaign, NOW).is_err();
    }
}

fn request(bytes: &[u8]) {
    if let Ok(request) = JoinRequest::decode(bytes) {
        assert_eq!(request.encode(), bytes, "a request has one writing");
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(proof) = Proof::parse(text)
    {
        let again = Proof::parse(&proof.header());
        assert!(again.is_ok_and(|again| again.header() == proof.header()));
    }
}

fn wire(bytes: &[u8]) {
    if let Ok(envelopes) = read_push(bytes) {
        assert_eq!(write_push(envelopes), bytes, "a push has one writing");
    }
    if let Ok(page) = Page::decode(bytes) {
        assert_eq!(page.encode(), bytes, "a page has one writing");
    }
    let _fit = serde_json::from_slice::<PushAnswer>(bytes).is_ok();
}

/// The first byte says the kind of document, and whether the rest is packed or is to be.
fn changes(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let kinds = [
        Kind::Shift,
        Kind::Turf,
        Kind::Team,
        Kind::Report,
        Kind::Campaign,
        Kind::Kit,
    ];
    let kind = kinds[usize::from(first >> 1) % kinds.len()];
    let packed;
    let body = if first & 1 == 0 {
        rest
    } else {
        packed = zstd::bulk::compress(rest, 1).unwrap();
        &packed
    };
    let _fit = batch::unpack(body).is_ok();
    let mut document = written::of(kind);
    let before = document.save();
    match check::check(&document, kind, &DEVICE, body, NOW) {
        Ok(changes) => match document.apply(changes) {
            Ok(()) => restores(&document),
            // It is dropped, and read again from disk.
            Err(_) => restores(&written::again(&before)),
        },
        Err(_) => assert_eq!(document.save(), before, "refused, and changed"),
    }
}

/// What is saved of a document gives the same document.
fn restores(document: &Document) {
    let saved = document.save();
    assert_eq!(written::again(&saved).save(), saved, "another document");
}

fn territory(bytes: &[u8]) {
    if let Ok(territory) = unpack(bytes) {
        let _sound = territory.check().is_ok();
    }
}

fn stations(bytes: &[u8]) {
    let _fit = read_stations(bytes).is_ok();
}

fn addresses(bytes: &[u8]) {
    let _fit = read_addresses(bytes).is_ok();
}

fn results(bytes: &[u8]) {
    let _fit = read_results(bytes, "resultats-2022.csv").is_ok();
}

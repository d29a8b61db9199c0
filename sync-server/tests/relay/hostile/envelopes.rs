//! Envelopes: cut, bent, too long, out of their place, of others, signed by others.

use palier_core::{
    envelope::{Envelope, HEADER_BYTES, Kind, MAX_BODY_BYTES},
    id::{CampaignId, DocumentId, EnvelopeId},
    refusal::Refusal,
    wire::{MAX_BATCH, Pushed, write_push},
};

use super::Siege;
use crate::actors::{OTHER_TEAM, TEAM, campaign};

#[tokio::test]
async fn envelopes_that_are_not_whole_are_refused_one_by_one() {
    let mut siege = Siege::begun().await;
    let whole = siege
        .merle
        .next(TEAM.space(), Kind::Shift, DocumentId([5; 16]), vec![9; 50]);
    for length in [
        0,
        1,
        HEADER_BYTES - 1,
        HEADER_BYTES,
        HEADER_BYTES + 4,
        whole.len() - 1,
    ] {
        let cut = whole[..length].to_vec();
        siege
            .refuses(&format!("cut at {length}"), cut, Refusal::Malformed)
            .await;
    }
    let longer = [whole.as_slice(), &[0]].concat();
    siege
        .refuses("one byte more", longer, Refusal::Malformed)
        .await;
    let noise: Vec<u8> = (0..4_000_u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect();
    siege.refuses("noise", noise, Refusal::Malformed).await;
    let large = vec![9; MAX_BODY_BYTES + 1];
    let large = siege
        .merle
        .next(TEAM.space(), Kind::Shift, DocumentId([5; 16]), large);
    siege
        .refuses("a large body", large, Refusal::TooLarge)
        .await;
    siege.stands().await;
}

#[tokio::test]
async fn no_bent_bit_of_an_envelope_passes() {
    let mut siege = Siege::begun().await;
    let whole = siege
        .merle
        .next(TEAM.space(), Kind::Shift, DocumentId([5; 16]), vec![9; 20]);
    let bent = (0..whole.len()).map(|at| {
        let mut bent = whole.clone();
        bent[at] ^= 1 << (at % 8);
        bent
    });
    let bent: Vec<_> = bent.collect();
    for batch in bent.chunks(100) {
        let pushed = siege.town.push(&siege.merle, batch.to_vec()).await;
        let refused = |one: &Pushed| matches!(one, Pushed::Refused(_));
        assert!(pushed.iter().all(refused), "{pushed:?}");
    }
    siege.stands().await;
}

#[tokio::test]
async fn envelopes_out_of_their_place_are_refused() {
    let mut siege = Siege::begun().await;
    let (space, document) = (TEAM.space(), DocumentId([5; 16]));
    let first = siege.merle.shift(space, 10);
    siege.town.push_all(&siege.merle, [first.clone()]).await;
    let at = |seq, previous, space| {
        let body = vec![9; 10];
        siege
            .merle
            .write_at(space, Kind::Shift, document, body, seq, previous)
    };
    let id = EnvelopeId::of(&first);
    let cases = [
        ("a place is left out", at(4, id, space), Refusal::Gap),
        (
            "the end of all places",
            at(u64::MAX, id, space),
            Refusal::Gap,
        ),
        (
            "another at a place that is taken",
            at(2, id, space),
            Refusal::Fork,
        ),
        (
            "after another than the last",
            at(3, EnvelopeId([7; 32]), space),
            Refusal::Fork,
        ),
        (
            "no place",
            at(0, EnvelopeId::NONE, space),
            Refusal::Malformed,
        ),
        (
            "the first, again",
            at(1, EnvelopeId::NONE, space),
            Refusal::Fork,
        ),
        (
            "another team's space",
            at(1, EnvelopeId::NONE, OTHER_TEAM.space()),
            Refusal::UnknownDevice,
        ),
        (
            "the campaign's space",
            at(1, EnvelopeId::NONE, campaign().space()),
            Refusal::UnknownDevice,
        ),
        (
            "the reports' space",
            at(2, id, campaign().reports_space()),
            Refusal::NotAllowed,
        ),
    ];
    for (what, envelope, expected) in cases {
        siege.refuses(what, envelope, expected).await;
    }
    // A replay is no attack: it is what a phone does that did not hear the answer.
    let pushed = siege.town.push(&siege.merle, [first]).await;
    assert!(matches!(pushed.as_slice(), [Pushed::Duplicate(_)]));
    siege.stands().await;
}

#[tokio::test]
async fn nobody_writes_in_the_name_of_another() {
    let mut siege = Siege::begun().await;
    let (space, document) = (TEAM.space(), DocumentId([5; 16]));
    let one = siege.merle.next(space, Kind::Shift, document, vec![1; 30]);
    let other = siege.pinson.next(space, Kind::Shift, document, vec![2; 30]);
    let (one, other) = (
        Envelope::decode(&one).unwrap(),
        Envelope::decode(&other).unwrap(),
    );
    let mut swapped = one.clone();
    swapped.body = other.body.clone();
    let signed_by_another = with_signature_of(other.encode(), &one.encode());
    let mut elsewhere = one.clone();
    elsewhere.header.campaign = CampaignId([3; 32]);
    let bad = Refusal::BadSignature;
    siege.refuses("another body", swapped.encode(), bad).await;
    siege
        .refuses("another's signature", signed_by_another, bad)
        .await;
    siege
        .refuses("another campaign", elsewhere.encode(), Refusal::WrongSpace)
        .await;
    let mut forged = other;
    forged.header.device = siege.organiser.id();
    let word = forged.encode();
    let pushed = siege.town.push(&siege.merle, [word]).await;
    assert!(
        matches!(pushed.as_slice(), [Pushed::Refused(_)]),
        "{pushed:?}"
    );
    siege.stands().await;
}

#[tokio::test]
async fn a_push_of_too_many_or_of_half_an_envelope_is_refused_whole() {
    let mut siege = Siege::begun().await;
    let empty = vec![[].as_slice(); MAX_BATCH + 1];
    let cut = [0, 0, 1, 0, 7, 7];
    for (what, body, expected) in [
        ("too many", write_push(empty), (413, "too_large")),
        ("half an envelope", cut.to_vec(), (400, "malformed")),
        ("a length without end", vec![0xff; 4], (400, "malformed")),
        ("too many bytes", vec![0; (4 << 20) + 1], (413, "too_large")),
    ] {
        let answer = siege.town.post(Some(&siege.merle), body).await;
        assert_eq!(answer.fault(), (expected.0, expected.1.into()), "{what}");
    }
    siege.stands().await;
}

/// An envelope with what stands at the end of another.
fn with_signature_of(mut envelope: Vec<u8>, other: &[u8]) -> Vec<u8> {
    const SIGNATURE_BYTES: usize = 64;
    envelope.truncate(envelope.len() - SIGNATURE_BYTES);
    envelope.extend(&other[other.len() - SIGNATURE_BYTES..]);
    envelope
}

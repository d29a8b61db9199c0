//! Sequences: duplicates, forks, gaps, cut bodies and many at once.

use std::sync::Arc;

use palier_core::{
    envelope::Kind,
    id::{DocumentId, EnvelopeId},
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{MAX_BATCH, MAX_BATCH_BYTES, Pushed, write_push},
};

use crate::{
    actors::{Device, OTHER_TEAM, TEAM, campaign},
    town::Town,
};

#[tokio::test]
async fn what_is_pushed_is_pulled_in_order_and_as_it_was() {
    let (town, organiser) = Town::begun().await;
    let mut merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let shifts: Vec<_> = (0..5).map(|size| merle.shift(TEAM.space(), size)).collect();
    town.push_all(&merle, shifts.clone()).await;
    let page = town.pull(&organiser, TEAM.space(), 2).await;
    assert_eq!(page.head, 7);
    let expected: Vec<_> = (3..).zip(shifts).collect();
    assert_eq!(page.entries, expected);
    assert_eq!(town.pull(&merle, TEAM.space(), 7).await.entries, []);
}

#[tokio::test]
async fn a_page_is_bounded_by_count() {
    let (town, mut organiser) = Town::begun().await;
    let shifts: Vec<_> = (0..6).map(|_| organiser.shift(TEAM.space(), 3)).collect();
    town.push_all(&organiser, shifts).await;
    let path = format!("/v1/pull?space={}&after=1&limit=2", TEAM.space());
    let answer = town.get(&path, Some(&organiser)).await;
    let page = palier_core::wire::Page::decode(&answer.body).unwrap();
    let seqs: Vec<_> = page.entries.iter().map(|(seq, _)| *seq).collect();
    assert_eq!((seqs, page.head), (vec![2, 3], 7));
}

#[tokio::test]
async fn a_page_is_bounded_by_bytes_and_goes_on_after_it() {
    let (town, mut organiser) = Town::begun().await;
    for _ in 0..5 {
        let large = organiser.shift(TEAM.space(), 1_000_000);
        town.push_all(&organiser, [large]).await;
    }
    let page = town.pull(&organiser, TEAM.space(), 1).await;
    let bytes: usize = page.entries.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(
        bytes <= MAX_BATCH_BYTES && page.entries.len() == 4,
        "{bytes}"
    );
    let last = page.entries.last().unwrap().0;
    assert_eq!(
        town.pull(&organiser, TEAM.space(), last)
            .await
            .entries
            .len(),
        1
    );
}

#[tokio::test]
async fn a_push_sent_twice_is_answered_alike_and_kept_once() {
    let (town, mut organiser) = Town::begun().await;
    let shift = organiser.shift(TEAM.space(), 3);
    let stored = town.push(&organiser, [shift.clone()]).await;
    assert_eq!(stored, [Pushed::Stored(2)]);
    let again = town.push(&organiser, [shift]).await;
    assert_eq!(again, [Pushed::Duplicate(2)]);
    assert_eq!(town.pull(&organiser, TEAM.space(), 0).await.head, 2);
}

#[tokio::test]
async fn forks_and_gaps_are_told_apart() {
    let (town, mut organiser) = Town::begun().await;
    let space = TEAM.space();
    let shift = organiser.shift(space, 3);
    town.push_all(&organiser, [shift.clone()]).await;
    let write = |seq, previous| {
        organiser.write_at(
            space,
            Kind::Shift,
            DocumentId([6; 16]),
            vec![1],
            seq,
            previous,
        )
    };
    let last = EnvelopeId::of(&shift);
    for (envelope, refusal) in [
        (write(2, EnvelopeId([1; 32])), Refusal::Fork),
        (write(3, EnvelopeId([1; 32])), Refusal::Fork),
        (write(4, last), Refusal::Gap),
    ] {
        assert_eq!(town.refused(&organiser, envelope).await, refusal);
    }
    town.push_all(&organiser, [write(3, last)]).await;
}

#[tokio::test]
async fn one_refused_envelope_leaves_the_others() {
    let (town, mut organiser) = Town::begun().await;
    let first = organiser.shift(TEAM.space(), 3);
    let broken = first[..first.len() - 1].to_vec();
    let mut forged = organiser.write_at(
        TEAM.space(),
        Kind::Shift,
        DocumentId([5; 16]),
        vec![9; 9],
        3,
        EnvelopeId::of(&first),
    );
    *forged.last_mut().unwrap() ^= 1;
    let second = organiser.shift(TEAM.space(), 4);
    let pushed = town.push(&organiser, [broken, first, forged, second]).await;
    assert_eq!(
        pushed,
        [
            Pushed::Refused(Refusal::Malformed),
            Pushed::Stored(2),
            Pushed::Refused(Refusal::BadSignature),
            Pushed::Stored(3),
        ]
    );
}

#[tokio::test]
async fn a_cut_or_too_large_push_is_refused_whole() {
    let (town, mut organiser) = Town::begun().await;
    let shift = organiser.shift(TEAM.space(), 3);
    let mut cut = write_push([shift.as_slice()]);
    cut.pop();
    let answer = town.post(Some(&organiser), cut).await;
    assert_eq!(answer.fault(), (400, "malformed".into()));
    let many = write_push(vec![b"".as_slice(); MAX_BATCH + 1]);
    let answer = town.post(Some(&organiser), many).await;
    assert_eq!(answer.fault(), (413, "too_large".into()));
    let large = vec![0; MAX_BATCH_BYTES + 1];
    let answer = town.post(Some(&organiser), large).await;
    assert_eq!(answer.fault(), (413, "too_large".into()));
    assert_eq!(town.pull(&organiser, TEAM.space(), 0).await.head, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn places_have_no_gap_when_many_push_at_once() {
    let (town, organiser) = Town::begun().await;
    let town = Arc::new(town);
    let mut pushes = Vec::new();
    for seed in 0..20 {
        let mut device = organiser.appoint(100 + seed, Role::Volunteer, Scope::Team(TEAM));
        let town = Arc::clone(&town);
        pushes.push(tokio::spawn(async move {
            let introduction = device.introduction(TEAM.space());
            let mut seqs = town.push(&device, [introduction]).await;
            for size in 0..5 {
                let refused = b"rien".to_vec();
                let shift = device.shift(TEAM.space(), size);
                seqs.extend(town.push(&device, [refused, shift]).await);
            }
            seqs
        }));
    }
    let mut seqs = Vec::new();
    for push in pushes {
        seqs.extend(push.await.unwrap().into_iter().filter_map(|one| match one {
            Pushed::Stored(seq) => Some(seq),
            _ => None,
        }));
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (2..=121).collect::<Vec<_>>());
    let page = town.pull(&organiser, TEAM.space(), 0).await;
    let places: Vec<_> = page.entries.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(places, (1..=121).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_campaign_begins_with_its_organiser_in_its_own_space() {
    let town = Town::empty().await;
    let mut organiser = Device::organiser(1);
    let mut merle = organiser.appoint(10, Role::Volunteer, Scope::Team(TEAM));
    let early = merle.introduction(TEAM.space());
    assert_eq!(
        town.refused(&merle, early.clone()).await,
        Refusal::WrongSpace
    );
    let elsewhere = organiser.introduction(TEAM.space());
    let refusal = town.refused(&organiser, elsewhere.clone()).await;
    assert_eq!(refusal, Refusal::WrongSpace);
    let begins = organiser.introduction(campaign().space());
    town.push_all(&organiser, [begins, elsewhere]).await;
    town.push_all(&merle, [early]).await;
}

#[tokio::test]
async fn a_device_hands_on_what_others_wrote() {
    let (town, organiser) = Town::begun().await;
    let mut merle = organiser.appoint(10, Role::Volunteer, Scope::Team(TEAM));
    let envelopes = [
        merle.introduction(TEAM.space()),
        merle.shift(TEAM.space(), 3),
    ];
    town.push_all(&organiser, envelopes).await;
}

#[tokio::test]
async fn who_is_not_introduced_in_a_space_writes_nothing_there() {
    let (town, organiser) = Town::begun().await;
    let mut merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let shift = merle.shift(OTHER_TEAM.space(), 3);
    assert_eq!(town.refused(&merle, shift).await, Refusal::UnknownDevice);
    let intruder = merle.introduction(OTHER_TEAM.space());
    assert_eq!(town.refused(&merle, intruder).await, Refusal::NotAllowed);
}

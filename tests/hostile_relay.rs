//! A relay that means harm: what it says is refused, the rest of the device goes on, and an
//! honest relay finds everything in order afterwards.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use palier_core::{
    envelope::{Envelope, Header},
    id::{DeviceId, EnvelopeId, Incarnation, SpaceId},
    key::Secret,
    outcome::Outcome,
    refusal::Refusal,
    wire::{Page, Pushed},
};

use crate::support::{
    Person, World,
    hostile::{Answer, Hostile, Lie},
    town,
};

/// The longest that a device listens to lies in one sync.
const BOUND: Duration = Duration::from_secs(60);

/// The log of a space, as an honest relay has it.
type Log = Vec<Vec<u8>>;

fn page(incarnation: u8, head: u64, entries: Vec<(u64, Vec<u8>)>) -> Answer {
    Answer::Page(Page {
        incarnation: Incarnation([incarnation; 16]),
        head,
        entries,
    })
}

/// A whole log after a place, as one page.
fn whole(log: &Log, after: u64) -> Answer {
    let entries: Vec<_> = (1..).zip(log.iter().cloned()).collect();
    let head = entries.len() as u64;
    let entries = entries.into_iter().filter(|(place, _)| *place > after);
    page(9, head, entries.collect())
}

/// A lie that is the honest log, each envelope changed.
fn changed(
    logs: &Logs,
    change: impl Fn(usize, Envelope) -> Vec<u8> + Send + Sync + 'static,
) -> Lie {
    let logs = Arc::clone(logs);
    Arc::new(move |space, after, _| {
        let log = logs(space);
        let changed = log.iter().enumerate();
        let changed = changed.map(|(place, bytes)| change(place, Envelope::decode(bytes).unwrap()));
        whole(&changed.collect(), after)
    })
}

type Logs = Arc<dyn Fn(SpaceId) -> Log + Send + Sync>;

fn resigned(envelope: Envelope, secret: &Secret) -> Vec<u8> {
    let header = Header {
        device: secret.device(),
        ..envelope.header
    };
    Envelope::sign(header, envelope.body, secret).encode()
}

/// Every lie, by what it is.
fn lies(logs: &Logs) -> Vec<(&'static str, Lie)> {
    let stranger = Secret::from_seed(&[66; 32]);
    let other = Secret::from_seed(&[67; 32]);
    let (reversed, left_out, elsewhere, again) = (
        Arc::clone(logs),
        Arc::clone(logs),
        Arc::clone(logs),
        Arc::clone(logs),
    );
    vec![
        (
            "noise",
            Arc::new(|_, after, _| {
                let noise = |n: u64| vec![n.to_le_bytes()[0]; 100 + usize::try_from(n).unwrap()];
                let entries = (after + 1..after + 40).map(|n| (n, noise(n))).collect();
                page(9, after + 39, entries)
            }),
        ),
        (
            "no page",
            Arc::new(|_, _, _| Answer::Bytes(vec![0xff; 4_000])),
        ),
        ("no end", Arc::new(|_, _, _| Answer::Endless)),
        (
            "a log without an end",
            Arc::new(|_, after, _| page(9, u64::MAX, vec![(after + 1, vec![7; 200])])),
        ),
        (
            "places at the end of numbers",
            Arc::new(|_, _, _| page(9, u64::MAX, vec![(u64::MAX, vec![7; 200])])),
        ),
        (
            "a head that goes back",
            Arc::new(|_, after, _| page(9, after.saturating_sub(1), Vec::new())),
        ),
        (
            "another life in each answer",
            Arc::new(|_, _, count| page(count.to_le_bytes()[0], 0, Vec::new())),
        ),
        (
            "cut envelopes",
            changed(logs, |place, envelope| {
                let bytes = envelope.encode();
                bytes[..bytes.len() - 1 - place % 90].to_vec()
            }),
        ),
        (
            "envelopes that are too large",
            changed(logs, |_, envelope| {
                let mut bytes = envelope.encode();
                bytes.resize(3 << 19, 1);
                bytes
            }),
        ),
        (
            "bodies that were changed",
            changed(logs, |place, mut envelope| {
                let at = place % envelope.body.len();
                envelope.body[at] ^= 1;
                envelope.encode()
            }),
        ),
        (
            "a stranger's signature",
            changed(logs, move |_, envelope| resigned(envelope, &stranger)),
        ),
        (
            "another's name",
            changed(logs, move |_, envelope| {
                let header = envelope.header;
                let signed = Envelope::sign(header, envelope.body, &other);
                signed.encode()
            }),
        ),
        (
            "sequences that jump",
            changed(logs, |_, mut envelope| {
                envelope.header.device_seq += 7;
                envelope.header.previous = EnvelopeId([5; 32]);
                envelope.encode()
            }),
        ),
        (
            "names of nobody",
            changed(logs, |place, mut envelope| {
                envelope.header.device = DeviceId([u8::try_from(place % 250).unwrap(); 32]);
                envelope.encode()
            }),
        ),
        (
            "everything in the wrong order",
            Arc::new(move |space, after, _| {
                whole(&reversed(space).into_iter().rev().collect(), after)
            }),
        ),
        (
            "every third left out",
            Arc::new(move |space, after, _| {
                let log = left_out(space).into_iter().enumerate();
                let log = log.filter(|(place, _)| place % 3 != 2);
                whole(&log.map(|(_, bytes)| bytes).collect(), after)
            }),
        ),
        (
            "another space's log",
            Arc::new(move |space, after, _| {
                let mut wrong = space;
                wrong.0[0] ^= 1;
                let log = elsewhere(wrong).into_iter().chain(elsewhere(space));
                whole(&log.collect(), after)
            }),
        ),
        (
            "the same again and again",
            Arc::new(move |space, after, _| {
                let log = again(space);
                let entries = (after + 1..).zip(log.into_iter().take(5)).collect();
                page(9, u64::MAX, entries)
            }),
        ),
    ]
}

async fn tap(person: &Person, door: usize) -> Result<()> {
    let door = person.doors(town::TURF).await?[door].door.clone();
    person.record(&door, Outcome::Spoke, false).await?;
    Ok(())
}

async fn visited(person: &Person) -> Result<usize> {
    let doors = person.doors(town::TURF).await?;
    Ok(doors.iter().filter(|door| door.state.is_some()).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lie_of_a_relay_harms_a_device() -> Result<()> {
    let mut world = World::new().await?;
    let [_, merle, pinson] = town::volunteers(&world).await?;
    for door in 0..3 {
        tap(&pinson, door).await?;
        pinson.sync().await?;
    }
    merle.sync().await?;
    assert_eq!(visited(&merle).await?, 3);
    drop(merle);
    world.back_up("Merle", "before")?;
    tap(&pinson, 3).await?;
    pinson.sync().await?;
    world.stop_relay().await;
    let logs = world.logs()?;
    let logs: Logs = Arc::new(move |space| logs.get(&space).cloned().unwrap_or_default());

    let answers = [
        Pushed::Stored(1),
        Pushed::Stored(u64::MAX),
        Pushed::Duplicate(0),
        Pushed::Refused(Refusal::Gap),
        Pushed::Refused(Refusal::Fork),
        Pushed::Refused(Refusal::BadTime),
        Pushed::Refused(Refusal::Revoked),
    ];
    for (turn, (what, lie)) in lies(&logs).into_iter().enumerate() {
        let merle = world.restore("Merle", "before")?;
        tap(&merle, 4).await?;
        let answer = answers[turn % answers.len()];
        let hostile = Hostile::at(world.address(), answer, lie).await?;
        for _ in 0..2 {
            let told = tokio::time::timeout(BOUND, merle.sync()).await;
            assert!(told.is_ok(), "{what}: it never ends");
        }
        let (asked, sent) = hostile.stop().await;
        assert!(
            asked < 2_000 && sent < 64 << 20,
            "{what}: {asked} pages, {sent} bytes"
        );
        // What was known stands, and the next visit is taken.
        assert!(visited(&merle).await? >= 4, "{what}");
        tap(&merle, 5).await?;
        assert!(!merle.rebuild().await?, "{what}");

        world.start_relay().await?;
        for _ in 0..3 {
            let _busy = merle.sync().await;
        }
        pinson.sync().await?;
        assert_eq!(visited(&merle).await?, 6, "{what} ({answer:?})");
        assert_eq!(merle.status().await?.queued, 0, "{what} ({answer:?})");
        assert_eq!(visited(&pinson).await?, 6, "{what} ({answer:?})");
        drop(merle);
        world.stop_relay().await;
    }
    Ok(())
}

//! Bodies that the relay opens, which are those of reports: bombs, forged actors, changes that
//! stand on nothing, and contents that are no report.

use palier_core::{
    document::{
        Actor, Document,
        batch::{self, MAX_CHANGES},
        chunk::{Chunk, enclose},
        report,
    },
    envelope::Kind,
    id::DocumentId,
    moment::{Millis, Moment},
    refusal::Refusal,
};

use super::Siege;
use crate::actors::{Device, NOW, TEAM, campaign};

/// A change of a report, right in itself.
fn change_of(device: &Device, at: Moment) -> Vec<u8> {
    let actor = Actor::of(&device.id(), 1);
    let mut document = Document::new(Kind::Report, actor).unwrap();
    let wanted = crate::reports::report(Some(TEAM), &[("1251", 3, 1)]);
    report::write(&mut document, &wanted, at).unwrap().unwrap()
}

/// A number as changes write it.
fn number(mut left: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while left > 0x7f {
        bytes.push(left.to_le_bytes()[0] | 0x80);
        left >>= 7;
    }
    bytes.push(left.to_le_bytes()[0]);
    bytes
}

/// The content of a change by an actor, at a place and a second, that stands on others, with the
/// bytes of its list of actions.
fn content(on: &[[u8; 32]], actor: &[u8], seq: u64, actions: &[u8]) -> Vec<u8> {
    const ACTIONS: u8 = 0x42;
    let mut content = number(on.len() as u64);
    content.extend(on.concat());
    content.extend(number(actor.len() as u64));
    content.extend(actor);
    content.extend(number(seq));
    content.extend([1, 0, 0, 0]);
    content.extend([1, ACTIONS]);
    content.extend(number(actions.len() as u64));
    content.extend(actions);
    content
}

fn packed(contents: &[Vec<u8>]) -> Vec<u8> {
    let mut plain = Vec::new();
    for content in contents {
        plain.push(0);
        plain.extend(number(content.len() as u64));
        plain.extend(content);
    }
    zstd::bulk::compress(&plain, 3).unwrap()
}

impl Siege {
    async fn refuses_report(&mut self, what: &str, body: Vec<u8>, expected: Refusal) {
        let id = DocumentId::report(&self.merle.id(), "2026-03-15", Some(TEAM));
        let space = campaign().reports_space();
        let envelope = self.merle.next(space, Kind::Report, id, body);
        self.refuses(what, envelope, expected).await;
    }
}

#[tokio::test]
async fn bodies_that_do_not_unpack_are_refused() {
    let mut siege = Siege::begun().await;
    let whole = batch::pack([change_of(&siege.merle, NOW).as_slice()]).unwrap();
    let bad = Refusal::BadChanges;
    siege.refuses_report("nothing", Vec::new(), bad).await;
    siege.refuses_report("no frame", vec![7; 300], bad).await;
    siege
        .refuses_report("half a frame", whole[..whole.len() / 2].to_vec(), bad)
        .await;
    siege
        .refuses_report("an empty frame", packed(&[]), bad)
        .await;
    siege
        .refuses_report("changes of nothing", packed(&[Vec::new()]), bad)
        .await;
    siege
        .refuses_report("no changes", packed(&[vec![0xff; 400]]), bad)
        .await;
    siege.stands().await;
}

#[tokio::test]
async fn bombs_go_off_before_they_unpack() {
    let mut siege = Siege::begun().await;
    // What a megabyte of body may unpack to is far more than what is let out of it.
    let zeros = std::io::Read::take(std::io::repeat(0), 1 << 30);
    let bomb = zstd::encode_all(zeros, 1).unwrap();
    assert!(bomb.len() < 1 << 20);
    siege
        .refuses_report("a gigabyte", bomb, Refusal::TooLarge)
        .await;
    let actor = change_of(&siege.merle, NOW);
    let (chunk, _) = Chunk::read(&actor).unwrap();
    // A few bytes that say "and so on, a thousand billion times".
    let mut run = number(1 << 40);
    run.push(1);
    let billions = packed(&[content(&[], chunk.actor, 1, &run)]);
    assert!(billions.len() < 100);
    siege
        .refuses_report("a run", billions, Refusal::TooManyOperations)
        .await;
    // Runs that add up beyond every number.
    let mut runs = Vec::new();
    for _ in 0..8 {
        runs.extend(number(u64::MAX >> 1));
        runs.push(1);
    }
    let beyond = packed(&[content(&[], chunk.actor, 1, &runs)]);
    siege
        .refuses_report("runs beyond numbers", beyond, Refusal::BadChanges)
        .await;
    let many: Vec<_> = (0..=MAX_CHANGES as u64)
        .map(|seq| content(&[], chunk.actor, seq + 1, &[1, 1]))
        .collect();
    siege
        .refuses_report("many changes", packed(&many), Refusal::TooLarge)
        .await;
    siege.stands().await;
}

#[tokio::test]
async fn changes_out_of_their_place_are_refused() {
    let mut siege = Siege::begun().await;
    let own = change_of(&siege.merle, NOW);
    let (chunk, _) = Chunk::read(&own).unwrap();
    let actor = chunk.actor;
    let of_another = batch::pack([change_of(&siege.pinson, NOW).as_slice()]).unwrap();
    siege
        .refuses_report("another's actor", of_another, Refusal::WrongActor)
        .await;
    let nobody = packed(&[content(&[], &[9; 16], 1, &[1, 1])]);
    siege
        .refuses_report("nobody's actor", nobody, Refusal::WrongActor)
        .await;
    let none = packed(&[content(&[], &[], 1, &[1, 1])]);
    siege
        .refuses_report("no actor", none, Refusal::WrongActor)
        .await;
    let later = packed(&[content(&[], actor, 7, &[1, 1])]);
    siege
        .refuses_report("a change is left out", later, Refusal::Gap)
        .await;
    let orphan = packed(&[content(&[[7; 32]], actor, 1, &[1, 1])]);
    siege
        .refuses_report("on nothing known", orphan, Refusal::MissingDependency)
        .await;
    // An outside that is right around an inside that is none.
    let hollow = content(&[], actor, 1, &[1, 1]);
    assert!(Chunk::read(&enclose(&hollow)).is_ok());
    siege
        .refuses_report("nothing inside", packed(&[hollow]), Refusal::BadChanges)
        .await;
    siege.stands().await;
}

#[tokio::test]
async fn times_ahead_are_refused_and_times_past_are_late() {
    let mut siege = Siege::begun().await;
    for days in [3, 365 * 10, 365 * 200] {
        let ahead = change_of(&siege.merle, NOW.after(Millis::days(days)));
        let ahead = batch::pack([ahead.as_slice()]).unwrap();
        siege
            .refuses_report("from the future", ahead, Refusal::BadTime)
            .await;
    }
    let past = change_of(&siege.merle, Moment(NOW.0 - Millis::days(365 * 10).0));
    let id = DocumentId::report(&siege.merle.id(), "2026-03-15", Some(TEAM));
    let body = batch::pack([past.as_slice()]).unwrap();
    let space = campaign().reports_space();
    let late = siege.merle.write(space, Kind::Report, id, body);
    siege.town.push_all(&siege.merle, [late]).await;
    siege.totals = siege.town.totals(&siege.organiser, "station").await;
    siege.stands().await;
}

#[tokio::test]
async fn a_report_under_another_name_is_refused() {
    let mut siege = Siege::begun().await;
    let body = batch::pack([change_of(&siege.merle, NOW).as_slice()]).unwrap();
    let space = campaign().reports_space();
    for (what, document) in [
        ("any name", DocumentId([5; 16])),
        (
            "another's",
            DocumentId::report(&siege.pinson.id(), "2026-03-15", Some(TEAM)),
        ),
        (
            "another day's",
            DocumentId::report(&siege.merle.id(), "2026-03-16", Some(TEAM)),
        ),
    ] {
        let envelope = siege
            .merle
            .next(space, Kind::Report, document, body.clone());
        let pushed = siege.town.push(&siege.merle, [envelope]).await;
        let refused = matches!(pushed.as_slice(), [palier_core::wire::Pushed::Refused(_)]);
        assert!(refused, "{what}: {pushed:?}");
    }
    siege.stands().await;
}

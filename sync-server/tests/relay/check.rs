//! Looking a store over: what is as it should be, and what is named where it is not.

use palier_core::id::EnvelopeId;
use palier_relay::{Clock, StoreAt, check};

use crate::{
    actors::{Device, TEAM},
    keeping::lived_in,
    packs::put_pack,
    place::Place,
    program::run,
    town::Town,
};

/// The kinds of things that a look finds.
pub(crate) fn look(store: &StoreAt) -> Vec<&'static str> {
    let checked = check(store, &Clock::machine()).unwrap();
    checked
        .problems
        .iter()
        .map(|problem| problem.what)
        .collect()
}

async fn stocked() -> (Town, Device) {
    let (town, organiser, _) = lived_in().await;
    put_pack(&town, &organiser, vec![7; 3 << 20]).await;
    (town, organiser)
}

#[tokio::test]
async fn a_store_that_was_lived_in_is_as_it_should_be() {
    let (town, _) = stocked().await;
    let checked = check(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(checked.problems, []);
    assert_eq!((checked.envelopes, checked.packs), (16, 1));
}

#[tokio::test]
async fn whatever_is_damaged_is_named() {
    const COUNTER: &str = "a counter is not at the end of its log";
    const OTHER: &str = "an envelope is not the one that was taken";
    const SAYS: &str = "a line of the log says something else than its envelope";
    const MISSING: &str = "a place of the log is missing before";
    const LINE: &str = "a device's line is broken at";
    const TABLE: &str = "a table is not what the log says";
    const REPLAY: &str = "the log does not give what is kept";
    const PACK: &str = "a pack is not what its name says";
    const NOTHING: &str = "a line refers to nothing";
    const LAST: &str = "kind = 16 AND seq = (SELECT max(seq) FROM log WHERE kind = 16)";
    for (damage, expected) in [
        ("UPDATE spaces SET head = head + 1", vec![COUNTER]),
        ("DELETE FROM spaces", vec![COUNTER]),
        ("UPDATE tallies SET absent = absent + 1", vec![TABLE]),
        ("UPDATE sums SET spoke = spoke + 1", vec![TABLE]),
        ("DELETE FROM sums WHERE along = 'team'", vec![TABLE]),
        ("UPDATE turnout SET votes = votes + 1", vec![TABLE]),
        ("DELETE FROM revocations", vec![TABLE]),
        ("UPDATE introductions SET role = 5", vec![TABLE]),
        (
            "UPDATE introductions SET last_seq = last_seq + 1",
            vec![TABLE],
        ),
        ("DELETE FROM reports", vec![NOTHING, TABLE]),
        ("DELETE FROM packs", vec![NOTHING]),
        ("UPDATE packs SET size = size + 1", vec![PACK]),
        (
            "UPDATE pack_parts SET bytes = (SELECT saved FROM reports LIMIT 1) WHERE part = 2",
            vec![PACK],
        ),
        ("DELETE FROM pack_parts WHERE part = 1", vec![PACK]),
        (
            &format!("UPDATE log SET device_seq = 99 WHERE {LAST}"),
            vec![SAYS, LINE],
        ),
        (
            &format!("UPDATE log SET id = (SELECT id FROM log WHERE kind = 2) WHERE {LAST}"),
            vec![OTHER, REPLAY],
        ),
        (
            &format!("UPDATE log SET bytes = (SELECT bytes FROM log WHERE kind = 2) WHERE {LAST}"),
            vec![OTHER, REPLAY],
        ),
        (
            "DELETE FROM log WHERE kind = 16 AND seq = (SELECT min(seq) FROM log WHERE kind = 16)",
            vec![MISSING],
        ),
        // Two places of a space, each in the other's.
        (
            "UPDATE log SET seq = seq + 1000 WHERE kind = 16;
             UPDATE log SET seq = (SELECT sum(other.seq) FROM log other WHERE other.seq > 1000)
                                  - seq - 1000 WHERE seq > 1000",
            vec![LINE],
        ),
    ] {
        let (town, _) = stocked().await;
        town.place.damage(damage).await;
        let found = look(&town.store());
        assert!(!found.is_empty(), "{damage}");
        for what in expected {
            assert!(found.contains(&what), "{damage}: {found:?}");
        }
    }
}

/// Puts other bytes, and the id that fits them, in the place of the newest envelope of the team.
async fn forge(bend: impl Fn(&mut Vec<u8>)) -> Vec<&'static str> {
    let (town, organiser) = stocked().await;
    let page = town.pull(&organiser, TEAM.space(), 0).await;
    let (seq, mut bytes) = page.entries.into_iter().next_back().unwrap();
    let team = town.place.bytes(&TEAM.space().0);
    let id = EnvelopeId::of(&bytes);
    bend(&mut bytes);
    let sql = format!(
        "UPDATE log SET bytes = {}, id = {} WHERE space = {team} AND seq = {seq}",
        town.place.bytes(&bytes),
        town.place.bytes(&EnvelopeId::of(&bytes).0),
    );
    assert_ne!(id, EnvelopeId::of(&bytes));
    town.place.damage(&sql).await;
    look(&town.store())
}

#[tokio::test]
async fn an_envelope_that_somebody_else_signed_is_named() {
    // As it would be forged by somebody with the store in hand: the hash fits, the key does not.
    for from_the_end in [1, 64, 65] {
        let found = forge(|bytes| {
            let place = bytes.len() - from_the_end;
            bytes[place] ^= 1;
        });
        let found = found.await;
        assert_eq!(found[0], "an envelope is not signed by its device");
    }
}

#[tokio::test]
async fn the_program_ends_with_another_code_where_something_is_wrong() {
    let (mut town, _) = stocked().await;
    town.close().await;
    let store = town.place.named();
    let (code, said, _) = run(&["check", "--store", &store]);
    let well = "16 envelopes, 1 packs: all as it should be\n";
    assert_eq!((code, said.as_str()), (Some(0), well));
    town.place.damage("UPDATE spaces SET head = 99").await;
    let (code, said, _) = run(&["check", "--json", "--store", &store]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(3));
    assert_eq!(json["problems"].as_array().unwrap().len(), 3);
    let empty = Place::empty().await;
    let (code, said, error) = run(&["check", "--store", &empty.named()]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert_eq!(error.lines().count(), 1, "{error}");
}

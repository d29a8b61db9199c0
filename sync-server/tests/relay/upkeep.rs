//! Looking a store over, copying it, counting it, and erasing a campaign from it.

use palier_core::{
    envelope::Kind,
    id::DocumentId,
    wire::{Health, Pushed},
};
use palier_relay::{Clock, StoreAt, StoreError, backup, check, purge, stats};
use rusqlite::Connection;

use crate::{
    actors::{Device, TEAM, campaign},
    keeping::lived_in,
    packs::put_pack,
    program::{run, store_in},
    town::Town,
};

fn look(store: &StoreAt) -> Vec<&'static str> {
    let checked = check(store, &Clock::machine()).unwrap();
    checked
        .problems
        .iter()
        .map(|problem| problem.what)
        .collect()
}

fn open(town: &Town) -> Connection {
    Connection::open(town.place.folder().join("relay.db")).unwrap()
}

#[tokio::test]
async fn a_store_that_was_lived_in_is_as_it_should_be() {
    let (town, organiser, _) = lived_in().await;
    put_pack(&town, &organiser, vec![7; 3 << 20]).await;
    let checked = check(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(checked.problems, []);
    assert_eq!((checked.envelopes, checked.packs), (16, 1));
}

/// Does damage to a store that was lived in, and says what a look finds.
async fn damaged(damage: &str) -> Vec<&'static str> {
    let (town, organiser, _) = lived_in().await;
    put_pack(&town, &organiser, vec![7; 3 << 20]).await;
    let db = open(&town);
    db.execute_batch("PRAGMA foreign_keys = OFF;").unwrap();
    db.execute_batch(damage).unwrap();
    let mut found = look(&town.store());
    found.dedup();
    found
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
    let last = "(SELECT max(place) FROM log)";
    for (damage, expected) in [
        ("UPDATE spaces SET head = head + 1", vec![COUNTER]),
        ("DELETE FROM spaces", vec![COUNTER]),
        ("UPDATE tallies SET absent = absent + 1", vec![TABLE]),
        ("DELETE FROM revocations", vec![TABLE]),
        ("UPDATE introductions SET role = 5", vec![TABLE]),
        ("DELETE FROM reports", vec![NOTHING, TABLE]),
        (
            "UPDATE pack_parts SET bytes = zeroblob(length(bytes))",
            vec![PACK],
        ),
        ("DELETE FROM pack_parts WHERE part = 1", vec![PACK]),
        (
            &format!("UPDATE log SET device_seq = 99 WHERE place = {last}"),
            vec![SAYS, LINE],
        ),
        (
            &format!("UPDATE log SET id = zeroblob(32) WHERE place = {last}"),
            vec![OTHER, REPLAY],
        ),
        // One bit of a body: the hash differs.
        (
            &format!(
                "UPDATE log SET bytes = CAST(substr(bytes, 1, 150) || x'00' || substr(bytes, 152) AS BLOB)
                 WHERE place = {last}"
            ),
            vec![OTHER, REPLAY],
        ),
        (
            "DELETE FROM log WHERE kind = 16 AND seq = (SELECT min(seq) FROM log WHERE kind = 16)",
            vec![MISSING],
        ),
        // Two places of a space, each in the other's.
        (
            "UPDATE log SET seq = -seq WHERE kind = 16;
             UPDATE log SET seq = (SELECT -sum(other.seq) FROM log other WHERE other.seq < 0)
                                  + seq WHERE seq < 0",
            vec![LINE],
        ),
    ] {
        let found = damaged(damage).await;
        assert!(!found.is_empty(), "{damage}");
        for what in expected {
            assert!(found.contains(&what), "{damage}: {found:?}");
        }
    }
}

#[tokio::test]
async fn an_envelope_that_somebody_else_signed_is_named() {
    let (town, organiser, merle) = lived_in().await;
    // As it would be forged by somebody with the store in hand: the hash fits, the key does not.
    let space = TEAM.space();
    let real = town.pull(&organiser, space, 0).await.entries.pop().unwrap();
    let mut forged = real.1;
    let last = forged.len() - 1;
    forged[last] ^= 1;
    let id = palier_core::id::EnvelopeId::of(&forged);
    open(&town)
        .execute(
            "UPDATE log SET bytes = ?1, id = ?2 WHERE space = ?3 AND seq = ?4",
            rusqlite::params![forged, id.0, space.0, i64::try_from(real.0).unwrap()],
        )
        .unwrap();
    drop(merle);
    assert_eq!(
        look(&town.store())[0],
        "an envelope is not signed by its device"
    );
}

#[tokio::test]
async fn a_damaged_file_is_named_and_not_touched() {
    let (town, ..) = lived_in().await;
    let store = StoreAt::Sqlite(town.place.folder().join("copy.db"));
    let path = town.place.folder().join("copy.db");
    backup(&town.store(), &path).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    // Everything but the first pages, which say what the file is.
    for byte in bytes.iter_mut().skip(3 * 4_096).step_by(7) {
        *byte ^= 0x55;
    }
    std::fs::write(&path, &bytes).unwrap();
    let found = match check(&store, &Clock::machine()) {
        Ok(checked) => !checked.problems.is_empty(),
        Err(_named) => true,
    };
    assert!(found);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn a_copy_is_made_while_the_relay_runs_and_each_restore_is_another_life() {
    let (mut town, organiser, mut merle) = lived_in().await;
    let first: Health = town.get("/v1/health", None).await.json();
    let copy = town.place.folder().join("copy.db");
    let copied = backup(&town.store(), &copy).unwrap();
    assert_eq!(copied.envelopes, 16);
    let again = backup(&town.store(), &copy);
    assert!(matches!(again, Err(StoreError::NotWritten { .. })));
    // To look at a copy does not begin its life.
    assert_eq!(look(&StoreAt::Sqlite(copy.clone())), [""; 0]);
    let kept = stats(&StoreAt::Sqlite(copy.clone())).unwrap();
    assert_eq!(kept.incarnation, first.incarnation);

    let shift = merle.shift(TEAM.space(), 3);
    town.push_all(&merle, [shift.clone()]).await;
    let head = town.pull(&organiser, TEAM.space(), 0).await.head;
    let mut lives = vec![first.incarnation];
    for _ in 0..2 {
        town.restore(&copy).await;
        let life: Health = town.get("/v1/health", None).await.json();
        assert!(!lives.contains(&life.incarnation));
        lives.push(life.incarnation.clone());
        // What came after the copy is not there, and comes back.
        assert_eq!(town.pull(&organiser, TEAM.space(), 0).await.head, head - 1);
        let pushed = town.push(&merle, [shift.clone()]).await;
        assert_eq!(pushed, [Pushed::Stored(head)]);
        town.restart().await;
        let same: Health = town.get("/v1/health", None).await.json();
        assert_eq!(same, life);
    }
}

#[tokio::test]
async fn an_erased_campaign_is_gone_from_every_table_and_from_the_file() {
    let (mut town, mut organiser, merle) = lived_in().await;
    let word = b"une phrase que personne ne retrouvera".to_vec();
    let kit = organiser.write(
        campaign().space(),
        Kind::Kit,
        DocumentId([3; 16]),
        word.clone(),
    );
    town.push_all(&organiser, [kit]).await;
    put_pack(&town, &organiser, [word.as_slice(), &[7; 2 << 20]].concat()).await;
    let other = crate::actors::secret(900).campaign();
    keep_a_line_of(&town, other.0);

    let refused = purge(&town.store(), &campaign(), &Clock::machine());
    assert!(matches!(refused, Err(StoreError::InUse)), "{refused:?}");
    assert_eq!(stats(&town.store()).unwrap().campaigns[0].envelopes, 17);

    town.close().await;
    let receipt = purge(&town.store(), &campaign(), &Clock::machine()).unwrap();
    assert_eq!(
        (receipt.erased["log"], receipt.erased["pack_parts"]),
        (17, 3)
    );
    assert_eq!((receipt.envelopes.len(), receipt.receipt.len()), (64, 64));

    let db = open(&town);
    let tables: Vec<String> = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(tables.len() >= 13);
    let of_the_store = ["relay", "opening"];
    for table in tables
        .iter()
        .filter(|table| !of_the_store.contains(&table.as_str()))
    {
        // Every table but those about the store itself knows campaigns, or this fails.
        let count = format!("SELECT count(*) FROM {table} WHERE campaign = ?1");
        let lines: i64 = db
            .query_row(&count, [campaign().0], |row| row.get(0))
            .unwrap();
        assert_eq!(lines, 0, "{table}");
        assert!(receipt.erased.contains_key(table), "{table}");
    }
    let kept: i64 = db
        .query_row(
            "SELECT head FROM spaces WHERE campaign = ?1",
            [other.0],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(kept, 5);
    drop(db);

    for entry in std::fs::read_dir(town.place.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |word: &[u8]| bytes.windows(word.len()).any(|found| found == word);
        for word in [
            campaign().0.as_slice(),
            &merle.id().0,
            &organiser.id().0,
            &word,
        ] {
            assert!(!holds(word));
        }
    }
    let again = purge(&town.store(), &campaign(), &Clock::machine()).unwrap();
    assert!(again.erased.values().all(|lines| *lines == 0));
}

fn keep_a_line_of(town: &Town, other: [u8; 32]) {
    open(town)
        .execute(
            "INSERT INTO spaces (campaign, space, head) VALUES (?1, ?2, 5)",
            rusqlite::params![other, [1_u8; 16]],
        )
        .unwrap();
}

#[tokio::test]
async fn the_counts_are_those_of_the_store() {
    let (town, organiser, _) = lived_in().await;
    put_pack(&town, &organiser, vec![7; 100]).await;
    let stats = stats(&town.store()).unwrap();
    let counted = &stats.campaigns[0];
    assert_eq!(stats.campaigns.len(), 1);
    assert_eq!(counted.campaign, campaign().to_string());
    assert_eq!(
        (counted.envelopes, counted.devices, counted.revoked),
        (16, 4, 1)
    );
    assert_eq!((counted.reports, counted.pack_bytes), (2, 100));
    let team = counted
        .spaces
        .iter()
        .find(|space| space.of == "team")
        .unwrap();
    assert_eq!(team.head, town.pull(&organiser, TEAM.space(), 0).await.head);
}

#[tokio::test]
async fn the_program_keeps_a_store_and_says_how_it_went() {
    let (mut town, _organiser, _): (Town, Device, _) = lived_in().await;
    town.close().await;
    let path = town.place.folder().join("relay.db");
    let store = store_in(town.place.folder());
    let copy = town.place.folder().join("copy.db");
    let copy = copy.to_str().unwrap();
    let (code, said, _) = run(&["check", "--store", &store]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "16 envelopes, 0 packs: all as it should be\n")
    );
    let (code, said, _) = run(&["backup", copy, "--json", "--store", &store]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &json["envelopes"]), (Some(0), &16.into()));
    assert_eq!(run(&["backup", copy, "--store", &store]).0, Some(1));
    let (code, said, _) = run(&["stats", "--store", &store]);
    assert!(code == Some(0) && said.contains("16 envelopes"), "{said}");

    let db = Connection::open(&path).unwrap();
    db.execute_batch("UPDATE spaces SET head = 99").unwrap();
    drop(db);
    let (code, said, _) = run(&["check", "--json", "--store", &store]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(3));
    assert_eq!(json["problems"].as_array().unwrap().len(), 3);

    let campaign = campaign().to_string();
    let (code, said, _) = run(&[
        "purge",
        "--campaign",
        &campaign,
        "--json",
        "--store",
        &store,
    ]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &json["erased"]["log"]), (Some(0), &16.into()));
    for args in [
        vec!["check", "--store", "sqlite:/nowhere/relay.db"],
        vec!["stats", "--store", "sqlite:/nowhere/relay.db"],
        vec!["backup", "/nowhere/else/copy.db", "--store", &store],
    ] {
        let (code, said, error) = run(&args);
        assert_eq!((code, said.as_str()), (Some(1), ""), "{args:?}");
        assert_eq!(error.lines().count(), 1, "{args:?}");
    }
}

//! What whoever runs a relay does with its file: copies it, counts it, and erases a campaign from
//! it.

use palier_core::{
    envelope::Kind,
    id::DocumentId,
    wire::{Health, Pushed},
};
use palier_relay::{Clock, StoreAt, StoreError, backup, check, purge, stats};
use rusqlite::Connection;

use crate::{
    actors::{Device, TEAM, campaign},
    check::look,
    keeping::lived_in,
    packs::put_pack,
    program::{run, store_in},
    town::Town,
};

fn open(town: &Town) -> Connection {
    Connection::open(town.place.folder().join("relay.db")).unwrap()
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
    let store = store_in(town.place.folder());
    let copy = town.place.folder().join("copy.db");
    let copy = copy.to_str().unwrap();
    let (code, said, _) = run(&["backup", copy, "--json", "--store", &store]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &json["envelopes"]), (Some(0), &16.into()));
    assert_eq!(run(&["backup", copy, "--store", &store]).0, Some(1));
    let (code, said, _) = run(&["stats", "--store", &store]);
    assert!(code == Some(0) && said.contains("16 envelopes"), "{said}");

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

//! What lasts: restarts, rebuilds, and stores that are not ours to touch.

use palier_core::{
    rights::{Role, Scope},
    wire::{Health, Pushed},
};
use palier_relay::{AppState, Clock, Config, StoreAt, StoreError, rebuild};
use rusqlite::Connection;

use crate::{
    actors::{Device, TEAM, campaign, open_offer},
    reports::{report, turnout},
    town::Town,
};

/// A town where everything that a relay derives has happened.
pub(crate) async fn lived_in() -> (Town, Device, Device) {
    let (town, mut organiser) = Town::begun().await;
    let (record, secret) = organiser.offers(1, open_offer(TEAM, 3, 12));
    let invitation = organiser.invites(&record);
    town.push_all(&organiser, [invitation]).await;
    let mut merle = Device::invited(20, &record, &secret);
    let mut pinson = Device::invited(21, &record, &secret);
    for device in [&mut merle, &mut pinson] {
        let envelopes = [
            device.introduction(TEAM.space()),
            device.introduction(campaign().reports_space()),
            device.shift(TEAM.space(), 30),
        ];
        town.push_all(device, envelopes).await;
    }
    for absent in [3, 4] {
        let envelope = merle.reports(&report(Some(TEAM), &[("1251", absent, 1), ("-", 1, 0)]));
        town.push_all(&merle, [envelope]).await;
    }
    let mut observer = town
        .appoint(
            &organiser,
            30,
            Role::Observer,
            Scope::Station("1251".into()),
        )
        .await;
    let envelope = observer.reports(&turnout("1251", "12:00", 240, 0));
    let revocation = organiser.revocation(TEAM.space(), pinson.id());
    town.push_all(&observer, [envelope, revocation]).await;
    (town, organiser, merle)
}

#[tokio::test]
async fn a_restart_keeps_everything_and_the_incarnation() {
    let (mut town, organiser, mut merle) = lived_in().await;
    let health: Health = town.get("/v1/health", None).await.json();
    let before = town.pull(&organiser, TEAM.space(), 0).await;
    let totals = town.totals(&organiser, "station").await;
    town.restart().await;
    assert_eq!(town.get("/v1/health", None).await.json::<Health>(), health);
    assert_eq!(town.pull(&organiser, TEAM.space(), 0).await, before);
    assert_eq!(town.totals(&organiser, "station").await, totals);
    let shift = merle.shift(TEAM.space(), 3);
    let pushed = town.push(&merle, [shift]).await;
    assert_eq!(pushed, [Pushed::Stored(before.head + 1)]);
}

#[tokio::test]
async fn a_rebuild_finds_what_is_there() {
    let (town, ..) = lived_in().await;
    let rebuilt = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!((rebuilt.envelopes, rebuilt.differed), (16, vec![]));
}

#[tokio::test]
async fn a_rebuild_mends_what_differs() {
    let (town, organiser, _) = lived_in().await;
    let totals = town.totals(&organiser, "station").await;
    town.place
        .change(
            "UPDATE tallies SET absent = absent + 1;
             UPDATE sums SET absent = absent + 1;
             DELETE FROM redemptions;
             DELETE FROM revocations;
             UPDATE spaces SET head = 1;",
        )
        .await;
    assert_ne!(town.totals(&organiser, "station").await, totals);
    let rebuilt = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(
        rebuilt.differed,
        ["revocations", "redemptions", "tallies", "sums", "spaces"]
    );
    assert_eq!(town.totals(&organiser, "station").await, totals);
    let again = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(again.differed, [""; 0]);
}

#[tokio::test]
async fn a_rebuild_from_a_changed_log_changes_nothing() {
    let (town, organiser, _) = lived_in().await;
    // Another envelope's bytes stand where those of the invitation were.
    town.place
        .change(
            "UPDATE tallies SET absent = 1000;
             UPDATE log SET bytes = (SELECT bytes FROM log WHERE kind = 2) WHERE kind = 4;",
        )
        .await;
    let totals = town.totals(&organiser, "station").await;
    let failed = rebuild(&town.store(), &Clock::machine());
    assert!(matches!(failed, Err(StoreError::Broken(_))));
    assert_eq!(town.totals(&organiser, "station").await, totals);
}

async fn open(path: &std::path::Path) -> Result<AppState, StoreError> {
    let store = StoreAt::Sqlite(path.to_owned());
    AppState::open(&Config::new(([127, 0, 0, 1], 0).into(), store)).await
}

#[tokio::test]
async fn stores_of_others_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    drop(open(&at("newer.db")).await.unwrap());
    let newer = Connection::open(at("newer.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    let foreign = Connection::open(at("foreign.db")).unwrap();
    foreign
        .execute_batch("CREATE TABLE cats (name TEXT)")
        .unwrap();
    drop((newer, foreign));
    std::fs::write(at("text.db"), "ceci n’est pas une base".repeat(99)).unwrap();

    let before = std::fs::read(at("foreign.db")).unwrap();
    let refused = open(&at("newer.db")).await;
    assert!(matches!(
        refused,
        Err(StoreError::Newer {
            found: 99,
            known: 6,
            ..
        })
    ));
    for name in ["foreign.db", "text.db"] {
        let refused = open(&at(name)).await;
        assert!(
            matches!(refused, Err(StoreError::NotAStore { .. })),
            "{name}"
        );
    }
    assert_eq!(std::fs::read(at("foreign.db")).unwrap(), before);
    assert!(at("text.db").exists());
}

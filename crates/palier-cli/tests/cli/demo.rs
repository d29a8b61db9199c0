//! The demonstration, with and without a relay.

use std::collections::BTreeSet;

use palier_relay::{Config, Relay, StoreAt};
use serde_json::Value;

use crate::home::{Home, text};

/// What every home of a demonstration holds: turfs, doors that several people visited, and a
/// record that rebuilds to the same. Who visited, by pseudonym.
fn check(home: &Home, made: &Value) -> BTreeSet<String> {
    assert_eq!(home.json(["stations"]).as_array().unwrap().len(), 8);
    let turfs = home.json(["turfs"]);
    let mut people = BTreeSet::new();
    for turf in turfs.as_array().unwrap() {
        let doors = home.json(["doors", "--turf", &text(&turf["turf"])]);
        for door in doors.as_array().unwrap() {
            if !door["state"].is_null() {
                people.insert(text(&door["last_visit"]["by"]));
            }
        }
    }
    assert!(made["visits"].as_u64().unwrap() > 100);
    let status = home.json(["status"]);
    assert_eq!(status["queued"], 0);
    assert_eq!(status["refused"], 0);
    assert!(status["last_sync"].is_string());
    assert_eq!(home.json(["rebuild"])["differed"], false);
    people
}

fn names(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn without_a_relay_the_lead_has_the_week_of_the_team() {
    let home = Home::new();
    let made = home.json(["demo"]);
    assert_eq!(made["role"], "lead");
    assert!(made["invitations"]["volunteer"].is_null());
    let people = check(&home, &made);
    assert_eq!(people, names(&["Merle", "Mésange", "Rossignol"]));
    assert_eq!(home.json(["turfs"]).as_array().unwrap().len(), 4);
    let own: u64 = home
        .json(["totals"])
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["knocked"].as_u64().unwrap())
        .sum();
    assert!(own > 0);
    // The week is over: nothing lies ahead.
    let today = text(&home.json(["totals"])[0]["at"]);
    for row in home
        .json(["export", "visits", "--format", "json"])
        .as_array()
        .unwrap()
    {
        assert!(text(&row["at"]) < today, "{row}");
    }
}

#[test]
fn the_same_seed_makes_the_same_week() {
    let [one, other, third] = ["5", "5", "6"].map(|seed| {
        let home = Home::new();
        home.json([
            "demo",
            "--seed",
            seed,
            "--teams",
            "1",
            "--members",
            "2",
            "--as",
            "volunteer",
        ]);
        let visits = home.json(["export", "visits", "--format", "json"]);
        let mut week: Vec<String> = visits
            .as_array()
            .unwrap()
            .iter()
            .map(|row| format!("{} {} {}", row["door"], row["outcome"], row["leaflet"]))
            .collect();
        week.sort();
        week
    });
    assert_eq!(one, other);
    assert_ne!(one, third);
}

#[test]
fn the_organiser_sees_every_team() {
    let home = Home::new();
    let made = home.json(["demo", "--as", "organiser", "--members", "1"]);
    assert_eq!(made["role"], "organiser");
    assert_eq!(check(&home, &made), names(&["Merle", "Mésange"]));
    assert_eq!(home.json(["turfs"]).as_array().unwrap().len(), 8);
}

#[test]
fn with_a_relay_totals_are_of_all_and_an_invitation_works() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = StoreAt::Sqlite(folder.path().join("relay.sqlite3"));
    let config = Config::new("127.0.0.1:0".parse().unwrap(), store);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let relay = runtime.block_on(Relay::start(config)).unwrap();

    let home = Home::new();
    let made = home.json(["demo", "--relay", &relay.url(), "--members", "2"]);
    assert_eq!(check(&home, &made), names(&["Merle", "Mésange"]));
    let totals = home.json(["totals"]);
    let knocked: u64 = totals
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["knocked"].as_u64().unwrap())
        .sum();
    assert_eq!(totals[0]["source"], "relay");
    assert_eq!(Some(knocked), made["visits"].as_u64());

    let newcomer = Home::new();
    let link = text(&made["invitations"]["volunteer"]);
    let joined = newcomer.json(["join", &link, "--name", "Pouillot"]);
    assert_eq!(joined["role"], "volunteer");
    let turfs = newcomer.json(["turfs"]);
    let door = newcomer.doors(&text(&turfs[0]["turf"])).remove(0);
    newcomer.json(["visit", "--door", &door, "--outcome", "spoke"]);
    let report = newcomer.json(["sync"]);
    assert_eq!(report["queued"], 0);
    home.json(["sync"]);
    let people: BTreeSet<String> = home
        .json(["export", "visits", "--format", "json"])
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(&row["by"]))
        .collect();
    assert_eq!(people, names(&["Merle", "Mésange", "Pouillot"]));
    let late = Home::new();
    assert!(
        late.refused(["join", &link, "--name", "Tarin"])
            .contains("used already")
    );
    runtime.block_on(relay.stop());
}

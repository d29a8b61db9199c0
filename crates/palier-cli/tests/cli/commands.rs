//! Every command of the list, once.

use std::process::Stdio;

use serde_json::json;

use crate::home::{Home, text, town};

#[test]
fn a_campaign_from_its_making_to_its_totals() {
    let (home, town) = (Home::new(), town());
    assert!(home.json(["status"])["campaign"].is_null());
    let made = home.json([
        "campaign",
        "create",
        "--name",
        "Essai",
        "--relay",
        "http://127.0.0.1:1",
    ]);
    assert_eq!(text(&made["campaign"]).len(), 64);

    for (subject, file) in home.files(&town) {
        let trial = home.json(["import", subject, &file, "--dry-run"]);
        let report = home.json(["import", subject, &file]);
        assert_eq!(trial["accepted"], report["accepted"], "{subject}");
        assert_eq!(trial["dry_run"], true);
        assert_eq!(report["dry_run"], false);
        assert_eq!(report["rejected"], json!([]), "{subject}");
    }
    let stations = home.json(["stations"]);
    assert_eq!(stations.as_array().unwrap().len(), 8);
    for column in ["station", "name", "registered", "addresses", "doors"] {
        assert!(!stations[0][column].is_null(), "{column}");
    }
    for column in ["ballot", "registered", "votes"] {
        assert!(!stations[0]["history"][0][column].is_null(), "{column}");
    }

    let team = text(&home.json(["team", "create", "--name", "Nord"])["team"]);
    let turf = home.json([
        "turf",
        "create",
        "--name",
        "Un",
        "--team",
        "Nord",
        "--station",
        "1",
    ]);
    assert_eq!(turf["doors"], stations[0]["doors"]);
    let doors = home.doors("Un");
    let pair = doors[..2].join(",");
    let two = home.json([
        "turf",
        "create",
        "--name",
        "Deux",
        "--team",
        &team,
        "--addresses",
        &pair,
    ]);
    assert_eq!(two["doors"], 2);
    let names: Vec<_> = home.json(["turfs"]).as_array().unwrap().clone();
    assert_eq!(names.len(), 2);

    let invited = home.json(["invite", "--role", "volunteer", "--team", "Nord"]);
    assert!(text(&invited["link"]).starts_with("http://127.0.0.1:1/join#"));
    assert_eq!(invited["uses"], 1);

    let shift = home.json(["shift", "open", "--turf", "Un"]);
    assert_eq!(text(&shift["shift"]).len(), 32);
    let visit = home.json([
        "visit",
        "--door",
        &doors[2],
        "--outcome",
        "spoke",
        "--leaflet",
    ]);
    let absent = home.json(["visit", "--door", &doors[3], "--outcome", "absent"]);
    assert_eq!(visit["door"]["state"], "spoke");
    let undone = home.json(["undo", &text(&absent["visit"])]);
    assert!(undone["door"]["state"].is_null());
    let closed = home.json(["shift", "close", "--turf", "Un"]);
    assert_eq!(closed["knocked"], 1);
    assert_eq!(closed["leaflets"], 1);

    let counted = [
        "turnout",
        "--station",
        "1",
        "--hour",
        "12:00",
        "--votes",
        "321",
    ];
    assert_eq!(
        home.json(counted),
        json!({ "station": "1", "hour": "12:00", "votes": 321 })
    );
    let status = home.json(["status"]);
    for field in [
        "queued",
        "sent",
        "refused",
        "last_sync",
        "relay",
        "incarnation",
    ] {
        assert!(status.get(field).is_some(), "{field}");
    }
    assert!(status["queued"].as_u64().unwrap() > 0);

    let totals = home.json(["totals"]);
    let row = &totals[0];
    assert_eq!(row["station"], "1");
    assert_eq!(row["knocked"], 1);
    assert_eq!(row["source"], "device");
    assert!(row["at"].is_string());
    assert!(home.json(["totals", "--by", "day"])[0]["day"].is_string());
    assert_eq!(home.json(["totals", "--by", "team"])[0]["team"], "Nord");
    assert_eq!(home.json(["rebuild"])["differed"], false);
}

#[test]
fn exports_are_texts_and_one_value_with_json() {
    let home = Home::with_a_turf(&town());
    let door = &home.doors("Un")[0];
    home.json(["visit", "--door", door, "--outcome", "come_back"]);
    for what in ["visits", "totals", "stations"] {
        let csv = home.json(["export", what]);
        assert_eq!(text(&csv["file"]), format!("{what}.csv"));
        assert_eq!(text(&csv["text"]), home.lines(["export", what]));
        assert!(home.json(["export", what, "--format", "json"]).is_array());
        let map = home.json(["export", what, "--format", "geojson"]);
        assert_eq!(map["type"], "FeatureCollection");
        let plain = home.lines(["export", what, "--format", "geojson"]);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&plain).unwrap(),
            map
        );
    }
}

#[test]
fn a_file_of_visits_is_recorded_whole() {
    let home = Home::with_a_turf(&town());
    let doors = home.doors("Un");
    let file = home.write(
        "visits.csv",
        &format!(
            "door,outcome,at,leaflet\n{},spoke,2026-03-14T18:05:00+01:00,true\n{},absent,,\n",
            doors[0], doors[1]
        ),
    );
    let made = home.json(["visit", "--file", &file]);
    assert_eq!(made["visits"].as_array().unwrap().len(), 2);
    let rows = home.json(["doors", "--turf", "Un"]);
    assert_eq!(rows[0]["last_visit"]["at"], "2026-03-14T17:05:00Z");
}

#[test]
fn a_person_reads_tables_and_whose_figures_they_are() {
    let home = Home::with_a_turf(&town());
    assert!(home.lines(["stations"]).starts_with("station"));
    assert!(
        home.lines(["totals"])
            .starts_with("This device's own visits, ")
    );
    assert!(home.lines(["status"]).contains("Essai"));
    assert!(home.lines(["rebuild"]).contains("nothing differed"));
}

#[test]
fn a_reader_that_left_is_no_failure() {
    let home = Home::with_a_turf(&town());
    let mut child = home
        .command(["doors", "--turf", "Un"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

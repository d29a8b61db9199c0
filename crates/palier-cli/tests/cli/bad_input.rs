//! What is wrong is said in one line, and nothing was changed.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    thread,
};

use crate::home::{AWAY, Home, PALIER, text, town};

#[test]
fn wrong_usage_is_exit_code_2() {
    let home = Home::new();
    assert_eq!(home.run([]).status.code(), Some(2));
    for args in [
        ["fly", "high"],
        ["turf", "create"],
        ["visit", "--leaflet"],
        ["totals", "--by=moon"],
        ["serve", "--port=70000"],
        ["visit", "--door=a"],
    ] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
    let doors = [
        "turf",
        "create",
        "--name=a",
        "--team=b",
        "--station=1",
        "--addresses=c",
    ];
    assert_eq!(home.run(doors).status.code(), Some(2));
    let spans = ["invite", "--role=lead", "--expires=soon"];
    assert_eq!(home.run(spans).status.code(), Some(2));
}

#[test]
fn a_device_in_no_campaign_says_so() {
    let home = Home::new();
    let line = home.refused(["sync"]);
    assert!(line.contains("no campaign yet"), "{line}");
    home.refused(["sync", "--watch"]);
    home.refused(["rebuild"]);
    let line = home.refused(["join", "https://relais.example/join#AQ", "--name", "Merle"]);
    assert!(line.contains("not an invitation link"), "{line}");
}

#[test]
fn files_that_cannot_be_read_change_nothing() {
    let (home, town) = (Home::with_a_turf(&town()), town());
    let before = home.json(["stations"]);
    let whole = town.stations_geojson();
    let cut: String = whole.chars().take(whole.len() / 2).collect();
    for (name, content) in [("cut.geojson", &*cut), ("empty", ""), ("prose", "Bonjour.")] {
        let file = home.write(name, content);
        home.refused(["import", "stations", &file]);
        home.refused(["import", "stations", &file, "--dry-run"]);
    }
    let line = home.refused(["import", "addresses", "nowhere.csv"]);
    assert!(line.contains("nowhere.csv cannot be read"), "{line}");
    home.refused(["visit", "--file", "nowhere.csv"]);
    assert_eq!(home.json(["stations"]), before);
}

#[test]
fn unknown_things_are_named() {
    let home = Home::with_a_turf(&town());
    let before = home.json(["status"])["queued"].clone();
    for (args, word) in [
        (
            ["visit", "--door", "nowhere", "--outcome", "spoke"],
            "unknown door",
        ),
        (
            ["turnout", "--station=999", "--hour=12:00", "--votes", "3"],
            "unknown station",
        ),
        (
            ["turnout", "--station=1", "--hour=25:00", "--votes", "3"],
            "hour",
        ),
        (
            ["invite", "--role", "lead", "--team", "Sud"],
            "unknown team",
        ),
        (
            [
                "turf",
                "create",
                "--name=Trois",
                "--team=Nord",
                "--station=99",
            ],
            "unknown station",
        ),
    ] {
        let line = home.refused(args);
        assert!(line.contains(word), "{line}");
    }
    for (args, word) in [
        (["doors", "--turf", "Neuf"], "unknown turf"),
        (["shift", "close", "--turf=Un"], "unknown open shift"),
    ] {
        let line = home.refused(args);
        assert!(line.contains(word), "{line}");
    }
    home.refused(["undo", "00000000000000000000000000000000"]);
    assert_eq!(home.json(["status"])["queued"], before);
    assert_eq!(home.json(["totals"])[0]["knocked"], 0);
}

#[test]
fn a_file_of_visits_with_one_bad_line_records_nothing() {
    let home = Home::with_a_turf(&town());
    let door = &home.doors("Un")[0];
    let before = home.json(["status"])["queued"].clone();
    for (row, line) in [
        ("nowhere,absent,,", 3),
        (&*format!("{door},elsewhere,,"), 3),
        (&*format!("{door},absent,hier,"), 3),
        (&*format!("{door},absent,2999-01-01T00:00:00Z,"), 3),
    ] {
        let text = format!("door,outcome,at,leaflet\n{door},spoke,,\n{row}\n");
        let said = home.refused(["visit", "--file", &home.write("visits.csv", &text)]);
        assert!(said.contains(&format!("line {line}")), "{said}");
        assert!(said.contains("nothing was recorded"), "{said}");
    }
    assert_eq!(home.json(["status"])["queued"], before);
    assert!(home.json(["doors", "--turf", "Un"])[0]["state"].is_null());
}

#[test]
fn a_second_campaign_and_a_second_join_are_refused() {
    let home = Home::with_a_turf(&town());
    let again = ["campaign", "create", "--name", "Autre", "--relay", AWAY];
    assert!(home.refused(again).contains("already"));
    let invited = home.json(["invite", "--role", "volunteer", "--team", "Nord"]);
    let link = text(&invited["link"]);
    assert!(
        home.refused(["join", &link, "--name", "Merle"])
            .contains("already")
    );
    assert!(home.refused(["demo"]).contains("already"));
    let other = Home::new();
    let line = other.refused(["join", &link, "--name", "Merle"]);
    assert!(line.contains("does not answer"), "{line}");
    assert!(other.json(["status"])["campaign"].is_null());
}

#[test]
fn a_relay_that_is_away_or_answers_nonsense_loses_nothing() {
    let home = Home::with_a_turf(&town());
    let door = &home.doors("Un")[0];
    home.json(["visit", "--door", door, "--outcome", "spoke"]);
    let queued = home.json(["status"])["queued"].clone();
    let line = home.refused(["sync"]);
    assert!(line.contains("everything is kept here"), "{line}");
    assert_eq!(home.json(["status"])["queued"], queued);

    let nonsense = nonsense();
    let other = Home::new();
    let line = other.refused(["demo", "--relay", &nonsense]);
    assert!(line.contains("does not understand"), "{line}");
    other.refused(["demo", "--relay", AWAY]);
    assert!(other.json(["status"])["campaign"].is_null());
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_loses_nothing() {
    let home = Home::with_a_turf(&town());
    let door = &home.doors("Un")[0];
    home.json(["visit", "--door", door, "--outcome", "spoke"]);
    // No file may grow over one block; without the trap the system would end the process.
    let full = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh", PALIER])
        .args(["visit", "--outcome", "absent", "--door", door, "--home"])
        .arg(home.device())
        .output()
        .unwrap();
    assert_eq!(full.status.code(), Some(1), "{full:?}");
    assert!(full.stdout.is_empty(), "{full:?}");
    assert_eq!(String::from_utf8(full.stderr).unwrap().lines().count(), 1);
    assert_eq!(home.json(["doors", "--turf", "Un"])[0]["state"], "spoke");
    assert_eq!(home.json(["rebuild"])["differed"], false);
}

/// Something that answers, but not as a relay.
fn nonsense() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi");
        }
    });
    url
}

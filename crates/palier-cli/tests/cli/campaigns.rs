//! Several campaigns on one device, as a terminal sees them.

use std::{fs, path::Path, time::Instant};

use serde_json::json;

use crate::home::{AWAY, Home};

fn create(home: &Home, name: &str) {
    home.json(["campaign", "create", "--name", name, "--relay", AWAY]);
}

/// Two campaigns, of which the second is open.
fn two() -> Home {
    let home = Home::new();
    create(&home, "Nord");
    home.json(["campaign", "next"]);
    create(&home, "Sud");
    home
}

/// Whether a file of the device holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let content = fs::read(&path).unwrap();
        content.windows(bytes.len()).any(|part| part == bytes)
    })
}

#[test]
fn a_campaign_has_the_colour_that_was_chosen() {
    let home = Home::new();
    home.json([
        "campaign", "create", "--name", "Nord", "--relay", AWAY, "--colour", "ochre",
    ]);
    assert_eq!(home.json(["status"])["colour"], 5);
    assert_eq!(home.json(["campaign", "list"])[0]["colour"], 5);
}

#[test]
fn commands_are_about_the_campaign_that_is_open() {
    let home = two();
    let rows = home.json(["campaign", "list"]);
    let shown: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["name"].clone(), row["open"].clone()))
        .collect();
    assert_eq!(
        shown,
        [(json!("Nord"), json!(false)), (json!("Sud"), json!(true))]
    );
    home.json(["team", "create", "--name", "Le Lavoir"]);
    let queued = home.json(["status"])["queued"].clone();
    let opened = home.json(["campaign", "open", "Nord"]);
    assert_eq!(
        opened[1]["queued"], queued,
        "the closed one says what waits"
    );
    let status = home.json(["status"]);
    assert_eq!(status["campaign"], "Nord");
    assert_eq!(status["teams"], json!([]));
    assert_eq!(status["others"], 1);
    assert!(home.lines(["campaign", "list"]).contains("open"));
    assert!(
        home.refused(["campaign", "open", "Ouest"])
            .contains("unknown campaign")
    );
}

#[test]
fn leaving_says_what_would_be_lost_and_then_nothing_is_left() {
    let home = two();
    home.json(["team", "create", "--name", "Le Lavoir"]);
    assert!(holds(&home.device(), b"Le Lavoir"));
    let said = home.refused(["campaign", "leave", "Sud"]);
    assert!(
        said.contains("would be lost; nothing was changed"),
        "{said}"
    );
    let said = home.refused(["campaign", "leave", "Sud", "--lose", "99"]);
    assert!(said.contains("alone can make organisers"), "{said}");
    let leave = ["campaign", "leave", "Sud", "--lose", "99", "--lose-root"];
    let rows = home.json(leave);
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["name"], "Nord");
    assert_eq!(rows[0]["open"], true);
    assert!(!holds(&home.device(), b"Le Lavoir"));
    home.json(["campaign", "leave", "1", "--lose", "99", "--lose-root"]);
    assert!(!holds(&home.device(), b"Nord"));
    assert_eq!(home.json(["status"])["campaign"], json!(null));
    assert_eq!(home.json(["campaign", "list"]), json!([]));
}

/// Kills a command after each of many delays: the device is whole each time, and what was left
/// is either all there or all gone.
#[test]
fn killed_while_leaving_or_opening_nothing_is_half_done() {
    const ROUNDS: u32 = 16;
    let mut left = 0;
    for round in 0..ROUNDS {
        let home = two();
        let began = Instant::now();
        home.json(["campaign", "list"]);
        // From at once to well after its end, however slow the machine is just now.
        let delay = began.elapsed() * 2 * round / ROUNDS;
        home.json(["team", "create", "--name", "Le Lavoir"]);
        let killed = |args: &[&str]| {
            let mut child = home.command([]).args(args).spawn().unwrap();
            std::thread::sleep(delay);
            child.kill().unwrap();
            child.wait().unwrap();
        };
        killed(&["campaign", "open", "Nord"]);
        let rows = home.json(["campaign", "list"]);
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows.iter().filter(|row| row["open"] == true).count(), 1);
        killed(&["campaign", "leave", "Sud", "--lose", "99", "--lose-root"]);
        let rows = home.json(["campaign", "list"]);
        let rows = rows.as_array().unwrap();
        assert_eq!(rows[0]["name"], "Nord");
        assert_eq!(rows.iter().filter(|row| row["open"] == true).count(), 1);
        let there = rows.iter().any(|row| row["name"] == "Sud");
        assert_eq!(there, holds(&home.device(), b"Le Lavoir"));
        if there {
            home.json(["campaign", "open", "Sud"]);
            assert!(!home.json(["rebuild"])["differed"].as_bool().unwrap());
        } else {
            left += 1;
        }
    }
    assert!(left > 0, "every delay was too short");
}

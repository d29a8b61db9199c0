//! A building in a terminal.

use serde_json::json;

use crate::home::{Home, text, town};

#[test]
fn a_building_from_its_description_to_its_last_door() {
    let home = Home::with_a_turf(&town());
    let address = home.doors("Un").remove(0);
    let at = ["--turf", "Un", "--address", &address];
    let [turf, un, here, id] = at;
    let describe = |floors: &str| {
        home.json([
            "building", "describe", turf, un, here, id, "--stairs", "A,B", "--floors", floors,
            "--doors", "4", "--ground", "0",
        ])
    };
    let view = describe("0..7");
    assert_eq!(view["doors"], 56);
    assert_eq!(describe("0..7")["changed"], json!([]));
    assert_eq!(view["stairs"][1]["floors"][0]["floor"], 7);

    let door = |label: &str| format!("{address}/A/7/{label}");
    let (one, two, three) = (door("1"), door("2"), door("3"));
    let many = home.json([
        "visit",
        "--door",
        &one,
        "--door",
        &two,
        "--door",
        &three,
        "--outcome",
        "absent",
    ]);
    let visits: Vec<String> = many["visits"]
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .collect();
    assert_eq!(visits.len(), 3);
    let show = || home.json(["building", "show", turf, un, here, id]);
    assert_eq!(show()["visited"], 3);
    assert_eq!(
        text(&show()["stairs"][0]["floors"][0]["doors"][0]["state"]),
        "absent"
    );
    home.json(["undo", &visits[0], &visits[1], &visits[2]]);
    assert_eq!(show()["visited"], 0);

    home.json(["building", "rename", turf, un, &one, "gauche"]);
    home.json([
        "building",
        "rename",
        turf,
        un,
        &format!("{address}/A/7"),
        "Combles",
    ]);
    home.json(["visit", "--door", &two, "--outcome", "spoke"]);
    let removed = home.json(["building", "remove", turf, un, &two]);
    assert_eq!(removed["changed"], json!([two]));
    assert_eq!(removed["left"][0]["state"], "spoke");
    home.json(["building", "add", turf, un, &format!("{address}/A/7/")]);
    home.json([
        "building", "access", turf, un, here, id, "--way", "code", "--code", "12b9",
    ]);
    let lines = home.lines(["building", "show", turf, un, here, id]);
    for words in [
        "Combles  gauche - | 2 spoke | 3 -",
        "way in: code 12B9, until ",
    ] {
        assert!(lines.contains(words), "{words}: {lines}");
    }
    let visits = home.json(["building", "visits", &two]);
    assert_eq!(visits[0]["outcome"], "spoke");

    let line = home.refused([
        "building",
        "access",
        turf,
        un,
        here,
        id,
        "--way",
        "code",
        "--code",
        "chien méchant",
    ]);
    assert!(line.contains("not a code"), "{line}");
    let line = home.refused(["building", "show", turf, un, here, "nowhere"]);
    assert!(line.contains("unknown address"), "{line}");
    assert_eq!(home.json(["rebuild"])["differed"], false);
}

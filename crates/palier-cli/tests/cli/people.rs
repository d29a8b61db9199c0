//! Who gets in and who goes out, in a terminal and with no relay.

use crate::home::{Home, text, town};

#[test]
fn two_codes_let_somebody_in_who_is_then_removed() {
    let (organiser, merle) = (Home::with_a_turf(&town()), Home::new());
    let asked = merle.json(["join", "--offline", "--name", "Merle"]);
    let code = text(&asked["code"]);
    let stranger = organiser.json(["team", "answer", &code, "--dry-run"]);
    assert_eq!(stranger["name"], "Merle");
    let status = merle.json(["status"]);
    assert_eq!(stranger["code"], status["digits"]);

    let answer = organiser.json(["team", "answer", &code, "--turf", "Un"]);
    let typed = text(&answer["code"]).to_lowercase().replace('-', " ");
    let joined = merle.json(["join", "--answer", &typed]);
    assert_eq!(joined["team"], "Nord");
    assert_eq!(joined["waiting"], false);
    let doors = merle.doors("Un");
    assert_eq!(doors, organiser.doors("Un"));
    merle.json(["visit", "--door", &doors[0], "--outcome", "spoke"]);
    assert_eq!(merle.json(["status"])["queued"], 1);
    let again = merle.refused(["join", "--answer", &typed]);
    assert!(again.contains("already"), "{again}");

    assert_eq!(
        organiser
            .json(["team", "requests"])
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let unknown = organiser.refused(["team", "remove", "Personne"]);
    assert!(unknown.contains("unknown member"), "{unknown}");
    let members = organiser.json(["team", "members"]);
    assert_eq!(members["limit"], 12);
}

#[test]
fn what_is_no_code_says_so() {
    let (organiser, merle) = (Home::with_a_turf(&town()), Home::new());
    let asked = merle.json(["join", "--offline", "--name", "Merle"]);
    let code = text(&asked["code"]);
    let cut: String = code.chars().skip(1).collect();
    let mistyped = organiser.refused(["team", "answer", &cut]);
    assert!(mistyped.contains("mistyped"), "{mistyped}");
    let other_kind = merle.refused(["join", "--answer", &code]);
    assert!(other_kind.contains("other kind"), "{other_kind}");
    // What is said by halves is not even tried.
    for output in [
        merle.run(["join"]).status,
        merle.run(["join", "--offline"]).status,
        merle.run(["join", "--name", "Merle"]).status,
        merle.run(["join", "--answer", "x", "--offline"]).status,
    ] {
        assert_eq!(output.code(), Some(2));
    }
}

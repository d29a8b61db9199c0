//! Bundles, and a device that listens for another.

use serde_json::Value;

use crate::{
    home::{Home, text, town},
    running::Running,
};

#[test]
fn a_bundle_is_there_whole_or_not_at_all_and_says_what_it_brought() {
    let home = Home::with_a_turf(&town());
    let file = home.write("tout.palier", "");
    let exported = home.json(["bundle", "export", &file]);
    let count = exported["envelopes"].as_u64().unwrap();
    assert!(count > 3);
    assert!(!std::path::Path::new(&format!("{file}.part")).exists());
    let brought = home.json(["bundle", "import", &file]);
    assert_eq!(brought["known"].as_u64(), Some(count));
    assert_eq!(brought["whole"], Value::Bool(true));
    assert!(brought.get("type").is_none(), "{brought}");

    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 40]).unwrap();
    let line = home.lines(["bundle", "import", &file]);
    assert!(line.contains("was cut or changed"), "{line}");
    std::fs::write(&file, "bonjour").unwrap();
    assert!(
        home.refused(["bundle", "import", &file])
            .contains("no bundle")
    );
    let nowhere = format!("{file}/nowhere");
    let unwritten = home.refused(["bundle", "export", &nowhere]);
    assert!(unwritten.contains("cannot be written"), "{unwritten}");
    home.refused(["bundle", "export", &file, "--since", "hier"]);
    assert_eq!(std::fs::read(&file).unwrap(), b"bonjour");
}

/// `palier peer serve`, running: its address and its code.
fn listen(home: &Home) -> (Running, String, String) {
    let running = Running::start(home, ["peer", "serve", "--listen", "127.0.0.1:0"]);
    let [address, code] = ["address", "code"].map(|word| text(&running.said[word]));
    (running, address, code)
}

#[test]
fn a_device_listens_for_who_knows_its_code() {
    let home = Home::with_a_turf(&town());
    let (first, address, code) = listen(&home);
    let report = home.json(["sync", "--peer", &address, "--code", &code]);
    assert!(report["already_there"].as_u64().unwrap() > 3, "{report}");
    let wrong = home.refused(["sync", "--peer", &address, "--code", "2345-6789"]);
    assert!(wrong.contains("another code"), "{wrong}");
    drop(first);
    let (_second, address, other) = listen(&home);
    assert_ne!(other, code);
    home.refused(["sync", "--peer", &address, "--code", &code]);
}

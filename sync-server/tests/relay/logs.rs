//! What a relay writes about what it does: ids and words, never what somebody wrote.

use palier_core::{
    envelope::Kind, id::DocumentId, invitation::Offer, moment::Millis, wire::write_push,
};

use crate::{
    actors::{Device, NOW, TEAM, campaign, open_offer},
    program::Program,
    wire::{HOST, status_of},
};

/// Words that stand in bodies, names and addresses, and must stand nowhere else.
const SAID: [&str; 4] = [HOST, "Mésange", "confidentiel", "Rue des Lilas"];

#[test]
fn the_log_holds_ids_and_words_and_nothing_that_anybody_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::serve(folder.path(), "trace", &["--log", "json"]);
    let address = program.address;
    let mut organiser = Device::renewed_organiser(1, Millis::days(365 * 50));
    let text = SAID.join(" ").into_bytes();
    let offer = Offer {
        expires: NOW.after(Millis::days(365 * 40)),
        rights_until: NOW.after(Millis::days(365 * 40)),
        ..open_offer(TEAM, 3, 12)
    };
    let (mut record, _) = organiser.offers(1, offer);
    record.campaign_name = SAID[0].into();
    record.team_name = SAID[1].into();
    let space = campaign().space();
    let envelopes = [
        organiser.introduction(space),
        organiser.introduction(TEAM.space()),
        organiser.write(space, Kind::Kit, DocumentId([3; 16]), text.clone()),
        organiser.write(TEAM.space(), Kind::Shift, DocumentId([4; 16]), text.clone()),
        organiser.invites(&record),
        text.clone(),
    ];
    let body = write_push(envelopes.iter().map(Vec::as_slice));
    let ok = "HTTP/1.1 200 OK\r\n";
    assert_eq!(
        status_of(address, "POST", "/v1/push", &organiser, &body),
        ok
    );
    let pull = format!("/v1/pull?space={space}");
    assert_eq!(status_of(address, "GET", &pull, &organiser, b""), ok);
    for path in [
        "/v1/pull?space=confidentiel",
        "/confidentiel",
        "/v1/invitations/confidentiel",
    ] {
        let status = status_of(address, "GET", path, &organiser, b"");
        assert!(status.starts_with("HTTP/1.1 40"), "{status}");
    }
    assert_ne!(
        status_of(address, "POST", "/v1/push", &organiser, &text),
        ok
    );
    let log = program.stop();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let push = lines.iter().find(|line| line["message"] == "push").unwrap();
    assert_eq!((&push["stored"], &push["refused"]), (&5.into(), &1.into()));
    assert!(lines.iter().any(|line| line["message"] == "stopping"));
    let hex = |text: &str| data_encoding::HEXLOWER.encode(text.as_bytes());
    let bytes = |text: &str| {
        let bytes: Vec<_> = text.bytes().map(|byte| byte.to_string()).collect();
        bytes.join(", ")
    };
    for word in SAID {
        for written in [word.to_owned(), hex(word), bytes(word)] {
            assert!(!log.contains(&written), "{written}");
        }
    }
}

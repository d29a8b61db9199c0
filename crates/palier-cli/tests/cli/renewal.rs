//! Rights that come to their end, as a terminal sees them: a campaign that was begun nearly two
//! years ago.

use std::path::Path;

use palier_core::{
    invitation::Policy,
    moment::{Millis, Moment},
    rights::Role,
};
use palier_device::{Clock, Device, device::Wanted};
use palier_relay::{Config, Relay, StoreAt};

use crate::home::{Home, text};

/// How long ago the campaign began: its first rights last two years.
const AGO: Millis = Millis::days(2 * 366 - 30);

/// An organiser of long ago, and links that were made before their rights were given again.
fn begun(relay: &str) -> (Home, [String; 2]) {
    let office = Home::new();
    let began = Moment(Clock::System.now().0 - AGO.0);
    let open = |clock| Device::open(&office.device(), None, clock).unwrap();
    let mut organiser = open(Clock::at(began));
    organiser.create_campaign("Essai", relay, None).unwrap();
    organiser.create_team("Nord", Policy::Open, None).unwrap();
    drop(organiser);
    // A command would sync behind it.
    let mut organiser = open(Clock::System);
    let mut invite = |role, team: Option<&str>| {
        let wanted = Wanted {
            role,
            team: team.map(str::to_owned),
            station: None,
            expires: None,
            uses: None,
        };
        organiser.invite(&wanted).unwrap().link
    };
    let links = [
        invite(Role::Volunteer, Some("Nord")),
        invite(Role::Trainer, None),
    ];
    drop(organiser);
    (office, links)
}

/// Until when somebody's rights hold, as their own device says.
fn until(home: &Home) -> Moment {
    text(&home.json(["status"])["until"]).parse().unwrap()
}

fn hand(from: &Home, to: &Home) {
    let file = from.write("tout.palier", "");
    from.json(["bundle", "export", &file]);
    assert!(Path::new(&file).exists());
    to.json(["bundle", "import", &file]);
}

#[test]
fn rights_are_given_again_in_time_and_by_nobody_who_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let store = StoreAt::Sqlite(folder.path().join("relay.sqlite3"));
    let config = Config::new("127.0.0.1:0".parse().unwrap(), store);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let relay = runtime.block_on(Relay::start(config)).unwrap();
    let (office, [volunteer, trainer]) = begun(&relay.url());
    let soon = Clock::System.now().after(Millis::days(31));
    assert!(until(&office) < soon);

    let nobody = office.refused(["team", "renew", "Personne"]);
    assert!(nobody.contains("unknown member"), "{nobody}");

    // The device that made the campaign renews itself; who comes in by a link of before does not
    // have longer rights by that.
    office.json(["sync"]);
    assert!(until(&office) > soon);
    let enter = |name: &str, link: &str| {
        let home = Home::new();
        home.json(["join", link, "--name", name]);
        home.json(["sync"]);
        assert!(until(&home) < soon);
        home
    };
    // A trainer stands in no team: the organiser's next sync gives them theirs.
    let sittelle = enter("Sittelle", &trainer);
    office.json(["sync"]);
    sittelle.json(["sync"]);
    assert_eq!(until(&sittelle), until(&office));

    // Nor is a volunteer who came late left out; then there is nothing left to give.
    let merle = enter("Merle", &volunteer);
    let before = until(&merle);
    let refused = merle.refused(["team", "renew", "Merle"]);
    assert!(refused.contains("not allow"), "{refused}");
    office.json(["sync"]);
    office.json(["sync"]);
    hand(&office, &merle);
    assert!(until(&merle) > before);
    assert_eq!(until(&merle), until(&office));
    let members = office.json(["team", "members"]);
    let rows = members["members"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == "Merle").unwrap();
    assert_eq!(row["renewable"], false, "once is enough: {row}");
    let again = office.refused(["team", "renew", "Merle"]);
    assert!(again.contains("not allow"), "{again}");
    runtime.block_on(relay.stop());
}

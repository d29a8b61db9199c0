//! Several campaigns on one disk.

use std::{fs, path::Path};

use palier_core::{outcome::Outcome, rights::Role};

use super::{memory::Memory, place};
use crate::{
    Clock, Device, Error, Shelf,
    api::{
        Reply, Request,
        look::{Look, Side, Theme},
        reply::CampaignRow,
        request::{ExportFormat, ExportWhat, Language},
    },
    device::DemoWords,
};

const AWAY: &str = "http://127.0.0.1:1";

fn open(home: &Path) -> Shelf {
    Shelf::open(home, None, Clock::System).unwrap()
}

async fn create(shelf: &Shelf, name: &str) {
    let request = Request::CreateCampaign {
        name: name.into(),
        relay: AWAY.into(),
        time_zone: None,
        colour: None,
    };
    shelf.ask(request).await.unwrap();
}

async fn rows_of(shelf: &Shelf, request: Request) -> Vec<CampaignRow> {
    match shelf.ask(request).await {
        Ok(Reply::Campaigns { campaigns }) => campaigns,
        Ok(_) => panic!("another answer"),
        Err(reason) => panic!("{reason}"),
    }
}

async fn rows(shelf: &Shelf) -> Vec<CampaignRow> {
    rows_of(shelf, Request::Campaigns).await
}

async fn turn_to(shelf: &Shelf, campaign: &str) -> Vec<CampaignRow> {
    let campaign = campaign.into();
    rows_of(shelf, Request::OpenCampaign { campaign }).await
}

fn leave(campaign: &str, unsent: u32, root: bool) -> Request {
    Request::LeaveCampaign {
        campaign: campaign.into(),
        unsent: Some(unsent),
        root,
    }
}

async fn name_of(shelf: &Shelf) -> Option<String> {
    match shelf.ask(Request::Status).await.unwrap() {
        Reply::Status(status) => status.campaign,
        _ => panic!("another answer"),
    }
}

/// A shelf with `Nord`, and `Sud` open.
async fn two(home: &Path) -> Shelf {
    let shelf = open(home);
    create(&shelf, "Nord").await;
    rows_of(&shelf, Request::NextCampaign).await;
    create(&shelf, "Sud").await;
    shelf
}

#[tokio::test]
async fn two_campaigns_have_nothing_in_common_but_the_shelf() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let id = |shelf: &Shelf| shelf.api().at_once(|device| Ok(device.id())).unwrap();
    let sud = id(&shelf);
    let seen = turn_to(&shelf, "Nord").await;
    assert_ne!(id(&shelf), sud, "each has keys of its own");
    assert!(seen[0].open && !seen[1].open);
    assert_ne!(seen[0].colour, seen[1].colour);
    assert!(seen[1].queued > 0, "the closed one says what waits");
    drop(shelf);
    assert_eq!(name_of(&open(home.path())).await.as_deref(), Some("Nord"));
}

#[tokio::test]
async fn a_device_of_before_is_the_first_and_is_not_rewritten() {
    let home = tempfile::tempdir().unwrap();
    let mut device = Device::open(home.path(), None, Clock::System).unwrap();
    device.create_campaign("Avant", AWAY, None).unwrap();
    drop(device);
    let file = home.path().join("device.sqlite3");
    let bytes = fs::read(&file).unwrap();
    let shelf = open(home.path());
    assert_eq!(name_of(&shelf).await.as_deref(), Some("Avant"));
    rows_of(&shelf, Request::NextCampaign).await;
    create(&shelf, "Après").await;
    let seen: Vec<_> = rows(&shelf).await.into_iter().map(|row| row.name).collect();
    assert_eq!(seen, [Some("Avant".into()), Some("Après".into())]);
    drop(shelf);
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[tokio::test]
async fn nothing_is_lost_that_nobody_said_may_be() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let queued = rows(&shelf).await[1].queued;
    for (campaign, unsent, root, code) in [
        ("Sud", 0, true, "unsent"),
        ("Sud", queued - 1, true, "unsent"),
        ("Sud", queued, false, "holds_root"),
        ("Nord", 0, true, "unsent"),
        ("Ouest", 99, true, "unknown_campaign"),
    ] {
        let refused = shelf.ask(leave(campaign, unsent, root)).await;
        assert_eq!(refused.err().unwrap().code(), code);
    }
    assert_eq!(rows(&shelf).await.len(), 2);
    assert_eq!(name_of(&shelf).await.as_deref(), Some("Sud"));
    let left = rows_of(&shelf, leave("Sud", queued, true)).await;
    assert_eq!(left.len(), 1);
    assert!(left[0].open);
    assert!(!place::folder(home.path(), 2).exists());
}

#[tokio::test]
async fn what_another_program_has_open_is_not_left() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let other = Device::open(&place::folder(home.path(), 2), None, Clock::System).unwrap();
    let refused = shelf.ask(leave("Sud", 99, true)).await;
    assert!(matches!(refused, Err(Error::InUse)));
    assert_eq!(name_of(&shelf).await.as_deref(), Some("Sud"));
    create_team(&shelf, "Après").await;
    drop(other);
    assert_eq!(rows_of(&shelf, leave("Sud", 99, true)).await.len(), 1);
}

async fn create_team(shelf: &Shelf, name: &str) {
    let request = Request::CreateTeam {
        name: name.into(),
        policy: None,
        limit: None,
    };
    shelf.ask(request).await.unwrap();
}

/// Every place where a power cut can fall while a campaign is being left.
#[tokio::test]
async fn cut_while_leaving_it_is_whole_or_gone() {
    for (first, number) in [("Nord", 2), ("Sud", 1)] {
        for step in 0..4 {
            let home = tempfile::tempdir().unwrap();
            drop(two(home.path()).await);
            let folder = place::folder(home.path(), number);
            fs::create_dir_all(folder.join(crate::basemap::FOLDER)).unwrap();
            fs::write(folder.join(crate::basemap::FOLDER).join("carte"), "x").unwrap();
            fs::write(folder.join("device.sqlite3.damaged-1"), "x").unwrap();
            let mut memory = Memory::open(home.path(), None).unwrap();
            if step >= 1 {
                memory.turn_to(None, Some(number)).unwrap();
            }
            if step >= 2 {
                fs::remove_file(folder.join("device.sqlite3")).unwrap();
            }
            if step >= 3 {
                place::wipe(home.path(), number).unwrap();
            }
            drop(memory);
            let shelf = open(home.path());
            let names: Vec<_> = rows(&shelf).await.into_iter().map(|row| row.name).collect();
            if step == 0 {
                assert_eq!(names.len(), 2);
                continue;
            }
            assert_eq!(names, [Some(first.to_owned())], "step {step}");
            assert_eq!(name_of(&shelf).await.as_deref(), Some(first));
            for left in ["device.sqlite3", "device.sqlite3.damaged-1", "maps"] {
                assert!(!folder.join(left).exists(), "step {step}: {left} is there");
            }
            assert!(
                Memory::open(home.path(), None)
                    .unwrap()
                    .leaving()
                    .unwrap()
                    .is_empty()
            );
        }
    }
}

#[tokio::test]
async fn a_room_where_nothing_was_begun_is_given_back() {
    let home = tempfile::tempdir().unwrap();
    let shelf = open(home.path());
    create(&shelf, "Nord").await;
    assert_eq!(rows_of(&shelf, Request::NextCampaign).await.len(), 1);
    assert_eq!(rows_of(&shelf, Request::NextCampaign).await.len(), 1);
    assert_eq!(name_of(&shelf).await, None);
    turn_to(&shelf, "1").await;
    assert!(!place::folder(home.path(), 2).exists());
    // A code was shown: whoever answers it answers these keys.
    rows_of(&shelf, Request::NextCampaign).await;
    let asked = Request::RequestCode {
        link: None,
        name: "Merle".into(),
    };
    assert!(matches!(shelf.ask(asked).await, Ok(Reply::Code { .. })));
    assert_eq!(turn_to(&shelf, "1").await.len(), 2);
    assert!(place::folder(home.path(), 2).exists());
}

#[tokio::test]
async fn what_was_closed_answers_no_more() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let sud = shelf.api();
    turn_to(&shelf, "Nord").await;
    assert!(matches!(sud.ask(Request::Status).await, Err(Error::Closed)));
}

#[tokio::test]
async fn a_campaign_is_not_entered_twice_under_other_keys() {
    let home = tempfile::tempdir().unwrap();
    let shelf = open(home.path());
    create(&shelf, "Nord").await;
    let invited = shelf
        .ask(Request::Invite {
            role: Role::Trainer,
            team: None,
            station: None,
            expires_s: None,
            uses: None,
        })
        .await;
    let Ok(Reply::Invited { link, .. }) = invited else {
        panic!("no link");
    };
    rows_of(&shelf, Request::NextCampaign).await;
    let read = shelf.ask(Request::ReadInvitation { link }).await;
    assert!(matches!(read, Err(Error::AlreadyInCampaign)));
}

#[tokio::test]
async fn taps_while_another_campaign_is_opened_are_on_disk_or_refused() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let mut done = 0;
    for round in 0..10 {
        let other = if round % 2 == 0 { "Nord" } else { "Sud" };
        let tap = {
            let api = shelf.api();
            tokio::spawn(async move {
                let made = api.ask(Request::CreateTeam {
                    name: format!("Équipe {round}"),
                    policy: None,
                    limit: None,
                });
                match made.await {
                    Ok(_) => true,
                    Err(Error::Closed) => false,
                    Err(reason) => panic!("{reason}"),
                }
            })
        };
        turn_to(&shelf, other).await;
        done += usize::from(tap.await.unwrap());
    }
    let mut found = 0;
    for campaign in ["Nord", "Sud"] {
        turn_to(&shelf, campaign).await;
        if let Reply::Status(status) = shelf.ask(Request::Status).await.unwrap() {
            found += status.teams.len();
        }
    }
    assert_eq!(found, done);
}

#[tokio::test]
async fn how_it_looks_holds_for_every_campaign() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let look = Look {
        theme: Theme::Dark,
        side: Side::Left,
        ..Look::default()
    };
    shelf.ask(Request::SetLook { look }).await.unwrap();
    let language = Language::En;
    shelf.ask(Request::SetLanguage { language }).await.unwrap();
    turn_to(&shelf, "Nord").await;
    drop(shelf);
    let shelf = open(home.path());
    let Ok(Reply::Status(status)) = shelf.ask(Request::Status).await else {
        panic!("no status");
    };
    assert_eq!((status.look, status.language), (look, Some(language)));
    assert_eq!(shelf.look().unwrap(), look);
    assert!(look.script().contains("'data-theme','dark'"));
}

#[tokio::test]
async fn a_copy_of_ones_own_data_stands_in_the_device_s_folder() {
    let home = tempfile::tempdir().unwrap();
    let shelf = two(home.path()).await;
    let saved = shelf.ask(Request::SaveExport {
        what: ExportWhat::Mine,
        format: ExportFormat::Json,
    });
    let Ok(Reply::Saved { path }) = saved.await else {
        panic!("not saved");
    };
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"campaign\": \"Sud\""), "{text}");
    assert!(Path::new(&path).starts_with(home.path()));
}

#[tokio::test]
async fn a_demonstration_is_tried_before_anything_is_joined_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let shelf = open(home.path());
    let demo = Request::OpenDemo(DemoWords {
        campaign: "Démonstration".into(),
        team: "Essai".into(),
        turf: "Secteur".into(),
        name: "Rossignol".into(),
    });
    let opened = rows_of(&shelf, demo).await;
    assert_eq!(opened[0].role, Some(Role::Volunteer));
    let Ok(Reply::Doors { doors, .. }) = shelf
        .ask(Request::Doors {
            turf: "Secteur".into(),
        })
        .await
    else {
        panic!("no doors");
    };
    assert!(doors.len() > 50, "{} doors", doors.len());
    assert!(
        doors
            .iter()
            .any(|door| door.floor.is_some_and(|floor| floor > 2))
    );
    let tapped = Request::RecordVisit {
        door: doors[0].door.clone(),
        outcome: Outcome::Spoke,
        at: None,
        leaflet: false,
    };
    shelf.ask(tapped).await.unwrap();
    let sent = shelf.ask(Request::Sync).await;
    assert!(matches!(sent, Err(Error::Offline(_))));
    assert!(
        !shelf
            .api()
            .at_once(|device| device.rebuild())
            .unwrap()
            .differed
    );
    assert_eq!(rows_of(&shelf, leave("1", 0, false)).await, []);
    assert_eq!(name_of(&shelf).await, None);
}

//! Two people describe the same building with no network, and knock at its doors.

use anyhow::{Result, bail};
use palier_core::outcome::Outcome;
use palier_device::api::{
    Reply, Request,
    reply::{BuildingView, DoorRow},
    request::Grouping,
};

use crate::support::{Person, World, town};

/// What a person asks about a building answers with it.
async fn building(person: &Person, request: Request) -> Result<BuildingView> {
    match person.ask(request).await? {
        Reply::Building(view) => Ok(view),
        _ => bail!("a building answers what is asked about one"),
    }
}

async fn read(person: &Person, address: &str) -> Result<BuildingView> {
    let request = Request::Building {
        turf: town::TURF.into(),
        address: address.into(),
    };
    building(person, request).await
}

async fn describe(person: &Person, address: &str, highest: i16, doors: u8) -> Result<BuildingView> {
    let request = Request::DescribeBuilding {
        turf: town::TURF.into(),
        address: address.into(),
        stairs: vec!["A".into(), "B".into()],
        lowest: 0,
        highest,
        doors,
        ground: Some(0),
    };
    building(person, request).await
}

async fn together(person: &Person, doors: &[String], outcome: Outcome) -> Result<Vec<String>> {
    let request = Request::RecordTogether {
        doors: doors.to_vec(),
        outcome,
        leaflet: false,
    };
    match person.ask(request).await? {
        Reply::RecordedMany { visits } => Ok(visits),
        _ => bail!("visits answer visits"),
    }
}

fn rows(view: &BuildingView) -> impl Iterator<Item = &DoorRow> {
    let floors = view.stairs.iter().flat_map(|stair| &stair.floors);
    floors.flat_map(|floor| &floor.doors)
}

/// The network is back for everybody.
async fn meet(world: &mut World, people: [&Person; 3]) -> Result<()> {
    world.start_relay().await?;
    for _ in 0..2 {
        for person in people {
            person.sync().await?;
        }
    }
    Ok(())
}

/// What a screen shows of a building, whoever looks.
fn picture(view: &BuildingView) -> Vec<String> {
    let said = |row: &DoorRow| format!("{} {} {:?}", row.door, row.label, row.state);
    let floors = view.stairs.iter().flat_map(|stair| &stair.floors);
    let landings = floors.map(|floor| format!("{} {}", floor.floor, floor.landing));
    let way = view
        .access
        .iter()
        .map(|it| format!("{} {:?}", it.way, it.code));
    rows(view)
        .chain(&view.left)
        .map(said)
        .chain(landings)
        .chain(way)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_describe_the_same_building_offline_and_see_the_same_afterwards() -> Result<()> {
    let mut world = World::new().await?;
    let [organiser, merle, pinson] = town::volunteers(&world).await?;
    let address = merle.doors(town::TURF).await?[0].address_id.clone();

    world.stop_relay().await;
    // One counts three floors, the other four; one of them saw the code.
    describe(&merle, &address, 3, 2).await?;
    describe(&pinson, &address, 4, 2).await?;
    let turf = || town::TURF.to_owned();
    let landing = Request::RenamePlace {
        turf: turf(),
        place: format!("{address}/A/1"),
        name: "Entresol".into(),
    };
    building(&merle, landing).await?;
    let access = Request::SetAccess {
        turf: turf(),
        address: address.clone(),
        way: palier_core::building::Way::Code,
        code: Some("4521A".into()),
        ends: None,
    };
    building(&pinson, access).await?;
    meet(&mut world, [&merle, &pinson, &organiser]).await?;
    let seen = read(&pinson, &address).await?;
    assert_eq!(seen.doors, 16);
    for person in [&merle, &organiser] {
        let view = read(person, &address).await?;
        assert_eq!(picture(&view), picture(&seen), "{}", person.name);
    }

    // Merle takes a door out; Pinson knocks there meanwhile, and at a landing in one gesture.
    world.stop_relay().await;
    let wrong = vec![format!("{address}/B/2/2")];
    let remove = Request::RemoveDoors {
        turf: turf(),
        doors: wrong.clone(),
    };
    building(&merle, remove).await?;
    together(&pinson, &wrong, Outcome::Spoke).await?;
    let landing: Vec<String> = (1..=2).map(|n| format!("{address}/A/4/{n}")).collect();
    let gesture = together(&pinson, &landing, Outcome::Absent).await?;
    meet(&mut world, [&merle, &pinson, &organiser]).await?;
    let seen = read(&pinson, &address).await?;
    assert_eq!((seen.doors, seen.visited), (15, 2));
    assert_eq!(seen.left.len(), 1);
    assert_eq!(seen.left[0].state, Some(Outcome::Spoke));
    assert_eq!(seen.left[0].door, wrong[0]);
    for person in [&merle, &organiser] {
        let view = read(person, &address).await?;
        assert_eq!(picture(&view), picture(&seen), "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
    }
    // Totals count what was done, wherever the door is now.
    let knocked = |rows: Vec<_>| -> u32 {
        let rows: Vec<palier_device::api::reply::TotalsRow> = rows;
        rows.iter().map(|row| row.knocked).sum()
    };
    assert_eq!(knocked(organiser.totals(Grouping::Team).await?.rows), 3);

    // One undo takes the whole gesture back, after it was sent too.
    pinson
        .ask(Request::UndoTogether { visits: gesture })
        .await?;
    for person in [&pinson, &merle, &organiser] {
        person.sync().await?;
        assert_eq!(read(person, &address).await?.visited, 0, "{}", person.name);
    }
    assert_eq!(knocked(organiser.totals(Grouping::Team).await?.rows), 1);
    // A door that was taken out by mistake comes back with what happened there.
    let back = Request::AddDoors {
        turf: turf(),
        doors: wrong.clone(),
    };
    building(&merle, back).await?;
    merle.sync().await?;
    pinson.sync().await?;
    let view = read(&pinson, &address).await?;
    assert!(view.left.is_empty());
    let row = rows(&view).find(|row| row.door == wrong[0]).unwrap();
    assert_eq!(row.state, Some(Outcome::Spoke));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handed_turf_is_described_before_its_document_arrives() -> Result<()> {
    let mut world = World::new().await?;
    let (_, lead) = town::lead(&world).await?;
    world.stop_relay().await;

    let merle = world.person("Merle")?;
    let asked = merle.request_code().await?;
    let answer = lead.answer_code(&asked, town::TURF).await?;
    merle.enter_answer(&answer).await?;
    let address = merle.doors(town::TURF).await?[0].address_id.clone();
    assert_eq!(describe(&merle, &address, 2, 2).await?.doors, 8);
    let doors: Vec<String> = rows(&read(&merle, &address).await?)
        .map(|row| row.door.clone())
        .collect();
    together(&merle, &doors, Outcome::Absent).await?;
    assert!(!merle.rebuild().await?);

    world.start_relay().await?;
    for _ in 0..2 {
        for person in [&lead, &merle] {
            person.sync().await?;
        }
    }
    let seen = read(&lead, &address).await?;
    assert_eq!((seen.doors, seen.visited), (8, 8));
    assert_eq!(picture(&seen), picture(&read(&merle, &address).await?));
    Ok(())
}

//! Three people share a leaflet round with no network; the relay's leaflets are the truth.

use anyhow::{Result, bail};
use palier_core::{outcome::Outcome, round::Boxes};
use palier_device::api::{
    Reply, Request,
    reply::{RoundView, TotalsSource},
    request::{Grouping, Mark},
};

use crate::support::{Person, World, town};

const ROUND: &str = "Tracts";

async fn round(person: &Person, request: Request) -> Result<RoundView> {
    match person.ask(request).await? {
        Reply::Round(view) => Ok(*view),
        _ => bail!("a round answers what is asked about one"),
    }
}

async fn read(person: &Person) -> Result<RoundView> {
    let round_of = ROUND.to_owned();
    round(person, Request::Round { round: round_of }).await
}

/// Notes one face; gives how many letter boxes it has.
async fn note(person: &Person, face: usize, boxes: Boxes) -> Result<u32> {
    let view = read(person).await?;
    let buildings = &view.faces[face].buildings;
    let marks = buildings.iter().map(|row| Mark {
        address: row.address_id.clone(),
        boxes,
    });
    let request = Request::MarkBoxes {
        round: ROUND.into(),
        marks: marks.collect(),
    };
    round(person, request).await?;
    Ok(buildings.iter().map(|row| row.count).sum())
}

async fn leaflets(person: &Person, source: TotalsSource, by: Grouping) -> Result<u32> {
    let totals = person.totals(by).await?;
    assert_eq!(totals.source, source);
    Ok(totals.rows.iter().map(|row| row.leaflets).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn leaflets_on_the_relay_are_the_sum_over_the_devices() -> Result<()> {
    let mut world = World::new().await?;
    let [organiser, merle, pinson] = town::volunteers(&world).await?;
    let request = Request::CreateRound {
        turf: town::TURF.into(),
        name: ROUND.into(),
    };
    organiser.ask(request).await?;
    for person in [&organiser, &merle, &pinson] {
        person.sync().await?;
    }

    world.stop_relay().await;
    let first = note(&merle, 0, Boxes::Done).await?;
    let second = note(&pinson, 1, Boxes::Done).await?;
    // Both were in the same street: both left leaflets there, and the building is done once.
    let twice = note(&pinson, 0, Boxes::Done).await?;
    // A slip, and a door beside the round that took a leaflet too.
    note(&merle, 1, Boxes::Done).await?;
    note(&merle, 1, Boxes::Todo).await?;
    let door = merle.doors(town::TURF).await?[0].door.clone();
    let visit = Request::RecordVisit {
        door,
        outcome: Outcome::Spoke,
        at: None,
        leaflet: true,
    };
    merle.ask(visit).await?;
    assert_eq!(
        leaflets(&merle, TotalsSource::Device, Grouping::Station).await?,
        first + 1
    );
    assert_eq!(
        leaflets(&pinson, TotalsSource::Device, Grouping::Station).await?,
        second + twice
    );
    world.start_relay().await?;
    for _ in 0..2 {
        for person in [&pinson, &merle, &organiser] {
            person.sync().await?;
        }
    }
    for by in [Grouping::Station, Grouping::Day, Grouping::Team] {
        let counted = leaflets(&organiser, TotalsSource::Relay, by).await?;
        assert_eq!(counted, first + second + twice + 1, "{by:?}");
    }
    let seen = read(&organiser).await?;
    assert_eq!(seen.round.done, first + second);
    for person in [&merle, &pinson] {
        let view = read(person).await?;
        assert_eq!(view.round.done, seen.round.done, "{}", person.name);
    }

    // What is taken back after it was sent leaves the totals too.
    note(&pinson, 0, Boxes::Todo).await?;
    for person in [&pinson, &merle, &organiser] {
        person.sync().await?;
    }
    let counted = leaflets(&organiser, TotalsSource::Relay, Grouping::Station).await?;
    assert_eq!(counted, first + second + 1);
    assert_eq!(read(&organiser).await?.round.done, first + second);
    for person in [&merle, &pinson, &organiser] {
        assert!(!person.rebuild().await?, "{} differed", person.name);
    }
    Ok(())
}

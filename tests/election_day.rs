//! Ballots cast so far, from observers to the organiser.

use anyhow::{Context, Result};
use palier_core::{moment::Millis, rights::Role};
use palier_device::api::{
    Reply, Request,
    reply::{HourVotes, TotalsRow},
    request::Grouping,
};

use crate::support::{Person, World, town};

async fn observer(
    world: &World,
    organiser: &Person,
    name: &str,
    station: Option<&str>,
) -> Result<Person> {
    let request = Request::Invite {
        role: Role::Observer,
        team: None,
        station: station.map(Into::into),
        expires_s: None,
        uses: None,
    };
    let Reply::Invited { link, .. } = organiser.ask(request).await? else {
        anyhow::bail!("an invitation answers an invitation");
    };
    let observer = world.person(name)?;
    observer.join(&link).await?;
    Ok(observer)
}

async fn report(person: &Person, station: &str, hour: &str, votes: u32) -> Result<(), String> {
    let request = Request::ReportTurnout {
        station: station.into(),
        hour: hour.into(),
        votes,
    };
    let reported = person.ask(request).await;
    reported.map(drop).map_err(|refused| refused.code())
}

async fn row(organiser: &Person, station: &str) -> Result<TotalsRow> {
    organiser
        .totals(Grouping::Station)
        .await?
        .rows
        .into_iter()
        .find(|row| row.station.as_deref() == Some(station))
        .context("no such station")
}

fn votes(hours: &[(&str, u32)]) -> Vec<HourVotes> {
    let hour = |(hour, votes): &(&str, u32)| HourVotes {
        hour: (*hour).to_owned(),
        votes: *votes,
    };
    hours.iter().map(hour).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observer_reports_their_station_and_no_other() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    organiser.sync().await?;
    let stations: Vec<String> = (organiser.totals(Grouping::Station).await?.rows)
        .into_iter()
        .filter_map(|row| row.station)
        .collect();
    let (own, other) = (&stations[0], &stations[1]);
    let geai = observer(&world, &organiser, "Geai", Some(own)).await?;
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(
        report(&geai, other, "12:00", 300).await,
        refused("not_allowed")
    );
    assert_eq!(
        report(&geai, "nulle part", "12:00", 300).await,
        refused("unknown_station")
    );
    assert_eq!(report(&geai, own, "25:00", 300).await, refused("bad_input"));
    for (hour, count) in [("12:00", 300), ("17:00", 640), ("12:00", 310)] {
        assert_eq!(report(&geai, own, hour, count).await, Ok(()));
        world.clock.advance(Millis::hours(1));
        world.advance_relay(Millis::hours(1));
    }
    assert_eq!(geai.status().await?.queued, 3);
    geai.sync().await?;
    organiser.sync().await?;
    let expected = votes(&[("12:00", 310), ("17:00", 640)]);
    assert_eq!(row(&organiser, own).await?.turnout, expected);

    let huppe = observer(&world, &organiser, "Huppe", None).await?;
    assert_eq!(report(&huppe, own, "12:00", 312).await, Ok(()));
    huppe.sync().await?;
    geai.sync().await?;
    organiser.sync().await?;
    let expected = votes(&[("12:00", 312), ("17:00", 640)]);
    assert_eq!(
        row(&organiser, own).await?.turnout,
        expected,
        "the later count stands"
    );
    assert!(!geai.rebuild().await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_reports_no_turnout() -> Result<()> {
    let world = World::new().await?;
    let (_, merle) = town::volunteer(&world).await?;
    assert_eq!(
        report(&merle, "1", "12:00", 3).await,
        Err("not_allowed".to_owned())
    );
    Ok(())
}

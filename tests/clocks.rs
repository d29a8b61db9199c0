//! Clocks that are years off: nothing is refused, nothing is lost, and the latest visit wins.

use anyhow::Result;
use palier_core::{
    moment::{Millis, Moment, TimeZone},
    outcome::Outcome,
    rights::Role,
};
use palier_device::{Clock, api::request::Grouping};

use crate::support::{Person, World, town};

const TEN_YEARS: i64 = 3_650 * 86_400_000;
const HOUR: i64 = 3_600_000;

fn true_time() -> i64 {
    Clock::System.now().0
}

async fn record(person: &Person, door: usize, outcome: Outcome) -> Result<()> {
    let door = person.doors(town::TURF).await?[door].door.clone();
    person.record(&door, outcome, false).await?;
    Ok(())
}

async fn state(person: &Person, door: usize) -> Result<(Option<Outcome>, i64)> {
    let row = &person.doors(town::TURF).await?[door];
    let at: Moment = row.last_visit.as_ref().unwrap().at.parse()?;
    Ok((row.state, at.0))
}

/// A volunteer whose clock is set by hand, and the organiser.
async fn volunteer(world: &World, ahead: i64) -> Result<([Person; 2], Clock)> {
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 3)
        .await?;
    let clock = Clock::at(Moment(true_time()));
    let merle = world.person_by("Merle", clock.clone())?;
    merle.join(&link).await?;
    clock.advance(Millis(ahead));
    Ok(([organiser, merle], clock))
}

/// The organiser, and a newcomer whose clock is right, both see what was recorded, at its time.
async fn all_see(world: &World, organiser: &Person, door: usize, outcome: Outcome) -> Result<()> {
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 1)
        .await?;
    let newcomer = world.person_by("Lise", Clock::System)?;
    newcomer.join(&link).await?;
    for person in [organiser, &newcomer] {
        person.sync().await?;
        let (seen, at) = state(person, door).await?;
        assert_eq!(seen, Some(outcome), "{}", person.name);
        assert!((true_time() - at).abs() < HOUR, "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
    }
    organiser.sync().await?;
    let totals = organiser.totals(Grouping::Day).await?;
    let days = [true_time(), true_time() - HOUR].map(|at| Moment(at).day(TimeZone::PARIS));
    for row in totals.rows.iter().filter(|row| row.knocked > 0) {
        let day = row.day.clone().unwrap_or_default();
        assert!(days.contains(&day), "{day}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_while_there_is_no_network_loses_no_visit() -> Result<()> {
    for jump in [TEN_YEARS, -TEN_YEARS, -true_time()] {
        let world = World::new().await?;
        let ([organiser, merle], clock) = volunteer(&world, jump).await?;
        record(&merle, 0, Outcome::Absent).await?;
        clock.advance(Millis(60_000));
        record(&merle, 0, Outcome::Spoke).await?;
        let report = merle.sync().await?;
        assert_eq!(report.refused, Vec::<String>::new(), "{jump}");
        assert!(!merle.rebuild().await?, "{jump}");
        let (seen, at) = state(&merle, 0).await?;
        assert_eq!(seen, Some(Outcome::Spoke), "{jump}");
        assert!((true_time() - at).abs() < HOUR, "{jump}: {at}");
        all_see(&world, &organiser, 0, Outcome::Spoke).await?;
        assert_eq!(merle.status().await?.queued, 0);

        // From now on the taps bear the true time at once, and once it was set right, too.
        record(&merle, 1, Outcome::Refused).await?;
        assert!((true_time() - state(&merle, 1).await?.1).abs() < HOUR);
        clock.advance(Millis(-jump));
        record(&merle, 2, Outcome::Refused).await?;
        assert!((true_time() - state(&merle, 2).await?.1).abs() < HOUR);
        assert_eq!(merle.sync().await?.refused, Vec::<String>::new());
        organiser.sync().await?;
        assert_eq!(state(&organiser, 2).await?.0, Some(Outcome::Refused));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_visit_of_another_wins_over_one_of_a_clock_that_ran_ahead() -> Result<()> {
    let world = World::new().await?;
    let ([organiser, merle], _clock) = volunteer(&world, TEN_YEARS).await?;
    record(&merle, 0, Outcome::Absent).await?;
    merle.sync().await?;
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 1)
        .await?;
    let clock = Clock::at(Moment(true_time() + 60_000));
    let pinson = world.person_by("Pinson", clock)?;
    pinson.join(&link).await?;
    pinson.sync().await?;
    record(&pinson, 0, Outcome::Spoke).await?;
    pinson.sync().await?;
    for person in [&organiser, &merle] {
        person.sync().await?;
        assert_eq!(state(person, 0).await?.0, Some(Outcome::Spoke));
    }
    Ok(())
}

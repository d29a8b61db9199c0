//! The demo town, with one team and one turf.

use anyhow::Result;
use palier_core::rights::Role;
use palier_device::api::{
    Request,
    request::{Policy, Subject},
};

use super::{Person, World};

/// The name of the one turf.
pub(crate) const TURF: &str = "Marché";
/// The name of the one team.
pub(crate) const TEAM: &str = "Diderot";
/// How many visits an outing of a story has where nobody says otherwise.
pub(crate) const OUTING: usize = 30;

/// Imports the town's stations and addresses, and gives one station to one team.
pub(crate) async fn prepare(organiser: &Person) -> Result<()> {
    prepare_for(organiser, Policy::Open, 12).await
}

/// A campaign on the town, with its organiser and one volunteer.
pub(crate) async fn volunteer(world: &World) -> Result<(Person, Person)> {
    let organiser = world.organiser().await?;
    prepare(&organiser).await?;
    let link = organiser.invite(Role::Volunteer, Some(TEAM), 1).await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    Ok((organiser, merle))
}

/// A campaign on the town, with its organiser and two volunteers of one team.
pub(crate) async fn volunteers(world: &World) -> Result<[Person; 3]> {
    let organiser = world.organiser().await?;
    prepare(&organiser).await?;
    let link = organiser.invite(Role::Volunteer, Some(TEAM), 2).await?;
    let (merle, pinson) = (world.person("Merle")?, world.person("Pinson")?);
    for person in [&merle, &pinson] {
        person.join(&link).await?;
    }
    Ok([organiser, merle, pinson])
}

/// A campaign on the town, with its organiser and the lead of its team.
pub(crate) async fn lead(world: &World) -> Result<(Person, Person)> {
    let organiser = world.organiser().await?;
    prepare(&organiser).await?;
    let link = organiser.invite(Role::Lead, Some(TEAM), 1).await?;
    let lead = world.person("Huppe")?;
    lead.join(&link).await?;
    Ok((organiser, lead))
}

/// As [`prepare`], for a team with this policy and limit.
pub(crate) async fn prepare_for(organiser: &Person, policy: Policy, limit: u16) -> Result<()> {
    let town = palier_core::demo::town(7);
    let folder = tempfile::tempdir()?;
    for (subject, text) in [
        (Subject::Stations, town.stations_geojson()),
        (Subject::Addresses, town.addresses_csv()),
    ] {
        let file = folder.path().join("file");
        std::fs::write(&file, text)?;
        organiser.import(subject, &file).await?;
    }
    let team = Request::CreateTeam {
        name: TEAM.into(),
        policy: Some(policy),
        limit: Some(limit),
    };
    organiser.ask(team).await?;
    let station = town.territory.stations[0].id.as_str();
    organiser.create_turf(TURF, TEAM, station).await?;
    Ok(())
}

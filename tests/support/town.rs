//! The demo town, with one team and one turf.

use anyhow::Result;
use palier_device::api::request::Subject;

use super::Person;

/// The name of the one turf.
pub(crate) const TURF: &str = "Marché";
/// The name of the one team.
pub(crate) const TEAM: &str = "Diderot";
/// How many visits an outing of a story has where nobody says otherwise.
pub(crate) const OUTING: usize = 30;

/// Imports the town's stations and addresses, and gives one station to one team.
pub(crate) async fn prepare(organiser: &Person) -> Result<()> {
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
    organiser.create_team(TEAM).await?;
    let station = town.territory.stations[0].id.as_str();
    organiser.create_turf(TURF, TEAM, station).await?;
    Ok(())
}

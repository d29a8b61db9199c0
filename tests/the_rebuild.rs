//! Projections are caches: made again from the envelopes, they come out equal.

use anyhow::Result;
use palier_core::{outcome::Outcome, rights::Role};
use palier_device::api::request::Subject;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_changes_nothing_with_and_without_changes_that_wait() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    let town = palier_core::demo::town(3);
    let folder = tempfile::tempdir()?;
    for (subject, text) in [
        (Subject::Stations, town.stations_geojson()),
        (Subject::Addresses, town.addresses_csv()),
    ] {
        let file = folder.path().join("file");
        std::fs::write(&file, text)?;
        organiser.import(subject, &file).await?;
    }
    organiser.create_team("Diderot").await?;
    let station = town.territory.stations[0].id.as_str();
    organiser.create_turf("Marché", "Diderot", station).await?;
    assert!(!organiser.rebuild().await?);
    let link = organiser
        .invite(Role::Volunteer, Some("Diderot"), 1)
        .await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    let doors = merle.doors("Marché").await?;
    for (door, outcome) in doors.iter().zip(Outcome::ALL) {
        merle.record(&door.door, outcome, true).await?;
        assert!(!merle.rebuild().await?, "with changes that wait");
    }
    merle.sync().await?;
    merle.record(&doors[0].door, Outcome::Spoke, false).await?;
    assert!(!merle.rebuild().await?, "after a sync");
    organiser.sync().await?;
    assert!(!organiser.rebuild().await?, "on another device");
    Ok(())
}

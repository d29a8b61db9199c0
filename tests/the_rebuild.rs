//! Projections are caches: made again from the envelopes, they come out equal.

use anyhow::Result;
use palier_core::{outcome::Outcome, rights::Role};

use crate::support::{World, town};

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_changes_nothing_with_and_without_changes_that_wait() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    assert!(!organiser.rebuild().await?);
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 1)
        .await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    let doors = merle.doors(town::TURF).await?;
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

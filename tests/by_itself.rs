//! Sync that nobody asks for: after a tap, at the relay's word, and once the relay is back.

use std::time::Duration;

use anyhow::{Result, bail};
use palier_core::outcome::Outcome;

use crate::support::{Person, World, town};

/// Waits until a door of the turf shows an outcome, woken by the device alone.
async fn shows(person: &Person, door: &str, outcome: Outcome) -> Result<()> {
    let mut changes = person.changes();
    let seen = async {
        loop {
            let doors = person.doors(town::TURF).await?;
            let shown = doors.iter().find(|row| row.door == door);
            if shown.is_some_and(|row| row.state == Some(outcome)) {
                return Ok(());
            }
            changes.changed().await?;
        }
    };
    match tokio::time::timeout(Duration::from_secs(60), seen).await {
        Ok(shown) => shown,
        Err(_) => bail!("{} never saw it", person.name),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_reaches_the_team_even_after_the_relay_was_away() -> Result<()> {
    let mut world = World::new().await?;
    let [_, merle, pinson] = town::volunteers(&world).await?;
    for person in [&merle, &pinson] {
        person.keep_synced();
    }
    let doors = merle.doors(town::TURF).await?;
    merle.record(&doors[0].door, Outcome::Spoke, false).await?;
    shows(&pinson, &doors[0].door, Outcome::Spoke).await?;

    world.stop_relay().await;
    pinson
        .record(&doors[1].door, Outcome::Absent, false)
        .await?;
    world.start_relay().await?;
    shows(&merle, &doors[1].door, Outcome::Absent).await
}

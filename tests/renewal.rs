//! Rights that come to their end while a campaign goes on.

use anyhow::Result;
use palier_core::{moment::Millis, outcome::Outcome, rights::Role};
use palier_device::api::{Reply, Request};

use crate::support::{Person, World, town};

fn pass(world: &World, time: Millis) {
    world.clock.advance(time);
    world.advance_relay(time);
}

async fn sync_all(people: &[&Person]) -> Result<()> {
    for _ in 0..2 {
        for person in people {
            person.sync().await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_outlives_its_first_rights_without_a_new_link() -> Result<()> {
    let world = World::new().await?;
    let (organiser, lead) = town::lead(&world).await?;
    let link = lead.invite(Role::Volunteer, None, 1).await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    let people = [&organiser, &lead, &merle];
    sync_all(&people).await?;
    let log = world.team_log()?.len();

    // Forty days before everybody's rights end.
    pass(&world, Millis::days(2 * 366 - 40));
    sync_all(&people).await?;
    let renewed = world.team_log()?.len();
    assert!(renewed > log);
    sync_all(&people).await?;
    assert_eq!(world.team_log()?.len(), renewed, "once is enough");

    pass(&world, Millis::days(60));
    let doors = merle.doors(town::TURF).await?;
    merle.record(&doors[0].door, Outcome::Spoke, false).await?;
    for person in [&merle, &lead, &organiser] {
        person.sync().await?;
        let status = person.status().await?;
        assert_eq!(status.queued, 0);
        assert!(status.ended.is_none());
        let doors = person.doors(town::TURF).await?;
        assert_eq!(doors[0].state, Some(Outcome::Spoke));
        assert!(!person.rebuild().await?);
    }
    assert_eq!(lead.team().await?, ["Huppe", "Merle"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hears_late_of_longer_rights_is_given_them_by_hand() -> Result<()> {
    let world = World::new().await?;
    let (organiser, lead) = town::lead(&world).await?;
    pass(&world, Millis::days(2 * 366 - 40));
    organiser.sync().await?;
    pass(&world, Millis::days(60));
    assert_eq!(lead.sync().await.unwrap_err().code(), "expired");

    let Reply::Bundle { content, .. } =
        organiser.ask(Request::ExportBundle { since: None }).await?
    else {
        panic!("a bundle answers a bundle");
    };
    lead.ask(Request::ImportBundle { content }).await?;
    lead.sync().await?;
    assert!(lead.status().await?.ended.is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_in_no_team_is_given_longer_rights_too() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let mut people = Vec::new();
    for (name, role) in [("Sittelle", Role::Trainer), ("Bruant", Role::Observer)] {
        let person = world.person(name)?;
        person.join(&organiser.invite(role, None, 1).await?).await?;
        people.push(person);
    }
    let [trainer, observer] = &people[..] else {
        panic!("two people")
    };
    let all = [&organiser, trainer, observer];
    sync_all(&all).await?;

    pass(&world, Millis::days(2 * 366 - 40));
    sync_all(&all).await?;
    let sent: u32 = {
        let again = [organiser.sync().await?, trainer.sync().await?];
        again.iter().map(|report| report.sent).sum()
    };
    assert_eq!(sent, 0, "once is enough");

    pass(&world, Millis::days(60));
    for person in all {
        person.sync().await?;
        assert!(person.status().await?.ended.is_none(), "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
    }
    Ok(())
}

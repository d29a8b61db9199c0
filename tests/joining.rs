//! Getting in, and not getting in.

use anyhow::Result;
use palier_core::{moment::Millis, rights::Role};
use palier_device::api::{Reply, Request};

use crate::support::World;

/// A link into a new team, for some volunteers.
async fn link_for(world: &World, uses: u16) -> Result<String> {
    let organiser = world.organiser().await?;
    organiser.create_team("Diderot").await?;
    organiser
        .invite(Role::Volunteer, Some("Diderot"), uses)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_what_it_opens_before_it_is_used() -> Result<()> {
    let world = World::new().await?;
    let link = link_for(&world, 1).await?;
    let merle = world.person("Merle")?;
    let reply = merle
        .ask(Request::ReadInvitation { link: link.clone() })
        .await?;
    match reply {
        Reply::Invitation {
            campaign,
            team,
            role,
            ..
        } => {
            assert_eq!(campaign, "Campagne");
            assert_eq!(team.as_deref(), Some("Diderot"));
            assert_eq!(role, Role::Volunteer);
        }
        _ => panic!("another answer"),
    }
    assert_eq!(merle.status().await?.campaign, None);
    merle.join(&link).await?;
    let status = merle.status().await?;
    assert_eq!(status.campaign.as_deref(), Some("Campagne"));
    assert_eq!(status.teams[0].members, ["Merle"]);
    assert_eq!(status.queued, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_link_lets_nobody_in() -> Result<()> {
    let world = World::new().await?;
    let link = link_for(&world, 1).await?;
    world.person("Merle")?.join(&link).await?;
    let late = world.person("Pinson")?;
    assert_eq!(
        late.join(&link).await.unwrap_err().code(),
        "invitation_used"
    );
    assert_eq!(late.status().await?.campaign, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_lets_nobody_in() -> Result<()> {
    let world = World::new().await?;
    let link = link_for(&world, 1).await?;
    world.advance_relay(Millis::days(8));
    let late = world.person("Pinson")?;
    let refused = late.join(&link).await.unwrap_err();
    assert_eq!(refused.code(), "invitation_expired");
    assert_eq!(late.status().await?.campaign, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_join_is_refused_and_changes_nothing() -> Result<()> {
    let world = World::new().await?;
    let link = link_for(&world, 5).await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    let again = merle.join(&link).await.unwrap_err();
    assert_eq!(again.code(), "already_in_campaign");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_link_and_a_link_of_another_campaign_let_nobody_in() -> Result<()> {
    let world = World::new().await?;
    let link = link_for(&world, 1).await?;
    let merle = world.person("Merle")?;
    let cut: String = link.chars().take(link.len() - 4).collect();
    assert_eq!(merle.join(&cut).await.unwrap_err().code(), "bad_link");

    let mut other = palier_core::invitation::Link::parse(&link)?;
    other.campaign.0[0] ^= 1;
    let refused = merle.join(&other.text()).await.unwrap_err();
    assert_eq!(refused.code(), "invitation_unknown");
    merle.join(&link).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_of_twelve_is_full() -> Result<()> {
    let world = World::new().await?;
    let link = link_for(&world, 20).await?;
    let people = (0..14)
        .map(|number| world.person(&format!("Oiseau {number}")))
        .collect::<Result<Vec<_>>>()?;
    let joins = people.iter().map(|person| person.join(&link));
    let mut full = 0;
    for joined in futures_util::future::join_all(joins).await {
        if let Err(refused) = joined {
            assert_eq!(refused.code(), "team_full");
            full += 1;
        }
    }
    assert_eq!(full, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn joining_without_the_relay_fails_clearly_and_can_be_tried_again() -> Result<()> {
    let mut world = World::new().await?;
    let link = link_for(&world, 1).await?;
    world.stop_relay().await;
    let merle = world.person("Merle")?;
    assert_eq!(merle.join(&link).await.unwrap_err().code(), "offline");
    world.start_relay().await?;
    merle.join(&link).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_let_in_and_never_heard_of_it_gets_in_by_another_link() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    organiser.create_team("Diderot").await?;
    let invite = || organiser.invite(Role::Volunteer, Some("Diderot"), 1);
    let (first, second) = (invite().await?, invite().await?);
    drop(world.person("Merle")?);
    world.back_up("Merle", "before")?;
    world.person("Merle")?.join(&first).await?;
    // The phone knows of nothing, as if the answer had been lost with its memory.
    let merle = world.restore("Merle", "before")?;
    merle.join(&second).await?;
    merle.sync().await?;
    let status = merle.status().await?;
    assert_eq!(status.teams[0].members, ["Merle"]);
    assert_eq!(status.queued, 0);
    organiser.sync().await?;
    assert_eq!(organiser.status().await?.teams[0].members, ["Merle"]);
    // The second link was not used, and lets somebody else in.
    world.person("Pinson")?.join(&second).await?;
    assert!(!merle.rebuild().await?);
    Ok(())
}

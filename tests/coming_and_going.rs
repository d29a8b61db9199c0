//! Teams that accept their members, and people who leave.

use std::time::Duration;

use anyhow::{Result, bail};
use palier_core::{moment::Millis, outcome::Outcome, rights::Role};
use palier_device::api::{
    reply::{Ended, WaitingState},
    request::Policy,
};

use crate::support::{Person, World, town};

/// A town with an approved team: the organiser, and a lead who was accepted.
async fn approved(world: &World, limit: u16) -> Result<(Person, Person)> {
    let organiser = world.organiser().await?;
    town::prepare_for(&organiser, Policy::Approved, limit).await?;
    let link = organiser.invite(Role::Lead, Some(town::TEAM), 2).await?;
    let lead = world.person("Huppe")?;
    lead.join(&link).await?;
    organiser.requests().await?;
    organiser.accept("Huppe").await?;
    lead.sync().await?;
    Ok((organiser, lead))
}

async fn state(person: &Person) -> Result<Option<WaitingState>> {
    Ok(person.waiting().await?.map(|waiting| waiting.state))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_accepted_gets_in_with_everything_that_was_written_before() -> Result<()> {
    let world = World::new().await?;
    let (organiser, lead) = approved(&world, 12).await?;
    let doors = lead.doors(town::TURF).await?;
    lead.record(&doors[0].door, Outcome::Spoke, false).await?;
    let link = lead.invite(Role::Volunteer, None, 3).await?;

    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    assert_eq!(merle.status().await?.campaign, None);
    let waiting = merle.waiting().await?.unwrap();
    assert_eq!(waiting.campaign, "Campagne");
    assert_eq!(waiting.team.as_deref(), Some(town::TEAM));
    assert_eq!(waiting.state, WaitingState::Waiting);
    assert_eq!(merle.sync().await.unwrap_err().code(), "waiting");
    drop(merle);

    // The request outlives the program.
    let merle = world.person("Merle")?;
    assert_eq!(state(&merle).await?, Some(WaitingState::Waiting));
    let requests = lead.requests().await?;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].name.as_deref(), Some("Merle"));
    assert_eq!(requests[0].code, waiting.code);
    lead.accept(&requests[0].code).await?;
    assert!(lead.requests().await?.is_empty());

    merle.sync().await?;
    assert_eq!(merle.waiting().await?.map(|it| it.code), None);
    let doors = merle.doors(town::TURF).await?;
    assert_eq!(doors[0].state, Some(Outcome::Spoke));
    merle.record(&doors[1].door, Outcome::Absent, false).await?;
    merle.sync().await?;
    for person in [&lead, &organiser] {
        person.sync().await?;
        let doors = person.doors(town::TURF).await?;
        assert_eq!(doors[1].state, Some(Outcome::Absent));
        assert_eq!(person.team().await?, ["Huppe", "Merle"]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_declined_hears_it_and_may_ask_again_until_the_link_ends() -> Result<()> {
    let world = World::new().await?;
    let (_, lead) = approved(&world, 12).await?;
    let link = lead.invite(Role::Volunteer, None, 3).await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    lead.requests().await?;
    lead.decline("Merle").await?;
    assert_eq!(merle.sync().await.unwrap_err().code(), "declined");
    assert_eq!(state(&merle).await?, Some(WaitingState::Declined));
    assert_eq!(merle.sync().await.unwrap_err().code(), "not_in_campaign");

    merle.join(&link).await?;
    assert_eq!(lead.requests().await?.len(), 1);
    lead.accept("Merle").await?;
    merle.sync().await?;
    assert_eq!(merle.status().await?.role, Some(Role::Volunteer));

    let late = world.person("Pinson")?;
    world.advance_relay(Millis::days(8));
    let refused = late.join(&link).await.unwrap_err();
    assert_eq!(refused.code(), "invitation_expired");
    assert_eq!(state(&late).await?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_team_holds_its_limit_whatever_its_lead_accepts_at_once() -> Result<()> {
    let world = World::new().await?;
    let (_, lead) = approved(&world, 12).await?;
    let link = lead.invite(Role::Volunteer, None, 20).await?;
    let people = (0..13)
        .map(|number| world.person(&format!("Oiseau {number}")))
        .collect::<Result<Vec<_>>>()?;
    let joins = people.iter().map(|person| person.join(&link));
    for joined in futures_util::future::join_all(joins).await {
        joined?;
    }
    let requests = lead.requests().await?;
    assert_eq!(requests.len(), 13);
    for request in &requests {
        lead.accept(&request.code).await?;
    }
    let entered = futures_util::future::join_all(people.iter().map(Person::sync)).await;
    let full = entered
        .iter()
        .filter_map(|entered| entered.as_ref().err())
        .map(palier_device::Error::code)
        .collect::<Vec<_>>();
    assert_eq!(full, ["team_full", "team_full"]);
    lead.sync().await?;
    assert_eq!(lead.team().await?.len(), 12);

    // A place that falls free is taken by one who was accepted.
    lead.remove(&lead.team().await?[1]).await?;
    let mut waiting = Vec::new();
    for person in &people {
        if state(person).await? == Some(WaitingState::NotLetIn) {
            waiting.push(person);
        }
    }
    assert_eq!(waiting.len(), 2);
    waiting[0].sync().await?;
    assert_eq!(waiting[1].sync().await.unwrap_err().code(), "team_full");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_member_is_told_and_sees_nothing_of_what_follows() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let link = organiser.invite(Role::Lead, Some(town::TEAM), 1).await?;
    let lead = world.person("Huppe")?;
    lead.join(&link).await?;
    let link = lead.invite(Role::Volunteer, None, 5).await?;
    let (merle, pinson) = (world.person("Merle")?, world.person("Pinson")?);
    for person in [&merle, &pinson] {
        person.join(&link).await?;
    }
    let doors = lead.doors(town::TURF).await?;
    merle.record(&doors[0].door, Outcome::Spoke, false).await?;
    merle.sync().await?;
    lead.sync().await?;
    let before = world.team_log()?.len();

    // Pinson is away, and knows nothing of it when the first tap is made.
    pinson
        .record(&doors[1].door, Outcome::Absent, false)
        .await?;
    lead.remove("Merle").await?;
    lead.record(&doors[2].door, Outcome::Refused, false).await?;
    lead.sync().await?;
    pinson.sync().await?;
    pinson
        .record(&doors[3].door, Outcome::Vacant, false)
        .await?;
    pinson.sync().await?;

    merle.record(&doors[4].door, Outcome::Spoke, false).await?;
    assert_eq!(merle.sync().await.unwrap_err().code(), "revoked");
    assert_eq!(merle.status().await?.ended, Some(Ended::Removed));
    let seen = merle.doors(town::TURF).await?;
    assert!(seen[1..4].iter().all(|door| door.state.is_none()));

    for person in [&lead, &organiser, &pinson] {
        person.sync().await?;
        let doors = person.doors(town::TURF).await?;
        let states: Vec<_> = doors[..5].iter().map(|door| door.state).collect();
        let expected = [
            Some(Outcome::Spoke),
            Some(Outcome::Absent),
            Some(Outcome::Refused),
            Some(Outcome::Vacant),
            None,
        ];
        assert_eq!(states, expected, "{}", person.name);
        assert!(!person.team().await?.contains(&"Merle".to_owned()));
        assert!(!person.rebuild().await?);
    }
    // Handed everything, Merle opens what was there before and nothing of what came after.
    let loot = world.loot("Merle", &link)?;
    let mut old = world.team_log()?;
    let new = old.split_off(before);
    assert!(old.iter().any(|envelope| loot.opens(envelope)));
    assert!(new.iter().filter(|it| it.header.kind.is_sealed()).count() >= 3);
    assert!(!new.iter().any(|envelope| loot.opens(envelope)));
    // The link that Merle has does not open the team to a new device either.
    let again = world.person("Merle bis")?;
    again.join(&link).await?;
    assert_eq!(state(&again).await?, Some(WaitingState::Waiting));
    assert_eq!(again.status().await?.campaign, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_who_remove_people_at_once_go_on_with_one_key() -> Result<()> {
    let mut world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let link = organiser.invite(Role::Lead, Some(town::TEAM), 2).await?;
    let (huppe, alouette) = (world.person("Huppe")?, world.person("Alouette")?);
    for lead in [&huppe, &alouette] {
        lead.join(&link).await?;
    }
    let link = huppe.invite(Role::Volunteer, None, 5).await?;
    let people = ["Merle", "Pinson", "Loriot"].map(|name| world.person(name));
    let [merle, pinson, loriot] = people;
    let (merle, pinson, loriot) = (merle?, pinson?, loriot?);
    for person in [&merle, &pinson, &loriot] {
        person.join(&link).await?;
    }
    let doors = loriot.doors(town::TURF).await?;
    for lead in [&huppe, &alouette] {
        lead.sync().await?;
    }

    world.stop_relay().await;
    huppe.remove("Merle").await?;
    huppe.record(&doors[0].door, Outcome::Spoke, false).await?;
    alouette.remove("Pinson").await?;
    alouette
        .record(&doors[1].door, Outcome::Spoke, false)
        .await?;
    world.start_relay().await?;
    for _ in 0..2 {
        for person in [&huppe, &alouette, &loriot, &organiser] {
            person.sync().await?;
        }
    }
    loriot.record(&doors[2].door, Outcome::Spoke, false).await?;
    loriot.sync().await?;
    for person in [&huppe, &alouette, &organiser, &loriot] {
        person.sync().await?;
        let doors = person.doors(town::TURF).await?;
        let seen = doors[..3].iter().all(|door| door.state.is_some());
        assert!(seen, "{}", person.name);
    }
    for removed in [&merle, &pinson] {
        assert_eq!(removed.sync().await.unwrap_err().code(), "revoked");
    }
    Ok(())
}

/// Waits until a request has come to an end, woken by the device alone.
async fn enters(person: &Person) -> Result<()> {
    let mut changes = person.changes();
    let entered = async {
        while person.status().await?.campaign.is_none() {
            changes.changed().await?;
        }
        Ok(())
    };
    match tokio::time::timeout(Duration::from_secs(60), entered).await {
        Ok(entered) => entered,
        Err(_) => bail!("{} never got in", person.name),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_in_without_touching_anything() -> Result<()> {
    let mut world = World::new().await?;
    let (_, lead) = approved(&world, 12).await?;
    let link = lead.invite(Role::Volunteer, None, 1).await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    merle.keep_synced();
    world.stop_relay().await;
    world.start_relay().await?;
    lead.requests().await?;
    lead.accept("Merle").await?;
    enters(&merle).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_let_in_by_a_code_works_at_once_and_meets_the_others_on_the_relay() -> Result<()> {
    let mut world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare_for(&organiser, Policy::Approved, 4).await?;
    let link = organiser.invite(Role::Lead, Some(town::TEAM), 1).await?;
    let lead = world.person("Huppe")?;
    lead.join(&link).await?;
    organiser.requests().await?;
    organiser.accept("Huppe").await?;
    lead.sync().await?;

    world.stop_relay().await;
    let people = ["Merle", "Pinson"].map(|name| world.person(name));
    let [merle, pinson] = people;
    let (merle, pinson) = (merle?, pinson?);
    for person in [&merle, &pinson] {
        let asked = person.request_code().await?;
        let answer = lead.answer_code(&asked, town::TURF).await?;
        person.enter_answer(&answer).await?;
    }
    let doors = merle.doors(town::TURF).await?;
    merle.record(&doors[0].door, Outcome::Spoke, false).await?;
    pinson
        .record(&doors[1].door, Outcome::Absent, false)
        .await?;
    assert_eq!(merle.sync().await.unwrap_err().code(), "offline");

    // One of them reaches the relay before the lead does, the other after.
    world.start_relay().await?;
    merle.sync().await?;
    lead.sync().await?;
    pinson.sync().await?;
    for person in [&merle, &lead, &organiser, &pinson] {
        person.sync().await?;
        let doors = person.doors(town::TURF).await?;
        assert_eq!(doors[0].state, Some(Outcome::Spoke), "{}", person.name);
        assert_eq!(doors[1].state, Some(Outcome::Absent), "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
        assert_eq!(person.status().await?.queued, 0);
    }
    assert_eq!(lead.team().await?, ["Huppe", "Merle", "Pinson"]);

    // The relay counts who came in by a code like everybody else.
    let loriot = world.person("Loriot")?;
    let alouette = world.person("Alouette")?;
    let codes = [loriot.request_code().await?, alouette.request_code().await?];
    let first = lead.answer_code(&codes[0], town::TURF).await?;
    let second = lead.answer_code(&codes[1], town::TURF).await?;
    loriot.enter_answer(&first).await?;
    loriot.sync().await?;
    alouette.enter_answer(&second).await?;
    // What is refused for want of room is kept, and offered again.
    let _full = alouette.sync().await;
    for (person, names) in [
        (&lead, ["Huppe", "Loriot", "Merle", "Pinson"]),
        (&organiser, ["Huppe", "Loriot", "Merle", "Pinson"]),
    ] {
        person.sync().await?;
        assert_eq!(person.team().await?, names);
    }
    lead.remove("Loriot").await?;
    alouette.sync().await?;
    for person in [&lead, &organiser] {
        person.sync().await?;
        let names = person.team().await?;
        assert_eq!(names, ["Alouette", "Huppe", "Merle", "Pinson"]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_before_a_removal_let_nobody_in_by_themselves() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let link = organiser.invite(Role::Lead, Some(town::TEAM), 1).await?;
    let lead = world.person("Huppe")?;
    lead.join(&link).await?;
    let used = lead.invite(Role::Volunteer, None, 5).await?;
    let other = lead.invite(Role::Volunteer, None, 5).await?;
    world.person("Merle")?.join(&used).await?;
    lead.sync().await?;
    lead.remove("Merle").await?;

    // Another phone, and any link that Merle may know: a lead decides.
    for (number, known) in [&used, &other].into_iter().enumerate() {
        let again = world.person(&format!("Encore {number}"))?;
        again.join(known).await?;
        assert_eq!(state(&again).await?, Some(WaitingState::Waiting));
        assert_eq!(again.status().await?.campaign, None);
    }
    lead.sync().await?;
    assert_eq!(lead.requests().await?.len(), 2);
    lead.decline("Encore 0").await?;
    lead.accept("Encore 1").await?;
    let names = ["Encore 1", "Huppe"];
    let encore = world.person("Encore 1")?;
    encore.sync().await?;
    lead.sync().await?;
    assert_eq!(lead.team().await?, names);

    // Links of a lead who was removed let nobody in at all.
    let left = lead.invite(Role::Volunteer, None, 5).await?;
    organiser.sync().await?;
    organiser.remove("Huppe").await?;
    let late = world.person("Tardif")?;
    let refused = late.join(&left).await.unwrap_err();
    assert_eq!(refused.code(), "revoked");
    assert_eq!(late.status().await?.campaign, None);
    Ok(())
}

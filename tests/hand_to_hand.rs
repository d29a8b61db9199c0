//! Envelopes that go from device to device, by a file or over the network, without a relay.

use std::sync::Arc;

use anyhow::Result;
use data_encoding::BASE64;
use palier_core::{moment::Millis, outcome::Outcome, rights::Role};
use palier_device::{
    Error,
    api::{
        Reply, Request,
        reply::{BundleReport, DoorRow},
        request::Grouping,
    },
    pairing::Door,
};

use crate::support::{Person, World, peer::Landing, town};

/// A campaign on the demo town with volunteers.
async fn team<const N: usize>(world: &World, names: [&str; N]) -> Result<(Person, [Person; N])> {
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 12)
        .await?;
    let mut people = Vec::new();
    for name in names {
        let person = world.person(name)?;
        person.join(&link).await?;
        people.push(person);
    }
    for person in &people {
        person.sync().await?;
    }
    let people = people
        .try_into()
        .map_err(|_others| anyhow::anyhow!("as many"))?;
    Ok((organiser, people))
}

async fn tap(person: &Person, door: usize, outcome: Outcome) -> Result<()> {
    let door = person.doors(town::TURF).await?[door].door.clone();
    person.record(&door, outcome, false).await?;
    Ok(())
}

async fn visited(person: &Person) -> Result<usize> {
    let doors = person.doors(town::TURF).await?;
    Ok(doors.iter().filter(|door| door.state.is_some()).count())
}

/// What each door says, and since when.
async fn states(person: &Person) -> Result<Vec<(Option<Outcome>, Option<String>)>> {
    let doors = person.doors(town::TURF).await?.into_iter();
    let state = |door: DoorRow| (door.state, door.last_visit.map(|visit| visit.at));
    Ok(doors.map(state).collect())
}

async fn bundle(person: &Person) -> Result<Vec<u8>> {
    match person.ask(Request::ExportBundle { since: None }).await? {
        Reply::Bundle { content, .. } => Ok(BASE64.decode(content.as_bytes())?),
        _ => panic!("a bundle answers a bundle"),
    }
}

async fn take(person: &Person, bytes: &[u8]) -> Result<BundleReport, Error> {
    let content = BASE64.encode(bytes);
    match person.ask(Request::ImportBundle { content }).await? {
        Reply::BundleTaken(report) => Ok(report),
        _ => panic!("a bundle answers a bundle"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_pass_from_hand_to_hand_and_one_of_them_finds_the_relay() -> Result<()> {
    let mut world = World::new().await?;
    let (organiser, [merle, pinson, lise]) = team(&world, ["Merle", "Pinson", "Lise"]).await?;
    world.stop_relay().await;
    tap(&merle, 0, Outcome::Absent).await?;
    let first = bundle(&merle).await?;
    tap(&merle, 1, Outcome::Spoke).await?;
    let second = bundle(&merle).await?;
    tap(&pinson, 2, Outcome::Refused).await?;

    // The later file first, then the earlier, then one's own back.
    assert!(take(&pinson, &second).await?.whole);
    assert_eq!(take(&pinson, &first).await?.received, 0);
    assert_eq!(visited(&pinson).await?, 3);
    let third = bundle(&pinson).await?;
    take(&lise, &third).await?;
    assert_eq!(visited(&lise).await?, 3);
    assert_eq!(take(&merle, &third).await?.set_aside, 0);
    assert_eq!(visited(&merle).await?, 3);

    // Lise alone comes back under a sky with a relay, for everybody.
    world.start_relay().await?;
    lise.sync().await?;
    organiser.sync().await?;
    assert_eq!(visited(&organiser).await?, 3);
    for person in [&merle, &pinson, &lise, &organiser] {
        let report = person.sync().await?;
        assert_eq!(report.refused, Vec::<String>::new(), "{}", person.name);
        assert_eq!(visited(person).await?, 3, "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
        assert_eq!(person.status().await?.queued, 0, "{}", person.name);
    }
    organiser.sync().await?;
    let totals = organiser.totals(Grouping::Station).await?;
    assert_eq!(totals.rows.iter().map(|row| row.knocked).sum::<u32>(), 3);
    for person in [&merle, &pinson, &lise] {
        let again = person.sync().await?;
        assert_eq!((again.sent, again.received), (0, 0), "{}", person.name);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_was_cut_or_changed_gives_what_is_good_in_it() -> Result<()> {
    let world = World::new().await?;
    let (_, [merle, pinson]) = team(&world, ["Merle", "Pinson"]).await?;
    for door in 0..4 {
        tap(&merle, door, Outcome::Spoke).await?;
        bundle(&merle).await?;
    }
    let whole = bundle(&merle).await?;

    let cut = &whole[..whole.len() - 700];
    let report = take(&pinson, cut).await?;
    assert!(!report.whole && report.known > 0);
    let before = visited(&pinson).await?;
    assert!(before < 4, "its end was cut");
    for place in (60..whole.len()).step_by(97) {
        let mut changed = whole.clone();
        changed[place] ^= 0x40;
        assert!(!take(&pinson, &changed).await?.whole, "{place}");
    }
    assert!(take(&pinson, &whole).await?.whole);
    assert_eq!(visited(&pinson).await?, 4);
    assert!(!pinson.rebuild().await?);

    for nothing in [&b""[..], b"PK\x03\x04", &whole[..20]] {
        assert_eq!(
            take(&pinson, nothing).await.unwrap_err().code(),
            "bundle_not_one"
        );
    }
    let mut elsewhere = whole.clone();
    elsewhere[16] ^= 1;
    let refused = take(&pinson, &elsewhere).await.unwrap_err();
    assert_eq!(refused.code(), "bundle_other_campaign");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_team_s_doors_are_not_taken_in() -> Result<()> {
    let world = World::new().await?;
    let (organiser, [merle]) = team(&world, ["Merle"]).await?;
    tap(&merle, 0, Outcome::Spoke).await?;
    organiser.create_team("Voltaire").await?;
    let link = organiser
        .invite(Role::Volunteer, Some("Voltaire"), 1)
        .await?;
    let stranger = world.person("Lise")?;
    stranger.join(&link).await?;
    stranger.sync().await?;
    let report = take(&stranger, &bundle(&merle).await?).await?;
    assert!(report.set_aside > 0 && report.received == 0);
    assert!(stranger.doors(town::TURF).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_on_a_landing_exchange_what_they_have() -> Result<()> {
    let mut world = World::new().await?;
    let (organiser, [merle, pinson]) = team(&world, ["Merle", "Pinson"]).await?;
    world.stop_relay().await;
    tap(&merle, 0, Outcome::Spoke).await?;
    tap(&pinson, 1, Outcome::Absent).await?;
    let landing = Landing::of(&pinson, Arc::new(Door::open()?)).await?;

    let wrong = merle.sync_with(&landing.address, "2222-2222").await;
    assert_eq!(wrong.unwrap_err().code(), "wrong_code");
    let code = landing.door.code().text();
    let report = merle.sync_with(&landing.address, &code).await?;
    assert!(report.sent > 0 && report.received > 0, "{report:?}");
    for person in [&merle, &pinson] {
        assert_eq!(visited(person).await?, 2, "{}", person.name);
        assert!(person.status().await?.queued > 0, "the relay has nothing");
    }
    let again = merle.sync_with(&landing.address, &code).await?;
    assert_eq!((again.sent, again.received), (0, 0));

    // One of them brings both to the relay; nothing counts twice.
    world.start_relay().await?;
    for person in [&merle, &organiser, &pinson, &merle, &organiser] {
        assert_eq!(person.sync().await?.refused, Vec::<String>::new());
    }
    assert_eq!(visited(&organiser).await?, 2);
    let totals = organiser.totals(Grouping::Station).await?;
    assert_eq!(totals.rows.iter().map(|row| row.knocked).sum::<u32>(), 2);
    for person in [&merle, &pinson, &organiser] {
        assert!(!person.rebuild().await?, "{}", person.name);
        let status = person.status().await?;
        assert_eq!((status.queued, status.refused), (0, 0), "{}", person.name);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_member_reads_nothing_even_with_the_code() -> Result<()> {
    let world = World::new().await?;
    let (organiser, [pinson]) = team(&world, ["Pinson"]).await?;
    organiser.create_team("Voltaire").await?;
    let link = organiser
        .invite(Role::Volunteer, Some("Voltaire"), 1)
        .await?;
    let other = world.person("Lise")?;
    other.join(&link).await?;
    tap(&pinson, 0, Outcome::Spoke).await?;
    let landing = Landing::of(&pinson, Arc::new(Door::open()?)).await?;
    let code = landing.door.code().text();
    let report = other.sync_with(&landing.address, &code).await?;
    assert_eq!(report.received, 0);

    // Guessing shuts the door, for those who know the code as well.
    let mut code_of_nobody = None;
    for _ in 0..25 {
        let refused = other.sync_with(&landing.address, "ZZZZ-ZZZZ").await;
        code_of_nobody = refused.err().map(|reason| reason.code());
    }
    assert_eq!(code_of_nobody.as_deref(), Some("wrong_code"));
    assert!(other.sync_with(&landing.address, &code).await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_relay_has_stands_where_a_lost_phone_had_handed_something_else() -> Result<()> {
    let mut world = World::new().await?;
    let (organiser, [merle, pinson, lise]) = team(&world, ["Merle", "Pinson", "Lise"]).await?;
    world.stop_relay().await;
    tap(&merle, 0, Outcome::Absent).await?;
    drop(merle);
    world.back_up("Merle", "old phone")?;

    // The phone hands over what it has, and is lost.
    let merle = world.person("Merle")?;
    tap(&merle, 1, Outcome::Spoke).await?;
    take(&pinson, &bundle(&merle).await?).await?;
    tap(&merle, 2, Outcome::Spoke).await?;
    take(&lise, &bundle(&merle).await?).await?;
    assert_eq!((visited(&pinson).await?, visited(&lise).await?), (2, 3));
    drop(merle);

    // Another goes on from the backup, and finds the relay first; its clock tells another time.
    world.clock.advance(Millis::seconds(300));
    let merle = world.restore("Merle", "old phone")?;
    tap(&merle, 0, Outcome::Refused).await?;
    world.start_relay().await?;
    merle.sync().await?;
    organiser.sync().await?;
    let stands = states(&organiser).await?;
    assert_eq!(visited(&organiser).await?, 1);

    for person in [&pinson, &lise, &merle] {
        person.sync().await?;
        assert_eq!(states(person).await?, stands, "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
        assert_eq!(person.status().await?.queued, 0, "{}", person.name);
    }
    // And its line goes on.
    tap(&merle, 3, Outcome::Spoke).await?;
    merle.sync().await?;
    for person in [&pinson, &lise, &organiser] {
        person.sync().await?;
        assert_eq!(visited(person).await?, 2, "{}", person.name);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_relay_lost_of_a_removed_member_counts_for_everybody_or_for_nobody() -> Result<()> {
    let mut world = World::new().await?;
    let (organiser, [merle, pinson]) = team(&world, ["Merle", "Pinson"]).await?;
    organiser.sync().await?;
    world.stop_relay().await;
    world.back_up_relay("old")?;
    world.start_relay().await?;

    // Pinson brings to the relay what Merle handed over; the organiser hears nothing of it.
    tap(&merle, 0, Outcome::Spoke).await?;
    take(&pinson, &bundle(&merle).await?).await?;
    pinson.sync().await?;
    assert_eq!(visited(&pinson).await?, 1);
    world.stop_relay().await;
    organiser.remove("Merle").await?;

    // The relay comes back without it, and hears of the removal first.
    world.restore_relay(Some("old"))?;
    world.start_relay().await?;
    for _ in 0..3 {
        organiser.sync().await?;
        pinson.sync().await?;
    }
    assert_eq!(states(&pinson).await?, states(&organiser).await?);
    assert!(!pinson.rebuild().await?);
    Ok(())
}

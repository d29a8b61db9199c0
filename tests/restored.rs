//! Stores that come back from a backup: a relay's, a phone's, and both.

use anyhow::Result;
use palier_core::{moment::Millis, outcome::Outcome, rights::Role};
use palier_device::api::request::Grouping;

use crate::support::{Person, World, town};

const ORGANISER: &str = "Organisation";
/// Who is there before the backup.
const EARLY: [&str; 3] = [ORGANISER, "Merle", "Pinson"];
/// And who came after it.
const ALL: [&str; 4] = [ORGANISER, "Merle", "Pinson", "Lise"];

async fn tap(person: &Person, doors: std::ops::Range<usize>) -> Result<()> {
    let list = person.doors(town::TURF).await?;
    for door in &list[doors] {
        person.record(&door.door, Outcome::Spoke, false).await?;
    }
    Ok(())
}

async fn visited(person: &Person) -> Result<usize> {
    let doors = person.doors(town::TURF).await?;
    Ok(doors.iter().filter(|door| door.state.is_some()).count())
}

/// What the relay says that was knocked, and what the device does.
async fn knocked(organiser: &Person) -> Result<u32> {
    organiser.sync().await?;
    let totals = organiser.totals(Grouping::Station).await?;
    Ok(totals.rows.iter().map(|row| row.knocked).sum())
}

/// Everybody syncs, in an order, until nobody has anything to say; the rounds that took.
async fn settle(people: &[Person]) -> Result<usize> {
    for round in 1..=6 {
        let mut said = 0;
        for person in people {
            let report = person.sync().await?;
            assert_eq!(report.refused, Vec::<String>::new(), "{}", person.name);
            said += report.sent + report.received;
        }
        if said == 0 {
            return Ok(round);
        }
    }
    panic!("they never come to an end");
}

/// Orders in which four come back: each is first, and last, at least once.
const ORDERS: [[usize; 4]; 6] = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [1, 3, 0, 2],
    [2, 0, 3, 1],
    [3, 0, 1, 2],
    [1, 2, 3, 0],
];

async fn comes_back(backup: Option<&str>) -> Result<()> {
    let mut world = World::new().await?;
    let [organiser, merle, pinson] = town::volunteers(&world).await?;
    tap(&merle, 0..2).await?;
    settle(&[organiser, merle, pinson]).await?;
    world.stop_relay().await;
    world.back_up_relay("old")?;
    world.start_relay().await?;

    let people: Vec<Person> = EARLY
        .map(|name| world.person(name))
        .into_iter()
        .collect::<Result<_>>()?;
    let link = people[0]
        .invite(Role::Volunteer, Some(town::TEAM), 1)
        .await?;
    let lise = world.person("Lise")?;
    lise.join(&link).await?;
    tap(&people[1], 2..4).await?;
    tap(&people[2], 4..5).await?;
    tap(&lise, 5..7).await?;
    let organiser_taps = tap(&people[0], 7..8).await;
    assert!(organiser_taps.is_ok());
    let people: Vec<Person> = people.into_iter().chain([lise]).collect();
    settle(&people).await?;
    assert_eq!(knocked(&people[0]).await?, 8);
    drop(people);
    world.stop_relay().await;
    let before = world.log()?;
    for name in ALL {
        world.back_up(name, &format!("{name} before"))?;
    }

    for order in ORDERS {
        world.restore_relay(backup)?;
        world.start_relay().await?;
        let people: Vec<Person> = order
            .map(|place| world.restore(ALL[place], &format!("{} before", ALL[place])))
            .into_iter()
            .collect::<Result<_>>()?;
        settle(&people).await?;
        let organiser = people.iter().find(|it| it.name == ORGANISER).unwrap();
        assert_eq!(knocked(organiser).await?, 8, "{order:?}");
        for person in &people {
            assert_eq!(visited(person).await?, 8, "{order:?} {}", person.name);
            assert!(!person.rebuild().await?, "{order:?} {}", person.name);
            let status = person.status().await?;
            assert_eq!((status.queued, status.refused), (0, 0), "{order:?}");
        }
        drop(people);
        world.stop_relay().await;
        assert_eq!(world.log()?, before, "{order:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_restored_from_an_old_backup_gets_everything_back() -> Result<()> {
    comes_back(Some("old")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_lost_everything_gets_it_back_whatever_the_order() -> Result<()> {
    comes_back(None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_lost_before_the_territory_came_to_it_gets_everything_back() -> Result<()> {
    let mut world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    organiser.push().await?;
    world.stop_relay().await;
    world.restore_relay(None)?;
    world.start_relay().await?;

    organiser.sync().await?;
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 1)
        .await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    tap(&merle, 0..1).await?;
    settle(&[merle]).await?;
    assert_eq!(knocked(&organiser).await?, 1);
    Ok(())
}

/// Merle's phone is backed up after her second visit, and makes two more that are sent.
async fn phone_with_a_backup(world: &World) -> Result<[Person; 2]> {
    let [organiser, merle, pinson] = town::volunteers(world).await?;
    tap(&merle, 0..2).await?;
    merle.sync().await?;
    drop(merle);
    world.back_up("Merle", "old phone")?;
    let merle = world.person("Merle")?;
    tap(&merle, 2..4).await?;
    let first = merle.doors(town::TURF).await?[0].last_visit.clone();
    merle.undo(&first.unwrap().visit).await?;
    merle.sync().await?;
    organiser.sync().await?;
    pinson.sync().await?;
    assert_eq!(visited(&organiser).await?, 3);
    Ok([organiser, pinson])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_from_an_old_backup_loses_and_doubles_nothing() -> Result<()> {
    for sealed_meanwhile in [false, true] {
        let mut world = World::new().await?;
        let [organiser, pinson] = phone_with_a_backup(&world).await?;
        world.stop_relay().await;
        let merle = world.restore("Merle", "old phone")?;
        tap(&merle, 4..6).await?;
        if sealed_meanwhile {
            // What is tapped is sealed before the relay is found to be away.
            assert_eq!(merle.sync().await.unwrap_err().code(), "offline");
            tap(&merle, 6..7).await?;
        }
        world.start_relay().await?;
        let taken = if sealed_meanwhile { 6 } else { 5 };
        let people = [merle, organiser, pinson];
        settle(&people).await?;
        for person in &people {
            assert_eq!(visited(person).await?, taken, "{}", person.name);
            assert!(!person.rebuild().await?, "{}", person.name);
        }
        let status = people[0].status().await?;
        assert_eq!((status.queued, status.refused), (0, 0));
        assert_eq!(knocked(&people[1]).await? as usize, taken);

        // And from the same backup once more.
        let [_, organiser, pinson] = people;
        let merle = world.restore("Merle", "old phone")?;
        tap(&merle, 7..8).await?;
        let people = [merle, organiser, pinson];
        settle(&people).await?;
        for person in &people {
            assert_eq!(visited(person).await?, taken + 1, "{}", person.name);
        }
        assert_eq!(knocked(&people[1]).await? as usize, taken + 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_with_a_phone_is_counted_no_more() -> Result<()> {
    let world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    drop(organiser);
    world.back_up(ORGANISER, "before")?;
    world.person(ORGANISER)?.push().await?;

    // The team's log has another's envelopes where this one's would stand: its report alone
    // is taken.
    let second = world.restore(ORGANISER, "before")?;
    tap(&second, 0..2).await?;
    second.push().await?;
    drop(second);

    let third = world.restore(ORGANISER, "before")?;
    settle(std::slice::from_ref(&third)).await?;
    assert_eq!(visited(&third).await?, 0);
    assert_eq!(knocked(&third).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_and_the_relay_both_come_back_from_backups() -> Result<()> {
    for backup in [None, Some("old")] {
        let mut world = World::new().await?;
        world.stop_relay().await;
        world.back_up_relay("old")?;
        world.start_relay().await?;
        let [organiser, pinson] = phone_with_a_backup(&world).await?;
        world.stop_relay().await;
        world.restore_relay(backup)?;
        world.start_relay().await?;
        let merle = world.restore("Merle", "old phone")?;
        tap(&merle, 4..6).await?;
        let people = [pinson, merle, organiser];
        settle(&people).await?;
        for person in &people {
            assert_eq!(visited(person).await?, 5, "{}", person.name);
            assert!(!person.rebuild().await?, "{}", person.name);
        }
        assert_eq!(knocked(&people[2]).await?, 5);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_by_a_link_that_has_ended_since_is_brought_back_by_who_gave_it() -> Result<()> {
    let mut world = World::new().await?;
    let [organiser, merle, pinson] = town::volunteers(&world).await?;
    tap(&merle, 0..2).await?;
    settle(&[organiser, merle, pinson]).await?;
    world.stop_relay().await;
    world.restore_relay(None)?;
    world.advance_relay(Millis::days(8));
    world.start_relay().await?;

    let merle = world.person("Merle")?;
    for _ in 0..2 {
        merle.sync().await?;
        let status = merle.status().await?;
        assert_eq!((status.queued, status.refused), (2, 0));
        assert!(status.refusals.contains(&"invitation_unknown".to_owned()));
    }
    let people = [world.person(ORGANISER)?, merle, world.person("Pinson")?];
    settle(&people).await?;
    assert_eq!(knocked(&people[0]).await?, 2);
    for person in &people {
        assert_eq!(visited(person).await?, 2, "{}", person.name);
        let status = person.status().await?;
        assert_eq!((status.queued, status.refused), (0, 0), "{}", person.name);
        assert_eq!(status.refusals, Vec::<String>::new());
    }
    Ok(())
}

/// Lise comes by the organiser's link, and only the relay knows; it comes back from a backup of
/// before, and the link asks since Merle was removed.
async fn forgotten(world: &mut World) -> Result<[Person; 4]> {
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 4)
        .await?;
    let [merle, pinson, lise] = ["Merle", "Pinson", "Lise"].map(|name| world.person(name));
    let (merle, pinson, lise) = (merle?, pinson?, lise?);
    for person in [&merle, &pinson] {
        person.join(&link).await?;
    }
    organiser.sync().await?;
    world.stop_relay().await;
    world.back_up_relay("old")?;
    world.start_relay().await?;
    lise.join(&link).await?;
    tap(&lise, 0..2).await?;
    lise.sync().await?;
    world.stop_relay().await;
    world.restore_relay(Some("old"))?;
    world.start_relay().await?;

    organiser.remove("Merle").await?;
    organiser.sync().await?;
    tap(&lise, 2..3).await?;
    // Merle kept the link, and tries it with another phone.
    let merle = world.person("Merle bis")?;
    merle.join(&link).await?;
    Ok([organiser, pinson, lise, merle])
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_the_relay_knew_asks_again_by_itself_where_the_link_asks_since() -> Result<()> {
    let mut world = World::new().await?;
    let [organiser, pinson, lise, merle] = forgotten(&mut world).await?;
    for _ in 0..2 {
        lise.sync().await?;
        let status = lise.status().await?;
        assert!(status.refusals.contains(&"waiting".to_owned()));
        assert_eq!(visited(&lise).await?, 3);
    }
    let requests = organiser.requests().await?;
    assert_eq!(requests.len(), 2);
    let again = requests.iter().find(|it| it.name.is_none()).unwrap();
    organiser.accept(&again.code).await?;

    let people = [organiser, lise, pinson];
    settle(&people).await?;
    for person in &people {
        assert_eq!(visited(person).await?, 3, "{}", person.name);
        assert_eq!(person.team().await?, ["Lise", "Pinson"], "{}", person.name);
        assert!(!person.rebuild().await?, "{}", person.name);
        let status = person.status().await?;
        assert_eq!((status.queued, status.refused), (0, 0), "{}", person.name);
        assert_eq!(status.refusals, Vec::<String>::new());
    }
    assert_eq!(knocked(&people[0]).await?, 3);
    assert_eq!(merle.sync().await.unwrap_err().code(), "waiting");
    world.stop_relay().await;
    assert_eq!(world.rebuild_relay()?.differed, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_declined_then_is_shown_to_nobody_again() -> Result<()> {
    let mut world = World::new().await?;
    let [organiser, _, lise, merle] = forgotten(&mut world).await?;
    lise.sync().await?;
    let requests = organiser.requests().await?;
    let again = requests.iter().find(|it| it.name.is_none()).unwrap();
    organiser.decline(&again.code).await?;
    organiser.decline("Merle bis").await?;
    for _ in 0..2 {
        organiser.sync().await?;
        lise.sync().await?;
        assert!(organiser.requests().await?.is_empty());
    }
    // What was tapped stays where it is.
    assert_eq!(visited(&lise).await?, 3);
    assert_eq!(merle.sync().await.unwrap_err().code(), "declined");
    Ok(())
}

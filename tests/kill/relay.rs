//! A relay that devices push to and pull from without a pause.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use palier_core::{outcome::Outcome, rights::Role};
use palier_device::{Clock, api::request::Grouping};
use palier_relay::{Config, Relay, StoreAt, rebuild};
use tokio::{io::AsyncReadExt, task::JoinHandle};

use super::{
    device::visits_by,
    door::Door,
    life::{self, Life, say},
    store,
};
use crate::support::{Person, chance::Chance, town};

const A_LIFE: &str = "kill::relay::one_life_of_a_relay";
/// Who loads the relay.
const CROWD: [&str; 4] = ["Merle", "Pinson", "Grive", "Geai"];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "one life, which the test below starts and ends"]
async fn one_life_of_a_relay() -> Result<()> {
    let Some((file, _)) = life::here() else {
        return Ok(());
    };
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let relay = Relay::start(Config::new(anywhere, StoreAt::Sqlite(file))).await?;
    say(&relay.address().to_string())?;
    // Where the test that started it is gone, its standard input ends.
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}

/// A volunteer who taps and sends without a pause, until told to stop.
struct Load {
    /// Pushes that the relay answered, over everybody.
    answered: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Load {
    fn begin(&self, person: Person, door: &Door) -> JoinHandle<Result<(Person, BTreeSet<String>)>> {
        let (answered, stop) = (Arc::clone(&self.answered), Arc::clone(&self.stop));
        let mut relays = door.changes();
        tokio::spawn(async move {
            let doors = person.doors(town::TURF).await?;
            let mut kept = BTreeSet::new();
            while !stop.load(Ordering::SeqCst) {
                relays.borrow_and_update();
                let tap = kept.len();
                let outcome = Outcome::ALL[tap % Outcome::ALL.len()];
                kept.insert(
                    person
                        .record(&doors[tap % doors.len()].door, outcome, true)
                        .await?,
                );
                if tap % town::OUTING == town::OUTING - 1 {
                    person.close_shift(town::TURF).await?;
                }
                let sent = if tap.is_multiple_of(8) {
                    person.sync().await
                } else {
                    person.push().await
                };
                match sent {
                    Ok(report) => {
                        ensure!(report.refused.is_empty(), "{:?}", report.refused);
                        answered.fetch_add(1, Ordering::SeqCst);
                    }
                    // The relay is dead; the next one will be told.
                    Err(_) => relays.changed().await?,
                }
            }
            Ok((person, kept))
        })
    }
}

/// One life of the relay: it dies after a number of answered pushes, and a moment.
fn live(file: &Path, door: &Door, answered: &AtomicU64, chance: &mut Chance) -> Result<()> {
    let mut life = Life::begin(A_LIFE, file, 0)?;
    let dies_young = chance.one_in(8);
    let moment_us = chance.below(if dies_young { 40_000 } else { 4_000 });
    if !dies_young {
        let address = life.next_word()?.context("a relay that does not listen")?;
        let enough = answered.load(Ordering::SeqCst) + chance.below(16) as u64;
        door.lead_to(Some(address.parse()?));
        // Bounded: a relay that answers nothing for long is killed as well.
        for _ in 0..2_000 {
            if answered.load(Ordering::SeqCst) >= enough {
                break;
            }
            thread::sleep(Duration::from_micros(500));
        }
    }
    thread::sleep(Duration::from_micros(moment_us as u64));
    life.kill()?;
    door.lead_to(None);
    store::check_logs(&store::whole(file)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_killed_loses_and_doubles_nothing() -> Result<()> {
    let mut chance = Chance::from_environment();
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("relay.sqlite3");
    let door = Door::open().await?;
    let (first, address) = begin(&file).await?;
    door.lead_to(Some(address));
    let (organiser, crowd) = crowd(&door).await?;
    first.kill()?;
    door.lead_to(None);

    let load = Load {
        answered: Arc::default(),
        stop: Arc::default(),
    };
    let loads: Vec<_> = crowd
        .into_iter()
        .map(|person| load.begin(person, &door))
        .collect();
    for number in 0..life::lives("PALIER_KILLS_RELAY") {
        let (file, door, answered) = (file.clone(), door.clone(), Arc::clone(&load.answered));
        chance = tokio::task::spawn_blocking(move || {
            live(&file, &door, &answered, &mut chance)?;
            Ok::<_, anyhow::Error>(chance)
        })
        .await?
        .with_context(|| format!("life {number}"))?;
    }
    println!("{} answered", load.answered.load(Ordering::SeqCst));

    load.stop.store(true, Ordering::SeqCst);
    let (last, address) = begin(&file).await?;
    door.lead_to(Some(address));
    let mut people = Vec::new();
    for load in loads {
        people.push(load.await??);
    }
    settle(&organiser, &people).await?;
    last.kill()?;
    store::check_logs(&store::whole(&file)?)?;
    let rebuilt = rebuild(&StoreAt::Sqlite(file), &palier_relay::Clock::machine())?;
    assert!(rebuilt.differed.is_empty(), "{rebuilt:?}");
    Ok(())
}

async fn begin(file: &Path) -> Result<(Life, SocketAddr)> {
    let file: PathBuf = file.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut life = Life::begin(A_LIFE, &file, 0)?;
        let address = life
            .next_word()?
            .context("a relay that does not listen")?
            .parse()?;
        Ok((life, address))
    })
    .await?
}

/// An organiser with a turf, and volunteers who joined.
async fn crowd(door: &Door) -> Result<(Person, Vec<Person>)> {
    let organiser = Person::in_memory("", Clock::System)?;
    organiser.create_campaign(&door.url()).await?;
    town::prepare(&organiser).await?;
    let uses = u16::try_from(CROWD.len())?;
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), uses)
        .await?;
    let mut crowd = Vec::new();
    for name in CROWD {
        let person = Person::in_memory(name, Clock::System)?;
        person.join(&link).await?;
        crowd.push(person);
    }
    Ok((organiser, crowd))
}

/// Everything that was kept on a device reaches the organiser, and is counted.
async fn settle(organiser: &Person, people: &[(Person, BTreeSet<String>)]) -> Result<()> {
    for (person, _) in people {
        person.sync().await?;
        let status = person.status().await?;
        assert_eq!((status.queued, status.refused), (0, 0), "{status:?}");
    }
    organiser.sync().await?;
    let mut truth = 0;
    for (person, kept) in people {
        assert_eq!(visits_by(organiser, &person.name).await?, *kept);
        truth += kept.len();
    }
    let totals = organiser.totals(Grouping::Station).await?;
    let knocked: u32 = totals.rows.iter().map(|row| row.knocked).sum();
    assert_eq!(knocked as usize, truth);
    assert!(!organiser.rebuild().await?);
    Ok(())
}

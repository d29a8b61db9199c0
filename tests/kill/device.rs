//! A device that records visit after visit, takes some back, and syncs all the while.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use palier_core::{moment::Moment, outcome::Outcome, rights::Role};
use palier_device::{
    Clock, Device,
    api::{Api, Reply, Request, request::Grouping},
};
use tokio::sync::Notify;

use super::{
    life::{self, Life, say},
    store,
};
use crate::support::{Person, World, chance::Chance, town};

const A_LIFE: &str = "kill::device::one_life_of_a_device";
/// The moment of the first visit; each of the following is one second later, so that a moment
/// names one tap.
const FIRST: i64 = 1_773_500_000_000;
/// Beyond this, a life ends by itself.
const MOST_TAPS: u32 = 5_000;
/// One tap out of so many is taken back.
const TAKEN_BACK: u32 = 7;

/// So many taps come between two syncs, at most.
const BREATH: u32 = 4;

fn moment(tap: u32) -> Moment {
    Moment(FIRST + i64::from(tap) * 1_000)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "one life, which the test below starts and ends"]
async fn one_life_of_a_device() -> Result<()> {
    let Some((home, from)) = life::here() else {
        return Ok(());
    };
    let device = Device::open(&home, None, Clock::at(moment(from)))?;
    let api = Api::new(device)?;
    let (syncing, done) = (api.clone(), Arc::new(Notify::new()));
    let synced = Arc::clone(&done);
    tokio::spawn(async move {
        while let Ok(Reply::Synced(report)) = syncing.ask(Request::Sync).await {
            if say(&format!("synced {} {}", report.sent, report.received)).is_err() {
                return;
            }
            synced.notify_one();
        }
        // A sync that fails is told, and fails the test that listens.
        let _gone = say("fell").is_err();
    });
    let Reply::Doors { doors, .. } = api
        .ask(Request::Doors {
            turf: town::TURF.into(),
        })
        .await?
    else {
        bail!("doors answer doors");
    };
    for tap in from..from + MOST_TAPS {
        let door = doors[tap as usize % doors.len()].door.clone();
        say(&format!("tap {tap}"))?;
        let request = Request::RecordVisit {
            door,
            outcome: Outcome::ALL[tap as usize % Outcome::ALL.len()],
            at: Some(moment(tap).to_string()),
            leaflet: tap.is_multiple_of(2),
        };
        let Reply::Recorded { visit, .. } = api.ask(request).await? else {
            bail!("a visit answers a visit");
        };
        say(&format!("kept {tap} {visit}"))?;
        if tap.is_multiple_of(TAKEN_BACK) {
            say(&format!("undo {tap}"))?;
            api.ask(Request::Undo { visit }).await?;
            say(&format!("undone {tap}"))?;
        }
        if (tap as usize).is_multiple_of(town::OUTING) {
            let turf = town::TURF.into();
            api.ask(Request::CloseShift { turf }).await?;
        }
        // Taps follow one another faster than any hand; a sync is let through now and then.
        if tap.is_multiple_of(BREATH) {
            done.notified().await;
        }
    }
    Ok(())
}

/// What a device was asked and what it answered, over all of its lives.
#[derive(Default)]
struct Told {
    /// Taps that began; each may be there.
    tapped: u32,
    /// Taps that were answered, with the visit's id; each must be there.
    kept: BTreeMap<u32, String>,
    /// Taps whose taking back began.
    undoing: BTreeSet<u32>,
    /// Taps whose taking back was answered.
    undone: BTreeSet<u32>,
    syncs: u32,
}

impl Told {
    fn hear(&mut self, word: &str) -> Result<()> {
        let mut parts = word.split(' ');
        let verb = parts.next().unwrap_or_default();
        let mut number = || {
            parts
                .next()
                .context("a number")?
                .parse()
                .context("a number")
        };
        match verb {
            "tap" => self.tapped = number()?,
            "kept" => {
                let tap = number()?;
                let id = parts.next().context("an id")?.to_owned();
                self.kept.insert(tap, id);
            }
            "undo" => drop(self.undoing.insert(number()?)),
            "undone" => drop(self.undone.insert(number()?)),
            "synced" => self.syncs += 1,
            _ => bail!("a life said: {word}"),
        }
        Ok(())
    }

    /// Compares with what stands in the device's file: every answered tap once, and nothing
    /// that was not tapped. What was not answered is there whole or not at all.
    fn check(&mut self, home: &Path) -> Result<()> {
        let connection = store::whole(&home.join("device.sqlite3"))?;
        let mut query = connection.prepare(
            "SELECT at, lower(hex(id)), standing FROM visit
             WHERE device = (SELECT device FROM member WHERE pseudonym = 'Merle')",
        )?;
        let mut rows = query.query([])?;
        let mut found = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let tap = u32::try_from((row.get::<_, i64>(0)? - FIRST) / 1_000)?;
            let (id, stands): (String, bool) = (row.get(1)?, row.get(2)?);
            ensure!(tap <= self.tapped, "tap {tap} was never made");
            let before = found.insert(tap, (id.clone(), stands));
            ensure!(before.is_none(), "tap {tap} is there twice");
            // Once a tap is seen to be there, it stays.
            let known = self.kept.entry(tap).or_insert_with(|| id.clone());
            ensure!(*known == id, "tap {tap} has another id");
            ensure!(
                stands || self.undoing.contains(&tap),
                "tap {tap} was taken back by nobody"
            );
            if !stands {
                self.undone.insert(tap);
            }
        }
        for tap in self.kept.keys() {
            let (_, stands) = found
                .get(tap)
                .with_context(|| format!("tap {tap} is lost"))?;
            ensure!(
                *stands != self.undone.contains(tap),
                "the taking back of {tap} is lost"
            );
        }
        Ok(())
    }

    fn standing(&self) -> BTreeSet<String> {
        let standing = self
            .kept
            .iter()
            .filter(|(tap, _)| !self.undone.contains(tap));
        standing.map(|(_, id)| id.clone()).collect()
    }
}

/// Lets a device live for a while.
fn live(home: &Path, told: &mut Told, chance: &mut Chance) -> Result<()> {
    let mut life = Life::begin(A_LIFE, home, told.tapped + 1)?;
    // One in eight dies while it opens; others after a number of words, and a moment.
    let (words, moment_us) = if chance.one_in(8) {
        (0, chance.below(40_000))
    } else {
        (1 + chance.below(40), chance.below(6_000))
    };
    for _ in 0..words {
        let word = life.next_word()?.context("a life ended by itself")?;
        told.hear(&word)?;
    }
    thread::sleep(Duration::from_micros(moment_us as u64));
    for word in life.kill()? {
        told.hear(&word)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_killed_loses_and_doubles_nothing() -> Result<()> {
    let mut chance = Chance::from_environment();
    let mut world = World::new().await?;
    let organiser = world.organiser().await?;
    town::prepare(&organiser).await?;
    let home = merle(&world, &organiser).await?;

    let mut told = Told::default();
    for number in 0..life::lives("PALIER_KILLS_DEVICE") {
        let lived = home.clone();
        let (now_told, now_chance) = tokio::task::spawn_blocking(move || {
            live(&lived, &mut told, &mut chance)?;
            told.check(&lived)?;
            Ok::<_, anyhow::Error>((told, chance))
        })
        .await?
        .with_context(|| format!("life {number}"))?;
        (told, chance) = (now_told, now_chance);
        // Now and then there is something new to be pulled in the next life.
        if number.is_multiple_of(4) {
            let doors = organiser.doors(town::TURF).await?;
            let door = &doors[number % doors.len()].door;
            organiser.record(door, Outcome::Absent, false).await?;
            organiser.sync().await?;
        }
    }
    println!(
        "{} taps, {} taken back, {} syncs",
        told.kept.len(),
        told.undone.len(),
        told.syncs
    );
    settle(&mut world, &organiser, &told).await
}

/// Merle joins, and goes away; what is left is the folder.
async fn merle(world: &World, organiser: &Person) -> Result<PathBuf> {
    let link = organiser
        .invite(Role::Volunteer, Some(town::TEAM), 1)
        .await?;
    let merle = world.person("Merle")?;
    merle.join(&link).await?;
    merle.sync().await?;
    Ok(world.home("Merle"))
}

/// After the last life everybody has everything, the counts are true, and a rebuild on either
/// side changes nothing.
async fn settle(world: &mut World, organiser: &Person, told: &Told) -> Result<()> {
    let merle = world.person("Merle")?;
    merle.sync().await?;
    organiser.sync().await?;
    let status = merle.status().await?;
    assert_eq!((status.queued, status.refused), (0, 0), "{status:?}");
    let theirs = visits_by(organiser, "Merle").await?;
    assert_eq!(theirs, told.standing());
    let of_organiser = visits_by(organiser, "").await?.len();
    let totals = organiser.totals(Grouping::Team).await?;
    let knocked: u32 = totals.rows.iter().map(|row| row.knocked).sum();
    assert_eq!(knocked as usize, theirs.len() + of_organiser);
    assert!(!merle.rebuild().await?);
    assert!(!organiser.rebuild().await?);
    world.stop_relay().await;
    store::check_logs(&store::whole(&world.home("relay.sqlite3"))?)?;
    let rebuilt = world.rebuild_relay()?;
    assert!(rebuilt.differed.is_empty(), "{rebuilt:?}");
    Ok(())
}

/// The ids of the visits that stand and that somebody made, as another device knows them.
pub(super) async fn visits_by(person: &Person, pseudonym: &str) -> Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for visit in person.visits().await? {
        if visit.by == pseudonym {
            ensure!(ids.insert(visit.visit), "a visit is there twice");
        }
    }
    Ok(ids)
}

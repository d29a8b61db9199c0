//! An organiser, two leads and six volunteers work offline for two shifts on real streets;
//! the totals of the relay equal the truth.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use palier_core::{moment::Millis, outcome::Outcome, rights::Role};
use palier_device::api::{
    Request,
    reply::{DoorRow, TotalsSource},
    request::{Grouping, Subject},
};

use crate::support::{Person, World, chance::Chance, paris};

/// What really happened, by station: counts of outcomes, and leaflets.
type Truth = BTreeMap<String, (BTreeMap<Outcome, u32>, u32)>;

struct Team {
    name: &'static str,
    /// The lead first.
    people: Vec<Person>,
    turfs: Vec<&'static str>,
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_equal_the_truth_whatever_the_order_of_the_syncs() -> Result<()> {
    let Some(data) = paris::data() else {
        return Ok(());
    };
    let mut chance = Chance::from_environment();
    let mut world = World::new().await?;
    let organiser = world.organiser().await?;
    import_paris(&organiser, &data).await?;
    let teams = form_teams(&world, &organiser).await?;
    let shares = paris::contact_shares(&data)?;
    let mut truth = Truth::new();

    world.stop_relay().await;
    for shift in 0..2 {
        for team in &teams {
            for person in &team.people {
                go_out(person, team, &shares, &mut chance, &mut truth).await?;
            }
        }
        world.clock.advance(Millis::hours(5));
        sync_in_any_order(&mut world, &organiser, &teams, &mut chance, shift).await?;
    }

    for team in &teams {
        assert_same_doors(team).await?;
    }
    assert_totals(&organiser, &truth).await?;
    for person in teams.iter().flat_map(|team| &team.people) {
        assert!(!person.rebuild().await?, "{} differed", person.name);
    }
    Ok(())
}

async fn import_paris(organiser: &Person, data: &std::path::Path) -> Result<()> {
    let paris = data.join("paris-12e");
    let stations = organiser
        .import(Subject::Stations, &paris.join("contours-2026.geojson"))
        .await?;
    assert_eq!((stations.accepted, stations.rejected.len()), (64, 0));
    let addresses = organiser
        .import(Subject::Addresses, &paris.join("ban-addresses.csv"))
        .await?;
    assert_eq!(addresses.accepted, 2_778);
    assert!(addresses.in_no_perimeter.is_empty());
    assert!(addresses.in_many_perimeters.is_empty());
    for file in [
        "results-2026-municipales-t1.csv",
        "legislatives-2017-t1-turnout-latin1.txt",
    ] {
        let results = organiser
            .import(Subject::Results, &paris.join(file))
            .await?;
        assert_eq!(results.accepted, 64, "{file}");
    }
    Ok(())
}

async fn form_teams(world: &World, organiser: &Person) -> Result<Vec<Team>> {
    let mut teams = Vec::new();
    let plans = [
        (
            "Diderot",
            ["1251", "1254"],
            ["Merle", "Pinson", "Grive", "Geai"],
        ),
        (
            "Bercy",
            ["1211", "1252"],
            ["Mésange", "Loriot", "Huppe", "Pie"],
        ),
    ];
    for (name, turfs, people) in plans {
        organiser.create_team(name).await?;
        for station in turfs {
            organiser.create_turf(station, name, station).await?;
        }
        let link = organiser.invite(Role::Lead, Some(name), 1).await?;
        let lead = world.person(people[0])?;
        lead.join(&link).await?;
        let link = lead.invite(Role::Volunteer, None, 3).await?;
        let mut members = vec![lead];
        for volunteer in &people[1..] {
            let volunteer = world.person(volunteer)?;
            volunteer.join(&link).await?;
            members.push(volunteer);
        }
        let team = Team {
            name,
            people: members,
            turfs: turfs.to_vec(),
        };
        teams.push(team);
    }
    let doors = |turf| teams[0].people[1].doors(turf);
    assert_eq!(doors("1251").await?.len(), 378);
    assert_eq!(doors("1254").await?.len(), 239);
    assert_eq!(teams[1].people[3].doors("1211").await?.len(), 26);
    Ok(teams)
}

/// One person's outing: doors by chance, outcomes in their shares, and now and then a slip.
async fn go_out(
    person: &Person,
    team: &Team,
    shares: &[(Outcome, usize)],
    chance: &mut Chance,
    truth: &mut Truth,
) -> Result<()> {
    let turf = *chance.pick(&team.turfs);
    let doors = person.doors(turf).await?;
    person.ask(Request::OpenShift { turf: turf.into() }).await?;
    for _ in 0..20 + chance.below(20) {
        let door = chance.pick(&doors);
        let outcome = draw(shares, chance);
        let leaflet = outcome == Outcome::Absent && chance.one_in(2);
        let visit = person.record(&door.door, outcome, leaflet).await?;
        if chance.one_in(12) {
            person.undo(&visit).await?;
        } else {
            let station = door.station.clone().context("a door without station")?;
            let (counts, leaflets) = truth.entry(station).or_default();
            *counts.entry(outcome).or_default() += 1;
            *leaflets += u32::from(leaflet);
        }
    }
    person
        .ask(Request::CloseShift { turf: turf.into() })
        .await?;
    Ok(())
}

fn draw(shares: &[(Outcome, usize)], chance: &mut Chance) -> Outcome {
    let mut left = chance.below(shares.iter().map(|(_, share)| share).sum());
    for (outcome, share) in shares {
        if left < *share {
            return *outcome;
        }
        left -= share;
    }
    unreachable!("the shares cover every draw")
}

/// Everybody syncs, in an order by chance, twice; the relay is away between.
async fn sync_in_any_order(
    world: &mut World,
    organiser: &Person,
    teams: &[Team],
    chance: &mut Chance,
    shift: usize,
) -> Result<()> {
    let mut everybody: Vec<&Person> = teams.iter().flat_map(|team| &team.people).collect();
    for round in 0..2 {
        for person in &everybody {
            let away = person.sync().await.unwrap_err();
            assert_eq!(away.code(), "offline");
        }
        world.start_relay().await?;
        chance.shuffle(&mut everybody);
        for person in &everybody {
            let report = person.sync().await?;
            assert!(report.refused.is_empty(), "{shift} {round} {report:?}");
            assert_eq!((report.set_aside, report.queued), (0, 0));
        }
        organiser.sync().await?;
        world.stop_relay().await;
    }
    Ok(())
}

/// What a door says, but for what depends on whose screen shows it.
fn seen(door: DoorRow) -> DoorRow {
    let last_visit = door
        .last_visit
        .map(|visit| palier_device::api::reply::LastVisit {
            mine: false,
            sending: palier_device::api::reply::Sending::Sent,
            ..visit
        });
    DoorRow { last_visit, ..door }
}

async fn assert_same_doors(team: &Team) -> Result<()> {
    for turf in &team.turfs {
        let mut of_lead = None;
        for person in &team.people {
            let doors: Vec<DoorRow> = person.doors(turf).await?.into_iter().map(seen).collect();
            let visited = doors.iter().filter(|door| door.state.is_some()).count();
            assert!(visited > 0, "nobody went to {turf} of {}", team.name);
            match &of_lead {
                None => of_lead = Some(doors),
                Some(expected) => assert_eq!(&doors, expected, "{} at {turf}", person.name),
            }
        }
    }
    Ok(())
}

async fn assert_totals(organiser: &Person, truth: &Truth) -> Result<()> {
    let totals = organiser.totals(Grouping::Station).await?;
    assert_eq!(totals.source, TotalsSource::Relay);
    assert_eq!(totals.rows.len(), 64);
    for row in &totals.rows {
        let station = row.station.as_deref().unwrap_or_default();
        let (counts, leaflets) = truth.get(station).cloned().unwrap_or_default();
        let of = |outcome| counts.get(&outcome).copied().unwrap_or_default();
        let expected = (
            [
                of(Outcome::Spoke),
                of(Outcome::Absent),
                of(Outcome::Refused),
                of(Outcome::ComeBack),
                of(Outcome::Inaccessible),
                of(Outcome::Vacant),
                of(Outcome::DoNotContact),
            ],
            leaflets,
            counts.values().sum::<u32>(),
        );
        let counted = (
            [
                row.spoke,
                row.absent,
                row.refused,
                row.come_back,
                row.inaccessible,
                row.vacant,
                row.do_not_contact,
            ],
            row.leaflets,
            row.knocked,
        );
        assert_eq!(counted, expected, "station {station}");
    }
    let knocked: u32 = totals.rows.iter().map(|row| row.knocked).sum();
    for by in [Grouping::Day, Grouping::Team] {
        let sum: u32 = organiser
            .totals(by)
            .await?
            .rows
            .iter()
            .map(|row| row.knocked)
            .sum();
        assert_eq!(sum, knocked, "{by:?}");
    }
    Ok(())
}

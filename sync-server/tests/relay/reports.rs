//! Reports: what is counted, replaced, refused and added up.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use palier_core::{
    answers::Answers,
    document::report::{Report, Votes},
    envelope::{Envelope, Kind},
    id::{DocumentId, EnvelopeId, TeamId},
    refusal::Refusal,
    rights::{Role, Scope},
    tally::Tally,
    wire::TotalsLine,
};

use crate::{
    actors::{Device, NOW, OTHER_TEAM, TEAM, campaign},
    check::look,
    town::Town,
};

pub(crate) fn report(team: Option<TeamId>, stations: &[(&str, u32, u32)]) -> Report {
    let tally = |absent, spoke| Tally {
        absent,
        spoke,
        leaflets: 1,
        ..Tally::default()
    };
    Report {
        day: "2026-03-15".into(),
        team,
        stations: stations
            .iter()
            .map(|(station, absent, spoke)| ((*station).to_owned(), tally(*absent, *spoke)))
            .collect(),
        ..Report::default()
    }
}

pub(crate) fn turnout(station: &str, hour: &str, votes: u32, after: i64) -> Report {
    let at = NOW.after(palier_core::moment::Millis(after));
    let key = (station.to_owned(), hour.parse().unwrap());
    Report {
        day: "2026-03-15".into(),
        turnout: [(key, Votes { at, votes })].into(),
        ..Report::default()
    }
}

fn keys_and_counts(lines: &[TotalsLine]) -> Vec<(&str, u32, u32)> {
    lines
        .iter()
        .map(|line| (line.key.as_str(), line.counts[0], line.counts[1]))
        .collect()
}

#[tokio::test]
async fn a_report_stands_in_the_place_of_what_it_said_before() {
    let (town, organiser) = Town::begun().await;
    let team = || Scope::Team(TEAM);
    let mut merle = town.appoint(&organiser, 10, Role::Volunteer, team()).await;
    let mut pinson = town.appoint(&organiser, 11, Role::Lead, team()).await;
    for said in [
        report(Some(TEAM), &[("1251", 3, 1), ("-", 1, 0)]),
        report(Some(TEAM), &[("1251", 5, 2), ("1252", 1, 1)]),
    ] {
        let envelope = merle.reports(&said);
        town.push_all(&merle, [envelope]).await;
    }
    let envelope = pinson.reports(&report(Some(TEAM), &[("1251", 10, 0), ("-", 4, 0)]));
    town.push_all(&pinson, [envelope.clone()]).await;
    town.push(&pinson, [envelope]).await;

    let totals = town.totals(&pinson, "station").await;
    assert_eq!(
        keys_and_counts(&totals.lines),
        [("", 4, 0), ("1251", 15, 2), ("1252", 1, 1)]
    );
    assert_eq!(totals.at, NOW);
    assert_eq!(totals.lines[1].tally().knocked(), 17);
    let totals = town.totals(&organiser, "day").await;
    assert_eq!(keys_and_counts(&totals.lines), [("2026-03-15", 20, 3)]);
    let totals = town.totals(&organiser, "team").await;
    let team = TEAM.to_string();
    assert_eq!(keys_and_counts(&totals.lines), [(team.as_str(), 20, 3)]);
}

/// What was answered at stations, in whole batches, beside counts at others.
fn answered(stations: &[(&str, [u32; 8])]) -> Report {
    let said = |numbers: &[u32; 8]| Answers::from_numbers(*numbers);
    Report {
        answers: stations
            .iter()
            .map(|(station, numbers)| ((*station).to_owned(), said(numbers)))
            .collect(),
        ..report(Some(TEAM), &[("1251", 3, 1)])
    }
}

fn keys_and_answers(lines: &[TotalsLine]) -> Vec<(&str, [u32; 8])> {
    let line = |line: &TotalsLine| line.answered().map(|answers| answers.numbers());
    lines
        .iter()
        .filter_map(|of| line(of).map(|numbers| (of.key.as_str(), numbers)))
        .collect()
}

#[tokio::test]
async fn answers_add_up_beside_the_counts_whoever_comes_first() {
    let (town, organiser) = Town::begun().await;
    let team = || Scope::Team(TEAM);
    let mut merle = town.appoint(&organiser, 10, Role::Volunteer, team()).await;
    let mut pinson = town.appoint(&organiser, 11, Role::Lead, team()).await;
    let few = answered(&[("1251", [9, 1, 0, 0, 0, 0, 0, 0])]);
    for said in [
        answered(&[("1251", [10, 1, 0, 0, 2, 3, 1, 0])]),
        // Another batch, and one at a station where nothing else was counted.
        answered(&[
            ("1251", [20, 2, 0, 0, 4, 6, 1, 1]),
            ("1252", [10, 0, 0, 0, 0, 0, 0, 4]),
        ]),
    ] {
        let envelope = merle.reports(&said);
        town.push_all(&merle, [envelope]).await;
    }
    let envelope = pinson.reports(&answered(&[("1251", [10, 0, 0, 5, 0, 0, 0, 0])]));
    town.push_all(&pinson, [envelope]).await;
    let totals = town.totals(&pinson, "station").await;
    assert_eq!(
        keys_and_answers(&totals.lines),
        [
            ("1251", [30, 2, 0, 5, 4, 6, 1, 1]),
            ("1252", [10, 0, 0, 0, 0, 0, 0, 4]),
        ]
    );
    assert_eq!(
        keys_and_counts(&totals.lines),
        [("1251", 6, 2), ("1252", 0, 0)]
    );
    let team = TEAM.to_string();
    for (by, key) in [("day", "2026-03-15"), ("team", team.as_str())] {
        let totals = town.totals(&organiser, by).await;
        let sum = [40, 2, 0, 5, 4, 6, 1, 5];
        assert_eq!(keys_and_answers(&totals.lines), [(key, sum)]);
    }
    let mut late = town
        .appoint(&organiser, 12, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let envelope = late.reports(&few);
    assert_eq!(town.refused(&late, envelope).await, Refusal::BadSchema);
    assert_eq!(look(&town.store()), [""; 0]);
}

#[tokio::test]
async fn the_latest_count_speaks_for_its_hour() {
    let (town, organiser) = Town::begun().await;
    let mut late = town
        .appoint(
            &organiser,
            10,
            Role::Observer,
            Scope::Station("1251".into()),
        )
        .await;
    let mut early = town
        .appoint(&organiser, 11, Role::Observer, Scope::Campaign)
        .await;
    // The older count comes in last.
    let envelope = late.reports(&turnout("1251", "12:00", 240, 2_000));
    town.push_all(&late, [envelope]).await;
    let envelope = early.reports(&turnout("1251", "12:00", 230, 1_000));
    town.push_all(&early, [envelope]).await;
    let totals = town.totals(&organiser, "station").await;
    let counted = ("2026-03-15".into(), "12:00".into(), 240);
    assert_eq!(totals.lines.len(), 1);
    assert_eq!(totals.lines[0].turnout, [counted]);
}

#[tokio::test]
async fn a_report_that_oversteps_changes_nothing() {
    let (town, organiser) = Town::begun().await;
    let volunteer = || organiser.appoint(10, Role::Volunteer, Scope::Team(TEAM));
    let observer = || organiser.appoint(11, Role::Observer, Scope::Station("1251".into()));
    for (device, said) in [
        (volunteer(), report(Some(OTHER_TEAM), &[("1251", 3, 1)])),
        (volunteer(), report(None, &[("1251", 3, 1)])),
        (observer(), turnout("1252", "12:00", 9, 0)),
        (
            volunteer(),
            Report {
                team: Some(TEAM),
                ..turnout("1251", "12:00", 9, 0)
            },
        ),
    ] {
        let mut device: Device = device;
        let introduction = device.introduction(campaign().reports_space());
        town.push(&device, [introduction]).await;
        let wrong = device.reports(&said);
        assert_eq!(town.refused(&device, wrong).await, Refusal::NotAllowed);
    }
    assert_eq!(town.totals(&organiser, "station").await.lines, []);
}

#[tokio::test]
async fn a_report_stands_under_its_own_name_in_its_own_space() {
    let (town, mut organiser) = Town::begun().await;
    let mut twin = Device::organiser(1);
    let reports = campaign().reports_space();
    let introduction = EnvelopeId::of(&twin.introduction(reports));
    let named = twin.reports(&report(None, &[("1251", 3, 1)]));
    let body = Envelope::decode(&named).unwrap().body;
    let other = DocumentId([1; 16]);
    let misnamed = twin.write_at(reports, Kind::Report, other, body.clone(), 2, introduction);
    let refusal = town.refused(&organiser, misnamed).await;
    assert_eq!(refusal, Refusal::BadSchema);
    let misplaced = organiser.write(TEAM.space(), Kind::Report, other, body);
    let refusal = town.refused(&organiser, misplaced).await;
    assert_eq!(refusal, Refusal::NotAllowed);
    town.push_all(&organiser, [named]).await;
}

#[tokio::test]
async fn a_body_that_is_no_report_is_refused() {
    let (town, mut organiser) = Town::begun().await;
    let reports = campaign().reports_space();
    let junk = organiser.write(reports, Kind::Report, DocumentId([1; 16]), vec![0; 40]);
    assert_eq!(town.refused(&organiser, junk).await, Refusal::BadChanges);
}

#[tokio::test]
async fn a_station_that_a_store_could_not_keep_is_refused() {
    let (town, organiser) = Town::begun().await;
    let mut merle = town
        .appoint(&organiser, 10, Role::Volunteer, Scope::Team(TEAM))
        .await;
    let envelope = merle.reports(&report(Some(TEAM), &[("12\u{0}51", 3, 1)]));
    assert_eq!(town.refused(&merle, envelope).await, Refusal::BadSchema);
}

/// What reports add up to along one of what totals are asked by, told apart by `key`.
fn added_up<'a>(
    said: impl Iterator<Item = &'a Report>,
    key: impl Fn(&Report, &str) -> String,
) -> BTreeMap<String, [u32; 8]> {
    let mut sums = BTreeMap::<_, [u32; 8]>::new();
    for report in said {
        for (station, tally) in &report.stations {
            let sum = sums.entry(key(report, station)).or_default();
            for (sum, count) in sum.iter_mut().zip(tally.counts()) {
                *sum += count;
            }
        }
    }
    sums
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_stay_what_reports_add_up_to_while_stations_come_and_go() {
    let (town, organiser) = Town::begun().await;
    let mut devices = Vec::new();
    for seed in 0..6 {
        let team = if seed % 2 == 0 { TEAM } else { OTHER_TEAM };
        let scope = Scope::Team(team);
        let device = town.appoint(&organiser, 10 + seed, Role::Volunteer, scope);
        devices.push((device.await, team));
    }
    let mut said = BTreeMap::new();
    let mut chance = 12_u32;
    let mut draw = |below: u32| {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (chance >> 16) % below
    };
    for _ in 0..8 {
        let mut pushes = Vec::new();
        for (place, (device, team)) in devices.iter_mut().enumerate() {
            let stations: Vec<_> = (0..4).map(|station| format!("125{station}")).collect();
            let mut counted: Vec<_> = (stations.iter().map(String::as_str).chain(["-"]))
                .map(|station| (station, draw(3), draw(3)))
                .collect();
            counted.retain(|(station, ..)| *station == "-" || draw(2) == 0);
            let mut new = report(Some(*team), &counted);
            new.day = format!("2026-03-1{}", place % 3);
            // Each device reports twice in a push: what shares a commit is added up once.
            for _ in 0..2 {
                new.stations
                    .values_mut()
                    .for_each(|tally| tally.vacant += 1);
                pushes.push((place, device.reports(&new)));
            }
            said.insert(place, new);
        }
        let pushing = (0..devices.len()).map(|place| {
            let own = pushes.iter().filter(move |(of, _)| *of == place);
            let own: Vec<_> = own.map(|(_, envelope)| envelope.clone()).collect();
            town.push_all(&devices[place].0, own)
        });
        join_all(pushing).await;
        let team = |report: &Report, _: &str| report.team.unwrap().to_string();
        let station = |_: &Report, station: &str| station.trim_matches('-').to_owned();
        for (by, expected) in [
            ("station", added_up(said.values(), station)),
            (
                "day",
                added_up(said.values(), |report, _| report.day.clone()),
            ),
            ("team", added_up(said.values(), team)),
        ] {
            let found = town.totals(&organiser, by).await.lines;
            let found: BTreeMap<_, _> = (found.into_iter())
                .map(|line| (line.key, line.counts))
                .collect();
            assert_eq!(found, expected, "{by}");
        }
    }
    assert_eq!(look(&town.store()), [""; 0]);
}

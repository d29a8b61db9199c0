//! What holds for every town.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    outcome::Outcome,
    territory::{Located, PackHash, Perimeters, pack},
};

const SEEDS: [u64; 4] = [0, 1, 2027, u64::MAX];

#[test]
fn a_seed_gives_the_same_bytes_twice() {
    let bytes = |seed| {
        let town = town(seed);
        let all = serde_json::to_vec(&(&town, week(seed, &town, 2, 3))).unwrap();
        (
            PackHash::of(&pack(&town.territory).unwrap()),
            PackHash::of(&all),
        )
    };
    for seed in SEEDS {
        assert_eq!(bytes(seed), bytes(seed));
    }
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn every_address_is_in_the_perimeter_of_its_station() {
    for seed in SEEDS {
        let town = town(seed);
        let perimeters = Perimeters::build(&town.territory.stations);
        for address in &town.territory.addresses {
            let expect = Located::One(address.station.clone().unwrap());
            assert_eq!(
                perimeters.locate(address.lon, address.lat),
                expect,
                "{seed} {}",
                address.id
            );
        }
    }
}

#[test]
fn perimeters_are_whole_and_do_not_overlap() {
    use geo::{Area, BooleanOps};
    for seed in SEEDS {
        let stations = town(seed).territory.stations;
        for (i, one) in stations.iter().enumerate() {
            assert_eq!(one.check_perimeter(), Ok(()), "{seed} {}", one.id);
            let shape = crate::territory::perimeter::multi_polygon(&one.perimeter);
            for other in &stations[i + 1..] {
                let both = shape.intersection(&crate::territory::perimeter::multi_polygon(
                    &other.perimeter,
                ));
                assert!(both.unsigned_area() < 1e-12, "{} and {}", one.id, other.id);
            }
        }
    }
}

#[test]
fn it_is_a_town_of_some_eight_stations_and_six_hundred_addresses() {
    for seed in SEEDS {
        let town = town(seed);
        assert_eq!(town.territory.check(), Ok(()));
        assert_eq!(town.territory.stations.len(), 8);
        let count = town.territory.addresses.len();
        assert!((500..=750).contains(&count), "{count}");
        assert_eq!(town.buildings.len(), count);
        let kinds: BTreeSet<String> = town
            .buildings
            .iter()
            .map(|b| format!("{:?}", b.kind))
            .collect();
        assert_eq!(kinds.len(), 3);
        let names: BTreeSet<&str> = town.streets.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names.len(), town.streets.len(), "two streets have one name");
        for station in &town.territory.stations {
            let registered = town.territory.registered(&station.id).unwrap();
            assert!(
                (250..3_000).contains(&registered),
                "{} {registered}",
                station.id
            );
            assert_eq!(town.territory.history(&station.id).len(), 6);
        }
        for result in &town.territory.results {
            assert!(result.votes < result.registered);
        }
    }
}

#[test]
fn a_week_has_the_shares_of_the_experiment() {
    let mut counts: BTreeMap<Outcome, u32> = BTreeMap::new();
    for seed in 0..8 {
        for visit in week(seed, &town(seed), 4, 6) {
            *counts.entry(visit.outcome).or_default() += 1;
        }
    }
    let all: u32 = counts.values().sum();
    let per_mille = |outcome| counts[&outcome] * 1_000 / all;
    assert!(
        (270..=316).contains(&per_mille(Outcome::Spoke)),
        "{counts:?}"
    );
    assert!(
        (475..=525).contains(&per_mille(Outcome::Absent)),
        "{counts:?}"
    );
    assert_eq!(counts.len(), 7);
}

#[test]
fn a_week_can_be_walked() {
    let town = town(7);
    let visits = week(7, &town, 3, 4);
    let teams: BTreeSet<(usize, usize)> = visits.iter().map(|v| (v.team, v.member)).collect();
    assert_eq!(teams.len(), 12);
    let mut minutes = BTreeSet::new();
    let mut closed = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut again = 0;
    for visit in &visits {
        assert!(visit.day < 7 && visit.minute_of_day < 24 * 60);
        assert!(minutes.insert((visit.team, visit.member, visit.day, visit.minute_of_day)));
        assert!(
            !closed.contains(&visit.door),
            "visited after do_not_contact"
        );
        again += u32::from(!seen.insert(&visit.door));
        if visit.outcome == Outcome::DoNotContact {
            closed.insert(visit.door.clone());
        }
    }
    assert!(again > 20, "{again} later visits");
}

#[test]
fn every_building_can_be_described_door_by_door() {
    let town = town(3);
    for building in &town.buildings {
        let doors = building.door_ids();
        assert_eq!(
            u32::try_from(doors.len()),
            Ok(building.doors()),
            "{building:?}"
        );
        if building.doors() > 1 {
            let mut described = building.plan().unwrap().doors(&building.address).unwrap();
            described.sort();
            let mut sorted = doors.clone();
            sorted.sort();
            assert_eq!(sorted, described);
        }
    }
    let week = week(3, &town, 2, 3);
    let inside = week.iter().filter(|visit| visit.door != visit.address);
    assert!(inside.count() * 2 > week.len());
}

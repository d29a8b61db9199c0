//! Past ballots of the town.

use std::collections::HashMap;

use super::{chance::Chance, houses::Building};
use crate::territory::{Address, PastResult, Station, StationId};

/// Ballots, with the national turnout of their round in votes per thousand registered voters.
///
/// Source: results of the ministère de l'Intérieur, Métropole and overseas, rounded.
const BALLOTS: [(&str, u32); 6] = [
    ("2017_pres_t1", 778),
    ("2017_legi_t1", 487),
    ("2020_muni_t1", 447),
    ("2022_pres_t1", 737),
    ("2022_legi_t1", 475),
    ("2024_legi_t1", 667),
];

/// Registered voters for ten doors.
const VOTERS_PER_TEN_DOORS: u32 = 15;

/// Holds every ballot at every station.
pub(super) fn hold(
    stations: &[Station],
    addresses: &[Address],
    buildings: &[Building],
    chance: &mut Chance,
) -> Vec<PastResult> {
    let mut doors: HashMap<&StationId, u32> = HashMap::new();
    for (address, building) in addresses.iter().zip(buildings) {
        if let Some(station) = &address.station {
            *doors.entry(station).or_default() += building.doors();
        }
    }
    // A quarter votes more or less than the country, at every ballot.
    let habits: Vec<u32> = stations
        .iter()
        .map(|_| chance.between(860, 1_080))
        .collect();
    let mut results = Vec::new();
    for (ballot, turnout) in BALLOTS {
        for (station, habit) in stations.iter().zip(&habits) {
            let doors = doors.get(&station.id).copied().unwrap_or(0);
            let registered = doors * VOTERS_PER_TEN_DOORS / 10 * chance.between(960, 1_040) / 1_000;
            let per_mille = turnout * habit / 1_000 * chance.between(970, 1_030) / 1_000;
            results.push(PastResult {
                station: station.id.clone(),
                ballot: ballot.to_owned(),
                registered: Some(registered),
                votes: Some(registered * per_mille.min(980) / 1_000),
            });
        }
    }
    results
}

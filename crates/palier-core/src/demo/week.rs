//! A week of visits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Building, Town, chance::Chance};
use crate::{
    id::DoorId,
    outcome::Outcome,
    territory::{Address, walking_order},
};

/// One visit of a planned week.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlannedVisit {
    /// The team, from 0.
    pub team: usize,
    /// The member of the team, from 0.
    pub member: usize,
    /// The day, from 0 (a Monday) to 6.
    pub day: u32,
    /// Minutes since midnight on the campaign's clock.
    pub minute_of_day: u32,
    /// The address that is visited.
    pub address: String,
    /// The door there.
    pub door: DoorId,
    /// What comes of it.
    pub outcome: Outcome,
    /// Whether a leaflet is left.
    pub leaflet: bool,
}

/// Outcomes in visits per thousand.
///
/// Sources: 29.3 % of addresses were contacted in six cities (Green, Gerber and Nickerson 2003,
/// Journal of Politics 65:4), and about half of doors stay shut; the rest is shared out.
const SHARES: [(Outcome, u32); 7] = [
    (Outcome::Spoke, 293),
    (Outcome::Absent, 500),
    (Outcome::Refused, 85),
    (Outcome::ComeBack, 32),
    (Outcome::Inaccessible, 60),
    (Outcome::Vacant, 22),
    (Outcome::DoNotContact, 8),
];

/// Outings: day of the week, first minute, last minute, and in how many of a thousand cases a
/// member comes.
const OUTINGS: [(u32, u32, u32, u32); 5] = [
    (1, 18 * 60, 20 * 60, 600),
    (2, 18 * 60, 20 * 60, 600),
    (3, 18 * 60 + 15, 20 * 60, 550),
    (5, 14 * 60, 17 * 60 + 30, 900),
    (6, 10 * 60 + 30, 12 * 60, 400),
];

/// Plans a week: `teams` teams of `members` members share out the stations of a town, walk their
/// part in walking order, and come back to the doors that stayed shut or asked for it.
///
/// A team beyond the number of stations has none and walks nothing.
///
/// Sorted by day, minute, team and member. Each visit of a member has a minute of its own.
#[must_use]
pub fn week(seed: u64, town: &Town, teams: usize, members: usize) -> Vec<PlannedVisit> {
    let mut chance = Chance::new(seed ^ 0x5741_4c4b);
    let mut visits = Vec::new();
    let buildings: BTreeMap<&str, &Building> = town
        .buildings
        .iter()
        .map(|building| (building.address.as_str(), building))
        .collect();
    for team in 0..teams {
        let turf: Vec<(String, DoorId)> = turf(town, team, teams)
            .into_iter()
            .flat_map(|address| {
                let doors = buildings
                    .get(address.id.as_str())
                    .map_or_else(|| vec![address.id.clone()], |one| one.door_ids());
                doors
                    .into_iter()
                    .map(move |door| (address.id.clone(), door))
            })
            .collect();
        let part = turf.len().div_ceil(members.max(1)).max(1);
        for (member, doors) in turf.chunks(part).take(members).enumerate() {
            // The last third is left for whoever tries the demonstration.
            let (this_week, _left) = doors.split_at(doors.len() - doors.len() / 3);
            walk(&mut visits, team, member, this_week, &mut chance);
        }
    }
    visits.sort_by_key(|v| (v.day, v.minute_of_day, v.team, v.member));
    visits
}

/// The addresses of a team's stations in walking order, station by station.
fn turf(town: &Town, team: usize, teams: usize) -> Vec<Address> {
    let mut turf = Vec::new();
    for station in town
        .territory
        .stations
        .iter()
        .skip(team)
        .step_by(teams.max(1))
    {
        let here = |address: &&Address| address.station.as_ref() == Some(&station.id);
        let mut doors: Vec<Address> = town
            .territory
            .addresses
            .iter()
            .filter(here)
            .cloned()
            .collect();
        walking_order(&mut doors);
        turf.append(&mut doors);
    }
    turf
}

/// The week of one member.
fn walk(
    visits: &mut Vec<PlannedVisit>,
    team: usize,
    member: usize,
    doors: &[(String, DoorId)],
    chance: &mut Chance,
) {
    let mut ahead = doors.iter();
    let mut again: Vec<&(String, DoorId)> = Vec::new();
    for (day, start, end, comes) in OUTINGS {
        if !chance.happens(comes) {
            continue;
        }
        // On a later day, a third of the outing goes to doors that stayed shut.
        let mut back = std::mem::take(&mut again).into_iter();
        let mut minute = start + chance.below(12);
        while minute < end {
            let next = if chance.happens(330) {
                back.next().or_else(|| ahead.next())
            } else {
                ahead.next().or_else(|| back.next())
            };
            let Some(stop) = next else {
                break;
            };
            let outcome = outcome(chance);
            if matches!(outcome, Outcome::Absent | Outcome::ComeBack) {
                again.push(stop);
            }
            visits.push(PlannedVisit {
                team,
                member,
                day,
                minute_of_day: minute,
                address: stop.0.clone(),
                door: stop.1.clone(),
                outcome,
                leaflet: chance.happens(leaflets(outcome)),
            });
            minute += if outcome == Outcome::Spoke {
                chance.between(4, 9)
            } else {
                chance.between(1, 3)
            };
        }
        again.extend(back);
    }
}

fn outcome(chance: &mut Chance) -> Outcome {
    let mut left = chance.below(SHARES.iter().map(|(_, share)| share).sum());
    for (outcome, share) in SHARES {
        match left.checked_sub(share) {
            Some(rest) => left = rest,
            None => return outcome,
        }
    }
    Outcome::Absent
}

/// In how many of a thousand cases a leaflet is left.
const fn leaflets(outcome: Outcome) -> u32 {
    match outcome {
        Outcome::Absent => 800,
        Outcome::Spoke => 650,
        Outcome::ComeBack => 500,
        Outcome::Refused | Outcome::Inaccessible | Outcome::Vacant | Outcome::DoNotContact => 0,
    }
}

//! A town that does not exist, for demonstrations and tests.
//!
//! Everything comes from a seed: the same seed gives the same town and the same week of visits.
//! The town can be written in the layouts of official files, so that a demonstration goes through
//! the importers that a campaign uses.

mod ballots;
mod chance;
mod grid;
mod houses;
mod names;
mod week;
mod write;

use serde::{Deserialize, Serialize};

use self::{chance::Chance, grid::Grid};
pub use self::{
    houses::{Building, BuildingKind},
    week::{PlannedVisit, week},
};
use crate::territory::Territory;

/// The name of the town.
pub const TOWN_NAME: &str = "Palier-sur-Marche";
/// Its postcode; no French postcode begins with 99.
pub const POSTCODE: &str = "99100";
/// Its commune's code; 99 stands for no département (Insee, Code officiel géographique).
pub const COMMUNE_CODE: &str = "99001";

/// The kits of the demonstration, each with its language: an invitation to vote and to check one's
/// registration, for no party.
pub const KITS: [(&str, &str); 2] = [
    ("fr", include_str!("demo/kits/fr.json")),
    ("en", include_str!("demo/kits/en.json")),
];

/// An invented town.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Town {
    /// What it is called.
    pub name: String,
    /// Its stations, addresses and past ballots, each address with its station.
    pub territory: Territory,
    /// What stands at each address, in the order of the addresses.
    pub buildings: Vec<Building>,
    /// Its streets.
    pub streets: Vec<Street>,
}

/// A street of an invented town.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Street {
    /// What it is called.
    pub name: String,
    /// Its axis: longitudes and latitudes in degrees, WGS 84.
    pub line: Vec<[f64; 2]>,
}

/// Makes a town of eight stations and some 600 addresses on both banks of a river.
#[must_use]
pub fn town(seed: u64) -> Town {
    let mut chance = Chance::new(seed);
    let grid = Grid::new(&mut chance);
    let stations = grid.stations();
    let streets = grid.streets(&mut chance);
    let (addresses, buildings) = houses::build(&grid, &streets, &mut chance);
    let results = ballots::hold(&stations, &addresses, &buildings, &mut chance);
    Town {
        name: TOWN_NAME.to_owned(),
        territory: Territory {
            stations,
            addresses,
            results,
        },
        buildings,
        streets: streets.into_iter().map(|axis| axis.street).collect(),
    }
}

#[cfg(test)]
mod tests;

//! Reference data: polling stations, addresses and past ballots of a territory.
//!
//! It is not shared by editing: an importer makes it, a [territory pack](mod@pack) carries it.

pub mod address;
pub mod ballot;
pub mod code;
pub mod commune;
pub mod pack;
pub mod perimeter;
pub mod resolve;
pub mod station;
pub mod validity;
pub mod walking;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::{
    address::Address,
    ballot::{PastResult, ballot_from_file, ballot_order},
    code::{CodeError, StationCode, StationId},
    pack::{PackError, PackHash, pack, unpack},
    perimeter::{Located, Perimeters},
    resolve::{ResolveError, resolve},
    station::{Perimeter, Station},
    validity::{PerimeterError, check_perimeter},
    walking::{StreetSide, street_side, walking_order},
};

/// The reference data of a campaign.
#[derive(Clone, PartialEq, Default, Debug, Serialize, Deserialize)]
pub struct Territory {
    /// Polling stations.
    pub stations: Vec<Station>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Past ballots, by station.
    pub results: Vec<PastResult>,
}

/// Why reference data does not hold together.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TerritoryError {
    /// Two stations have one id.
    #[error("polling station {0} is there twice")]
    StationTwice(StationId),
    /// Two addresses have one id.
    #[error("address {0:?} is there twice")]
    AddressTwice(String),
    /// An address or a result names a station that is not there.
    #[error("polling station {0} is named but is not there")]
    NoSuchStation(StationId),
}

impl Territory {
    /// Registered voters of a station at the latest ballot that says it.
    #[must_use]
    pub fn registered(&self, station: &StationId) -> Option<u32> {
        registered(self.results.iter().filter(|r| r.station == *station))
    }

    /// Past ballots of a station, oldest first.
    #[must_use]
    pub fn history(&self, station: &StationId) -> Vec<&PastResult> {
        let mut history: Vec<&PastResult> = self
            .results
            .iter()
            .filter(|result| result.station == *station)
            .collect();
        history.sort_by_cached_key(|result| ballot_order(&result.ballot));
        history
    }

    /// Puts everything in the order in which it is kept and packed, so that equal territories
    /// have equal packs: stations by id, addresses as one walks, results by station and ballot.
    pub fn sort(&mut self) {
        self.stations.sort_by(|a, b| a.id.cmp(&b.id));
        walking_order(&mut self.addresses);
        self.results
            .sort_by(|a, b| (&a.station, &a.ballot).cmp(&(&b.station, &b.ballot)));
    }

    /// Checks that ids are there once, and that every station that is named is there.
    ///
    /// # Errors
    ///
    /// The first thing that does not hold.
    pub fn check(&self) -> Result<(), TerritoryError> {
        let mut stations = BTreeSet::new();
        for station in &self.stations {
            if !stations.insert(&station.id) {
                return Err(TerritoryError::StationTwice(station.id.clone()));
            }
        }
        let mut addresses = BTreeSet::new();
        for address in &self.addresses {
            if !addresses.insert(&address.id) {
                return Err(TerritoryError::AddressTwice(address.id.clone()));
            }
        }
        let of_addresses = self.addresses.iter().filter_map(|a| a.station.as_ref());
        let mut named = of_addresses.chain(self.results.iter().map(|r| &r.station));
        match named.find(|id| !stations.contains(id)) {
            Some(id) => Err(TerritoryError::NoSuchStation(id.clone())),
            None => Ok(()),
        }
    }
}

/// Registered voters at the latest ballot that says it, among results of one station.
#[must_use]
pub fn registered<'a>(results: impl IntoIterator<Item = &'a PastResult>) -> Option<u32> {
    results
        .into_iter()
        .filter(|result| result.registered.is_some())
        .max_by_key(|result| ballot_order(&result.ballot))?
        .registered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(ballot: &str, registered: Option<u32>) -> PastResult {
        PastResult {
            station: StationId::stored("1"),
            ballot: ballot.to_owned(),
            registered,
            votes: None,
        }
    }

    #[test]
    fn registered_voters_are_those_of_the_latest_ballot_that_has_them() {
        let results = [
            result("2022_legi_t1", Some(900)),
            result("2022_pres_t1", Some(910)),
            result("2026_muni_t1", None),
            result("2014_muni_t1", Some(800)),
        ];
        assert_eq!(registered(&results), Some(900));
        assert_eq!(registered(&[]), None);
    }

    #[test]
    fn a_station_that_is_named_must_be_there() {
        let territory = Territory {
            results: vec![result("x", None)],
            ..Territory::default()
        };
        assert!(matches!(
            territory.check(),
            Err(TerritoryError::NoSuchStation(_))
        ));
    }
}

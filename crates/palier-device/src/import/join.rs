//! From rows of results to stations.

use std::collections::{BTreeSet, HashMap, HashSet};

use palier_core::territory::{PastResult, Station, commune};

use super::{BadRow, NamedStation, RawResult};
use crate::api::reply::RejectedRow;

/// Joins results to stations by code, and by commune where both are known.
///
/// A row that means no station or several is listed, never guessed. Where the perimeters name no
/// commune and the rows come from several, none can be joined: every commune has a station `1`.
#[must_use]
pub fn join_results(
    raw: &[RawResult],
    stations: &[Station],
) -> (Vec<PastResult>, Vec<RejectedRow>) {
    let mut by_code: HashMap<&str, Vec<&Station>> = HashMap::new();
    for station in stations {
        by_code
            .entry(station.code.as_str())
            .or_default()
            .push(station);
    }
    let cities: BTreeSet<&str> = raw
        .iter()
        .filter_map(|row| row.commune.as_deref().map(commune::city))
        .collect();
    let (mut joined, mut rejected) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for row in raw {
        let found = station_of(row, &by_code, cities.len()).and_then(|station| {
            let new = seen.insert((station.id.clone(), row.ballot.clone()));
            let twice = || BadRow::ResultTwice {
                station: station.id.to_string(),
                ballot: row.ballot.clone(),
            };
            if new { Ok(station) } else { Err(twice()) }
        });
        match found {
            Ok(station) => joined.push(PastResult {
                station: station.id.clone(),
                ballot: row.ballot.clone(),
                registered: row.registered,
                votes: row.votes,
            }),
            Err(reason) => rejected.push(RejectedRow {
                line: row.line,
                reason,
            }),
        }
    }
    (joined, rejected)
}

fn station_of<'a>(
    row: &RawResult,
    by_code: &HashMap<&str, Vec<&'a Station>>,
    cities: usize,
) -> Result<&'a Station, BadRow> {
    let named = || match &row.commune {
        Some(commune) => NamedStation::OfCommune {
            station: row.code.to_string(),
            commune: commune.clone(),
        },
        None => NamedStation::Alone {
            station: row.code.to_string(),
        },
    };
    let fitting: Vec<&Station> = by_code
        .get(row.code.as_str())
        .into_iter()
        .flatten()
        .copied()
        .filter(|station| commune::agree(station.commune.as_deref(), row.commune.as_deref()))
        .collect();
    match *fitting {
        [] => Err(BadRow::NoStation { station: named() }),
        [station] if station.commune.is_none() && cities > 1 => Err(BadRow::StationOfWhere {
            station: named(),
            communes: cities,
        }),
        [station] => Ok(station),
        _ => Err(BadRow::StationOfSeveral { station: named() }),
    }
}

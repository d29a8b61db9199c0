//! Past ballots.

use serde::{Deserialize, Serialize};

use super::code::StationId;

/// What one ballot was at one station.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PastResult {
    /// The station.
    pub station: StationId,
    /// The ballot's name, for instance `2017_legi_t1`.
    pub ballot: String,
    /// Registered voters; absent where the file gives none.
    pub registered: Option<u32>,
    /// Ballots cast; absent where the file gives none.
    pub votes: Option<u32>,
}

/// When a ballot was, as far as its name says: year, place in the year, round, name.
///
/// Ballots sort by it from the oldest to the latest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BallotOrder(u16, u8, u8, String);

/// Kinds of ballot in the order in which they came within a year, with the words that name them.
///
/// Source of the short words: `id_election` in
/// <https://www.data.gouv.fr/datasets/donnees-des-elections-agregees>. Where two kinds of ballot
/// fell in one year since 1999, they came in this order.
const KINDS: [(&str, &[&str]); 8] = [
    ("muni", &["muni", "municipales", "municipale"]),
    ("cant", &["cant", "cantonales"]),
    ("dpmt", &["dpmt", "departementales", "départementales"]),
    ("regi", &["regi", "regionales", "régionales"]),
    (
        "pres",
        &[
            "pres",
            "presidentielle",
            "presidentielles",
            "présidentielle",
        ],
    ),
    ("refe", &["refe", "referendum", "référendum"]),
    ("euro", &["euro", "europeennes", "européennes"]),
    ("legi", &["legi", "legislatives", "législatives"]),
];

/// The order of a ballot, from its name.
#[must_use]
pub fn ballot_order(name: &str) -> BallotOrder {
    let read = Read::of(name);
    let kind = read
        .kind
        .and_then(|kind| KINDS.iter().position(|(short, _)| *short == kind))
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX);
    BallotOrder(
        read.year.unwrap_or(0),
        kind,
        read.round.unwrap_or(0),
        name.to_owned(),
    )
}

/// A ballot's name from the name of a file, with or without folders and extension.
///
/// Where it tells year, kind and round, in any order and spelling, the name is that of the
/// official tables: `legislatives-2017-t1.txt` and `2017_legislatives_1er_tour.csv` are both
/// `2017_legi_t1`. Otherwise it is the name of the file without its extension.
#[must_use]
pub fn ballot_from_file(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    let read = Read::of(stem);
    match (read.year, read.kind, read.round) {
        (Some(year), Some(kind), Some(round)) => format!("{year}_{kind}_t{round}"),
        _ if stem.is_empty() => "unnamed".to_owned(),
        _ => stem.chars().filter(|c| !c.is_control()).take(80).collect(),
    }
}

/// What a name tells.
#[derive(Default)]
struct Read {
    year: Option<u16>,
    kind: Option<&'static str>,
    round: Option<u8>,
}

impl Read {
    fn of(name: &str) -> Self {
        let lower = name.to_lowercase();
        let mut read = Self::default();
        for word in lower.split(|c: char| !c.is_alphanumeric()) {
            if word.len() == 4
                && let Ok(year @ 1900..=2099) = word.parse()
            {
                read.year = read.year.or(Some(year));
            }
            if let Some((short, _)) = KINDS.iter().find(|(_, words)| words.contains(&word)) {
                read.kind = read.kind.or(Some(short));
            }
            let round = match word {
                "t1" | "1er" | "tour1" => Some(1),
                "t2" | "2e" | "2eme" | "2ème" | "2nd" | "tour2" => Some(2),
                _ => None,
            };
            read.round = read.round.or(round);
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_gives_the_name_of_a_ballot() {
        for (file, expect) in [
            ("legislatives-2017-t1-turnout-latin1.txt", "2017_legi_t1"),
            ("/x/results-2026-municipales-t1.csv", "2026_muni_t1"),
            ("presidentielles_2012_2eme_tour.csv", "2012_pres_t2"),
            ("C:\\x\\européennes 2024 tour1.csv", "2024_euro_t1"),
            ("resultats.csv", "resultats"),
            (".csv", "unnamed"),
            ("", "unnamed"),
        ] {
            assert_eq!(ballot_from_file(file), expect, "{file}");
        }
    }

    #[test]
    fn ballots_sort_from_the_oldest_to_the_latest() {
        let mut names = [
            "2022_legi_t1",
            "2017_legi_t2",
            "2022_pres_t2",
            "2022_pres_t1",
            "2014_muni_t1",
            "2024_legi_t1",
            "2024_euro_t1",
            "resultats",
        ];
        names.sort_by_key(|name| ballot_order(name));
        assert_eq!(
            names,
            [
                "resultats",
                "2014_muni_t1",
                "2017_legi_t2",
                "2022_pres_t1",
                "2022_pres_t2",
                "2022_legi_t1",
                "2024_euro_t1",
                "2024_legi_t1",
            ]
        );
    }
}

//! Results of past ballots by polling station.

mod mn;
mod percent;
mod table;

use std::collections::{BTreeSet, HashSet};

use palier_core::territory::{StationCode, ballot_order};

use super::{
    BadRow, ImportError, Parsed, Wanted,
    look::{Look, look},
    text::decode,
};

/// Names of the column that holds a station's code, folded.
pub(super) const STATION: &[&str] = &[
    "codebv",
    "codedubvote",
    "codebvote",
    "codebureauvote",
    "codedubureaudevote",
    "numerobureauvote",
    "numerobureau",
    "numbureau",
    "bureaudevote",
    "bureau",
];

/// One row of results, before it is joined to a station.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawResult {
    /// Its line in the file, from 1; for JSON, the number of the entry.
    pub line: u32,
    /// The commune's five-character code, where the file names it.
    pub commune: Option<String>,
    /// The station's code within the commune.
    pub code: StationCode,
    /// The ballot's name.
    pub ballot: String,
    /// Registered voters; absent where the file gives none.
    pub registered: Option<u32>,
    /// Ballots cast; absent where the file gives none.
    pub votes: Option<u32>,
}

/// Reads results. The layouts, told by what the file holds:
///
/// - `ministry-csv`: the ministry's files, in latin-1 or not, with candidates repeated without a
///   header up to 2022, and numbered columns since 2024;
/// - `aggregate-csv`: the aggregated tables of data.gouv.fr, whose `id_election` names the ballot;
/// - `city-csv`: a code with `inscrits` and `abstentions` or `votants`, as Paris publishes;
/// - `mn-csv`: rows of a city without a header, marked `MN` (municipal ballots);
/// - `percent-json`: shares of candidates by station; neither registered voters nor votes.
///
/// The ballot is named by the content where it can be. Otherwise the name comes from the file's
/// name, by [`ballot_from_file`](palier_core::territory::ballot_from_file), and a note says so.
///
/// # Errors
///
/// Where the file is damaged, has no row, or holds something else; and where it holds results at
/// points without station codes, which cannot be joined.
pub fn read_results(bytes: &[u8], file_name: &str) -> Result<Parsed<RawResult>, ImportError> {
    let wanted = Wanted::Results;
    let text = decode(bytes)?;
    let found = look(&text, wanted)?;
    let mut parsed = match found {
        Look::ResultTable => table::read_table(&text, file_name)?,
        Look::Mn => mn::read_mn(&text)?,
        Look::PercentJson => percent::read_percent(&text, file_name)?,
        Look::ResultPoints => return Err(ImportError::PointsWithoutStations),
        Look::Ban | Look::Bal | Look::Stations => {
            let looks = found.looks();
            return Err(ImportError::OtherSubject { wanted, looks });
        }
    };
    reject_twice(&mut parsed);
    let ballots: BTreeSet<&String> = parsed.items.iter().map(|r| &r.ballot).collect();
    parsed.ballots = ballots.into_iter().cloned().collect();
    parsed.ballots.sort_by_cached_key(|name| ballot_order(name));
    Ok(parsed)
}

/// Keeps the first row of a station and ballot, and lists the others.
fn reject_twice(parsed: &mut Parsed<RawResult>) {
    let mut seen = HashSet::new();
    for result in std::mem::take(&mut parsed.items) {
        let key = (
            result.commune.clone(),
            result.code.clone(),
            result.ballot.clone(),
        );
        if seen.insert(key) {
            parsed.items.push(result);
        } else {
            let reason = BadRow::ResultTwice {
                station: result.code.to_string(),
                ballot: result.ballot,
            };
            parsed.reject(result.line, reason);
        }
    }
    parsed.rejected.sort_by_key(|row| row.line);
}

/// Checks counts against each other, and fills in votes from abstentions.
///
/// # Errors
///
/// The rule that they break.
fn counts(
    registered: Option<u32>,
    abstentions: Option<u32>,
    votes: Option<u32>,
) -> Result<(Option<u32>, Option<u32>), BadRow> {
    match (registered, abstentions, votes) {
        (Some(all), _, Some(votes)) if votes > all => Err(BadRow::MoreVotes),
        (Some(all), Some(away), _) if away > all => Err(BadRow::MoreAbstentions),
        (Some(all), Some(away), Some(votes))
            if u64::from(away) + u64::from(votes) != u64::from(all) =>
        {
            Err(BadRow::NotAddingUp)
        }
        (Some(all), Some(away), None) => Ok((Some(all), all.checked_sub(away))),
        (None, None, None) => Err(BadRow::NoCounts),
        (registered, _, votes) => Ok((registered, votes)),
    }
}

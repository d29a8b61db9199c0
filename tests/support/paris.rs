//! The main case: a quarter of Paris 12e, and what happens at doors.

use std::path::PathBuf;

use anyhow::Result;
use palier_core::outcome::Outcome;

/// The folder of the real data; `None`, said in one line, where there is none.
pub(crate) fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PALIER_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no real data at {}", folder.display());
    None
}

/// Outcomes in the shares of a field experiment in six cities (Green, Gerber and Nickerson,
/// Journal of Politics 65(4), 2003): each outcome as often as there, out of all doors tried.
pub(crate) fn contact_shares(data: &std::path::Path) -> Result<Vec<(Outcome, usize)>> {
    let file = data.join("canvassing/ggn2003-contact-outcomes-by-city.csv");
    let mut shares = [
        ("contact", Outcome::Spoke, 0),
        ("goaway", Outcome::Refused, 0),
        ("other", Outcome::ComeBack, 0),
        ("nothome", Outcome::Absent, 0),
        ("bad", Outcome::Vacant, 0),
        ("cant", Outcome::Inaccessible, 0),
    ];
    let mut reader = csv::Reader::from_path(file)?;
    let headers = reader.headers()?.clone();
    for row in reader.records() {
        let row = row?;
        for (column, _, count) in &mut shares {
            let at = headers.iter().position(|header| header == *column);
            let cell = at.and_then(|at| row.get(at)).unwrap_or_default();
            let whole = cell.split('.').next().unwrap_or_default();
            *count += whole.parse::<usize>()?;
        }
    }
    Ok(shares
        .into_iter()
        .map(|(_, outcome, count)| (outcome, count))
        .collect())
}

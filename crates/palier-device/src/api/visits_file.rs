//! A file of visits: `door,outcome,at,leaflet`, all of them or none.

use palier_core::{
    id::VisitId,
    moment::NotAMoment,
    outcome::{Outcome, UnknownOutcome},
};

use crate::{
    device::{Device, Failed, NewVisit},
    error::Error,
    reason::BadVisit,
};

/// The columns that a file must have; `at` and `leaflet` may be empty or missing.
const NEEDED: [&str; 2] = ["door", "outcome"];

pub(super) fn record(device: &mut Device, csv: &str) -> Result<Vec<VisitId>, Error> {
    let (lines, visits) = read(csv)?;
    device.record_all(visits).map_err(|failed| match failed {
        Failed::Whole(reason) => reason,
        Failed::At(place, reason) => Error::BadLine {
            line: lines.get(place).copied().unwrap_or_default(),
            reason: Box::new(reason),
        },
    })
}

/// Reads every row: the line of each, and the visit.
fn read(text: &str) -> Result<(Vec<u64>, Vec<NewVisit>), Error> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|reason| bad_row(&reason))?.clone();
    if !NEEDED
        .iter()
        .all(|needed| headers.iter().any(|header| header == *needed))
    {
        return Err(bad_line(1, BadVisit::VisitColumns));
    }
    let column = |name: &str| headers.iter().position(|header| header == name);
    let columns = ["door", "outcome", "at", "leaflet"].map(column);
    let mut lines = Vec::new();
    let mut visits = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|reason| bad_row(&reason))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cells = columns.map(|at| at.and_then(|at| row.get(at)).unwrap_or_default());
        visits.push(visit(cells).map_err(|reason| bad_line(line, reason))?);
        lines.push(line);
    }
    Ok((lines, visits))
}

fn visit([door, outcome, at, leaflet]: [&str; 4]) -> Result<NewVisit, BadVisit> {
    let outcome: Outcome = outcome
        .parse()
        .map_err(|_reason: UnknownOutcome| BadVisit::UnknownOutcome)?;
    let at = match at {
        "" => None,
        at => Some(
            at.parse()
                .map_err(|_reason: NotAMoment| BadVisit::NotAMoment)?,
        ),
    };
    let leaflet = match leaflet.to_ascii_lowercase().as_str() {
        "" | "0" | "false" | "no" | "non" => false,
        "1" | "true" | "yes" | "oui" => true,
        _ => return Err(BadVisit::NotALeaflet),
    };
    Ok(NewVisit {
        door: door.to_owned(),
        outcome,
        at,
        leaflet,
    })
}

fn bad_row(reason: &csv::Error) -> Error {
    let line = reason.position().map_or(0, csv::Position::line);
    bad_line(line, BadVisit::VisitCells)
}

fn bad_line(line: u64, reason: BadVisit) -> Error {
    let reason = Box::new(Error::bad_input(reason));
    Error::BadLine { line, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_with_and_without_the_columns_that_may_be_missing() {
        let full = "door,outcome,at,leaflet\na,spoke,2026-03-14T10:00:00Z,true\nb,absent,,\n";
        let (lines, visits) = read(full).unwrap();
        assert_eq!(lines, [2, 3]);
        assert_eq!(visits.len(), 2);
        assert!(visits[0].leaflet && visits[0].at.is_some());
        assert!(!visits[1].leaflet && visits[1].at.is_none());
        assert_eq!(read("outcome,door\nabsent,a\n").unwrap().1[0].door, "a");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line) in [
            ("door;outcome\na;absent\n", 1),
            ("door,outcome\na,absent\nb,elsewhere\n", 3),
            ("door,outcome,at\na,absent,hier\n", 2),
            ("door,outcome,at,leaflet\na,absent,,maybe\n", 2),
            ("door,outcome\na,absent,too,many\n", 2),
        ] {
            match read(text) {
                Err(Error::BadLine { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}

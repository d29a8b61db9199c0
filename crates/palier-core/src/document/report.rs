//! A report: what one device counted on one day for one team. It is open: the relay reads it.
//!
//! ```text
//! day: YYYY-MM-DD · team: id | "" · stations: { STATION: { COUNT: number } }
//! turnout: { STATION: { HH:MM: votes, "HH:MM at": timestamp } }
//! answers: { STATION: { doors: number, support_1 …: number } }, whole batches only
//! ```
//!
//! The station of an address that stands in no perimeter is written `-`.

use std::collections::BTreeMap;

use automerge::{
    ObjId, ObjType, ROOT, ReadDoc, ScalarValue,
    transaction::{Transactable, Transaction},
};

use crate::{
    answers::{Answers, BATCH},
    document::{Broken, Document, scalar},
    id::TeamId,
    moment::{HourOfDay, Moment},
    refusal::Refusal,
    rights::MAX_STATION_BYTES,
    tally::{MAX_COUNT, Tally},
};

/// What stands for "in no perimeter".
pub const NO_STATION: &str = "-";
/// The most stations in one report.
const MAX_STATIONS: usize = 2_000;
/// The most ballots that one station can have counted.
pub const MAX_VOTES: u32 = 100_000;

/// Ballots cast so far, as one observer counted them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Votes {
    /// When it was written down.
    pub at: Moment,
    /// Ballots since the opening.
    pub votes: u32,
}

/// What stands in a report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// The day on the campaign's clock, `YYYY-MM-DD`.
    pub day: String,
    /// The team, where there is one.
    pub team: Option<TeamId>,
    /// Counts by station.
    pub stations: BTreeMap<String, Tally>,
    /// Ballots by station and hour.
    pub turnout: BTreeMap<(String, HourOfDay), Votes>,
    /// What was answered, by station, in whole batches.
    pub answers: BTreeMap<String, Answers>,
}

impl Report {
    /// All that it counts at each station: in the order of [`Tally::WORDS`], then of
    /// [`Answers::WORDS`].
    #[must_use]
    pub fn lines(&self) -> BTreeMap<&str, [u32; 16]> {
        let stations = self.stations.keys().chain(self.answers.keys());
        let line = |station: &String| {
            let tally = self.stations.get(station).copied().unwrap_or_default();
            let answers = self.answers.get(station).copied().unwrap_or_default();
            let numbers = tally.counts().into_iter().chain(answers.numbers());
            let mut line = [0; 16];
            line.iter_mut().zip(numbers).for_each(|(at, n)| *at = n);
            line
        };
        stations
            .map(|station| (station.as_str(), line(station)))
            .collect()
    }
}

/// Brings a report to what it should say, in one change; `None` where it says so already.
///
/// # Errors
/// automerge refused.
pub fn write(
    document: &mut Document,
    report: &Report,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let before = read(document).unwrap_or_default();
    if before == *report {
        return Ok(None);
    }
    let stations = scalar::map(document.reads(), &ROOT, "stations");
    let turnout = scalar::map(document.reads(), &ROOT, "turnout");
    let known = |root: Option<&ObjId>, key: &str| {
        root.and_then(|root| scalar::map(document.reads(), root, key))
    };
    let station_maps: BTreeMap<_, _> = (report.stations.keys())
        .chain(before.stations.keys())
        .map(|station| (station.clone(), known(stations.as_ref(), station)))
        .collect();
    let turnout_maps: BTreeMap<_, _> = (report.turnout.keys())
        .map(|(station, _)| (station.clone(), known(turnout.as_ref(), station)))
        .collect();

    let answers = scalar::map(document.reads(), &ROOT, "answers");
    let answer_maps: Maps = (report.answers.keys())
        .map(|station| (station.clone(), known(answers.as_ref(), station)))
        .collect();

    document.edit(at, |change| {
        if before.day.is_empty() {
            change.put(ROOT, "day", report.day.as_str())?;
            let team = report.team.map(|team| team.to_string());
            change.put(ROOT, "team", team.unwrap_or_default())?;
        }
        let stations = made(change, stations, &ROOT, "stations")?;
        for (station, map) in station_maps {
            let map = made(change, map, &stations, &station)?;
            let counted = |of: &Report| of.stations.get(&station).copied().unwrap_or_default();
            let counts = counted(report).counts();
            for ((word, count), old) in Tally::WORDS
                .iter()
                .zip(counts)
                .zip(counted(&before).counts())
            {
                if count != old {
                    change.put(&map, *word, i64::from(count))?;
                }
            }
        }
        write_answers(change, answers, answer_maps, report, &before)?;
        if report.turnout.is_empty() {
            return Ok(());
        }
        let turnout = made(change, turnout, &ROOT, "turnout")?;
        for (station, map) in turnout_maps {
            let map = made(change, map, &turnout, &station)?;
            for ((_, hour), votes) in report.turnout.iter().filter(|((of, _), _)| *of == station) {
                if before.turnout.get(&(station.clone(), *hour)) != Some(votes) {
                    change.put(&map, hour.to_string(), i64::from(votes.votes))?;
                    let at = ScalarValue::Timestamp(votes.at.0);
                    change.put(&map, format!("{hour} at"), at)?;
                }
            }
        }
        Ok(())
    })
}

/// The maps of stations that are there already.
type Maps = BTreeMap<String, Option<ObjId>>;

fn write_answers(
    change: &mut Transaction<'_>,
    answers: Option<ObjId>,
    maps: Maps,
    report: &Report,
    before: &Report,
) -> Result<(), Broken> {
    if report.answers.is_empty() {
        return Ok(());
    }
    let answers = made(change, answers, &ROOT, "answers")?;
    for (station, map) in maps {
        let map = made(change, map, &answers, &station)?;
        let said = |of: &Report| of.answers.get(&station).copied().unwrap_or_default();
        let numbers = said(report)
            .numbers()
            .into_iter()
            .zip(said(before).numbers());
        for (word, (number, old)) in Answers::WORDS.iter().zip(numbers) {
            if number != old {
                change.put(&map, *word, i64::from(number))?;
            }
        }
    }
    Ok(())
}

fn made(
    change: &mut Transaction<'_>,
    map: Option<ObjId>,
    parent: &ObjId,
    key: &str,
) -> Result<ObjId, Broken> {
    match map {
        Some(map) => Ok(map),
        None => Ok(change.put_object(parent, key, ObjType::Map)?),
    }
}

/// Reads a report.
///
/// # Errors
/// It has no day, or holds what no count can be ([`Refusal::BadSchema`]).
pub fn read(document: &Document) -> Result<Report, Refusal> {
    let doc = document.reads();
    let team = scalar::text(doc, &ROOT, "team").unwrap_or_default();
    let report = Report {
        day: scalar::text(doc, &ROOT, "day")
            .filter(|day| is_day(day))
            .ok_or(Refusal::BadSchema)?,
        team: match team.as_str() {
            "" => None,
            team => Some(team.parse().map_err(|_reason| Refusal::BadSchema)?),
        },
        stations: read_stations(doc)?,
        turnout: read_turnout(doc)?,
        answers: read_answers(doc)?,
    };
    let lengths = [
        report.stations.len(),
        report.turnout.len(),
        report.answers.len(),
    ];
    if lengths.into_iter().any(|length| length > MAX_STATIONS) {
        return Err(Refusal::BadSchema);
    }
    Ok(report)
}

fn read_stations(doc: &impl ReadDoc) -> Result<BTreeMap<String, Tally>, Refusal> {
    let mut stations = BTreeMap::new();
    for (station, map) in station_maps(doc, "stations")? {
        let mut counts = [0; 8];
        for (count, word) in counts.iter_mut().zip(Tally::WORDS) {
            *count = bounded(scalar::number(doc, &map, word).unwrap_or(0), MAX_COUNT)?;
        }
        let tally = Tally::from_counts(counts);
        if tally != Tally::default() {
            stations.insert(station, tally);
        }
    }
    Ok(stations)
}

fn read_answers(doc: &impl ReadDoc) -> Result<BTreeMap<String, Answers>, Refusal> {
    let mut answers = BTreeMap::new();
    for (station, map) in station_maps(doc, "answers")? {
        let mut numbers = [0; 8];
        for (number, word) in numbers.iter_mut().zip(Answers::WORDS) {
            *number = bounded(scalar::number(doc, &map, word).unwrap_or(0), MAX_COUNT)?;
        }
        let said = Answers::from_numbers(numbers);
        if said != Answers::default() {
            // Fewer doors are no batch, and nobody is to have sent them.
            let whole = said.doors >= BATCH;
            answers.insert(station, whole.then_some(said).ok_or(Refusal::BadSchema)?);
        }
    }
    Ok(answers)
}

fn read_turnout(doc: &impl ReadDoc) -> Result<BTreeMap<(String, HourOfDay), Votes>, Refusal> {
    let mut turnout = BTreeMap::new();
    for (station, map) in station_maps(doc, "turnout")? {
        for key in doc.keys(&map) {
            let Ok(hour) = key.parse::<HourOfDay>() else {
                continue;
            };
            let votes = scalar::number(doc, &map, &key).ok_or(Refusal::BadSchema)?;
            let at = scalar::timestamp(doc, &map, &format!("{key} at")).unwrap_or(0);
            let votes = Votes {
                at: Moment(at),
                votes: bounded(votes, MAX_VOTES)?,
            };
            turnout.insert((station.clone(), hour), votes);
        }
    }
    Ok(turnout)
}

fn station_maps(doc: &impl ReadDoc, root: &str) -> Result<Vec<(String, ObjId)>, Refusal> {
    let Some(root) = scalar::map(doc, &ROOT, root) else {
        return Ok(Vec::new());
    };
    doc.keys(&root)
        .map(|station| {
            let map = scalar::map(doc, &root, &station).ok_or(Refusal::BadSchema)?;
            // No code holds a zero byte, and PostgreSQL keeps no text that does.
            let fits = (1..=MAX_STATION_BYTES).contains(&station.len());
            if fits && !station.contains('\0') {
                Ok((station, map))
            } else {
                Err(Refusal::BadSchema)
            }
        })
        .collect()
}

fn bounded(number: i64, most: u32) -> Result<u32, Refusal> {
    u32::try_from(number)
        .ok()
        .filter(|number| *number <= most)
        .ok_or(Refusal::BadSchema)
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Actor, batch, check::check},
        envelope::Kind,
        id::DeviceId,
    };

    const NOW: Moment = Moment(1_700_000_000_000);
    const DEVICE: DeviceId = DeviceId([1; 32]);

    fn report(absent: u32, votes: u32) -> Report {
        let tally = Tally {
            absent,
            leaflets: 2,
            ..Tally::default()
        };
        let hour = ("1251".to_owned(), "12:00".parse().unwrap());
        Report {
            day: "2026-03-15".into(),
            team: Some(TeamId([7; 16])),
            stations: [("1251".to_owned(), tally)].into(),
            turnout: [(hour, Votes { at: NOW, votes })].into(),
            answers: BTreeMap::new(),
        }
    }

    fn answers(doors: u32, level_4: u32) -> BTreeMap<String, Answers> {
        let said = Answers::from_numbers([doors, 0, 0, 0, level_4, 0, 1, 0]);
        [("1251".to_owned(), said)].into()
    }

    fn document() -> Document {
        Document::new(Kind::Report, Actor::of(&DEVICE, 1)).unwrap()
    }

    #[test]
    fn a_report_follows_what_it_should_say() {
        let (mut mine, mut theirs) = (document(), document());
        for (absent, votes) in [(3, 100), (4, 100), (0, 120)] {
            let wanted = report(absent, votes);
            let change = write(&mut mine, &wanted, NOW).unwrap().unwrap();
            assert_eq!(write(&mut mine, &wanted, NOW).unwrap(), None);
            let body = batch::pack([change.as_slice()]).unwrap();
            let changes = check(&theirs, Kind::Report, &DEVICE, &body, NOW).unwrap();
            theirs.apply(changes).unwrap();
            assert_eq!(read(&theirs), Ok(wanted));
        }
    }

    #[test]
    fn a_station_whose_visits_were_all_undone_counts_nothing() {
        let mut mine = document();
        write(&mut mine, &report(3, 1), NOW).unwrap();
        let emptied = Report {
            stations: BTreeMap::new(),
            ..report(3, 1)
        };
        write(&mut mine, &emptied, NOW).unwrap();
        assert_eq!(read(&mine), Ok(emptied));
    }

    #[test]
    fn answers_are_said_beside_the_counts() {
        let (mut mine, mut theirs) = (document(), document());
        for (doors, level_4) in [(10, 3), (20, 5)] {
            let wanted = Report {
                answers: answers(doors, level_4),
                ..report(3, 1)
            };
            let change = write(&mut mine, &wanted, NOW).unwrap().unwrap();
            let body = batch::pack([change.as_slice()]).unwrap();
            let changes = check(&theirs, Kind::Report, &DEVICE, &body, NOW).unwrap();
            theirs.apply(changes).unwrap();
            assert_eq!(read(&theirs), Ok(wanted));
        }
    }

    #[test]
    fn answers_of_fewer_doors_than_a_batch_are_refused() {
        let mut mine = document();
        let few = Report {
            answers: answers(9, 1),
            ..report(3, 1)
        };
        write(&mut mine, &few, NOW).unwrap();
        assert_eq!(read(&mine), Err(Refusal::BadSchema));
    }

    /// What this document says beside the counts is more than an app of before knew, which kept
    /// it: this one keeps what it does not know.
    #[test]
    fn what_a_newer_app_says_stays() {
        let mut mine = document();
        write(&mut mine, &report(3, 1), NOW).unwrap();
        mine.edit(NOW, |change| {
            change.put(ROOT, "mood", "later")?;
            Ok(())
        })
        .unwrap();
        write(&mut mine, &report(4, 1), NOW).unwrap();
        assert_eq!(read(&mine), Ok(report(4, 1)));
        assert_eq!(scalar::text(mine.reads(), &ROOT, "mood").unwrap(), "later");
    }

    #[test]
    fn counts_that_cannot_be_are_refused() {
        for count in [-1, i64::from(MAX_COUNT) + 1] {
            let mut bad = document();
            bad.edit(NOW, |change| {
                change.put(ROOT, "day", "2026-03-15")?;
                let stations = change.put_object(ROOT, "stations", ObjType::Map)?;
                let station = change.put_object(&stations, "5", ObjType::Map)?;
                change.put(&station, "absent", count)?;
                Ok(())
            })
            .unwrap();
            assert_eq!(read(&bad), Err(Refusal::BadSchema), "{count}");
        }
        assert_eq!(read(&document()), Err(Refusal::BadSchema));
    }
}

//! Totals: the relay's last known figures for those who may read them, otherwise our own.

use std::collections::BTreeMap;

use palier_core::{
    answers::Answers,
    document::report::{self, NO_STATION, Report},
    id::TeamId,
    tally::Tally,
    wire::{TotalsAnswer, TotalsLine},
};
use rusqlite::{OptionalExtension, params};

use super::Device;
use crate::{
    api::{
        reply::{AnswersRow, HourVotes, StationRow, Totals, TotalsRow, TotalsSource},
        request::Grouping,
    },
    error::Error,
    store::{documents, projections, territory},
};

/// The word for a grouping in a request to the relay.
#[must_use]
pub const fn grouping_word(by: Grouping) -> &'static str {
    match by {
        Grouping::Station => "station",
        Grouping::Day => "day",
        Grouping::Team => "team",
    }
}

impl Device {
    /// Keeps the relay's answer about totals.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_totals(&mut self, by: Grouping, answer: &TotalsAnswer) -> Result<(), Error> {
        let text = serde_json::to_string(answer).map_err(|_reason| Error::Document)?;
        self.store.write(|t| {
            t.execute(
                "INSERT INTO relay_totals (grouping, answer) VALUES (?1, ?2)
                 ON CONFLICT (grouping) DO UPDATE SET answer = excluded.answer",
                params![grouping_word(by), text],
            )?;
            Ok(())
        })
    }

    /// Counts, with where they come from and when.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn totals(&self, by: Grouping) -> Result<Totals, Error> {
        let reads_totals = self.member()?.rights.role.reads_totals();
        let known = if reads_totals {
            self.relay_totals(by)?
        } else {
            None
        };
        let (source, answer) = match known {
            Some(answer) => (TotalsSource::Relay, answer),
            None => (TotalsSource::Device, self.own_totals(by)?),
        };
        Ok(Totals {
            source,
            at: answer.at.to_string(),
            by,
            rows: match by {
                Grouping::Station => self.station_rows(answer.lines)?,
                Grouping::Day => answer.lines.into_iter().map(day_row).collect(),
                Grouping::Team => self.team_totals(answer.lines)?,
            },
        })
    }

    fn relay_totals(&self, by: Grouping) -> Result<Option<TotalsAnswer>, Error> {
        let text: Option<String> = self
            .connection()
            .query_row(
                "SELECT answer FROM relay_totals WHERE grouping = ?1",
                [grouping_word(by)],
                |row| row.get(0),
            )
            .optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// This device's own counts, in the form of the relay's.
    fn own_totals(&self, by: Grouping) -> Result<TotalsAnswer, Error> {
        let mut sums: BTreeMap<String, Tally> = BTreeMap::new();
        for ((day, team), stations) in self.own_tallies()? {
            for (station, tally) in stations {
                let key = match by {
                    Grouping::Station => shown(station),
                    Grouping::Day => day.clone(),
                    Grouping::Team => team.to_string(),
                };
                sums.entry(key).or_default().add(&tally);
            }
        }
        let mut lines: BTreeMap<String, TotalsLine> = sums
            .into_iter()
            .map(|(key, tally)| (key.clone(), line(key, tally)))
            .collect();
        for ((day, team, station), answers) in self.own_answers()? {
            let key = match by {
                Grouping::Station => shown(station),
                Grouping::Day => day,
                Grouping::Team => team.to_string(),
            };
            let line = lines
                .entry(key.clone())
                .or_insert_with(|| line(key, Tally::default()));
            let mut sum = Answers::from_numbers(line.answers);
            sum.add(&answers);
            line.answers = sum.numbers();
        }
        if by == Grouping::Station {
            for (station, entry) in self.own_turnout()? {
                lines
                    .entry(station.clone())
                    .or_insert_with(|| line(station, Tally::default()))
                    .turnout
                    .push(entry);
            }
        }
        Ok(TotalsAnswer {
            at: self.now(),
            lines: lines.into_values().collect(),
        })
    }

    /// What the reports of this device say was answered.
    fn own_answers(&self) -> Result<Vec<SaidAnswers>, Error> {
        let connection = self.connection();
        let mut answers = Vec::new();
        for id in documents::reports_of(connection, self.id())? {
            let kept = documents::load(connection, id, self.actor())?.ok_or(Error::Document)?;
            let Ok(Report {
                day,
                team: Some(team),
                answers: said,
                ..
            }) = report::read(&kept.document)
            else {
                continue;
            };
            let named = |(station, said)| ((day.clone(), team, station), said);
            answers.extend(said.into_iter().map(named));
        }
        Ok(answers)
    }

    fn own_turnout(&self) -> Result<Vec<StationHour>, Error> {
        let mut query = self.connection().prepare_cached(
            "SELECT station, day, hour, votes FROM turnout ORDER BY station, day, hour",
        )?;
        let rows = query.query_map([], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One row for each station of the territory, and for what was counted elsewhere.
    fn station_rows(&self, lines: Vec<TotalsLine>) -> Result<Vec<TotalsRow>, Error> {
        let mut lines: BTreeMap<String, TotalsLine> = lines
            .into_iter()
            .map(|line| (line.key.clone(), line))
            .collect();
        let mut rows = Vec::new();
        for station in territory::rows(self.connection())? {
            let counted = lines.remove(&station.station).unwrap_or_default();
            rows.push(station_row(station, counted));
        }
        // What is left was counted at a station that is no longer known, or at none.
        for (station, line) in lines {
            rows.push(TotalsRow {
                station: Some(station).filter(|station| !station.is_empty()),
                turnout: latest_day(&line),
                ..counts(&line)
            });
        }
        Ok(rows)
    }

    fn team_totals(&self, lines: Vec<TotalsLine>) -> Result<Vec<TotalsRow>, Error> {
        let teams = projections::teams(self.connection())?;
        let name = |key: &str| {
            let id: Option<TeamId> = key.parse().ok();
            let known = teams.iter().find(|team| Some(team.id) == id);
            known.map_or_else(|| key.to_owned(), |team| team.name.clone())
        };
        Ok(lines
            .iter()
            .map(|line| TotalsRow {
                team: Some(name(&line.key)),
                ..counts(line)
            })
            .collect())
    }
}

/// "In no perimeter" is an empty key in an answer.
fn shown(station: String) -> String {
    if station == NO_STATION {
        String::new()
    } else {
        station
    }
}

/// What one report says was answered at one station: its day, team and station.
type SaidAnswers = ((String, TeamId, String), Answers);

/// A station, and what one of its lines says: day, hour, votes.
type StationHour = (String, (String, String, u32));

fn line(key: String, tally: Tally) -> TotalsLine {
    TotalsLine {
        key,
        counts: tally.counts(),
        ..TotalsLine::default()
    }
}

fn counts(line: &TotalsLine) -> TotalsRow {
    let tally = line.tally();
    TotalsRow {
        knocked: tally.knocked(),
        spoke: tally.spoke,
        absent: tally.absent,
        refused: tally.refused,
        come_back: tally.come_back,
        inaccessible: tally.inaccessible,
        vacant: tally.vacant,
        do_not_contact: tally.do_not_contact,
        leaflets: tally.leaflets,
        answers: line.answered().map(|answers| AnswersRow::of(&answers)),
        ..TotalsRow::default()
    }
}

fn day_row(line: TotalsLine) -> TotalsRow {
    TotalsRow {
        day: Some(line.key.clone()),
        ..counts(&line)
    }
}

fn station_row(station: StationRow, line: TotalsLine) -> TotalsRow {
    TotalsRow {
        station: Some(station.station),
        doors: station.doors,
        registered: station.registered,
        turnout: latest_day(&line),
        ..counts(&line)
    }
}

/// The hours of the latest day on which ballots were counted: turnout is of one ballot.
fn latest_day(line: &TotalsLine) -> Vec<HourVotes> {
    let latest = line.turnout.iter().map(|(day, ..)| day).max();
    let mut hours: Vec<HourVotes> = line
        .turnout
        .iter()
        .filter(|(day, ..)| Some(day) == latest)
        .map(|(_, hour, votes)| HourVotes {
            hour: hour.clone(),
            votes: *votes,
        })
        .collect();
    hours.sort_by(|a, b| a.hour.cmp(&b.hour));
    hours
}

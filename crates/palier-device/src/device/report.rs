//! Reports: what this device counted, written when it is to be sent.

use std::collections::BTreeMap;

use palier_core::{
    answers::Answers,
    document::report::{self, NO_STATION, Report, Votes},
    envelope::Kind,
    id::{DocumentId, TeamId},
    moment::{HourOfDay, Millis, Moment},
    round::Boxes,
    tally::Tally,
};
use rusqlite::Connection;

use super::{
    Device,
    documents::{Address, write_change},
};
use crate::{
    error::Error,
    store::{batches, line, projections, visits},
};

/// Ballots by station and hour.
type Turnout = BTreeMap<(String, HourOfDay), Votes>;

/// How often reports are written while an outing goes on.
const REPORTS_EVERY: Millis = Millis::seconds(60);

/// Half a day, and as much as a clock of this world is ahead of Greenwich or behind.
const HALF_A_DAY_ANYWHERE: Millis = Millis::hours(12 + 14);

/// What a team's id is where there is no team.
const NO_TEAM: TeamId = TeamId([0; 16]);

/// Marks a day of a team whose report no longer says what the visits say.
pub(super) fn mark_unreported(
    connection: &Connection,
    day: &str,
    team: Option<TeamId>,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO unreported_day (day, team) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?
        .execute(rusqlite::params![day, team.unwrap_or(NO_TEAM).0])?;
    Ok(())
}

fn unreported(connection: &Connection) -> Result<Vec<(String, TeamId)>, Error> {
    let mut query = connection.prepare_cached("SELECT day, team FROM unreported_day")?;
    let days = query.query_map([], |row| Ok((row.get(0)?, TeamId(row.get(1)?))))?;
    Ok(days.collect::<Result<_, _>>()?)
}

/// Keeps the ballots of a report that is written again.
pub(super) fn keep_turnout(connection: &Connection, report: &Report) -> Result<(), Error> {
    for ((station, hour), votes) in &report.turnout {
        connection.execute(
            "INSERT INTO pending_turnout (day, station, hour, votes, at)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (day, station, hour) DO UPDATE SET votes = excluded.votes,
                 at = excluded.at WHERE excluded.at > at",
            rusqlite::params![
                report.day,
                station,
                hour.to_string(),
                votes.votes,
                votes.at.0
            ],
        )?;
    }
    Ok(())
}

/// Takes out the ballots that were kept of a day.
fn take_turnout(connection: &Connection, day: &str) -> Result<Turnout, Error> {
    let mut query = connection.prepare_cached(
        "DELETE FROM pending_turnout WHERE day = ?1 RETURNING station, hour, votes, at",
    )?;
    let mut rows = query.query([day])?;
    let mut turnout = Turnout::new();
    while let Some(row) = rows.next()? {
        if let Ok(hour) = row.get::<_, String>(1)?.parse() {
            let at = Moment(row.get(3)?);
            let votes = row.get(2)?;
            turnout.insert((row.get(0)?, hour), Votes { at, votes });
        }
    }
    Ok(turnout)
}

/// Takes out the batches of a team that are ready, into what its report says.
fn take_answers(
    connection: &Connection,
    team: TeamId,
    said: &mut BTreeMap<String, Answers>,
) -> Result<(), Error> {
    for (of, station, batch) in batches::all(connection)? {
        if of == team && batch.ready.doors > 0 {
            batches::change(connection, team, &station, |batch| {
                let leaving = batch.take_ready();
                said.entry(station.clone()).or_default().add(&leaving);
                Ok::<_, Error>(())
            })?;
        }
    }
    Ok(())
}

/// Keeps batches of a report that was never sent and is written again.
pub(super) fn keep_answers(
    connection: &Connection,
    team: TeamId,
    said: &BTreeMap<String, Answers>,
    before: &BTreeMap<String, Answers>,
) -> Result<(), Error> {
    for (station, answers) in said {
        let sent = before.get(station).copied().unwrap_or_default();
        let counts = answers.counts.without(&sent.counts);
        let unsent = Answers {
            doors: answers.doors.saturating_sub(sent.doors),
            counts: counts.unwrap_or_default(),
        };
        batches::change(connection, team, station, |batch| {
            batch.ready.add(&unsent);
            Ok::<_, Error>(())
        })?;
    }
    Ok(())
}

impl Device {
    /// Whether reports are to be written now: no outing of ours goes on, or the last ones were
    /// written a while ago, by a clock that may jump.
    pub(super) fn reports_are_due(&self) -> Result<bool, Error> {
        let since = |written: Moment| self.now().0.abs_diff(written.0);
        Ok(match self.reported {
            Some(written) if since(written) < REPORTS_EVERY.0.unsigned_abs() => {
                !projections::is_any_shift_open(self.connection(), self.id())?
            }
            _ => true,
        })
    }

    /// Brings the reports of days with news to what the visits say.
    pub(super) fn write_reports(&mut self) -> Result<(), Error> {
        let mut news = unreported(self.connection())?;
        let today = self.day(self.now())?;
        for (team, _, batch) in batches::all(self.connection())? {
            let of_team = (today.clone(), team);
            if batch.ready.doors > 0 && !news.contains(&of_team) {
                news.push(of_team);
            }
        }
        if news.is_empty() {
            return Ok(());
        }
        self.reported = Some(self.now());
        let campaign = self.member()?.place.campaign;
        // What the relay has of a report comes first, after a backup.
        if line::is_behind(self.connection(), campaign.reports_space())? {
            return Ok(());
        }
        let tallies = self.tallies_of(&news)?;
        let (me, now, writer) = (self.id(), self.now(), self.writer());
        self.store.write(|t| {
            for (day, team) in &news {
                let stations = tallies.get(&(day.clone(), *team)).cloned();
                let team = Some(*team).filter(|team| *team != NO_TEAM);
                let mut kept = writer.open(
                    t,
                    Address {
                        id: DocumentId::report(&me, day, team),
                        kind: Kind::Report,
                        space: campaign.reports_space(),
                    },
                )?;
                let mut before = report::read(&kept.document).unwrap_or_default();
                if team.is_none() {
                    for (at, votes) in take_turnout(t, day)? {
                        let known = before.turnout.entry(at).or_insert(votes);
                        if known.at < votes.at {
                            *known = votes;
                        }
                    }
                }
                let mut answers = before.answers;
                if let Some(team) = team.filter(|_| *day == today) {
                    take_answers(t, team, &mut answers)?;
                }
                let wanted = Report {
                    day: day.clone(),
                    team,
                    stations: stations.unwrap_or_default(),
                    turnout: before.turnout,
                    answers,
                };
                // A day on which nothing was done after all has no report.
                if kept.version == 0 && is_bare(&wanted) {
                    continue;
                }
                write_change(t, &mut kept, 0, |document| {
                    report::write(document, &wanted, now)
                })?;
            }
            t.execute("DELETE FROM unreported_day", [])?;
            Ok(())
        })
    }

    /// This device's own counts, by day and team, then by station.
    pub(super) fn own_tallies(&self) -> Result<OwnTallies, Error> {
        self.tallies_between(Moment(i64::MIN), Moment(i64::MAX))
    }

    /// As [`Device::own_tallies`], where no other day than these needs to be whole.
    fn tallies_of(&self, days: &[(String, TeamId)]) -> Result<OwnTallies, Error> {
        let noons: Option<Vec<Moment>> = days.iter().map(|(day, _)| noon(day)).collect();
        match noons.as_deref() {
            Some([first, rest @ ..]) => {
                let (mut from, mut to) = (*first, *first);
                for noon in rest {
                    (from, to) = (from.min(*noon), to.max(*noon));
                }
                // A day of any clock lies within these hours around noon at Greenwich.
                self.tallies_between(
                    from.after(Millis(-HALF_A_DAY_ANYWHERE.0)),
                    to.after(HALF_A_DAY_ANYWHERE),
                )
            }
            _ => self.own_tallies(),
        }
    }

    fn tallies_between(&self, from: Moment, to: Moment) -> Result<OwnTallies, Error> {
        let zone = self.time_zone()?;
        let mut tallies = OwnTallies::new();
        for visit in visits::own(self.connection(), self.id(), from, to)? {
            let station = match visit.station.as_str() {
                "" => NO_STATION,
                station => station,
            };
            tallies
                .entry((visit.at.day(zone), visit.team))
                .or_default()
                .entry(station.to_owned())
                .or_default()
                .count(visit.outcome, visit.leaflet);
        }
        for noted in projections::own_handouts(self.connection(), self.id())? {
            let handout = noted.handout;
            if handout.boxes != Boxes::Done || !(from..=to).contains(&handout.at) {
                continue;
            }
            let station = match noted.station.as_str() {
                "" => NO_STATION,
                station => station,
            };
            let tally: &mut Tally = tallies
                .entry((handout.at.day(zone), noted.team))
                .or_default()
                .entry(station.to_owned())
                .or_default();
            tally.leaflets = tally.leaflets.saturating_add(handout.count);
        }
        Ok(tallies)
    }

    /// The day of a moment on the campaign's clock.
    pub(super) fn day(&self, at: Moment) -> Result<String, Error> {
        Ok(at.day(self.time_zone()?))
    }
}

/// Whether a report says nothing.
fn is_bare(report: &Report) -> bool {
    report.stations.is_empty() && report.turnout.is_empty() && report.answers.is_empty()
}

/// Noon at Greenwich of a day, `YYYY-MM-DD`.
fn noon(day: &str) -> Option<Moment> {
    format!("{day}T12:00:00Z").parse().ok()
}

/// Counts by day and team, then by station.
pub(super) type OwnTallies = BTreeMap<(String, TeamId), BTreeMap<String, Tally>>;

//! The true time: what the relay says of it, and changes that were made under a wrong clock.
//!
//! A clock may be years off, or fall back to 1970 with an empty battery, while there is no
//! relay to ask. What it dated is found at the latest when it is to be sealed: a change cannot
//! have been made after now, nor before the sealing before it. It is then written again with
//! the dates moved, all alike, so that their order and distances remain; the change bears its
//! old date as a mark.

use palier_core::{
    document::{Actor, chunk::Chunk, report, rewrite::Rewriting},
    envelope::Kind,
    id::DocumentId,
    moment::{Millis, Moment},
};
use rusqlite::Connection;

use super::{
    Device,
    documents::{keep, write_again},
    report::{keep_answers, keep_turnout, mark_unreported},
};
use crate::{
    clock::{Skew, TOLERANCE},
    error::Error,
    store::{documents, documents::Kept, envelopes, line, projections, settings, settings::name},
};

/// News of the time that are worth a write.
const WORTH_KEEPING: Millis = Millis::seconds(600);
/// What two answers may differ by: they say whole seconds, and travel for a while. Time must not
/// go back between two taps.
const UNSTEADY: Millis = Millis::seconds(60);
/// How far a recorded moment may be from its change to be the moment of recording, since
/// changes count whole seconds.
const AT_ONCE: Millis = Millis::seconds(2);

/// What is kept of the relay's time.
pub(super) fn kept(connection: &Connection) -> Result<Skew, Error> {
    let moment = |name| -> Result<Moment, Error> {
        let text = settings::get(connection, name)?;
        Ok(Moment(
            text.and_then(|text| text.parse().ok()).unwrap_or_default(),
        ))
    };
    Ok(Skew {
        true_then: moment(name::TRUE_THEN)?,
        ours_then: moment(name::OURS_THEN)?,
    })
}

/// Notes when changes were sealed.
pub(super) fn note_sealed(connection: &Connection, now: Moment) -> Result<(), Error> {
    settings::set(connection, name::SEALED_AT, Some(&now.0.to_string()))
}

impl Device {
    /// Keeps what the relay says of the time; whether this device now tells it otherwise.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn note_time(&mut self, time: Moment) -> Result<bool, Error> {
        let (before, ours_then) = (self.now(), self.clock.now());
        let steady = ours_then.after(self.skew.ahead());
        let skew = Skew {
            true_then: if time.0.abs_diff(steady.0) <= UNSTEADY.0.unsigned_abs() {
                steady
            } else {
                time
            },
            ours_then,
        };
        let news = skew.ahead() != self.skew.ahead()
            || time.0.abs_diff(self.skew.true_then.0) > WORTH_KEEPING.0.unsigned_abs();
        if !news {
            return Ok(false);
        }
        self.store.write(|t| {
            let (theirs, ours) = (skew.true_then.0.to_string(), skew.ours_then.0.to_string());
            settings::set(t, name::TRUE_THEN, Some(&theirs))?;
            settings::set(t, name::OURS_THEN, Some(&ours))
        })?;
        self.skew = skew;
        Ok(self.now().0.abs_diff(before.0) > TOLERANCE.0.unsigned_abs())
    }

    /// Whether something waits to be sealed, and the relay was not heard for so long that this
    /// device's clock may have gone wrong since.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn doubts_the_time(&self) -> Result<bool, Error> {
        let since = self.now().0.abs_diff(self.skew.true_then.0);
        Ok(since > TOLERANCE.0.unsigned_abs() && envelopes::is_any_pending(self.connection())?)
    }

    /// Writes again what waits to be sealed and bears impossible dates.
    pub(super) fn date_again(&mut self) -> Result<(), Error> {
        let made = envelopes::all_pending(self.connection())?;
        let Some(wrong) = Wrong::find(self, &made)? else {
            return Ok(());
        };
        let (zone, writer) = (self.time_zone()?, self.writer());
        self.at_hand = None;
        self.store.write(|t| {
            let mut documents: Vec<DocumentId> = made.iter().map(|(id, _)| *id).collect();
            documents.sort_unstable();
            documents.dedup();
            for id in documents {
                let Some(mut kept) = documents::load(t, id, writer.actor)? else {
                    continue;
                };
                let waited = line::take_pending(t, id)?;
                if kept.kind == Kind::Report {
                    let changes: Vec<_> = waited.into_iter().map(|(_, bytes)| bytes).collect();
                    wrong.report(t, &mut kept, &changes, writer.actor, |at| at.day(zone))?;
                } else {
                    let how = Rewriting {
                        actor: writer.actor,
                        date: &|date, of_change| wrong.date(date, of_change),
                    };
                    write_again(t, &mut kept, waited, &how)?;
                }
                keep(t, &mut kept)?;
            }
            super::line::mark_own_days(t, writer.device, zone)
        })
    }
}

/// What is wrong with the dates of changes that wait.
struct Wrong {
    earliest: Moment,
    latest: Moment,
    /// What is added to dates that are too early, and to those that are too late.
    early: Millis,
    late: Millis,
}

impl Wrong {
    /// What is wrong, where anything is.
    fn find(device: &Device, made: &[(DocumentId, Vec<u8>)]) -> Result<Option<Self>, Error> {
        let now = device.now();
        let sealed = settings::get(device.connection(), name::SEALED_AT)?;
        let sealed = sealed.and_then(|text| text.parse().ok()).map(Moment);
        let mut wrong = Self {
            earliest: sealed.map_or(Moment(i64::MIN), |at| at.after(Millis(-TOLERANCE.0))),
            latest: now.after(TOLERANCE),
            early: Millis(0),
            late: Millis(0),
        };
        let dates = made.iter().filter_map(|(_, bytes)| {
            let (chunk, _rest) = Chunk::read(bytes).ok()?;
            Some(Moment(chunk.time_s.saturating_mul(1_000)))
        });
        let (mut last_early, mut last_late) = (None, None);
        for date in dates {
            if date < wrong.earliest {
                last_early = last_early.max(Some(date));
            } else if date > wrong.latest {
                last_late = last_late.max(Some(date));
            }
        }
        let ahead = device.skew.ahead();
        let move_by = |last: Option<Moment>| {
            let Some(last) = last else { return Millis(0) };
            let moved = last.after(ahead);
            if ahead.0 != 0 && moved <= now && moved >= wrong.earliest {
                ahead
            } else {
                Millis(now.0.saturating_sub(last.0))
            }
        };
        let (early, late) = (move_by(last_early), move_by(last_late));
        if last_early.is_none() && last_late.is_none() {
            return Ok(None);
        }
        (wrong.early, wrong.late) = (early, late);
        Ok(Some(wrong))
    }

    /// The date in the place of one; one that a person gave stays, where it is possible.
    fn date(&self, date: Moment, of_change: Moment) -> Moment {
        let by = if of_change < self.earliest {
            self.early
        } else if of_change > self.latest {
            self.late
        } else {
            Millis(0)
        };
        let recorded_at_once = date.0.abs_diff(of_change.0) <= AT_ONCE.0.unsigned_abs();
        if recorded_at_once || date > self.latest {
            date.after(by)
        } else {
            date
        }
    }

    /// A report stands under its day: what it says is written again under the true one.
    fn report(
        &self,
        connection: &Connection,
        kept: &mut Kept,
        changes: &[Vec<u8>],
        actor: Actor,
        day: impl Fn(Moment) -> String,
    ) -> Result<(), Error> {
        let said = report::read(&kept.document);
        kept.document = kept.document.without(changes, actor)?;
        projections::clear_turnout(connection, kept.id)?;
        let Ok(said) = said else { return Ok(()) };
        let before = report::read(&kept.document).unwrap_or_default();
        for (at, mut votes) in said.turnout {
            if before.turnout.get(&at) == Some(&votes) {
                continue;
            }
            votes.at = self.date(votes.at, votes.at);
            let day = day(votes.at);
            mark_unreported(connection, &day, None)?;
            let one = report::Report {
                day,
                turnout: [(at, votes)].into(),
                ..report::Report::default()
            };
            keep_turnout(connection, &one)?;
        }
        if let Some(team) = said.team {
            keep_answers(connection, team, &said.answers, &before.answers)?;
        }
        if !before.day.is_empty() {
            mark_unreported(connection, &before.day, before.team)?;
        }
        Ok(())
    }
}

//! When somebody asked to be visited again.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::moment::{Moment, TimeZone};

/// A day on the campaign's clock, and the hours of it that suit, where some were said.
///
/// It is written `2026-11-28` or `2026-11-28 18-20`: a text, since no moment of a document may
/// lie ahead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ComeBack {
    day: NaiveDate,
    hours: Option<Hours>,
}

/// From one full hour of a day to a later one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Hours {
    /// 0 to 23.
    from: u8,
    /// 1 to 24.
    to: u8,
}

/// The parts of a day that are offered: late morning, afternoon and evening, when doors are
/// knocked at.
const PARTS: [Hours; 3] = [
    Hours { from: 10, to: 12 },
    Hours { from: 14, to: 18 },
    Hours { from: 18, to: 20 },
];

/// How many days are offered, today with them.
const DAYS: u64 = 7;

/// How soon a door is to be seen again. In the order in which such doors are listed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Due {
    /// These hours, or this day where no hour was said.
    Now,
    /// Later today.
    Today,
    /// The time has passed.
    Late,
    /// Nobody said when.
    Unsaid,
    /// Another day.
    Later,
}

/// A text that says no day and hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a day and hours, for instance 2026-11-28 18-20")]
pub struct NotAComeBack;

impl ComeBack {
    /// What may be said at the door: parts of this day that are not over, and of the next ones.
    #[must_use]
    pub fn offers(now: Moment, zone: TimeZone) -> Vec<Self> {
        let (today, hour) = (now.date(zone), now.hour(zone));
        (0..DAYS)
            .filter_map(|ahead| today.checked_add_days(Days::new(ahead)))
            .flat_map(|day| PARTS.into_iter().map(move |part| (day, part)))
            .filter(|(day, part)| *day > today || u32::from(part.to) > hour + 1)
            .map(|(day, part)| Self {
                day,
                hours: Some(part),
            })
            .collect()
    }

    /// How soon it is.
    #[must_use]
    pub fn due(self, now: Moment, zone: TimeZone) -> Due {
        let (today, hour) = (now.date(zone), now.hour(zone));
        let Some(hours) = self.hours.filter(|_| self.day == today) else {
            return match self.day.cmp(&today) {
                std::cmp::Ordering::Less => Due::Late,
                std::cmp::Ordering::Equal => Due::Now,
                std::cmp::Ordering::Greater => Due::Later,
            };
        };
        if hour < u32::from(hours.from) {
            Due::Today
        } else if hour < u32::from(hours.to) {
            Due::Now
        } else {
            Due::Late
        }
    }
}

impl fmt::Display for ComeBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day)?;
        match self.hours {
            Some(hours) => write!(f, " {:02}-{:02}", hours.from, hours.to),
            None => Ok(()),
        }
    }
}

impl FromStr for ComeBack {
    type Err = NotAComeBack;

    fn from_str(text: &str) -> Result<Self, NotAComeBack> {
        let (day, hours) = match text.split_once(' ') {
            Some((day, hours)) => (day, Some(hours)),
            None => (text, None),
        };
        let read = Self {
            day: NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_reason| NotAComeBack)?,
            hours: hours.map(read_hours).transpose()?,
        };
        // One spelling for one moment, and years of this world.
        let plain = (2000..3000).contains(&read.day.year()) && read.to_string() == text;
        plain.then_some(read).ok_or(NotAComeBack)
    }
}

fn read_hours(text: &str) -> Result<Hours, NotAComeBack> {
    let (from, to) = text.split_once('-').ok_or(NotAComeBack)?;
    let hours = Hours {
        from: from.parse().map_err(|_reason| NotAComeBack)?,
        to: to.parse().map_err(|_reason| NotAComeBack)?,
    };
    let fits = hours.from < hours.to && hours.to <= 24;
    fits.then_some(hours).ok_or(NotAComeBack)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Saturday, 17:30 in Paris.
    fn saturday() -> Moment {
        "2026-11-28T16:30:00Z".parse().unwrap()
    }

    #[test]
    fn one_moment_has_one_spelling() {
        for (text, reads) in [
            ("2026-11-28", true),
            ("2026-11-28 18-20", true),
            ("2026-11-28 09-12", true),
            ("2026-11-28 23-24", true),
            ("2026-11-28 9-12", false),
            ("2026-11-28 20-18", false),
            ("2026-11-28 18-18", false),
            ("2026-11-28 18-25", false),
            ("2026-11-28 +8-20", false),
            ("2026-02-30", false),
            ("26-11-28", false),
            ("+12026-11-28", false),
            ("2026-11-28 ", false),
            ("ce soir", false),
            ("", false),
        ] {
            let read = text.parse::<ComeBack>();
            assert_eq!(read.is_ok(), reads, "{text}");
            if let Ok(back) = read {
                assert_eq!(back.to_string(), text);
            }
        }
    }

    #[test]
    fn the_campaign_s_clock_says_what_is_due() {
        for (back, due) in [
            ("2026-11-28 18-20", Due::Today),
            ("2026-11-28 17-19", Due::Now),
            ("2026-11-28 14-17", Due::Late),
            ("2026-11-28", Due::Now),
            ("2026-11-27 18-20", Due::Late),
            ("2026-11-27", Due::Late),
            ("2026-11-29 10-12", Due::Later),
        ] {
            let back: ComeBack = back.parse().unwrap();
            assert_eq!(back.due(saturday(), TimeZone::PARIS), due, "{back}");
        }
        let night: Moment = "2026-11-28T23:30:00Z".parse().unwrap();
        let sunday: ComeBack = "2026-11-29".parse().unwrap();
        assert_eq!(sunday.due(night, TimeZone::PARIS), Due::Now);
    }

    #[test]
    fn what_is_over_or_nearly_so_is_not_offered() {
        let offers: Vec<_> = ComeBack::offers(saturday(), TimeZone::PARIS)
            .into_iter()
            .map(|back| back.to_string())
            .collect();
        assert_eq!(offers[0], "2026-11-28 18-20");
        assert_eq!(offers[1], "2026-11-29 10-12");
        assert_eq!(offers.len(), 1 + 6 * 3);
        for offer in offers {
            assert!(offer.parse::<ComeBack>().is_ok(), "{offer}");
        }
    }
}

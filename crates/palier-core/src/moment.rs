//! Moments, and what a campaign's clock calls them.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDate, SecondsFormat, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Moment(pub i64);

/// A span, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Millis(pub i64);

impl Millis {
    /// Whole seconds.
    #[must_use]
    pub const fn seconds(count: u32) -> Self {
        Self(count as i64 * 1_000)
    }

    /// Whole hours.
    #[must_use]
    pub const fn hours(count: u32) -> Self {
        Self(count as i64 * 3_600_000)
    }

    /// Whole days of 24 hours.
    #[must_use]
    pub const fn days(count: u32) -> Self {
        Self(count as i64 * 86_400_000)
    }
}

/// A text that is no moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a moment in RFC 3339, for instance 2026-03-14T18:05:00+01:00")]
pub struct NotAMoment;

/// A name that is in no time zone database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a time zone, for instance Europe/Paris")]
pub struct NotATimeZone;

impl Moment {
    /// The moment after a span.
    #[must_use]
    pub const fn after(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The day on a clock, `YYYY-MM-DD`.
    #[must_use]
    pub fn day(self, zone: TimeZone) -> String {
        self.utc()
            .with_timezone(&zone.0)
            .format("%Y-%m-%d")
            .to_string()
    }

    /// The day on a clock.
    #[must_use]
    pub fn date(self, zone: TimeZone) -> NaiveDate {
        self.utc().with_timezone(&zone.0).date_naive()
    }

    /// The hour of the day on a clock, 0 to 23.
    #[must_use]
    pub fn hour(self, zone: TimeZone) -> u32 {
        self.utc().with_timezone(&zone.0).hour()
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Self(moment.timestamp_millis()))
            .map_err(|_reason| NotAMoment)
    }
}

/// The clock of a place, from the IANA time zone database.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// The clock of Paris, which a campaign has until it says otherwise.
    pub const PARIS: Self = Self(Tz::Europe__Paris);

    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl FromStr for TimeZone {
    type Err = NotATimeZone;

    fn from_str(name: &str) -> Result<Self, NotATimeZone> {
        name.parse().map(Self).map_err(|_reason| NotATimeZone)
    }
}

/// An hour of the day as it is written on a count, `HH:MM` from `00:00` to `23:59`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HourOfDay {
    minutes: u16,
}

/// A text that is no hour of the day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an hour of the day, for instance 12:00")]
pub struct NotAnHour;

impl FromStr for HourOfDay {
    type Err = NotAnHour;

    fn from_str(text: &str) -> Result<Self, NotAnHour> {
        let two_digits = |part: &str, below: u16| {
            Some(part)
                .filter(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|part| part.parse::<u16>().ok())
                .filter(|number| *number < below)
                .ok_or(NotAnHour)
        };
        let (hours, minutes) = text.split_once(':').ok_or(NotAnHour)?;
        Ok(Self {
            minutes: two_digits(hours, 24)? * 60 + two_digits(minutes, 60)?,
        })
    }
}

impl fmt::Display for HourOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_back() {
        let moment: Moment = "2026-03-14T18:05:00+01:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-03-14T17:05:00Z");
        assert_eq!("hier".parse::<Moment>(), Err(NotAMoment));
    }

    #[test]
    fn a_late_evening_belongs_to_the_day_of_the_campaign_not_of_greenwich() {
        let moment: Moment = "2026-07-14T22:30:00Z".parse().unwrap();
        assert_eq!(moment.day(TimeZone::PARIS), "2026-07-15");
        assert_eq!(moment.hour(TimeZone::PARIS), 0);
        let saint_denis: TimeZone = "Indian/Reunion".parse().unwrap();
        assert_eq!(moment.day(saint_denis), "2026-07-15");
        assert_eq!("Europe/Nowhere".parse::<TimeZone>(), Err(NotATimeZone));
    }

    #[test]
    fn hours_are_two_digits_and_in_the_day() {
        for (text, expected) in [
            ("12:00", true),
            ("00:00", true),
            ("23:59", true),
            ("24:00", false),
            ("12:60", false),
            ("9:00", false),
            ("+1:00", false),
            ("1200", false),
        ] {
            let read = text.parse::<HourOfDay>();
            assert_eq!(read.is_ok(), expected, "{text}");
            if let Ok(hour) = read {
                assert_eq!(hour.to_string(), text);
            }
        }
    }
}

//! The cast walks its week, which ended yesterday.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, TimeZone};
use chrono_tz::Europe::Paris;
use palier_core::{
    demo::PlannedVisit,
    moment::{Millis, Moment},
};
use palier_device::{
    Device, Error,
    device::{Failed, NewVisit},
};

use super::{cast::Person, stage::Stage};
use crate::failure::Failure;

/// How long a planned week is, in days.
const WEEK_DAYS: u64 = 7;
/// From the last door to the close of an outing.
const ON_THE_STAIRS: Millis = Millis(120_000);

/// One outing: who, on which day, on which turf, and its visits in order.
type Outings<'a> = BTreeMap<(usize, u32, &'a str), Vec<&'a PlannedVisit>>;

/// Everybody records their share of the week on their own device, by its clock.
///
/// # Errors
/// A device refused or failed.
pub(super) async fn walk(
    people: &[Person],
    week: &[PlannedVisit],
    stage: &Stage,
    members: usize,
    now: Moment,
) -> Result<(), Failure> {
    let mut outings: Outings<'_> = BTreeMap::new();
    for visit in week {
        let place = visit.team * members + visit.member;
        let turf = stage
            .turf_of
            .get(&visit.address)
            .ok_or(Failure::Device(Error::Document))?;
        outings
            .entry((place, visit.day, turf))
            .or_default()
            .push(visit);
    }
    for ((place, _, turf), visits) in outings {
        let Some(person) = people.get(place) else {
            continue;
        };
        go_out(person, turf, &visits, now).await?;
    }
    for person in people {
        person.set_clock(now);
    }
    Ok(())
}

async fn go_out(
    person: &Person,
    turf: &str,
    planned: &[&PlannedVisit],
    now: Moment,
) -> Result<(), Failure> {
    let visits = planned
        .iter()
        .map(|visit| {
            Ok(NewVisit {
                door: visit.door.clone(),
                outcome: visit.outcome,
                at: Some(moment(visit, now)?),
                leaflet: visit.leaflet,
            })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let moments = || visits.iter().filter_map(|visit| visit.at);
    let (Some(first), Some(last)) = (moments().min(), moments().max()) else {
        return Ok(());
    };
    person.set_clock(first);
    let on = turf.to_owned();
    person
        .api
        .with(move |device| device.open_shift(&on))
        .await?;
    person.set_clock(last.after(ON_THE_STAIRS));
    let on = turf.to_owned();
    person
        .api
        .with(move |device| record(device, &on, visits))
        .await?;
    Ok(())
}

fn record(device: &mut Device, turf: &str, visits: Vec<NewVisit>) -> Result<(), Error> {
    device.record_all(visits).map_err(|failed| match failed {
        Failed::Whole(reason) | Failed::At(_, reason) => reason,
    })?;
    device.close_shift(turf)?;
    Ok(())
}

/// When a planned visit was, where the last day of its week was yesterday.
fn moment(visit: &PlannedVisit, now: Moment) -> Result<Moment, Failure> {
    let impossible = || Failure::Said("this machine's clock shows an impossible time".into());
    let today = DateTime::from_timestamp_millis(now.0)
        .ok_or_else(impossible)?
        .with_timezone(&Paris)
        .date_naive();
    today
        .checked_sub_days(Days::new(WEEK_DAYS))
        .and_then(|monday| monday.checked_add_days(Days::new(u64::from(visit.day))))
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .and_then(|midnight| {
            midnight.checked_add_signed(TimeDelta::minutes(i64::from(visit.minute_of_day)))
        })
        .and_then(|local| Paris.from_local_datetime(&local).earliest())
        .map(|moment| Moment(moment.timestamp_millis()))
        .ok_or_else(impossible)
}

#[cfg(test)]
mod tests {
    use palier_core::outcome::Outcome;

    use super::*;

    #[test]
    fn the_last_day_of_the_week_was_yesterday_on_the_clock_of_paris() {
        let now: Moment = "2026-03-30T22:30:00Z".parse().unwrap();
        let visit = |day| PlannedVisit {
            team: 0,
            member: 0,
            day,
            minute_of_day: 18 * 60,
            address: String::new(),
            door: String::new(),
            outcome: Outcome::Absent,
            leaflet: false,
        };
        let when = |day| moment(&visit(day), now).unwrap().to_string();
        // It is the 31st in Paris already, and the clocks went forward on the 29th.
        assert_eq!(when(6), "2026-03-30T16:00:00Z");
        assert_eq!(when(0), "2026-03-24T17:00:00Z");
    }
}

//! Coming back: when it was agreed, where it is due, and when doors open.

use std::collections::BTreeMap;

use palier_core::{
    come_back::{ComeBack, Due, NotAComeBack},
    id::VisitId,
    open_rate::{Housing, Knocks},
    outcome::Outcome,
    visit::{Entry, Visit},
};

use super::{
    Device,
    report::mark_unreported,
    shift::{address, take_back},
};
use crate::{
    api::reply::{DoorRow, OpenHour, Revisit},
    clock::random,
    error::{Error, Thing},
    reason::BadVisit,
    store::{projections, visits},
};

impl Device {
    /// What may be said at the door: parts of the next days.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn come_back_offers(&self) -> Result<Vec<String>, Error> {
        let offers = ComeBack::offers(self.now(), self.time_zone()?);
        Ok(offers.iter().map(ToString::to_string).collect())
    }

    /// Notes when to come back, by a correction of the visit that asked for it.
    ///
    /// # Errors
    /// The visit is none, is another's, was taken back or did not ask to come back; or the
    /// moment is none.
    pub fn set_come_back(&mut self, visit: &str, when: &str) -> Result<(VisitId, DoorRow), Error> {
        self.member()?;
        let when: ComeBack = when
            .parse()
            .map_err(|_reason: NotAComeBack| Error::bad_input(BadVisit::NotAComeBack))?;
        let unknown = || Error::Unknown(Thing::Visit);
        let old: VisitId = visit.parse().map_err(|_reason| unknown())?;
        let place = visits::place(self.connection(), old)?.ok_or_else(unknown)?;
        if place.device != self.id() {
            return Err(Error::NotAllowed);
        }
        if !place.standing || place.outcome != Outcome::ComeBack.word() {
            return Err(Error::bad_input(BadVisit::AsksNoReturn));
        }
        let id = VisitId(random()?);
        let entry = Entry {
            id,
            replaces: Some(old),
            visit: Some(Visit {
                door: place.door.clone(),
                outcome: Outcome::ComeBack,
                at: place.at,
                leaflet: place.leaflet,
                back: Some(when),
            }),
        };
        let (writer, now) = (self.writer(), self.now());
        let day = self.day(place.at)?;
        self.at_hand = None;
        self.store.write(|t| {
            take_back(t, writer, address(place.shift, place.team), entry, now)?;
            mark_unreported(t, &day, Some(place.team))
        })?;
        let turf = visits::turf_of_door(self.connection(), &place.door, self.id())?
            .ok_or(Error::Unknown(Thing::Door))?;
        Ok((id, self.door(turf, &place.door)?))
    }

    /// The doors to come back to, those that are due first.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn revisits(&self) -> Result<Vec<Revisit>, Error> {
        let (now, zone) = (self.now(), self.time_zone()?);
        let names: BTreeMap<_, _> = projections::turfs(self.connection())?
            .into_iter()
            .map(|turf| (turf.id, turf.name))
            .collect();
        let mut revisits = Vec::new();
        for (door, back) in visits::asked_back(self.connection())? {
            let Some(turf) = visits::turf_of_door(self.connection(), &door, self.id())? else {
                continue;
            };
            let said = back.parse::<ComeBack>().ok();
            let due = said.map_or(Due::Unsaid, |said| said.due(now, zone));
            let revisit = Revisit {
                turf: turf.to_string(),
                turf_name: names.get(&turf).cloned().unwrap_or_default(),
                due,
                door: self.door(turf, &door)?,
            };
            revisits.push(((due, said, door), revisit));
        }
        revisits.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(revisits.into_iter().map(|(_, revisit)| revisit).collect())
    }

    /// How often doors opened to the team, by kind of building and hour: only where it knocked
    /// often enough, and the surest hour first.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn open_hours(&self) -> Result<Vec<OpenHour>, Error> {
        let zone = self.time_zone()?;
        let mut knocks: BTreeMap<(Housing, u32), Knocks> = BTreeMap::new();
        visits::knocks(self.connection(), |at, outcome, doors| {
            let cell = (Housing::of(doors), at.hour(zone));
            knocks.entry(cell).or_default().count(outcome);
        })?;
        let mut hours: Vec<OpenHour> = knocks
            .into_iter()
            .filter_map(|((housing, hour), knocks)| {
                let [seen, low, high] = knocks.rate()?.percents();
                Some(OpenHour {
                    housing,
                    hour,
                    knocked: knocks.knocked,
                    seen,
                    low,
                    high,
                })
            })
            .collect();
        hours.sort_by_key(|hour| (hour.housing, std::cmp::Reverse(hour.low), hour.hour));
        Ok(hours)
    }
}

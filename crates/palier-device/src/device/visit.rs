//! Recording visits, and taking them back.

use std::collections::BTreeSet;

use palier_core::{
    document::{check::MAX_AHEAD, shift::Shift},
    id::{DocumentId, VisitId},
    moment::Moment,
    outcome::Outcome,
    round::Handout,
    visit::{Entry, Visit},
};
use rusqlite::Connection;

use super::{
    Device,
    answers::{count_door, take_door_back},
    documents::Writer,
    report::mark_unreported,
    shift::{add, address, close, open, take_back},
};
use crate::{
    api::reply::DoorRow,
    clock::random,
    error::{Error, Thing},
    reason::BadVisit,
    store::{
        documents::{self, Followed, Standing},
        projections::{self, TurfHead},
        visits::{self, VisitPlace},
    },
};

/// The most entries of one shift; beyond it another one is opened, so that documents stay
/// small.
const MAX_ENTRIES: u32 = 200;

/// A visit as a person gives it.
#[derive(Clone, Debug)]
pub struct NewVisit {
    /// The door.
    pub door: String,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was; now where absent.
    pub at: Option<Moment>,
    /// Whether a leaflet was left.
    pub leaflet: bool,
}

impl Device {
    /// Records one visit. When this returns, it is on disk.
    ///
    /// An outing is opened on the door's turf where none is.
    ///
    /// # Errors
    /// The door is none, the moment is more than two days ahead, or the disk failed; then
    /// nothing was recorded.
    pub fn record(&mut self, visit: NewVisit) -> Result<(VisitId, DoorRow), Error> {
        let door = visit.door.clone();
        let ids = self.record_all(vec![visit]).map_err(Failed::reason)?;
        let id = ids.first().copied().ok_or(Error::Document)?;
        let turf = self.at_hand.as_ref().map(|at_hand| at_hand.turf.id);
        Ok((id, self.door(turf.ok_or(Error::Document)?, &door)?))
    }

    /// Records visits: all of them or none.
    ///
    /// # Errors
    /// As [`Device::record`], with the place of the visit in the list.
    pub fn record_all(&mut self, visits: Vec<NewVisit>) -> Result<Vec<VisitId>, Failed> {
        self.member()?;
        let (writer, now) = (self.writer(), self.now());
        let zone = self.time_zone()?;
        let mut at_hand = self.at_hand.take();
        let (ids, at_hand) = self.store.write_or(|t| {
            let mut ids = Vec::with_capacity(visits.len());
            for (place, visit) in visits.into_iter().enumerate() {
                let recorded = Recorder { writer, now, zone }.record(t, &mut at_hand, visit);
                ids.push(recorded.map_err(|reason| Failed::At(place, reason))?);
            }
            Ok::<_, Failed>((ids, at_hand))
        })?;
        self.at_hand = at_hand;
        Ok(ids)
    }

    /// Records one outcome at many doors in one gesture: at all of them or at none.
    ///
    /// # Errors
    /// As [`Device::record`]; or somebody at one of the doors asked not to be contacted, which
    /// no gesture covers up.
    pub fn record_together(
        &mut self,
        doors: &[String],
        outcome: Outcome,
        leaflet: bool,
    ) -> Result<Vec<VisitId>, Error> {
        let doors: BTreeSet<&String> = doors.iter().collect();
        if doors.is_empty() {
            return Err(Error::bad_input(BadVisit::NoDoor));
        }
        for door in &doors {
            if visits::outcome_at(self.connection(), door)? == Some(Outcome::DoNotContact) {
                return Err(Error::bad_input(BadVisit::DoNotContact));
            }
        }
        // The same moment for all of them: it is one gesture.
        let at = Some(self.now());
        let visits = doors.into_iter().map(|door| NewVisit {
            door: door.clone(),
            outcome,
            at,
            leaflet,
        });
        self.record_all(visits.collect()).map_err(Failed::reason)
    }

    /// Writes what was noted of letter boxes on a turf into its open outing, or a new one: all of
    /// it or nothing.
    pub(super) fn hand_out(
        &mut self,
        turf: DocumentId,
        handouts: Vec<Handout>,
        also_on: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let (writer, now) = (self.writer(), self.now());
        let zone = self.time_zone()?;
        let at_hand = self.at_hand.take();
        let recorder = Recorder { writer, now, zone };
        let found = self.store.write(|t| {
            let mut found = recorder.outing(t, at_hand, turf)?;
            let records = u32::try_from(handouts.len()).unwrap_or(u32::MAX);
            for handout in &handouts {
                mark_unreported(t, &handout.at.day(zone), Some(found.turf.team))?;
            }
            for day in also_on {
                mark_unreported(t, day, Some(found.turf.team))?;
            }
            let added = Shift {
                handouts,
                ..Shift::default()
            };
            add(t, &mut found.shift, &added, records, now)?;
            Ok(found)
        })?;
        self.at_hand = Some(found);
        Ok(())
    }

    /// Takes a visit back. It is a correction: it works after a sync, and both entries stay in
    /// the record.
    ///
    /// # Errors
    /// The visit is none, is another's, or was taken back already.
    pub fn undo(&mut self, visit: &str) -> Result<DoorRow, Error> {
        let doors = self.undo_together(std::slice::from_ref(&visit))?;
        let unknown = Error::Unknown(Thing::Door);
        let Some(door) = doors.first() else {
            return Err(unknown);
        };
        if let Some(turf) = visits::turf_of_door(self.connection(), door, self.id())? {
            return self.door(turf, door);
        }
        // A teammate took the door out meanwhile.
        visits::door_as_it_was(self.connection(), door, self.id())?.ok_or(unknown)
    }

    /// Takes visits back in one gesture, all of them or none; at which doors they were.
    ///
    /// # Errors
    /// As [`Device::undo`].
    pub fn undo_together(&mut self, visits: &[impl AsRef<str>]) -> Result<Vec<String>, Error> {
        self.member()?;
        let mut places = Vec::with_capacity(visits.len());
        for visit in visits {
            places.push(self.own_standing(visit.as_ref())?);
        }
        let (writer, now) = (self.writer(), self.now());
        let zone = self.time_zone()?;
        self.at_hand = None;
        self.store.write(|t| {
            for (id, place) in &places {
                let entry = Entry {
                    id: VisitId(random()?),
                    replaces: Some(*id),
                    visit: None,
                };
                take_back(t, writer, address(place.shift, place.team), entry, now)?;
                mark_unreported(t, &place.at.day(zone), Some(place.team))?;
                if let Ok(outcome) = place.outcome.parse() {
                    take_door_back(t, place.team, &place.door, outcome, writer.device)?;
                }
            }
            Ok(())
        })?;
        Ok(places.into_iter().map(|(_, place)| place.door).collect())
    }

    /// A visit of this device that was not taken back.
    fn own_standing(&self, visit: &str) -> Result<(VisitId, VisitPlace), Error> {
        let unknown = || Error::Unknown(Thing::Visit);
        let id = visit.parse::<VisitId>().map_err(|_reason| unknown())?;
        let place = visits::place(self.connection(), id)?.ok_or_else(unknown)?;
        if place.device != self.id() {
            return Err(Error::NotAllowed);
        }
        if !place.standing {
            return Err(Error::bad_input(BadVisit::VisitTakenBack));
        }
        Ok((id, place))
    }
}

/// Why a list of visits was not recorded.
#[derive(Debug)]
pub enum Failed {
    /// Because of the visit at this place, from 0.
    At(usize, Error),
    /// Because of something else.
    Whole(Error),
}

impl Failed {
    /// Why, whatever the place.
    #[must_use]
    pub fn reason(self) -> Error {
        match self {
            Self::At(_, reason) | Self::Whole(reason) => reason,
        }
    }
}

impl From<Error> for Failed {
    fn from(reason: Error) -> Self {
        Self::Whole(reason)
    }
}

/// The outing that was written last, so that the next tap need not look for it.
#[derive(Debug)]
pub(super) struct AtHand {
    turf: TurfHead,
    shift: Followed,
}

struct Recorder {
    writer: Writer,
    now: Moment,
    zone: palier_core::moment::TimeZone,
}

impl Recorder {
    fn record(
        &self,
        connection: &Connection,
        at_hand: &mut Option<AtHand>,
        visit: NewVisit,
    ) -> Result<VisitId, Error> {
        let at = visit.at.unwrap_or(self.now);
        if at > self.now.after(MAX_AHEAD) || at.0 < 0 {
            return Err(Error::bad_input(BadVisit::TooFarAhead));
        }
        let turf = visits::turf_of_door(connection, &visit.door, self.writer.device)?
            .ok_or(Error::Unknown(Thing::Door))?;
        let mut found = self.outing(connection, at_hand.take(), turf)?;
        let (team, me) = (found.turf.team, self.writer.device);
        count_door(connection, team, &visit.door, visit.outcome, me)?;
        let id = VisitId(random()?);
        let entry = Entry {
            id,
            replaces: None,
            visit: Some(Visit {
                door: visit.door,
                outcome: visit.outcome,
                at,
                leaflet: visit.leaflet,
                back: None,
            }),
        };
        let added = Shift {
            entries: vec![entry],
            ..Shift::default()
        };
        add(connection, &mut found.shift, &added, 1, self.now)?;
        mark_unreported(connection, &at.day(self.zone), Some(found.turf.team))?;
        *at_hand = Some(found);
        Ok(id)
    }

    /// The open outing on a turf: the one at hand, from disk, or a new one.
    fn outing(
        &self,
        connection: &Connection,
        at_hand: Option<AtHand>,
        turf: DocumentId,
    ) -> Result<AtHand, Error> {
        if let Some(at_hand) = at_hand.filter(|at_hand| at_hand.turf.id == turf)
            && self.has_room(&at_hand.shift)
            && documents::is_current(connection, at_hand.shift.id, at_hand.shift.version)?
        {
            return Ok(at_hand);
        }
        let turf = projections::turf(connection, turf)?.ok_or(Error::Unknown(Thing::Turf))?;
        let shift = match projections::open_shift(connection, self.writer.device, turf.id)? {
            None => open(connection, self.writer, &turf, self.now)?,
            Some((id, _)) => match documents::standing(connection, id)? {
                Standing::Followed(shift) if self.has_room(&shift) => shift,
                _ => self.follow_on(connection, id, &turf)?,
            },
        };
        Ok(AtHand { turf, shift })
    }

    /// Whether an outing takes more entries, of this life of the device.
    fn has_room(&self, shift: &Followed) -> bool {
        shift.trail.entries() < MAX_ENTRIES && shift.trail.is_by(self.writer.actor)
    }

    /// Closes an outing that takes no more, and opens the next.
    fn follow_on(
        &self,
        connection: &Connection,
        full: DocumentId,
        turf: &TurfHead,
    ) -> Result<Followed, Error> {
        close(connection, self.writer, address(full, turf.team), self.now)?;
        open(connection, self.writer, turf, self.now)
    }
}

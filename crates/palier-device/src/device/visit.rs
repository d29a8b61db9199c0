//! Recording visits, and taking them back.

use palier_core::{
    document::{check::MAX_AHEAD, shift},
    id::{DocumentId, VisitId},
    moment::Moment,
    outcome::Outcome,
    visit::{Entry, Visit},
};
use rusqlite::Connection;

use super::{
    Device,
    documents::{Writer, keep_change},
    report::mark_unreported,
    shift::{address, open},
};
use crate::{
    api::reply::DoorRow,
    clock::random,
    error::{Error, Thing},
    store::{
        documents::{self, Kept},
        projections::{self, TurfHead},
        visits,
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
        let ids = self
            .record_all(vec![visit])
            .map_err(|reason| match reason {
                Failed::At(_, reason) | Failed::Whole(reason) => reason,
            })?;
        let id = ids.first().copied().ok_or(Error::Document)?;
        Ok((id, self.door_now(&door)?))
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

    /// Takes a visit back. It is a correction: it works after a sync, and both entries stay in
    /// the record.
    ///
    /// # Errors
    /// The visit is none, is another's, or was taken back already.
    pub fn undo(&mut self, visit: &str) -> Result<DoorRow, Error> {
        self.member()?;
        let unknown = Error::Unknown(Thing::Visit);
        let Ok(id) = visit.parse::<VisitId>() else {
            return Err(unknown);
        };
        let place = visits::place(self.connection(), id)?.ok_or(unknown)?;
        if place.device != self.id() {
            return Err(Error::NotAllowed);
        }
        if !place.standing {
            return Err(Error::BadInput("this visit was taken back already".into()));
        }
        let entry = Entry {
            id: VisitId(random()?),
            replaces: Some(id),
            visit: None,
        };
        let (writer, now) = (self.writer(), self.now());
        let day = self.day(place.at)?;
        self.at_hand = None;
        self.store.write(|t| {
            writer.edit(t, address(place.shift, place.team), 1, |document| {
                shift::record(document, &[entry], now)
            })?;
            mark_unreported(t, &day, Some(place.team))
        })?;
        self.door_now(&place.door)
    }

    fn door_now(&self, door: &str) -> Result<DoorRow, Error> {
        let turf = visits::turf_of_door(self.connection(), door, self.id())?
            .ok_or(Error::Unknown(Thing::Door))?;
        self.door(turf, door)
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

impl From<Error> for Failed {
    fn from(reason: Error) -> Self {
        Self::Whole(reason)
    }
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
        at_hand: &mut Option<Kept>,
        visit: NewVisit,
    ) -> Result<VisitId, Error> {
        let at = visit.at.unwrap_or(self.now);
        if at > self.now.after(MAX_AHEAD) || at.0 < 0 {
            return Err(Error::BadInput(
                "a visit cannot be more than two days ahead".into(),
            ));
        }
        let turf = visits::turf_of_door(connection, &visit.door, self.writer.device)?
            .ok_or(Error::Unknown(Thing::Door))?;
        let turf = projections::turf(connection, turf)?.ok_or(Error::Unknown(Thing::Turf))?;
        let mut kept = self.shift(connection, at_hand.take(), &turf)?;
        let id = VisitId(random()?);
        let entry = Entry {
            id,
            replaces: None,
            visit: Some(Visit {
                door: visit.door,
                outcome: visit.outcome,
                at,
                leaflet: visit.leaflet,
            }),
        };
        // One row follows from one new entry; the whole shift need not be read for it.
        keep_change(connection, &mut kept, 1, |document| {
            shift::record(document, std::slice::from_ref(&entry), self.now)
        })?;
        projections::add_visit(connection, kept.id, self.writer.device, &entry)?;
        mark_unreported(connection, &at.day(self.zone), Some(turf.team))?;
        *at_hand = Some(kept);
        Ok(id)
    }

    /// The document of the open shift on a turf: the one at hand, from disk, or a new one.
    fn shift(
        &self,
        connection: &Connection,
        at_hand: Option<Kept>,
        turf: &TurfHead,
    ) -> Result<Kept, Error> {
        let open_now = projections::open_shift(connection, self.writer.device, turf.id)?;
        let Some((id, _)) = open_now else {
            return open(connection, self.writer, turf, self.now);
        };
        if visits::entries(connection, id)? >= MAX_ENTRIES {
            return self.follow_on(connection, id, turf);
        }
        match at_hand {
            Some(kept) if kept.id == id && documents::is_current(connection, id, kept.version)? => {
                Ok(kept)
            }
            _ => self.writer.open(connection, address(id, turf.team)),
        }
    }

    /// Closes a full shift and opens the next.
    fn follow_on(
        &self,
        connection: &Connection,
        full: DocumentId,
        turf: &TurfHead,
    ) -> Result<Kept, Error> {
        self.writer
            .edit(connection, address(full, turf.team), 0, |document| {
                shift::close(document, self.now)
            })?;
        open(connection, self.writer, turf, self.now)
    }
}

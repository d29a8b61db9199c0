//! Walking a turf: its streets, the addresses of a stretch, and the door that comes next.

use palier_core::{
    moment::Millis,
    walk::{Outline, Sought},
};

use super::Device;
use crate::{
    api::{
        reply::{AddressRow, DoorRow, Hand, WalkView},
        request::Find,
    },
    error::{Error, Thing},
    store::{
        projections::TurfHead,
        settings::{self, name},
        visits::{self, Stretch, WHOLE},
    },
};

/// How long the last visit of this device can be taken back from the list.
const UNDO_WITHIN: Millis = Millis::hours(12);
/// How many addresses are read at a time in search of the next door.
const STRIDE: u32 = 32;

impl Find {
    fn sought(&self) -> Sought {
        Sought::new(&self.query, self.show)
    }
}

impl Device {
    /// The streets of a turf with what is sought there, and where the hand is: at `door`, or
    /// where it was left, or at the first door to visit.
    ///
    /// Where no turf is said, it is the one where the hand was left.
    ///
    /// # Errors
    /// The turf is none.
    pub fn walk(
        &self,
        turf: Option<&str>,
        find: &Find,
        door: Option<&str>,
    ) -> Result<WalkView, Error> {
        let turf = match turf {
            Some(turf) => self.find_turf(turf)?,
            None => {
                let left = settings::get(self.connection(), name::PLACE_TURF)?;
                self.find_turf(&left.ok_or(Error::Unknown(Thing::Turf))?)?
            }
        };
        let (sought, mut outline) = (find.sought(), Outline::default());
        visits::pass(self.connection(), &turf, &WHOLE, |_, door| {
            outline.pass(&door, &sought);
        })?;
        let hand = match self.hand_at(&turf, door)? {
            Some(hand) => Some(hand),
            None => self.next_after(&turf, &sought, None)?,
        };
        let hand = match hand {
            Some(hand) => Some(hand),
            None => self.first_door(&turf)?,
        };
        let around = hand.as_ref().and_then(|hand| {
            let mut stretches = outline.stretches.iter();
            stretches.find(|stretch| (stretch.from..=stretch.to).contains(&hand.place))
        });
        let rows = match around {
            Some(stretch) => self.rows(&turf, &sought, &(stretch.from..=stretch.to))?,
            None => Vec::new(),
        };
        Ok(WalkView {
            turf: turf.id.to_string(),
            doors: outline.doors,
            visited: outline.visited,
            found: outline.found(),
            last: self.last_own(&turf)?,
            hand,
            stretches: outline.stretches,
            rows,
        })
    }

    /// The addresses of a stretch that have a door that is sought.
    ///
    /// # Errors
    /// The turf is none.
    pub fn addresses(
        &self,
        turf: &str,
        find: &Find,
        stretch: &Stretch,
    ) -> Result<Vec<AddressRow>, Error> {
        let turf = self.find_turf(turf)?;
        self.rows(&turf, &find.sought(), stretch)
    }

    /// The door where a walk stops next, after `door` in walking order, then from the start;
    /// never `door` itself.
    ///
    /// # Errors
    /// The turf is none.
    pub fn next_door(&self, turf: &str, find: &Find, door: &str) -> Result<Option<Hand>, Error> {
        let turf = self.find_turf(turf)?;
        self.next_after(&turf, &find.sought(), Some(door))
    }

    fn rows(
        &self,
        turf: &TurfHead,
        sought: &Sought,
        stretch: &Stretch,
    ) -> Result<Vec<AddressRow>, Error> {
        let mut found = std::collections::BTreeSet::new();
        visits::pass(self.connection(), turf, stretch, |_, door| {
            if sought.takes(&door) {
                found.insert(door.address);
            }
        })?;
        let mut rows: Vec<AddressRow> = Vec::new();
        for door in visits::doors(self.connection(), turf, stretch, self.id())? {
            if !found.contains(&door.address_id) {
                continue;
            }
            match rows.last_mut() {
                Some(row) if row.address_id == door.address_id => row.add(&door),
                _ => rows.push(AddressRow::of(door)),
            }
        }
        Ok(rows)
    }

    fn next_after(
        &self,
        turf: &TurfHead,
        sought: &Sought,
        door: Option<&str>,
    ) -> Result<Option<Hand>, Error> {
        let start = match door {
            Some(door) => visits::place_of(self.connection(), door)?.unwrap_or_default(),
            None => 0,
        };
        // Its own address is passed twice: for what comes after it, and for what comes before.
        let (mut from, mut passed_it) = (start, door.is_none());
        while let Some(to) = visits::stretch_end(self.connection(), turf, from, STRIDE)? {
            let mut next = None;
            visits::pass(self.connection(), turf, &(from..=to), |id, passed| {
                if Some(id.as_str()) == door {
                    passed_it = true;
                } else if (passed_it || passed.place > start)
                    && next.is_none()
                    && sought.stops_at(&passed)
                {
                    next = Some(id);
                }
            })?;
            if let Some(next) = next {
                return self.hand_at(turf, Some(&next));
            }
            from = to.saturating_add(1);
        }
        let Some(door) = door else {
            return Ok(None);
        };
        let mut first = None;
        visits::pass(self.connection(), turf, &(0..=start), |id, passed| {
            if first.is_none() && id != door && sought.stops_at(&passed) {
                first = Some(id);
            }
        })?;
        match first {
            Some(first) => self.hand_at(turf, Some(&first)),
            None => Ok(None),
        }
    }

    /// The hand at a door of a turf; where none is said, where it was left.
    fn hand_at(&self, turf: &TurfHead, door: Option<&str>) -> Result<Option<Hand>, Error> {
        let setting = |name| settings::get(self.connection(), name);
        let kept = match door {
            Some(door) => Some(door.to_owned()),
            None if setting(name::PLACE_TURF)?.is_some_and(|id| id == turf.id.to_string()) => {
                setting(name::PLACE_DOOR)?
            }
            None => None,
        };
        let Some(door) = kept else {
            return Ok(None);
        };
        let Some(place) = visits::place_of(self.connection(), &door)? else {
            return Ok(None);
        };
        let rows = visits::doors(self.connection(), turf, &(place..=place), self.id())?;
        let door = rows.into_iter().find(|row| row.door == door);
        Ok(door.map(|door| Hand { place, door }))
    }

    fn first_door(&self, turf: &TurfHead) -> Result<Option<Hand>, Error> {
        let Some(place) = visits::stretch_end(self.connection(), turf, 0, 1)? else {
            return Ok(None);
        };
        let rows = visits::doors(self.connection(), turf, &(place..=place), self.id())?;
        let first = rows.into_iter().next();
        Ok(first.map(|door| Hand { place, door }))
    }

    /// The door of this device's latest visit here, while it can be taken back from the list.
    fn last_own(&self, turf: &TurfHead) -> Result<Option<DoorRow>, Error> {
        let since = self.now().after(Millis(-UNDO_WITHIN.0));
        let Some((visit, door)) = visits::last_own(self.connection(), turf.id, self.id(), since)?
        else {
            return Ok(None);
        };
        let row = match self.door(turf.id, &door) {
            Ok(row) => row,
            // The building was described meanwhile: the door has another name.
            Err(Error::Unknown(Thing::Door)) => return Ok(None),
            Err(reason) => return Err(reason),
        };
        let stands = |row: &DoorRow| {
            let last = row.last_visit.as_ref();
            last.is_some_and(|last| last.visit == visit.to_string())
        };
        Ok(Some(row).filter(stands))
    }
}

impl AddressRow {
    fn of(door: DoorRow) -> Self {
        Self {
            address_id: door.address_id.clone(),
            address: door.address.clone(),
            number: door.number.clone(),
            doors: 1,
            visited: u32::from(door.state.is_some()),
            come_back: u32::from(door.state == Some(palier_core::outcome::Outcome::ComeBack)),
            door: Some(door),
        }
    }

    fn add(&mut self, door: &DoorRow) {
        self.door = None;
        self.doors += 1;
        self.visited += u32::from(door.state.is_some());
        self.come_back += u32::from(door.state == Some(palier_core::outcome::Outcome::ComeBack));
    }
}

//! A building as a screen shows it.

use palier_core::building::Way;

use super::{Device, TurfHead};
use crate::{
    api::reply::{AccessRow, BuildingView, DoorRow, FloorRow, NextStop, PastVisit, StairRow},
    error::Error,
    store::{buildings, visits},
};

/// How many visits of a door are shown.
const LATEST_SHOWN: u32 = 10;

impl Device {
    /// One building of a turf: its stairs, floors and doors in walking order.
    ///
    /// # Errors
    /// The turf is none, or the address is none of it.
    pub fn building(&self, turf: &str, address: &str) -> Result<BuildingView, Error> {
        let turf = self.find_turf(turf)?;
        self.view(&turf, address)
    }

    /// The latest visits at a door, the latest first.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn visits_at(&self, door: &str) -> Result<Vec<PastVisit>, Error> {
        visits::latest_at(self.connection(), door, self.id(), LATEST_SHOWN)
    }

    pub(super) fn view(&self, turf: &TurfHead, address: &str) -> Result<BuildingView, Error> {
        let (number, street) = self.address_in(turf, address)?;
        let (connection, me) = (self.connection(), self.id());
        let (described, plain): (Vec<_>, Vec<_>) =
            visits::doors_at(connection, turf.id, address, me)?
                .into_iter()
                .partition(|row| row.floor.is_some());
        let left = visits::left_at(connection, turf.id, address)?;
        let left = left
            .iter()
            .map(|door| visits::door_as_it_was(connection, door, me));
        // It is looked for in the whole turf: only once nothing is left to visit here.
        let next = match described
            .iter()
            .chain(&plain)
            .any(|row| row.state.is_none())
        {
            true => None,
            false => visits::next_elsewhere(connection, turf, address)?,
        };
        let count = |wanted: fn(&DoorRow) -> bool| {
            let found = described.iter().filter(|row| wanted(row)).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        Ok(BuildingView {
            turf: turf.id.to_string(),
            address_id: address.to_owned(),
            address: format!("{number} {street}").trim().to_owned(),
            access: self.access_row(turf, address)?,
            doors: count(|_| true),
            visited: count(|row| row.state.is_some()),
            stairs: stairs(described),
            plain: plain.into_iter().next(),
            left: left
                .filter_map(Result::transpose)
                .collect::<Result<_, _>>()?,
            changed: Vec::new(),
            next: next.map(|row| NextStop {
                described: row.floor.is_some(),
                address_id: row.address_id,
                address: row.address,
                door: row.door,
            }),
        })
    }

    fn access_row(&self, turf: &TurfHead, address: &str) -> Result<Option<AccessRow>, Error> {
        let noted = buildings::access(self.connection(), turf.id, address, self.now())?;
        Ok(noted.and_then(|noted| {
            Some(AccessRow {
                way: noted.way.parse::<Way>().ok()?,
                code: Some(noted.code).filter(|code| !code.is_empty()),
                ends: noted.ends.map(|ends| ends.to_string()),
            })
        }))
    }
}

/// Doors in walking order, by stair and floor.
fn stairs(doors: Vec<DoorRow>) -> Vec<StairRow> {
    let mut stairs: Vec<StairRow> = Vec::new();
    for row in doors {
        let floor = row.floor.unwrap_or_default();
        if stairs.last().is_none_or(|last| last.stair != row.stair) {
            stairs.push(StairRow {
                stair: row.stair.clone(),
                floors: Vec::new(),
            });
        }
        let Some(stair) = stairs.last_mut() else {
            continue;
        };
        match stair.floors.last_mut() {
            Some(last) if last.floor == floor => last.doors.push(row),
            _ => stair.floors.push(FloorRow {
                floor,
                landing: row.landing.clone(),
                doors: vec![row],
            }),
        }
    }
    stairs
}

//! Buildings: describing them, and reading them door by door.

mod view;

use palier_core::{
    building::{
        Access, AccessCode, DoorPlace, LandingPlace, MAX_LABEL, MAX_LANDING, Plan, Way, is_name,
    },
    document::{Broken, Document, turf},
    envelope::Kind,
    moment::Moment,
};

use rusqlite::Connection;

use super::{
    Device,
    documents::{Address, Writer},
};
use crate::{
    api::reply::BuildingView,
    error::{Error, Thing},
    reason::BadBuilding,
    store::{buildings, membership, projections::TurfHead},
};

/// How one gets into a building, as a person says it.
#[derive(Clone)]
pub struct NewAccess {
    /// In which way.
    pub way: Way,
    /// The code.
    pub code: Option<String>,
    /// When the code ends; in thirty days where absent.
    pub ends: Option<Moment>,
}

impl Device {
    /// Describes a building in one breath. Doors that are there already stay as they are.
    ///
    /// # Errors
    /// The turf is none, the address is none of it, or the description makes no sense.
    pub fn describe_building(
        &mut self,
        turf: &str,
        address: &str,
        plan: &Plan,
    ) -> Result<BuildingView, Error> {
        let doors = plan.doors(address).map_err(bad_input)?;
        self.edit_building(turf, address, |document, now| {
            turf::add_doors(document, &doors, now)
        })
    }

    /// Adds doors by their ids. One that ends with its floor, `ADDRESS/stair/floor/`, is given
    /// the first number that is free on its landing.
    ///
    /// # Errors
    /// The turf is none, the doors are not all of one address of it, or one of them is no
    /// place in a building.
    pub fn add_doors(&mut self, turf: &str, doors: &[String]) -> Result<BuildingView, Error> {
        let found = self.find_turf(turf)?;
        let address = one_address(doors)?;
        let mut known = buildings::doors_at(self.connection(), found.id, &address)?;
        let mut added = Vec::new();
        for door in doors {
            let door = match door.strip_suffix('/') {
                Some(landing) => free_door(&landing.parse().map_err(bad_input)?, &known)?,
                None => door.parse().map_err(bad_input)?,
            };
            known.push(door.to_string());
            added.push(door.to_string());
        }
        self.edit_building(turf, &address, |document, now| {
            turf::add_doors(document, &added, now)
        })
    }

    /// Takes doors out that are wrong. Visits there are kept, and shown with the building.
    ///
    /// # Errors
    /// The turf is none, or the doors are not all of one address of it.
    pub fn remove_doors(&mut self, turf: &str, doors: &[String]) -> Result<BuildingView, Error> {
        let address = one_address(doors)?;
        self.edit_building(turf, &address, |document, now| {
            turf::remove_doors(document, doors, now)
        })
    }

    /// Calls a door or a landing otherwise; an empty name takes that back.
    ///
    /// # Errors
    /// The turf is none, the place is none of it, or the name is too long.
    pub fn rename_place(
        &mut self,
        turf: &str,
        place: &str,
        name: &str,
    ) -> Result<BuildingView, Error> {
        let name = name.trim();
        let check = |most: usize| {
            if name.is_empty() || is_name(name, most) {
                return Ok(());
            }
            Err(bad_input(BadBuilding::PlaceName { most }))
        };
        if let Ok(door) = place.parse::<DoorPlace>() {
            check(MAX_LABEL)?;
            let address = door.landing.address.clone();
            return self.edit_building(turf, &address, |document, now| {
                turf::rename_door(document, &door, name, now)
            });
        }
        let landing: LandingPlace = place.parse().map_err(bad_input)?;
        check(MAX_LANDING)?;
        let address = landing.address.clone();
        self.edit_building(turf, &address, |document, now| {
            turf::rename_landing(document, &landing, name, now)
        })
    }

    /// Notes how one gets into a building.
    ///
    /// # Errors
    /// The turf is none, the address is none of it, the code is none, or its end is past or
    /// too far ahead.
    pub fn set_access(
        &mut self,
        turf: &str,
        address: &str,
        access: &NewAccess,
    ) -> Result<BuildingView, Error> {
        let access = access.checked(self.now())?;
        self.edit_building(turf, address, |document, now| {
            turf::set_access(document, address, &access, now)
        })
    }

    /// Describes many buildings of a turf in one change.
    ///
    /// # Errors
    /// As [`Device::describe_building`]; then none of them is described.
    pub fn describe_buildings(
        &mut self,
        turf: &str,
        buildings: &[(String, Plan)],
    ) -> Result<(), Error> {
        self.member()?;
        let turf = self.find_turf(turf)?;
        let mut doors = Vec::new();
        for (address, plan) in buildings {
            self.address_in(&turf, address)?;
            doors.extend(plan.doors(address).map_err(bad_input)?);
        }
        let (writer, now) = (self.writer(), self.now());
        self.store.write(|t| {
            edit(t, writer, &turf, now, |document| {
                turf::add_doors(document, &doors, now)
            })
        })
    }

    /// Writes one change about a building, and reads the building back.
    fn edit_building(
        &mut self,
        turf: &str,
        address: &str,
        write: impl FnOnce(&mut Document, Moment) -> Result<Option<Vec<u8>>, Broken>,
    ) -> Result<BuildingView, Error> {
        self.member()?;
        let turf = self.find_turf(turf)?;
        self.address_in(&turf, address)?;
        let (writer, now) = (self.writer(), self.now());
        let changed = self.store.write(|t| {
            let before = buildings::doors_at(t, turf.id, address)?;
            edit(t, writer, &turf, now, |document| write(document, now))?;
            Ok(differing(
                &before,
                &buildings::doors_at(t, turf.id, address)?,
            ))
        })?;
        let mut view = self.view(&turf, address)?;
        view.changed = changed;
        Ok(view)
    }

    /// The number and street of an address of a turf.
    fn address_in(&self, turf: &TurfHead, address: &str) -> Result<(String, String), Error> {
        buildings::address_of_turf(self.connection(), turf, address)?
            .ok_or(Error::Unknown(Thing::Address))
    }
}

/// Writes one change of a turf's document.
fn edit(
    connection: &Connection,
    writer: Writer,
    turf: &TurfHead,
    now: Moment,
    write: impl FnOnce(&mut Document) -> Result<Option<Vec<u8>>, Broken>,
) -> Result<(), Error> {
    if membership::keys(connection, turf.team)?.is_empty() {
        return Err(Error::NotAllowed);
    }
    let at = Address {
        id: turf.id,
        kind: Kind::Turf,
        space: turf.team.space(),
    };
    writer.edit(connection, at, 1, write)?;
    buildings::forget_codes(connection, now)
}

impl NewAccess {
    fn checked(&self, now: Moment) -> Result<Access, Error> {
        if self.way != Way::Code {
            return match self.code {
                None => Ok(Access {
                    way: self.way,
                    code: None,
                }),
                Some(_) => Err(bad_input(BadBuilding::CodeOfOtherWay)),
            };
        }
        let Some(code) = &self.code else {
            return Ok(Access {
                way: Way::Code,
                code: None,
            });
        };
        let code: AccessCode = code.parse().map_err(bad_input)?;
        let ends = self.ends.unwrap_or(now.after(AccessCode::USUAL));
        if ends <= now || ends > now.after(AccessCode::LONGEST) {
            return Err(bad_input(BadBuilding::CodeEnds));
        }
        Ok(Access {
            way: Way::Code,
            code: Some((code, ends)),
        })
    }
}

/// The address of doors that are all of one building.
fn one_address(doors: &[String]) -> Result<String, Error> {
    let mut addresses = doors.iter().map(|door| door.split('/').next());
    match addresses.next().flatten() {
        Some(first) if addresses.all(|other| other == Some(first)) => Ok(first.to_owned()),
        _ => Err(bad_input(BadBuilding::NotOneBuilding)),
    }
}

/// A door with the first number that is free on a landing.
fn free_door(landing: &LandingPlace, known: &[String]) -> Result<DoorPlace, Error> {
    (1..=known.len().saturating_add(1))
        .find_map(|number| {
            let door = landing.door(&number.to_string()).ok()?;
            (!known.contains(&door.to_string())).then_some(door)
        })
        .ok_or(bad_input(BadBuilding::LandingFull))
}

/// What stands in one of two sorted lists only.
fn differing(before: &[String], after: &[String]) -> Vec<String> {
    let gone = before
        .iter()
        .filter(|door| after.binary_search(door).is_err());
    let new = after
        .iter()
        .filter(|door| before.binary_search(door).is_err());
    gone.chain(new).cloned().collect()
}

fn bad_input(reason: impl Into<BadBuilding>) -> Error {
    Error::bad_input(reason.into())
}

//! The buildings of a turf: doors, what they are called, and how one gets in.

use automerge::{ROOT, transaction::Transactable};

use super::{flagged, map};
use crate::{
    building::{Access, AccessCode, DoorPlace, LandingPlace, MAX_LABEL, MAX_LANDING, Way, is_name},
    document::{Broken, Document, scalar},
    moment::Moment,
};

/// A door that the team described.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Door {
    /// Where it is.
    pub place: DoorPlace,
    /// What its landing is called; empty where it is called by its floor.
    pub landing: String,
    /// What it is called on the landing.
    pub label: String,
}

/// What a team described of the buildings of a turf.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Buildings {
    /// The doors, by id.
    pub doors: Vec<Door>,
    /// How one gets into which address.
    pub access: Vec<(String, Access)>,
}

/// Adds doors by their ids. What a door is called is not touched: to describe a building again
/// takes no name away.
///
/// # Errors
/// automerge refused.
pub fn add_doors(
    document: &mut Document,
    doors: &[String],
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let known = map(document, "doors")?;
    let wanted = doors_where(document, doors, false)?;
    document.edit(at, |change| {
        for door in wanted {
            change.put(&known, door, true)?;
        }
        Ok(())
    })
}

/// Takes doors out that are wrong. Visits there stay in the shifts where they are.
///
/// # Errors
/// automerge refused.
pub fn remove_doors(
    document: &mut Document,
    doors: &[String],
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let known = map(document, "doors")?;
    let wrong = doors_where(document, doors, true)?;
    document.edit(at, |change| {
        for door in wrong {
            change.delete(&known, door)?;
        }
        Ok(())
    })
}

/// Those of `doors` that are described, or those that are not.
fn doors_where<'a>(
    document: &Document,
    doors: &'a [String],
    described: bool,
) -> Result<Vec<&'a str>, Broken> {
    let (doc, known) = (document.reads(), map(document, "doors")?);
    let found = doors.iter().map(String::as_str);
    Ok(found
        .filter(|door| scalar::flag(doc, &known, door) == described)
        .collect())
}

/// Calls a door otherwise; an empty label takes that back.
///
/// # Errors
/// automerge refused.
pub fn rename_door(
    document: &mut Document,
    door: &DoorPlace,
    label: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let label = if label == door.label { "" } else { label };
    rename(document, &door.to_string(), label, at)
}

/// Gives a landing a name; an empty one takes it back.
///
/// # Errors
/// automerge refused.
pub fn rename_landing(
    document: &mut Document,
    landing: &LandingPlace,
    name: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    rename(document, &landing.to_string(), name, at)
}

fn rename(
    document: &mut Document,
    place: &str,
    name: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let labels = map(document, "labels")?;
    document.edit(at, |change| {
        if name.is_empty() {
            change.delete(&labels, place)?;
        } else {
            change.put(&labels, place, name)?;
        }
        Ok(())
    })
}

/// Notes how one gets into an address. A code that stood there is taken away where there is
/// none now.
///
/// # Errors
/// automerge refused.
pub fn set_access(
    document: &mut Document,
    address: &str,
    access: &Access,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let (ways, codes) = (map(document, "access")?, map(document, "codes")?);
    document.edit(at, |change| {
        change.put(&ways, address, access.way.word())?;
        match &access.code {
            Some((code, end)) => {
                change.put(&codes, address, format!("{} {}", end.0, code.as_str()))?;
            }
            None => change.delete(&codes, address)?,
        }
        Ok(())
    })
}

/// Reads what was described, and nothing that is out of bounds: a name that is too long is as
/// none, and what is no place in a building waits for a version that knows it.
#[must_use]
pub fn buildings(document: &Document) -> Buildings {
    read(document).unwrap_or_default()
}

fn read(document: &Document) -> Option<Buildings> {
    let doc = document.reads();
    let map = |key| scalar::map(doc, &ROOT, key);
    let (doors, labels) = (map("doors")?, map("labels")?);
    let name =
        |place: &str, most| scalar::text(doc, &labels, place).filter(|name| is_name(name, most));
    let doors = flagged(doc, &doors)
        .filter_map(|id| {
            let place: DoorPlace = id.parse().ok()?;
            Some(Door {
                landing: name(&place.landing.to_string(), MAX_LANDING).unwrap_or_default(),
                label: name(&id, MAX_LABEL).unwrap_or_else(|| place.label.clone()),
                place,
            })
        })
        .collect();
    let codes = map("codes")?;
    let access = scalar::texts(doc, &map("access")?)
        .into_iter()
        .filter_map(|(address, word)| {
            let way: Way = word.parse().ok()?;
            let code = scalar::text(doc, &codes, &address).filter(|_| way == Way::Code);
            let code = code.and_then(|text| read_code(&text));
            Some((address, Access { way, code }))
        })
        .collect();
    Some(Buildings { doors, access })
}

/// A code and when it ends.
fn read_code(text: &str) -> Option<(AccessCode, Moment)> {
    let (end, code) = text.split_once(' ')?;
    Some((code.parse().ok()?, Moment(end.parse().ok()?)))
}

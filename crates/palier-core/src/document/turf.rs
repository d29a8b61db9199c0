//! A turf: doors given to a team, written by the whole team.
//!
//! Its maps hold plain values under keys that name the same thing on every device, so that
//! what two people describe offline meets.
//!
//! ```text
//! settings:  { name, station?, "round ROUND": "MADE NAME" }   MADE in milliseconds since 1970
//! addresses: { ADDRESS: true }        where the turf is a list, not a station
//! doors:     { DOOR: true }           ADDRESS/stair/floor/label; deleted when wrong
//! labels:    { DOOR or LANDING: text }  what it is called now; ADDRESS/stair/floor is a landing
//! access:    { ADDRESS: open | code | badge | caretaker | locked }
//! codes:     { ADDRESS: "END CODE" }  END in milliseconds since 1970; never outside the team
//! code_ends: {}                       nothing: no timestamp may lie ahead, and a code and its
//!                                     end are one value, so that they never come from two people
//! parts:     { ADDRESS: device }      who has which part
//! ```

mod building;
#[cfg(test)]
mod tests;

use automerge::{ROOT, ReadDoc, transaction::Transactable};

pub use building::{
    Buildings, Door, add_doors, buildings, remove_doors, rename_door, rename_landing, set_access,
};

use crate::{
    document::{Broken, Document, scalar},
    id::DeviceId,
    moment::Moment,
    round::{MAX_NAME, Round},
};

/// The maps that it begins with.
pub(super) const MAPS: &[&str] = &[
    "settings",
    "addresses",
    "doors",
    "labels",
    "access",
    "codes",
    "code_ends",
    "parts",
];

/// Which doors of the territory a turf covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cover {
    /// Every address of one polling station.
    Station(String),
    /// The addresses of a list.
    Addresses(Vec<String>),
}

/// What a turf is, without its buildings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turf {
    /// What it is called.
    pub name: String,
    /// Which doors of the territory it covers.
    pub cover: Cover,
    /// Who has which address.
    pub parts: Vec<(String, DeviceId)>,
    /// Its leaflet rounds.
    pub rounds: Vec<Round>,
}

/// Writes the name and the cover of a new turf.
///
/// # Errors
/// automerge refused.
pub fn create(
    document: &mut Document,
    name: &str,
    cover: &Cover,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    let addresses = map(document, "addresses")?;
    document.edit(at, |change| {
        change.put(&settings, "name", name)?;
        match cover {
            Cover::Station(station) => change.put(&settings, "station", station.as_str())?,
            Cover::Addresses(list) => {
                for address in list {
                    change.put(&addresses, address.as_str(), true)?;
                }
            }
        }
        Ok(())
    })
}

/// How the key of a round begins, in the settings: an older app keeps it there.
const ROUND: &str = "round ";

/// Adds a leaflet round.
///
/// # Errors
/// automerge refused.
pub fn add_round(
    document: &mut Document,
    round: &Round,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = map(document, "settings")?;
    document.edit(at, |change| {
        let text = format!("{} {}", round.made.0, round.name);
        Ok(change.put(&settings, format!("{ROUND}{}", round.id), text)?)
    })
}

fn read_round((key, text): (String, String)) -> Option<Round> {
    let (made, name) = text.split_once(' ')?;
    Some(Round {
        id: key.strip_prefix(ROUND)?.parse().ok()?,
        name: name.chars().take(MAX_NAME).collect(),
        made: Moment(made.parse().ok()?),
    })
}

/// Reads a turf; `None` where it has no name yet.
#[must_use]
pub fn read(document: &Document) -> Option<Turf> {
    let doc = document.reads();
    let map = |key| scalar::map(doc, &ROOT, key);
    let settings = map("settings")?;
    let cover = match scalar::text(doc, &settings, "station") {
        Some(station) => Cover::Station(station),
        None => Cover::Addresses(flagged(doc, &map("addresses")?).collect()),
    };
    let rounds = scalar::texts(doc, &settings).into_iter();
    Some(Turf {
        rounds: rounds.filter_map(read_round).collect(),
        name: scalar::text(doc, &settings, "name")?,
        cover,
        parts: scalar::texts(doc, &map("parts")?)
            .into_iter()
            .filter_map(|(address, device)| Some((address, device.parse().ok()?)))
            .collect(),
    })
}

/// The keys of a map that hold `true`.
fn flagged<'a>(
    doc: &'a impl ReadDoc,
    object: &'a automerge::ObjId,
) -> impl Iterator<Item = String> + 'a {
    doc.keys(object)
        .filter(move |key| scalar::flag(doc, object, key))
}

fn map(document: &Document, key: &str) -> Result<automerge::ObjId, Broken> {
    scalar::map(document.reads(), &ROOT, key).ok_or(Broken)
}

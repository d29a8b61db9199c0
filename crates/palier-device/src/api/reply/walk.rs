//! A walk through a turf, as a screen shows it: streets first, addresses by the stretch.

use palier_core::walk::Stretch;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::DoorRow;

/// A turf as it is walked.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WalkView {
    /// The turf's id.
    pub turf: String,
    /// Its doors.
    pub doors: u32,
    /// How many of them were visited.
    pub visited: u32,
    /// How many of them are sought.
    pub found: u32,
    /// The sides of its streets with a door that is sought, in walking order.
    pub stretches: Vec<Stretch>,
    /// Where the hand is; nothing where the turf has no door.
    pub hand: Option<Hand>,
    /// The addresses of the stretch where the hand is.
    pub rows: Vec<AddressRow>,
    /// The door of this device's latest visit here, while it can be taken back from the list.
    pub last: Option<DoorRow>,
}

/// The door where the hand is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Hand {
    /// The place of its address in walking order.
    pub place: u32,
    /// The door.
    pub door: DoorRow,
}

/// One address with a door that is sought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AddressRow {
    /// Its id.
    pub address_id: String,
    /// Its address: number and street.
    pub address: String,
    /// The house number with its repetition, for instance `12 bis`.
    pub number: String,
    /// Its doors.
    pub doors: u32,
    /// How many of them were visited.
    pub visited: u32,
    /// At how many of them somebody asked to come back.
    pub come_back: u32,
    /// Its door, where it has one and no more.
    pub door: Option<DoorRow>,
}

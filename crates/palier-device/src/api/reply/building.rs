//! One building, as a screen shows it.

use palier_core::building::Way;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::DoorRow;

/// One building: stairs, floors and doors in walking order, with what came of each.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BuildingView {
    /// The turf.
    pub turf: String,
    /// Its address's id.
    pub address_id: String,
    /// Its address: number and street.
    pub address: String,
    /// How one gets in, where somebody noted it.
    pub access: Option<AccessRow>,
    /// Its doors; none until it is described.
    pub stairs: Vec<StairRow>,
    /// The address as one door, until it is described.
    pub plain: Option<DoorRow>,
    /// Doors with a visit that are doors no more: taken out, or the address itself.
    pub left: Vec<DoorRow>,
    /// How many doors are described.
    pub doors: u32,
    /// How many of them were visited.
    pub visited: u32,
    /// Doors that what was asked has added or taken out.
    pub changed: Vec<String>,
    /// The next door to visit at another address, in walking order, once nothing is left to
    /// visit here.
    pub next: Option<NextStop>,
}

/// One stair.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StairRow {
    /// As the team calls it; empty where there is one.
    pub stair: String,
    /// Its floors, from the top down.
    pub floors: Vec<FloorRow>,
}

/// One landing.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FloorRow {
    /// 0 is the ground.
    pub floor: i16,
    /// What it is called; empty where it is called by its floor.
    pub landing: String,
    /// Its doors.
    pub doors: Vec<DoorRow>,
}

/// How one gets into a building. It does not print: a code stays in the team.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AccessRow {
    /// In which way.
    pub way: Way,
    /// The code, until it ends.
    pub code: Option<String>,
    /// When the code ends, or ended, RFC 3339.
    pub ends: Option<String>,
}

/// The next address with a door to visit.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NextStop {
    /// The address's id.
    pub address_id: String,
    /// Number and street.
    pub address: String,
    /// The door.
    pub door: String,
    /// Whether it is a door of a building that is described.
    pub described: bool,
}

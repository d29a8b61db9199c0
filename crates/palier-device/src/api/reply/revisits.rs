//! Doors to come back to, as a screen shows them.

use palier_core::{come_back::Due, open_rate::Housing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::DoorRow;

/// One door to come back to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Revisit {
    /// Its turf's id.
    pub turf: String,
    /// What its turf is called.
    pub turf_name: String,
    /// How soon it is to be seen again.
    pub due: Due,
    /// The door, with the visit that asked for another one.
    pub door: DoorRow,
}

/// How often doors opened to the team at one hour.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OpenHour {
    /// Of which kind of building.
    pub housing: Housing,
    /// From this full hour on the campaign's clock to the next one.
    pub hour: u32,
    /// Knocks that found somebody or nobody.
    pub knocked: u32,
    /// How many of a hundred found somebody.
    pub seen: u8,
    /// The low end of the interval that holds the true share 95 times in a hundred, percent.
    pub low: u8,
    /// Its high end.
    pub high: u8,
}

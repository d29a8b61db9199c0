//! Turfs, doors and outings, as a screen shows them.

use palier_core::{outcome::Outcome, territory::StreetSide};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One turf.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TurfRow {
    /// Its id.
    pub turf: String,
    /// What it is called.
    pub name: String,
    /// Its team's id.
    pub team: String,
    /// Its team's name.
    pub team_name: String,
    /// The station it covers, where it covers one.
    pub station: Option<String>,
    /// How many doors it has.
    pub doors: u32,
    /// How many of them were visited.
    pub visited: u32,
    /// How many of them opened (spoke, refused, come back, do not contact).
    pub opened: u32,
    /// This device's open outing there.
    pub shift: Option<String>,
    /// When that outing was opened, RFC 3339.
    pub shift_since: Option<String>,
}

/// One line of a sheet of paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SheetLine {
    /// The short code that stands on it.
    pub code: String,
    /// On which side of its street.
    pub side: StreetSide,
    /// The door.
    pub door: DoorRow,
}

/// One door, with its latest visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DoorRow {
    /// Its id.
    pub door: String,
    /// Its address's id.
    pub address_id: String,
    /// Its address: number and street.
    pub address: String,
    /// The street alone.
    pub street: String,
    /// The house number with its repetition, for instance `12 bis`.
    pub number: String,
    /// The polling station of its address.
    pub station: Option<String>,
    /// Its stair, empty until the building is described.
    pub stair: String,
    /// Its floor, absent until the building is described.
    pub floor: Option<i16>,
    /// Its label on the landing, empty until the building is described.
    pub label: String,
    /// What its landing is called; empty where it is called by its floor.
    pub landing: String,
    /// Outcome of its latest visit.
    pub state: Option<Outcome>,
    /// Its latest visit.
    pub last_visit: Option<LastVisit>,
    /// Longitude, degrees, WGS 84.
    pub lon: f64,
    /// Latitude, degrees, WGS 84.
    pub lat: f64,
}

/// The latest visit at a door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LastVisit {
    /// Its id.
    pub visit: String,
    /// When it was, RFC 3339.
    pub at: String,
    /// The pseudonym of who knocked.
    pub by: String,
    /// Whether it was this device.
    pub mine: bool,
    /// Whether a leaflet was left.
    pub leaflet: bool,
    /// When to come back, `2026-11-28` or `2026-11-28 18-20`, where somebody said so.
    pub back: Option<String>,
    /// How far it has travelled.
    pub sending: Sending,
}

/// One visit at a door, among its latest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PastVisit {
    /// What came of it.
    pub outcome: Outcome,
    /// When it was, RFC 3339.
    pub at: String,
    /// The pseudonym of who knocked.
    pub by: String,
    /// Whether it was this device.
    pub mine: bool,
    /// Whether a leaflet was left.
    pub leaflet: bool,
}

/// How far a record has travelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Sending {
    /// On this device's disk.
    Saved,
    /// In an envelope, ready to go.
    Queued,
    /// The relay has it.
    Sent,
    /// The relay refused it.
    Refused,
}

/// What a closed outing held.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ShiftSummary {
    /// The outing.
    pub shift: String,
    /// Knocks.
    pub knocked: u32,
    /// Doors where it knocked.
    pub doors: u32,
    /// Knocks that somebody opened to.
    pub opened: u32,
    /// Conversations.
    pub spoke: u32,
    /// Leaflets left.
    pub leaflets: u32,
    /// Minutes from its opening to its close.
    pub minutes: u32,
}

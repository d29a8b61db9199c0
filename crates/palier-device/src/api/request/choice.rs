//! What a request chooses among, and what it seeks or marks.

use palier_core::{round::Boxes, walk::Show};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What became of the letter boxes of one building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Mark {
    /// The address.
    pub address: String,
    /// What became of them; `todo` takes back what this device noted.
    pub boxes: Boxes,
}

/// A part of a base map, a file in the `PMTiles` layout.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PackPart {
    /// The file's name.
    pub file: String,
    /// Where in the file it begins, in bytes.
    #[ts(type = "number")]
    pub at: u64,
    /// Its bytes, in base64.
    pub content: String,
    /// Whether it is the last one.
    pub last: bool,
}

/// What is sought in a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Find {
    /// Words that each begin a number, a word of a street, a stair or a label; empty for all.
    pub query: String,
    /// Doors in this state.
    pub show: Show,
}

/// Who lets people into a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Policy {
    /// The link is enough, until the team is full.
    Open,
    /// A lead accepts each request.
    Approved,
}

/// What a file of reference data holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Subject {
    /// Perimeters of polling stations.
    Stations,
    /// Addresses.
    Addresses,
    /// Results of past ballots.
    Results,
}

/// How totals are grouped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Grouping {
    /// One row a polling station.
    Station,
    /// One row a day of the campaign.
    Day,
    /// One row a team.
    Team,
}

/// What an export holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportWhat {
    /// Every visit that this device knows.
    Visits,
    /// Totals by station.
    Totals,
    /// Stations with their perimeters.
    Stations,
    /// What this device holds about its owner, and what they wrote.
    Mine,
}

/// The kind of file of an export.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportFormat {
    /// Comma-separated values, UTF-8, one header line.
    Csv,
    /// A JSON array.
    Json,
    /// A GeoJSON feature collection.
    Geojson,
}

//! Reference data, as a screen shows it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    api::request::Subject,
    import::{BadRow, Note},
};

/// What an importer understood of a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ImportReport {
    /// What the file was read as.
    pub subject: Subject,
    /// The layout that was recognised, for instance `ban-csv`.
    pub format: String,
    /// The encoding that was recognised, for instance `utf-8`.
    pub encoding: String,
    /// Rows or features in the file.
    pub rows: u32,
    /// Rows that are kept.
    pub accepted: u32,
    /// Every row that is not, with its line and the reason.
    pub rejected: Vec<RejectedRow>,
    /// What a reader should know, one line each.
    pub notes: Vec<Note>,
    /// Ballots that were found, for results.
    pub ballots: Vec<String>,
    /// Addresses that stand in no perimeter.
    pub in_no_perimeter: Vec<String>,
    /// Addresses that stand in two perimeters or more.
    pub in_many_perimeters: Vec<String>,
    /// Whether nothing was kept because this was only a trial.
    pub dry_run: bool,
}

/// One row of a file that was not understood.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RejectedRow {
    /// Line in the file, from 1; for GeoJSON and JSON, number of the feature, from 1.
    pub line: u32,
    /// Why.
    pub reason: BadRow,
}

/// One polling station.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StationRow {
    /// Its code.
    pub station: String,
    /// Its name, empty where the file had none.
    pub name: String,
    /// Registered voters at the latest ballot known.
    pub registered: Option<u32>,
    /// Addresses in its perimeter.
    pub addresses: u32,
    /// Doors in its perimeter.
    pub doors: u32,
    /// Past ballots, oldest first.
    pub history: Vec<PastBallot>,
}

/// One past ballot at one station.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PastBallot {
    /// Name of the ballot, for instance `2017_legi_t1`.
    pub ballot: String,
    /// Registered voters; absent where the file gives none.
    pub registered: Option<u32>,
    /// Ballots cast; absent where the file gives none.
    pub votes: Option<u32>,
}

/// What a map shows.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MapView {
    /// Perimeters: a GeoJSON feature collection; properties `station`, `name`, `in_turf`.
    #[ts(type = "unknown")]
    pub perimeters: Value,
    /// Sides of streets: a GeoJSON feature collection of lines; property `street`.
    #[ts(type = "unknown")]
    pub streets: Value,
    /// Doors: a GeoJSON feature collection of points; properties `door`, `address`, `state`.
    #[ts(type = "unknown")]
    pub doors: Value,
    /// West, south, east, north of what matters, degrees.
    pub bounds: Option<[f64; 4]>,
    /// The base map that lies under it, where this device has one.
    pub pack: Option<PackRow>,
    /// The name of a base map that was set aside, where none lies under it now.
    pub damaged: Option<String>,
}

/// Where a base map stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PackState {
    /// On this device.
    Here,
    /// On this device, and harmed since it came: it is not used.
    Damaged,
    /// On the relay: the campaign offers it.
    Offered,
}

/// One base map of this device, or one that the campaign offers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PackRow {
    /// SHA-256 of its bytes, hexadecimal.
    pub pack: String,
    /// Its name, after its file.
    pub name: String,
    /// How large it is.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Where it stands.
    pub state: PackState,
    /// How much of it has come from the relay so far, in bytes.
    #[ts(type = "number")]
    pub arrived: u64,
    /// Whether the campaign offers it.
    pub shared: bool,
    /// West, south, east, north, degrees; absent where it is not here, or was harmed since.
    pub bounds: Option<[f64; 4]>,
    /// The first zoom that it has.
    pub min_zoom: u8,
    /// The last zoom that it has.
    pub max_zoom: u8,
    /// Whom its data is owed to: to be shown on the map.
    pub credit: String,
}

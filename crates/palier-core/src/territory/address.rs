//! Addresses.

use serde::{Deserialize, Serialize};

use super::code::StationId;

/// A place that has a number in a street.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Address {
    /// Its key in the file it came from: the BAN's `id`, the BAL's `cle_interop`.
    pub id: String,
    /// The house number with its repetition, for instance `12 bis`.
    pub number: String,
    /// The street.
    pub street: String,
    /// The postcode, empty where the file has none.
    pub postcode: String,
    /// The commune's name, empty where the file has none.
    pub commune: String,
    /// The commune's five-character code, where the file names it.
    pub commune_code: Option<String>,
    /// Longitude, degrees, WGS 84.
    pub lon: f64,
    /// Latitude, degrees, WGS 84.
    pub lat: f64,
    /// The station in whose perimeter it stands; none where there is no such perimeter, or more
    /// than one.
    pub station: Option<StationId>,
    /// How many doors it has: one until its building is described.
    pub doors: u32,
}

impl Address {
    /// Number and street, as people write them.
    #[must_use]
    pub fn label(&self) -> String {
        if self.number.is_empty() {
            self.street.clone()
        } else {
            format!("{} {}", self.number, self.street)
        }
    }
}

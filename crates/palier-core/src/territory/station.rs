//! Polling stations.

use serde::{Deserialize, Serialize};

use super::code::{StationCode, StationId};

/// Polygons of rings of `[longitude, latitude]` in degrees (WGS 84), as in a GeoJSON
/// `MultiPolygon`: in each polygon the first ring is the outside, the others are holes, and the
/// first point of a ring comes again at its end (RFC 7946, section 3.1.6).
pub type Perimeter = Vec<Vec<Vec<[f64; 2]>>>;

/// A polling station and the perimeter whose residents vote there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Station {
    /// What it is keyed by.
    pub id: StationId,
    /// Its code within the commune.
    pub code: StationCode,
    /// The commune's five-character code, where the file names it.
    pub commune: Option<String>,
    /// Its name, empty where the file has none.
    pub name: String,
    /// Where its voters live.
    pub perimeter: Perimeter,
}

impl Station {
    /// A station whose id follows from its commune and code.
    #[must_use]
    pub fn new(
        commune: Option<String>,
        code: StationCode,
        name: String,
        perimeter: Perimeter,
    ) -> Self {
        Self {
            id: StationId::new(commune.as_deref(), &code),
            code,
            commune,
            name,
            perimeter,
        }
    }
}

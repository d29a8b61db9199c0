//! Leaflet rounds, as a screen shows them.

use palier_core::{round::Boxes, territory::StreetSide};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One leaflet round, with how far it is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoundRow {
    /// Its id.
    pub round: String,
    /// What it is called.
    pub name: String,
    /// Its turf's id.
    pub turf: String,
    /// Its turf's name.
    pub turf_name: String,
    /// When it was made, RFC 3339.
    pub made: String,
    /// Its block faces.
    pub faces: u32,
    /// Those of them where nothing is to do any more.
    pub faces_done: u32,
    /// Its letter boxes.
    pub boxes: u32,
    /// Those that have their leaflets.
    pub done: u32,
    /// Those that could not be reached.
    pub unreached: u32,
    /// Those that are to do.
    pub todo: u32,
}

impl RoundRow {
    /// Counts one face: how many letter boxes each building has, and what became of them.
    pub(crate) fn add(&mut self, face: impl Iterator<Item = (u32, Boxes)>) {
        let mut done = true;
        for (count, boxes) in face {
            done &= boxes != Boxes::Todo;
            self.boxes += count;
            *match boxes {
                Boxes::Done => &mut self.done,
                Boxes::Unreached => &mut self.unreached,
                Boxes::Todo => &mut self.todo,
            } += count;
        }
        self.faces += 1;
        self.faces_done += u32::from(done);
    }
}

/// One leaflet round with its block faces.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RoundView {
    /// How far it is.
    pub round: RoundRow,
    /// In the order in which they are walked.
    pub faces: Vec<FaceRow>,
}

/// One side of one street between two crossings.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FaceRow {
    /// The street.
    pub street: String,
    /// Which side of it.
    pub side: StreetSide,
    /// In the order in which they are passed.
    pub buildings: Vec<LetterBoxes>,
}

/// The letter boxes of one building.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LetterBoxes {
    /// Its address's id.
    pub address_id: String,
    /// Number and street.
    pub address: String,
    /// The house number with its repetition.
    pub number: String,
    /// How many there are: one for each door that is known.
    pub count: u32,
    /// What became of them.
    pub boxes: Boxes,
    /// The pseudonym of who noted it; absent where it was this device, or nobody.
    pub by: Option<String>,
    /// What this device itself noted: taking it back changes nothing of a teammate's.
    pub mine: Boxes,
    /// How one gets in, where it was noted: one of five words.
    pub access: Option<String>,
    /// The code of the entrance, while it holds.
    pub code: Option<String>,
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
}

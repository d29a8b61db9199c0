//! What the position of an address points at.

use crate::import::table::fold;

/// What a position points at, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Position {
    Entrance,
    Other,
}

impl Position {
    pub(super) fn of(text: &str) -> Self {
        match fold(text).as_str() {
            "entree" | "entrance" => Self::Entrance,
            _ => Self::Other,
        }
    }
}

/// Whether a further position takes the place of the one kept so far.
pub(super) fn better(new: Position, kept: Position) -> bool {
    new == Position::Entrance && kept != Position::Entrance
}

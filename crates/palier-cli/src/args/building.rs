//! Commands about one building.

use clap::{Args, Subcommand};
use palier_core::building::Way;

#[derive(Debug, Subcommand)]
pub(crate) enum Building {
    /// Read a building: stairs, floors and doors with what came of each, and what comes next
    Show(Place),
    /// Describe a building in one breath
    Describe(Describe),
    /// Add doors
    Add(Doors),
    /// Take doors out that are wrong; visits there are kept
    Remove(Doors),
    /// Call a door, or a landing, otherwise
    Rename {
        /// The turf, by id or name
        #[arg(long)]
        turf: String,
        /// The door, or the landing: ADDRESS/STAIR/FLOOR
        #[arg(value_name = "PLACE")]
        place: String,
        /// What it is called; what it was called first where absent
        #[arg(default_value = "")]
        name: String,
    },
    /// Note how one gets in; never a word about who lives there
    Access(Access),
    /// List the latest visits at a door
    Visits {
        /// The door
        door: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The turf, by id or name
    #[arg(long)]
    pub(crate) turf: String,
    /// The address
    #[arg(long, value_name = "ID")]
    pub(crate) address: String,
}

#[derive(Debug, Args)]
pub(crate) struct Doors {
    /// The turf, by id or name
    #[arg(long)]
    pub(crate) turf: String,
    /// ADDRESS/STAIR/FLOOR/LABEL; to add, the first number that is free where LABEL is empty
    #[arg(required = true, value_name = "DOOR")]
    pub(crate) doors: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Describe {
    #[command(flatten)]
    pub(crate) place: Place,
    /// What its stairs are called; one without a name where absent
    #[arg(long, value_name = "A,B…", value_delimiter = ',')]
    pub(crate) stairs: Vec<String>,
    /// Its floors, LOWEST..HIGHEST, 0 is the ground
    #[arg(long, value_name = "0..7", value_parser = floors, allow_hyphen_values = true)]
    pub(crate) floors: (i16, i16),
    /// Doors on a landing
    #[arg(long, value_name = "N")]
    pub(crate) doors: u8,
    /// Doors on the ground floor, where there are others
    #[arg(long, value_name = "N")]
    pub(crate) ground: Option<u8>,
}

#[derive(Debug, Args)]
pub(crate) struct Access {
    #[command(flatten)]
    pub(crate) place: Place,
    /// open, code, badge, caretaker or locked
    #[arg(long)]
    pub(crate) way: Way,
    /// The code
    #[arg(long)]
    pub(crate) code: Option<String>,
    /// When the code ends, RFC 3339; in thirty days where absent
    #[arg(long, value_name = "RFC3339", requires = "code")]
    pub(crate) ends: Option<String>,
}

/// `0..7`, or one floor.
fn floors(text: &str) -> Result<(i16, i16), String> {
    let (lowest, highest) = text.split_once("..").unwrap_or((text, text));
    let floor = |text: &str| {
        text.trim()
            .parse()
            .map_err(|_reason| "floors are LOWEST..HIGHEST, for instance 0..7".to_owned())
    };
    Ok((floor(lowest)?, floor(highest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floors_read_as_they_are_said() {
        for (text, expected) in [("0..7", (0, 7)), ("-1..3", (-1, 3)), ("2", (2, 2))] {
            assert_eq!(floors(text), Ok(expected), "{text}");
        }
        for text in ["", "0-7", "a..b", "0..7..8"] {
            assert!(floors(text).is_err(), "{text}");
        }
    }
}

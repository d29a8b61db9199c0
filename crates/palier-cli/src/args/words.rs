//! Words of the command line that stand for words of the device.

use clap::ValueEnum;
use palier_device::api::request::{ExportFormat, ExportWhat, Grouping, Policy, Subject};

/// A word of the command line for each word of the device.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident for $meant:ident { $($(#[$word_doc:meta])* $word:ident),+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
        pub(crate) enum $name {
            $($(#[$word_doc])* $word),+
        }

        impl From<$name> for $meant {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$word => Self::$word),+
                }
            }
        }
    };
}

words! {
    /// What a file of reference data holds.
    Imported for Subject {
        /// Perimeters of polling stations
        Stations,
        /// Addresses
        Addresses,
        /// Results of past ballots
        Results
    }
}

words! {
    /// Who lets people into a team.
    Let for Policy {
        /// The link is enough, until the team is full
        Open,
        /// A lead accepts each request
        Approved
    }
}

words! {
    /// How totals are grouped.
    By for Grouping {
        /// One row a polling station
        Station,
        /// One row a day
        Day,
        /// One row a team
        Team
    }
}

words! {
    /// What an export holds.
    Exported for ExportWhat {
        /// Every visit that this device knows
        Visits,
        /// Totals by station
        Totals,
        /// Stations with their perimeters
        Stations,
        /// What this device holds about you, and what you wrote
        Mine
    }
}

words! {
    /// The kind of file of an export.
    ExportAs for ExportFormat {
        /// Comma-separated values
        Csv,
        /// A JSON array
        Json,
        /// A GeoJSON feature collection
        Geojson
    }
}

/// Who of the demonstration's cast this device is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum DemoRole {
    /// The lead of the first team
    Lead,
    /// A volunteer of the first team
    Volunteer,
    /// The organiser
    Organiser,
}

/// The colours of a campaign, in the order of the palette.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Paint {
    Teal,
    Blue,
    Violet,
    Plum,
    Ochre,
    Slate,
}

impl Paint {
    /// Its number in the palette.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Teal => 1,
            Self::Blue => 2,
            Self::Violet => 3,
            Self::Plum => 4,
            Self::Ochre => 5,
            Self::Slate => 6,
        }
    }
}

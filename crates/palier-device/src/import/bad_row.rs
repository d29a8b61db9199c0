//! Why a row of a file is not kept, each with what its line in the interface is given.

use std::borrow::Cow;

use palier_core::territory::{CodeError, PerimeterError};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a value of a row is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Column {
    /// The number of a house.
    #[error("the number")]
    ColumnNumber,
    /// What follows the number, `bis`.
    #[error("the repetition")]
    ColumnRepetition,
    /// The street's name.
    #[error("the street")]
    ColumnStreet,
    /// The postcode.
    #[error("the postcode")]
    ColumnPostcode,
    /// The commune's name.
    #[error("the commune")]
    ColumnCommune,
    /// The key of an address.
    #[error("the key")]
    ColumnKey,
    /// The longitude.
    #[error("the longitude")]
    ColumnLongitude,
    /// The latitude.
    #[error("the latitude")]
    ColumnLatitude,
    /// The station's code.
    #[error("the station code")]
    ColumnStation,
    /// Ballots and abstentions, of which one is needed.
    #[error("votants and abstentions")]
    ColumnVotes,
    /// The year of a ballot.
    #[error("the year")]
    ColumnYear,
    /// The round of a ballot.
    #[error("the round")]
    ColumnRound,
    /// How many lists stood.
    #[error("the number of lists")]
    ColumnLists,
    /// A column, as its header calls it.
    #[error("{title}")]
    ColumnTitled {
        /// The header's word.
        #[ts(type = "string")]
        title: Cow<'static, str>,
    },
}

impl Column {
    pub(super) const fn titled(title: &'static str) -> Self {
        Self::ColumnTitled {
            title: Cow::Borrowed(title),
        }
    }
}

/// A polling station as a file names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum NamedStation {
    /// By its code alone.
    #[error("{station}")]
    #[serde(rename = "station_alone")]
    Alone {
        /// The code.
        station: String,
    },
    /// By its code and its commune.
    #[error("{station} of commune {commune}")]
    #[serde(rename = "station_of_commune")]
    OfCommune {
        /// The code.
        station: String,
        /// The commune's code.
        commune: String,
    },
}

/// Why a row of a file is not kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum BadRow {
    /// It has more fields than the header, or fewer.
    #[error("{found} fields where the header has {wanted}: cut, or a separator too many")]
    Fields {
        /// How many it has.
        found: usize,
        /// How many the header has.
        wanted: usize,
    },
    /// A value is not there.
    #[error("no value for {column}")]
    MissingValue {
        /// Which.
        column: Column,
    },
    /// A value is no whole number.
    #[error("{column} is not a whole number")]
    NotWholeNumber {
        /// Which.
        column: Column,
    },
    /// A value is no number.
    #[error("{column} is not a number")]
    NotANumber {
        /// Which.
        column: Column,
    },
    /// A number is too large.
    #[error("{column} is too large")]
    NumberTooLarge {
        /// Which.
        column: Column,
    },
    /// A text holds bytes that the encoding has not.
    #[error("{column} holds bytes that are no letters")]
    NotLetters {
        /// Which.
        column: Column,
    },
    /// A text holds what no line does.
    #[error("{column} holds a control character or a line break")]
    ControlSign {
        /// Which.
        column: Column,
    },
    /// A text is too long.
    #[error("{column} is longer than {most} characters")]
    TextTooLong {
        /// Which.
        column: Column,
        /// How long it may be, characters.
        most: usize,
    },
    /// A point is nowhere on Earth.
    #[error("longitude or latitude is out of range; are these metres?")]
    Metres,
    /// The number stands for a hamlet.
    #[error("number 99999 stands for a hamlet without doors")]
    Hamlet,
    /// No house has such a number.
    #[error("the number is over {most}")]
    NumberOver {
        /// The highest.
        most: u32,
    },
    /// An address comes a second time.
    #[error("address {address} is there twice")]
    AddressTwice {
        /// Its key.
        address: String,
    },
    /// A station comes a second time.
    #[error("polling station {station} is there twice")]
    StationTwice {
        /// Its id.
        station: String,
    },
    /// A result comes a second time.
    #[error("polling station {station} is there twice for {ballot}")]
    ResultTwice {
        /// The station's code or id.
        station: String,
        /// The ballot's name.
        ballot: String,
    },
    /// No station is so called.
    #[error("no polling station {station} is known")]
    NoStation {
        /// As the file names it.
        station: NamedStation,
    },
    /// The perimeters name no commune, and the file has several.
    #[error(
        "polling station {station} cannot be told apart: the file has {communes} communes and the perimeters name none"
    )]
    StationOfWhere {
        /// As the file names it.
        station: NamedStation,
        /// How many communes the file has.
        communes: usize,
    },
    /// The perimeters name communes, and the file none.
    #[error("polling station {station} is in several communes, and the file names none")]
    StationOfSeveral {
        /// As the file names it.
        station: NamedStation,
    },
    /// A commune's code is none.
    #[error("the commune's code is not understood")]
    CommuneCode,
    /// Another row stands among municipal results.
    #[error("not an MN row")]
    NotMn,
    /// A row of municipal results is cut.
    #[error("the number of fields does not fit the number of lists: cut")]
    ListsCut,
    /// A row of municipal results does not say of which ballot it is.
    #[error("no year or round")]
    NoYearOrRound,
    /// More votes than registered voters.
    #[error("more votes than registered voters")]
    MoreVotes,
    /// More abstentions than registered voters.
    #[error("more abstentions than registered voters")]
    MoreAbstentions,
    /// Counts that contradict each other.
    #[error("abstentions and votes do not add up to registered voters")]
    NotAddingUp,
    /// No count at all.
    #[error("neither registered voters nor votes")]
    NoCounts,
    /// A perimeter is not there.
    #[error("no perimeter")]
    NoPerimeter,
    /// Another geometry.
    #[error("the geometry is neither Polygon nor MultiPolygon")]
    OtherGeometry,
    /// Coordinates that are no rings.
    #[error("the perimeter is not made of rings of points")]
    NotRings,
    /// A point with one coordinate.
    #[error("a point of the perimeter lacks a coordinate")]
    HalfAPoint,
    /// A perimeter that cannot be trusted.
    #[error("polling station {station}: {fault}")]
    Perimeter {
        /// Its id.
        station: String,
        /// What is wrong with it.
        fault: PerimeterError,
    },
    /// A text is no station code.
    #[error(transparent)]
    #[serde(untagged)]
    StationCode(#[from] CodeError),
}

//! Why a file is not read at all, each with what its line in the interface is given.

use palier_core::territory::PackError;
use serde::Serialize;
use ts_rs::TS;

use super::Column;

/// Why a file is not read at all, in words for the person who chose it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export, rename = "BadFile")]
pub enum ImportError {
    /// It holds nothing.
    #[error("the file is empty")]
    FileEmpty,
    /// It is larger than [`MAX_FILE_BYTES`](super::MAX_FILE_BYTES).
    #[error("the file is larger than {most_mib} MiB")]
    FileTooLarge {
        /// How large it may be.
        most_mib: usize,
    },
    /// It is no text.
    #[error("the file is not text; it looks like {looks}")]
    NotText {
        /// What it looks like.
        looks: Looks,
    },
    /// It is text, but not what was asked for.
    #[error("these are not {wanted}; the file looks like {looks}")]
    OtherSubject {
        /// What was asked for.
        wanted: Wanted,
        /// What it looks like.
        looks: Looks,
    },
    /// It has columns, but not those that are needed.
    #[error("the file looks like {looks} but lacks {column}")]
    MissingColumn {
        /// What it looks like.
        looks: Looks,
        /// What is missing.
        column: Column,
    },
    /// It has a header and nothing else.
    #[error("the file has no row")]
    NoRow,
    /// A quote is opened and never closed.
    #[error("line {line}: a quote is opened and never closed; the file is cut or damaged")]
    OpenQuote {
        /// Where the row begins, from 1.
        line: u32,
    },
    /// It begins as JSON and ends too early.
    #[error("line {line}: the file is JSON that is cut before its end")]
    JsonCut {
        /// Where reading stopped, from 1.
        line: usize,
    },
    /// It begins as JSON and does not go on so.
    #[error("line {line}: the file is JSON that is damaged")]
    JsonDamaged {
        /// Where reading stopped, from 1.
        line: usize,
    },
    /// Its coordinates are in another system.
    #[error(
        "the coordinates are in {system}; longitudes and latitudes in degrees (WGS 84) are needed"
    )]
    OtherCoordinates {
        /// As the file calls it.
        system: String,
    },
    /// Results at points, with no station code to join them by.
    #[error(
        "these results are points without station codes: a point need not stand in the perimeter it counts for, so they are not joined to stations"
    )]
    PointsWithoutStations,
    /// Results came before the stations that they belong to.
    #[error("import the stations first: results belong to them")]
    StationsFirst,
    /// What was read cannot be made into a pack.
    #[error(transparent)]
    NotPacked(
        #[from]
        #[serde(skip)]
        PackError,
    ),
}

/// What a file was said to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code")]
#[ts(export)]
pub enum Wanted {
    /// Perimeters of polling stations.
    #[error("perimeters of polling stations")]
    #[serde(rename = "wanted_stations")]
    Stations,
    /// Addresses.
    #[error("addresses")]
    #[serde(rename = "wanted_addresses")]
    Addresses,
    /// Results of past ballots.
    #[error("results of past ballots")]
    #[serde(rename = "wanted_results")]
    Results,
}

/// What a file looks like.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Looks {
    /// Addresses of the Base adresse nationale.
    #[error("addresses (BAN)")]
    LooksBan,
    /// Addresses of a commune.
    #[error("addresses (BAL)")]
    LooksBal,
    /// Results in a table.
    #[error("results by polling station")]
    LooksResults,
    /// Results of a municipal ballot without a header.
    #[error("results by polling station (MN rows)")]
    LooksMn,
    /// Results at points.
    #[error("results at points")]
    LooksPoints,
    /// Shares of candidates.
    #[error("results by polling station (JSON)")]
    LooksShares,
    /// Perimeters.
    #[error("perimeters of polling stations (GeoJSON)")]
    LooksStations,
    /// Markup.
    #[error("a web page or another markup file (HTML, XML, OSM, KML)")]
    LooksMarkup,
    /// Results that no station can be found for.
    #[error("results without a station code")]
    LooksStationless,
    /// Another table.
    #[error("a table of another kind (columns {columns} …)")]
    LooksOtherTable {
        /// Its first columns.
        columns: String,
    },
    /// Prose, for instance.
    #[error("text without columns")]
    LooksProse,
    /// GeoJSON of other features.
    #[error("GeoJSON of another kind (a {geometry})")]
    LooksOtherFeatures {
        /// Their kind, `Point` for instance.
        geometry: String,
    },
    /// GeoJSON of features without geometry.
    #[error("GeoJSON of another kind (a feature without geometry)")]
    LooksShapeless,
    /// GeoJSON without a feature.
    #[error("GeoJSON without a feature")]
    LooksFeatureless,
    /// JSON of another kind.
    #[error("JSON of another kind")]
    LooksOtherJson,
    /// An archive, or a spreadsheet that is one.
    #[error("an archive or a spreadsheet (zip, xlsx, ods)")]
    LooksArchive,
    /// A compressed file.
    #[error("a compressed file (gzip, zstd)")]
    LooksCompressed,
    /// An old spreadsheet.
    #[error("an old spreadsheet (xls)")]
    LooksOldSpreadsheet,
    /// A PDF.
    #[error("a PDF")]
    LooksPdf,
    /// A database.
    #[error("a database (SQLite, GeoPackage)")]
    LooksDatabase,
    /// A Parquet table.
    #[error("a Parquet table")]
    LooksParquet,
    /// Bytes of another kind.
    #[error("a binary file")]
    LooksBinary,
}

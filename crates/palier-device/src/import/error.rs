//! Why a file is not read at all.

/// Why a file is not read at all, in words for the person who chose it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImportError {
    /// It holds nothing.
    #[error("the file is empty")]
    Empty,
    /// It is larger than [`MAX_FILE_BYTES`](super::MAX_FILE_BYTES).
    #[error("the file is larger than {} MiB", super::MAX_FILE_BYTES >> 20)]
    TooLarge,
    /// It is no text.
    #[error("the file is not text; it looks like {0}")]
    NotText(&'static str),
    /// It is text, but not what was asked for.
    #[error("these are not {expected}; the file looks like {looks}")]
    OtherSubject {
        /// What was asked for.
        expected: &'static str,
        /// What it looks like.
        looks: String,
    },
    /// It has columns, but not those that are needed.
    #[error("the file looks like {looks} but lacks {missing}")]
    MissingColumn {
        /// What it looks like.
        looks: &'static str,
        /// What is missing.
        missing: &'static str,
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
    /// It begins as JSON and does not go on so.
    #[error("line {line}: the file is JSON that is {}", if *.cut { "cut before its end" } else { "damaged" })]
    Json {
        /// Where reading stopped, from 1.
        line: usize,
        /// Whether the end came too early.
        cut: bool,
    },
    /// Its coordinates are in another system.
    #[error("the coordinates are in {0}; longitudes and latitudes in degrees (WGS 84) are needed")]
    OtherCoordinates(String),
    /// Results at points, with no station code to join them by.
    #[error(
        "these results are points without station codes: a point need not stand in the perimeter it counts for, so they are not joined to stations"
    )]
    PointsWithoutStations,
}

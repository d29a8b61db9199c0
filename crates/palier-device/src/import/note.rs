//! What a reader of an import should know, each with what its line in the interface is given.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a reader of an import should know.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Note {
    /// Bytes that are no text.
    #[error("some bytes are not {encoding}")]
    Bytes {
        /// The encoding.
        #[ts(type = "string")]
        encoding: Cow<'static, str>,
    },
    /// The last line may be cut.
    #[error("the last line has no line end: check that the file is whole")]
    Unended,
    /// Ballots and signatures differ.
    #[error("stations whose ballots and signatures differ (ballots are kept as votes): {count}")]
    Unlike {
        /// At how many stations.
        count: u32,
    },
    /// The content does not name the ballot.
    #[error("the ballot is named after the file: {ballot}")]
    Ballot {
        /// Its name.
        ballot: String,
    },
    /// Shares, and no counts.
    #[error("the file gives shares only: neither registered voters nor votes")]
    SharesOnly,
    /// Votes were computed.
    #[error("votes are registered voters less abstentions")]
    VotesComputed,
    /// Further positions of one address.
    #[error("further positions of addresses (the entrance is kept, or else the first): {count}")]
    Further {
        /// How many.
        count: u32,
    },
    /// Addresses that people would write as another one.
    #[error("addresses with the number and street of another one under another key: {count}")]
    Alike {
        /// How many.
        count: usize,
    },
    /// Rows without a key.
    #[error("rows without a key (one is made of commune, street and number): {count}")]
    Keyless {
        /// How many.
        count: u32,
    },
    /// The layout has two numberings.
    #[error("the code is ASSOCIANT, which results carry; IDENTIFIANT is another numbering")]
    Numbering,
    /// Results of stations that are gone.
    #[error("{count} past results are of stations that are no longer there, and were left out")]
    ResultsGone {
        /// How many.
        count: usize,
    },
}

//! What ends a command with exit code 1.

use std::io;

/// Why a command did not do what it was asked. Its text is one line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The device refused or failed.
    #[error(transparent)]
    Device(#[from] palier_device::Error),
    /// A file cannot be read.
    #[error("{file} cannot be read: {reason}")]
    File {
        /// Its name, as it was given.
        file: String,
        /// Why.
        reason: io::Error,
    },
    /// A file cannot be written.
    #[error("{file} cannot be written: {reason}")]
    Unwritten {
        /// Its name, as it was given.
        file: String,
        /// Why.
        reason: io::Error,
    },
    /// Standard output is closed or full.
    #[error("the answer cannot be written: {0}")]
    Output(io::Error),
    /// The interface cannot be served.
    #[error("port {port} of this machine cannot be used: {reason}")]
    Port {
        /// Which.
        port: u16,
        /// Why.
        reason: io::Error,
    },
    /// The operating system refuses what every command needs.
    #[error("the system refuses: {0}")]
    System(io::Error),
    /// An answer cannot be put into words.
    #[error("the answer cannot be written as JSON")]
    Json,
    /// Something that was asked for makes no sense.
    #[error("{0}")]
    Said(String),
}

impl From<serde_json::Error> for Failure {
    fn from(_reason: serde_json::Error) -> Self {
        Self::Json
    }
}

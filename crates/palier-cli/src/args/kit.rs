//! Commands about kits.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Kit {
    /// Say everything that is wrong with a file, and publish nothing
    Check {
        /// The file, JSON
        file: PathBuf,
    },
    /// Publish a file as the next version: every device reads it, and none changes it
    Publish {
        /// The file, JSON
        file: PathBuf,
    },
    /// List the published versions
    List,
}

//! A disk in memory, and SQLite on it.

mod locks;
mod model;
mod vfs;

pub(crate) use model::{Disk, Harm};
pub(crate) use vfs::{Mounted, mount, unmount};

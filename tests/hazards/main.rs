//! Hazards: disks that fail, and networks, clocks and backups that do what they like. Every
//! store stands on a disk in memory, through a SQLite file system of ours.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a story that falls says where"
)]

mod carried;
#[expect(dead_code, reason = "the stories use the rest of it")]
#[path = "../support/chance.rs"]
mod chance;
mod disk;
mod faults;
mod relay;
mod simulation;
mod template;
mod town;

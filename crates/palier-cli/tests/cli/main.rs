//! The binary, as a script sees it: exit codes, and one JSON value on standard output.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that falls says where"
)]

mod bad_input;
mod buildings;
mod campaigns;
mod commands;
mod demo;
mod hand_to_hand;
mod home;
mod people;
mod renewal;
mod running;
mod serve;

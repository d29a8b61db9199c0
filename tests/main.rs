//! End-to-end stories: real stores, a real relay, no sleeps and no fixed ports.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a story that falls says where"
)]

mod support;

mod a_bad_day;
mod a_saturday;
mod answers;
mod base_maps;
mod buildings;
mod by_itself;
mod clocks;
mod coming_and_going;
mod election_day;
mod hand_to_hand;
mod hostile_relay;
mod joining;
mod kill;
mod leaflet_faces;
mod leaflets;
mod renewal;
mod restored;
mod the_rebuild;

//! End-to-end stories: real stores, a real relay, no sleeps and no fixed ports.

mod support;

mod a_bad_day;
mod a_saturday;
mod joining;
mod the_rebuild;

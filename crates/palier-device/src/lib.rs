//! A device without its window.

pub mod api;
pub mod import;

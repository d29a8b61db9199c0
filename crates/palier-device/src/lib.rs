//! A device without its window: its store, its sync, its importers, and [`api`].
//!
//! What a tap writes is on disk in one transaction before the tap is answered; nothing here
//! waits for a network before it answers, but the requests that are about the network.

pub mod api;
pub mod basemap;
pub mod clock;
pub mod device;
pub mod error;
pub mod import;
pub mod pairing;
pub mod reason;
mod relay;
pub mod shelf;
mod store;
pub mod sync;

pub use clock::Clock;
pub use device::Device;
pub use error::Error;
pub use relay::Carrier;
pub use shelf::Shelf;
pub use store::open::DatabaseKey;

//! The domain of Palier, without clock, files, sockets, threads or chance.
//!
//! Time, randomness and bytes come in as arguments; decisions come out. The relay uses the
//! wire, the validation and the open documents of this crate; a device uses all of it.

pub mod answers;
pub mod building;
pub mod bytes;
pub mod certificate;
pub mod code;
pub mod colour;
pub mod come_back;
pub mod demo;
pub mod document;
pub mod envelope;
pub mod face;
mod fold;
pub mod id;
pub mod invitation;
pub mod key;
pub mod kit;
pub mod moment;
pub mod open_rate;
pub mod outcome;
pub mod refusal;
pub mod request;
pub mod revocation;
pub mod rights;
pub mod round;
pub mod seal;
pub mod sheet;
pub mod tally;
pub mod team_key;
pub mod territory;
pub mod visit;
pub mod walk;
pub mod wire;

//! The domain of Palier, without clock, files, sockets, threads or chance.

pub mod demo;
pub mod outcome;
pub mod rights;
pub mod territory;

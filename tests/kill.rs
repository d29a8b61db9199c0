//! kill -9: a device that records and syncs, and a relay under load, killed again and again at
//! moments that a seed chooses. What was answered is there, once, after every life.
//!
//! A life is a process of its own: this test binary, started again for one test that is ignored
//! otherwise.

mod device;
mod door;
mod life;
mod relay;
mod store;

//! A session at which the disk is full, fails, or loses its power: at every single operation
//! that changes the disk. What was answered is there afterwards, what was not is not half
//! there, and the session goes on.

mod device;
mod evening;
mod picture;
mod points;
mod relay;
mod stage;

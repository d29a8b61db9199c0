//! One question in, one answer out: the whole of a device.

pub mod reply;
pub mod request;

pub use reply::Reply;
pub use request::Request;

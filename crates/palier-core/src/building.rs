//! Buildings: where their doors are, and how one gets in.

mod access;
mod place;
mod plan;

pub use access::{Access, AccessCode, NotACode, UnknownWay, Way};
pub use place::{
    DoorPlace, FLOORS, LandingPlace, MAX_LABEL, MAX_LANDING, MAX_STAIR, NotAPlace, is_name,
};
pub use plan::{BadPlan, MAX_PLANNED, Plan};

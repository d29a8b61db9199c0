//! The relay: keeps sealed envelopes in order, checks who may write what, and adds up the
//! open reports by polling station. It holds no key of a team and reads no sealed body.

mod accept;
mod admin;
mod auth;
mod config;
mod error;
mod incarnation;
mod limits;
mod metrics;
mod rebuild;
mod relay;
mod replay;
mod routes;
mod serve;
mod state;
mod store;
mod upkeep;
mod wakeups;

pub use admin::admin_router;
pub use config::{Config, NotAStore, StoreAt};
pub use error::{StartError, StoreError};
pub use incarnation::{begin_life, life};
pub use limits::{Limits, Patience, Rate};
pub use rebuild::{Rebuilt, rebuild};
pub use relay::Relay;
pub use routes::{router, routes};
pub use state::{AppState, Clock};
pub use store::postgres::{PostgresFault, PostgresUrl};
pub use upkeep::{
    CampaignStats, Checked, Copied, Problem, Receipt, SpaceStats, Stats, backup, check, purge,
    stats,
};

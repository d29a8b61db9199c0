//! What a relay is started with.

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use palier_core::id::CampaignId;

use crate::{limits::Limits, state::Clock, store::postgres::PostgresUrl};

/// What a relay is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where it keeps its store.
    pub store: StoreAt,
    /// The campaigns that it serves; any where empty.
    pub campaigns: Vec<CampaignId>,
    /// What tells the time.
    pub clock: Clock,
    /// Where metrics and readiness are asked for; nowhere by default.
    pub admin: Option<SocketAddr>,
    /// What one device may ask for, and what all of them may hold in memory.
    pub limits: Limits,
    /// How long it says that it is not ready before it takes no more requests, so that a proxy
    /// sends devices elsewhere first.
    pub drain: Duration,
}

impl Config {
    /// A relay for any campaign, by the machine's clock.
    #[must_use]
    pub fn new(listen: SocketAddr, store: StoreAt) -> Self {
        Self {
            listen,
            store,
            campaigns: Vec::new(),
            clock: Clock::machine(),
            admin: None,
            limits: Limits::default(),
            drain: Duration::ZERO,
        }
    }
}

/// Where a relay keeps its store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreAt {
    /// In one SQLite file, written `sqlite:PATH`.
    Sqlite(PathBuf),
    /// In a PostgreSQL database, written `postgres://USER@HOST/DATABASE`.
    Postgres(PostgresUrl),
}

/// A text that names no store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a store, for instance sqlite:/var/lib/palier/relay.db or postgres://HOST/DATABASE")]
pub struct NotAStore;

impl FromStr for StoreAt {
    type Err = NotAStore;

    fn from_str(text: &str) -> Result<Self, NotAStore> {
        if let Ok(url) = text.parse() {
            return Ok(Self::Postgres(url));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            _ => Err(NotAStore),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_named_by_its_kind_and_place() {
        let here = StoreAt::Sqlite("relay.db".into());
        assert_eq!("sqlite:relay.db".parse(), Ok(here));
        let there: Result<StoreAt, _> = "postgres://relay@db/relay".parse();
        assert!(matches!(there, Ok(StoreAt::Postgres(_))));
        for text in ["", "sqlite:", "postgres://", "relay.db", "mysql:relay"] {
            assert_eq!(text.parse::<StoreAt>(), Err(NotAStore), "{text}");
        }
    }
}

//! A PostgreSQL for the measure alone, set as `docs/running.md` says, as far as this machine
//! goes; and what an envelope costs there.

use std::cell::RefCell;

use anyhow::{Context, Result};
use palier_cluster::Cluster;
use palier_relay::StoreAt;
use serde_json::json;

use crate::print;

/// What differs from PostgreSQL as it is set up by itself. Everything durable stays on.
const SETTINGS: &[(&str, &str)] = &[
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("shared_buffers", "1GB"),
    ("max_wal_size", "8GB"),
    ("checkpoint_timeout", "15min"),
    ("wal_compression", "lz4"),
    ("autovacuum_naptime", "15s"),
];
/// Bytes of all tables with their indexes, and those written to the log of PostgreSQL so far.
const BYTES: &str = "SELECT sum(pg_total_relation_size(oid)), pg_current_wal_lsn() - '0/0'
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";

/// A cluster, gone with the measure.
pub(super) struct Temporary {
    cluster: Cluster,
    /// The newest database, and the log's bytes when it was made.
    newest: RefCell<(String, f64)>,
}

impl Temporary {
    pub(super) fn start() -> Result<Self> {
        Ok(Self {
            cluster: Cluster::start(SETTINGS)?,
            newest: RefCell::default(),
        })
    }

    /// An empty store.
    pub(super) fn store(&self) -> Result<StoreAt> {
        let url = self.cluster.database()?;
        let (_, name) = url.rsplit_once('/').context("no database")?;
        let (_, logged) = self.bytes(name)?;
        *self.newest.borrow_mut() = (name.to_owned(), logged);
        Ok(url.parse()?)
    }

    /// What each of the envelopes that went into the newest store costs.
    pub(super) fn report(&self, envelopes: usize) -> Result<()> {
        let (name, before) = &*self.newest.borrow();
        let (kept, logged) = self.bytes(name)?;
        let each = |bytes: f64| (bytes / envelopes as f64).round();
        print(&json!({
            "bench": "ingest",
            "store": "postgres",
            "bytes_per_envelope": each(kept),
            "wal_bytes_per_envelope": each(logged - before),
        }))
    }

    fn bytes(&self, database: &str) -> Result<(f64, f64)> {
        let found = self.cluster.primary().query(database, BYTES)?;
        let (kept, logged) = found.trim().split_once('|').context("no bytes")?;
        Ok((kept.parse().unwrap_or(0.0), logged.parse()?))
    }
}

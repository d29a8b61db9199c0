//! The words of the command line.

mod limits;

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use palier_core::id::CampaignId;
use palier_relay::{Config, StoreAt};

use self::limits::LimitArgs;

/// Keeps the sealed envelopes of a campaign in order, and adds up its reports.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Cli {
    /// How the log is written, on standard error. What is logged is set with RUST_LOG.
    #[arg(long, env = "PALIER_RELAY_LOG", value_enum, default_value_t = Log::Text, global = true)]
    pub(crate) log: Log,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How the log is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// Lines to read.
    Text,
    /// One JSON value a line.
    Json,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Listens until it is told to stop (SIGINT or SIGTERM).
    Serve(Box<Serve>),
    /// Makes totals, turnout, devices and invitations again from the log, and says whether
    /// anything differed. Stop the relay first.
    Rebuild(Place),
    /// Looks a store over: the log, its signatures, the lines of its devices, counters, packs,
    /// and everything that follows from the log. Changes nothing; the relay may run. Ends with 3
    /// where something is not as it should be.
    Check(Place),
    /// Copies a SQLite store into a new file, while the relay runs. Whoever serves the copy begins
    /// another life of the relay, and devices offer again what came after. For PostgreSQL, use
    /// its own tools: pg_basebackup, or pg_dump.
    Backup {
        /// What is copied.
        #[command(flatten)]
        place: Place,
        /// The new file.
        to: PathBuf,
    },
    /// Erases one campaign, and prints a receipt. Stop the relay first, and serve only the other
    /// campaigns afterwards: devices of an erased one would bring it back.
    Purge {
        /// Where it is erased.
        #[command(flatten)]
        place: Place,
        /// The campaign, by its root key in hexadecimal.
        #[arg(long, value_name = "HEX")]
        campaign: CampaignId,
    },
    /// Counts what stands in a store; the relay may run.
    Stats(Place),
    /// Prints the incarnation of the store, by which devices know it. After a restore from a
    /// backup begin another: devices then offer again everything that they hold.
    Incarnation {
        /// Where everything is kept.
        #[arg(long, env = "PALIER_RELAY_STORE", hide_env_values = true)]
        store: StoreAt,
        /// Begins another one. A relay that holds a SQLite file has to be stopped first.
        #[arg(long)]
        new: bool,
    },
}

/// A store, and how to speak about it.
#[derive(Args)]
pub(crate) struct Place {
    /// Where everything is kept.
    #[arg(long, env = "PALIER_RELAY_STORE", hide_env_values = true)]
    pub(crate) store: StoreAt,
    /// Prints one JSON value.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What a relay is started with.
#[derive(Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one. Elsewhere than on loopback, put a TLS proxy
    /// before it.
    #[arg(long, env = "PALIER_RELAY_LISTEN", default_value = "127.0.0.1:7531")]
    listen: SocketAddr,
    /// Where everything is kept, for instance sqlite:/var/lib/palier/relay.db or
    /// postgres://HOST/DATABASE. Where it holds a password, give it by the environment.
    #[arg(long, env = "PALIER_RELAY_STORE", hide_env_values = true)]
    store: StoreAt,
    /// Serves this campaign, by its root key in hexadecimal; may stand several times. Without
    /// it, any campaign.
    #[arg(long, value_name = "HEX")]
    campaign: Vec<CampaignId>,
    /// Where to answer /metrics, /live and /ready, for instance 127.0.0.1:7532. No device
    /// should reach it.
    #[arg(long, env = "PALIER_RELAY_ADMIN")]
    admin: Option<SocketAddr>,
    /// Seconds from saying that it is not ready to taking no more requests.
    #[arg(
        long,
        env = "PALIER_RELAY_DRAIN",
        value_name = "SECONDS",
        default_value_t = 0
    )]
    drain: u32,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Serve {
    pub(crate) fn config(self) -> Config {
        Config {
            campaigns: self.campaign,
            admin: self.admin,
            limits: self.limits.limits(),
            drain: std::time::Duration::from_secs(self.drain.into()),
            ..Config::new(self.listen, self.store)
        }
    }
}

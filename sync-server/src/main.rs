//! `palier-relay`: starts a relay, or makes its totals again from its log.

use std::{
    io::{self, Write},
    net::SocketAddr,
    process::ExitCode,
};

use anyhow::Context;
use clap::{Parser, Subcommand};
use palier_core::id::CampaignId;
use palier_relay::{Clock, Config, Relay, StoreAt, begin_life, life, rebuild};
use tracing_subscriber::EnvFilter;

/// Keeps the sealed envelopes of a campaign in order, and adds up its reports.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Listens until it is told to stop (SIGINT or SIGTERM).
    Serve {
        /// Where to listen; port 0 takes a free one. Elsewhere than on loopback, put a TLS
        /// proxy before it.
        #[arg(long, env = "PALIER_RELAY_LISTEN", default_value = "127.0.0.1:7531")]
        listen: SocketAddr,
        /// Where everything is kept, for instance sqlite:/var/lib/palier/relay.db or
        /// postgres://HOST/DATABASE. Where it holds a password, give it by the environment.
        #[arg(long, env = "PALIER_RELAY_STORE", hide_env_values = true)]
        store: StoreAt,
        /// Serves this campaign, by its root key in hexadecimal; may stand several times.
        /// Without it, any campaign.
        #[arg(long, value_name = "HEX")]
        campaign: Vec<CampaignId>,
    },
    /// Makes totals, turnout, devices and invitations again from the log, and says whether
    /// anything differed. Stop the relay first.
    Rebuild {
        /// Where everything is kept.
        #[arg(long, env = "PALIER_RELAY_STORE", hide_env_values = true)]
        store: StoreAt,
        /// Prints one JSON value.
        #[arg(long)]
        json: bool,
    },
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

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_unset| "info".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .init();
    match run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is gone, there is nobody left to tell.
            let _gone = writeln!(io::stderr(), "palier-relay: {error:#}").is_err();
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve {
            listen,
            store,
            campaign,
        } => {
            let config = Config {
                campaigns: campaign,
                ..Config::new(listen, store)
            };
            serve(config).await
        }
        Command::Incarnation { store, new } => {
            let clock = Clock::machine();
            let incarnation = if new {
                begin_life(&store, &clock).await?
            } else {
                life(&store, &clock).await?
            };
            say(&incarnation.to_string())
        }
        Command::Rebuild { store, json } => {
            let clock = Clock::machine();
            let rebuilt = tokio::task::spawn_blocking(move || rebuild(&store, &clock)).await??;
            if json {
                say(&serde_json::to_string(&rebuilt)?)
            } else if rebuilt.differed.is_empty() {
                say(&format!(
                    "{} envelopes; nothing differed",
                    rebuilt.envelopes
                ))
            } else {
                let differed = rebuilt.differed.join(", ");
                say(&format!(
                    "{} envelopes; made again: {differed}",
                    rebuilt.envelopes
                ))
            }
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Listening for signals comes first: who sees the line may send one at once.
    let told = told_to_stop()?;
    let relay = Relay::start(config).await?;
    say(&format!("palier-relay listens on {}", relay.url()))?;
    told.await;
    tracing::info!("stopping");
    relay.stop().await;
    Ok(())
}

#[cfg(unix)]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt()).context("cannot hear SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot hear SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where there is nothing to hear, the relay runs until it is ended.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

/// One line on standard output, at once.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .context("standard output is closed")
}

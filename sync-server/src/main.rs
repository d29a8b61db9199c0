//! `palier-relay`: starts a relay, or looks after its store.

mod args;
mod keeping;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use palier_relay::{Clock, Config, Relay, StoreError, begin_life, life};
use tracing_subscriber::EnvFilter;

use self::args::{Cli, Command, Log};

/// What a command ends with that is not for what it was given, as with words it does not know.
const MISUSE: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(cli.log);
    match run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            // When standard error is gone, there is nobody left to tell.
            let _gone = writeln!(io::stderr(), "palier-relay: {error:#}").is_err();
            match error.downcast_ref() {
                Some(StoreError::NoFile) => ExitCode::from(MISUSE),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

fn start_log(log: Log) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_unset| "info".into());
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    match log {
        Log::Text => lines.init(),
        Log::Json => lines.json().flatten_event(true).init(),
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(asked) => serve(asked.config()).await?,
        Command::Incarnation { store, new } => {
            let clock = Clock::machine();
            let incarnation = if new {
                begin_life(&store, &clock).await?
            } else {
                life(&store, &clock).await?
            };
            say(&incarnation.to_string())?;
        }
        command => return tokio::task::spawn_blocking(|| keeping::run(command)).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Listening for signals comes first: who sees the line may send one at once.
    let told = told_to_stop()?;
    allow_connections(config.limits.connections);
    let relay = Relay::start(config).await?;
    say(&format!("palier-relay listens on {}", relay.url()))?;
    if let Some(admin) = relay.admin_address() {
        say(&format!(
            "palier-relay answers its keeper on http://{admin}"
        ))?;
    }
    told.await;
    tracing::info!("stopping");
    relay.stop().await;
    Ok(())
}

/// A connection is an open file, and systems allow a process only a thousand at first.
#[cfg(unix)]
fn allow_connections(connections: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Files beside connections: the store, the listeners, the log.
    const OTHERS: u64 = 64;
    let wanted = (connections as u64).saturating_add(OTHERS);
    let now = getrlimit(Resource::Nofile);
    if now.current.is_none_or(|current| current >= wanted) {
        return;
    }
    let current = now.maximum.map_or(wanted, |most| wanted.min(most));
    let raised = Rlimit {
        current: Some(current),
        maximum: now.maximum,
    };
    if setrlimit(Resource::Nofile, raised).is_err() || current < wanted {
        tracing::warn!(
            wanted,
            allowed = current,
            "the system allows fewer open files than connections: raise LimitNOFILE"
        );
    }
}

#[cfg(not(unix))]
fn allow_connections(_connections: usize) {}

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

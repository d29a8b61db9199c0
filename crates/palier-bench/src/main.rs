//! Benchmarks: each prints JSON lines, one a size, so that growth shows.

mod campaign;
mod counted;
mod import;
mod ingest;
mod open;
mod processor;
mod record;
mod rounds;
mod steps;
mod storm;
mod sync;
mod wire;

use std::{io::Write, time::Duration};

use anyhow::Result;
use clap::{Parser, Subcommand};
use palier_relay::StoreAt;
use serde_json::Value;

/// Measures Palier on this machine. One JSON object a line.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Smaller sizes, to see that everything runs.
    #[arg(long, global = true)]
    quick: bool,
}

#[derive(Clone, Subcommand)]
enum What {
    /// From a tap to the disk, beside a bare commit of one row.
    Record,
    /// Opening a device with 5,000 doors and 15,000 visits, and listing its doors.
    Open,
    /// The list of leaflet rounds, one round, and a tap in it.
    Rounds,
    /// Bytes that a shift of 60 visits, and a sync with nothing new, put on the wire.
    Wire,
    /// Devices that record and push as they go, and a reader that ends with everything.
    Sync {
        /// Only this line of the growth table, from 1.
        #[arg(long)]
        line: Option<usize>,
    },
    /// Where a visit's time goes, step by step, on one thread and without a network.
    Steps,
    /// Envelopes straight into a relay, their signatures verified and its store durable.
    Ingest {
        /// Where the relay keeps them, for instance sqlite:/var/tmp/relay.db; a new file in a
        /// temporary folder for each size where none is named.
        #[arg(long)]
        store: Option<StoreAt>,
        /// Into a PostgreSQL that is started for the measure and gone after it.
        #[arg(long, conflicts_with = "store")]
        postgres: bool,
        /// Only this line of the growth table, from 1.
        #[arg(long)]
        line: Option<usize>,
    },
    /// Importing a real quarter of Paris.
    Import,
    /// Ten thousand devices that listen, while the relay is killed and started again.
    Storm(storm::Storm),
    /// The relay of a storm.
    #[command(hide = true)]
    ServeAStorm(storm::Serve),
    /// All of them.
    All,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if matches!(arguments.what, What::Sync { .. }) {
        // Two cores have a thousand devices to serve: a thread for each would measure threads.
        runtime.max_blocking_threads(16);
    }
    runtime.enable_all().build()?.block_on(run(arguments))
}

async fn run(Arguments { what, quick }: Arguments) -> Result<()> {
    match what {
        What::Record => record::run(),
        What::Open => open::run(),
        What::Rounds => rounds::run(),
        What::Wire => wire::run().await,
        What::Sync { line } => sync::run(quick, line).await,
        What::Steps => steps::run(),
        What::Ingest {
            store,
            postgres,
            line,
        } => ingest::run(store, postgres, line).await,
        What::Import => import::run(),
        What::Storm(storm) => storm::run(storm).await,
        What::ServeAStorm(asked) => storm::serve(asked).await,
        What::All => {
            record::run()?;
            open::run()?;
            rounds::run()?;
            wire::run().await?;
            steps::run()?;
            sync::run(quick, None).await?;
            storm::run(storm::Storm::default()).await?;
            ingest::run(None, false, None).await?;
            import::run()
        }
    }
}

/// Prints one figure.
fn print(figure: &Value) -> Result<()> {
    writeln!(std::io::stdout().lock(), "{figure}")?;
    Ok(())
}

fn millis(span: Duration) -> f64 {
    (span.as_secs_f64() * 1e6).round() / 1e3
}

/// The value below which a share of the spans lie; sorts them.
fn quantile(spans: &mut [Duration], share: f64) -> Duration {
    spans.sort_unstable();
    let last = spans.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list that fits in memory"
    )]
    let place = (last as f64 * share).round() as usize;
    spans.get(place).copied().unwrap_or_default()
}

//! Envelopes straight into a relay: what one relay takes in, its signatures verified and its
//! store durable. Devices sign everything before the clock starts, so that the rate is that of
//! the relay alone.

mod cluster;
mod senders;
mod written;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use palier_relay::{AppState, Config, Relay, StoreAt, router};
use serde_json::json;

use crate::{print, processor::of_program};

use senders::Way;
use written::Town;

/// How many pushes are under way at once.
const WRITERS: usize = 64;

/// One size of the measure.
#[derive(Clone, Copy)]
struct Size {
    devices: usize,
    /// Visits in one envelope.
    visits: usize,
    /// Envelopes in one push.
    together: usize,
    /// Envelopes in all.
    envelopes: usize,
}

const fn size(devices: usize, visits: usize, together: usize, envelopes: usize) -> Size {
    Size {
        devices,
        visits,
        together,
        envelopes,
    }
}

/// The growth table: pushes grow, then devices, then the envelopes themselves.
const SIZES: [Size; 8] = [
    size(120, 1, 1, 12_000),
    size(120, 1, 10, 24_000),
    size(120, 1, 100, 48_000),
    size(12, 1, 100, 48_000),
    size(1_200, 1, 20, 48_000),
    size(120, 10, 1, 12_000),
    size(120, 10, 100, 24_000),
    size(1_200, 10, 20, 24_000),
];

/// Measures each size, or only the one on a line of the table, through the routes and through
/// HTTP; into `store`, into a new database of a PostgreSQL that is started for it, or into a
/// new SQLite file for each.
pub(crate) async fn run(store: Option<StoreAt>, postgres: bool, line: Option<usize>) -> Result<()> {
    let temporary = postgres.then(cluster::Temporary::start).transpose()?;
    let sizes = SIZES.into_iter().enumerate();
    let wanted = sizes.filter(|(number, _)| line.is_none_or(|line| line == number + 1));
    for (_, size) in wanted {
        for way in [Way::Router, Way::Http] {
            let folder = tempfile::tempdir()?;
            let store = match (&store, &temporary) {
                (Some(store), _) => store.clone(),
                (None, Some(temporary)) => temporary.store()?,
                (None, None) => sqlite(folder.path()),
            };
            measure(size, way, store).await?;
            if let Some(temporary) = &temporary {
                temporary.report(size.envelopes)?;
            }
        }
    }
    Ok(())
}

fn sqlite(folder: &Path) -> StoreAt {
    StoreAt::Sqlite(folder.join("relay.sqlite3"))
}

async fn measure(size: Size, way: Way, store: StoreAt) -> Result<()> {
    let town = tokio::task::spawn_blocking(move || Town::write(size)).await??;
    let any = ([127, 0, 0, 1], 0).into();
    let config = Config::new(any, store);
    // The store of each way is opened once: as routes alone, or behind a listener.
    let (relay, sender) = match way {
        Way::Router => {
            let state = AppState::open(&config).await?;
            (None, senders::Sender::Router(router(state)))
        }
        Way::Http => {
            let relay = Relay::start(config).await?;
            let address = relay.address();
            (Some(relay), senders::Sender::Http(address))
        }
    };
    for introduction in &town.introductions {
        sender.clone().connect().await?.send(introduction).await?;
    }
    let spans = push_all(&sender, town.pushes).await?;
    report(size, way, spans)?;
    if let Some(relay) = relay {
        relay.stop().await;
    }
    Ok(())
}

/// What a run took: as a whole, and each push.
struct Spans {
    whole: Duration,
    /// Of the processor, by the relay and by those who push.
    processor: Duration,
    each: Vec<Duration>,
}

/// Every device pushes in its order; as many at once as there are writers.
async fn push_all(sender: &senders::Sender, devices: Vec<Vec<written::Push>>) -> Result<Spans> {
    let queue = Arc::new(std::sync::Mutex::new(devices));
    let (begun, processor) = (Instant::now(), of_program());
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let (queue, sender) = (Arc::clone(&queue), sender.clone());
        writers.spawn(async move {
            let mut connection = sender.connect().await?;
            let mut spans = Vec::new();
            while let Some(pushes) = next(&queue) {
                for push in pushes {
                    let begun = Instant::now();
                    connection.send(&push).await?;
                    spans.push(begun.elapsed());
                }
            }
            anyhow::Ok(spans)
        });
    }
    let mut each = Vec::new();
    while let Some(spans) = writers.join_next().await {
        each.extend(spans??);
    }
    Ok(Spans {
        whole: begun.elapsed(),
        processor: of_program().saturating_sub(processor),
        each,
    })
}

fn next(queue: &std::sync::Mutex<Vec<Vec<written::Push>>>) -> Option<Vec<written::Push>> {
    queue.lock().ok()?.pop()
}

fn report(size: Size, way: Way, mut spans: Spans) -> Result<()> {
    ensure!(!spans.each.is_empty(), "nothing was pushed");
    let rate = |count: usize| (count as f64 / spans.whole.as_secs_f64()).round();
    let envelopes_per_s = rate(size.envelopes);
    let visits_per_s = rate(size.envelopes * size.visits);
    print(&json!({
        "bench": "ingest",
        "through": way.word(),
        "devices": size.devices,
        "visits_per_envelope": size.visits,
        "envelopes_per_push": size.together,
        "envelopes": size.envelopes,
        "envelopes_per_s": envelopes_per_s,
        "visits_per_s": visits_per_s,
        "processor_us_per_envelope":
            (spans.processor.as_secs_f64() * 1e7 / size.envelopes as f64).round() / 10.0,
        "push_p50_ms": crate::millis(crate::quantile(&mut spans.each, 0.5)),
        "push_p99_ms": crate::millis(crate::quantile(&mut spans.each, 0.99)),
    }))
    .context("standard output is closed")
}

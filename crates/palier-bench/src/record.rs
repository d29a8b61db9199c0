//! From a tap to the disk, beside a bare commit of one row with the same durability, taken in
//! turns so that both meet the same noise.

use std::time::{Duration, Instant};

use anyhow::Result;
use palier_device::{Clock, Device};
use rusqlite::Connection;
use serde_json::json;

use crate::{
    campaign::{doors, prepare, visit},
    millis, print, quantile,
};

const TAPS: usize = 200;

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let device = Device::open(&folder.path().join("device"), None, Clock::System)?;
    let mut device = prepare(device, "http://127.0.0.1:1", 1_000)?;
    let bare = bare_store(&folder.path().join("bare.sqlite3"))?;
    let doors = doors(&device)?;
    let mut recorded = 0;
    for visits_before in [0, 200, 5_000] {
        while recorded < visits_before {
            let batch = (recorded..visits_before.min(recorded + 500))
                .map(|number| visit(&doors, number))
                .collect::<Result<Vec<_>>>()?;
            recorded += batch.len();
            device
                .record_all(batch)
                .map_err(|failed| anyhow::anyhow!("{failed:?}"))?;
        }
        let mut taps = Vec::with_capacity(TAPS);
        let mut commits = Vec::with_capacity(TAPS);
        for tap in 0..TAPS {
            let begun = Instant::now();
            bare.execute("INSERT INTO visit (door) VALUES (?1)", [doors.get(tap)])?;
            commits.push(begun.elapsed());
            let tapped = visit(&doors, recorded + tap)?;
            let begun = Instant::now();
            device.record(tapped)?;
            taps.push(begun.elapsed());
        }
        recorded += TAPS;
        print_figure(visits_before, &mut taps, &mut commits)?;
    }
    Ok(())
}

fn print_figure(
    visits_before: usize,
    taps: &mut [Duration],
    commits: &mut [Duration],
) -> Result<()> {
    let (tap, commit) = (quantile(taps, 0.5), quantile(commits, 0.5));
    let ratio = tap.as_secs_f64() / commit.as_secs_f64();
    print(&json!({
        "bench": "record",
        "visits_before": visits_before,
        "tap_p50_ms": millis(tap),
        "tap_p99_ms": millis(quantile(taps, 0.99)),
        "bare_commit_p50_ms": millis(commit),
        "bare_commit_p99_ms": millis(quantile(commits, 0.99)),
        "ratio_p50": (ratio * 100.0).round() / 100.0,
    }))
}

fn bare_store(path: &std::path::Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         CREATE TABLE visit (id INTEGER PRIMARY KEY, door TEXT) STRICT;",
    )?;
    Ok(connection)
}

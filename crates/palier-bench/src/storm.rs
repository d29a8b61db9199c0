//! Ten thousand devices listen to a relay that is killed and started again. Each comes back by
//! itself, at a moment of its own, and reads what it missed. Nothing that was answered is lost.
//!
//! Devices are sockets that speak the protocol, without a store of their own: what is measured is
//! the relay. It runs in a process of its own, this same program, with its store on disk and its
//! durability and its limits as they come.

mod crowd;
mod http;
mod person;
mod relay;

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use self::{crowd::Crowd, relay::Process};
use crate::{millis, print};

pub(crate) use self::relay::{Serve, serve};

/// How many devices, and how long they may take.
#[derive(Args, Clone, Copy)]
pub(crate) struct Storm {
    /// Devices that listen.
    #[arg(long, default_value_t = DEVICES)]
    pub(crate) devices: usize,
    /// Seconds until the storm is given up.
    #[arg(long, default_value_t = PATIENCE_S)]
    pub(crate) patience: u64,
}

impl Default for Storm {
    fn default() -> Self {
        Self {
            devices: DEVICES,
            patience: PATIENCE_S,
        }
    }
}

/// Devices that listen.
const DEVICES: usize = 10_000;
/// Seconds until the storm is given up.
const PATIENCE_S: u64 = 300;
/// Open files beside the sockets.
const OTHER_FILES: usize = 256;
/// How often the end is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Measures one storm.
pub(crate) async fn run(storm: Storm) -> Result<()> {
    let patience = Duration::from_secs(storm.patience);
    tokio::time::timeout(patience, measure(storm))
        .await
        .context("the storm did not end in time")?
}

async fn measure(storm: Storm) -> Result<()> {
    relay::allow_files(storm.devices + OTHER_FILES)?;
    let folder = tempfile::tempdir()?;
    let store = folder.path().join("relay.sqlite3");
    let crowd = Arc::new(Crowd::new(storm.devices)?);

    // Everybody comes in first, through a door that is open wide for once.
    let mut relay = Process::start(&store, None, true)?;
    let address = relay.address();
    crowd.come_in(address).await?;
    relay.kill()?;

    // A process of its own for what is measured, so that nothing is left in its memory.
    let mut relay = Process::start(&store, Some(address), false)?;
    crowd.warm_up(address).await?;
    let before = relay.resident_kib()?;
    let begun = Instant::now();
    let mut listening = JoinSet::new();
    for place in 0..storm.devices {
        listening.spawn(Arc::clone(&crowd).listen(place, address));
    }
    until(&mut listening, || crowd.listening() == storm.devices).await?;
    let connected = begun.elapsed();
    let idle_kib = per_device(relay.resident_kib()?.saturating_sub(before), storm.devices);

    // Some write all the while. The relay falls in the middle of it.
    let mut writing = JoinSet::new();
    for place in (0..storm.devices).step_by(crowd::TEAM * 10) {
        writing.spawn(Arc::clone(&crowd).write(place, address));
    }
    let half = crowd.to_be_written() / 2;
    until(&mut listening, || crowd.written() >= half).await?;
    let peak_before = relay.peak_kib()?;
    relay.kill()?;
    let killed = Instant::now();
    let mut relay = Process::start(&store, Some(address), false)?;
    until(&mut listening, || crowd.has_caught_up()).await?;
    let back = killed.elapsed();
    while let Some(written) = writing.join_next().await {
        written??;
    }
    ensure!(crowd.has_caught_up(), "the end came too early");

    let lost = crowd.lost();
    print(&json!({
        "bench": "storm",
        "devices": storm.devices,
        "connected_ms": millis(connected),
        "idle_kib_per_connection": idle_kib,
        "back_ms": millis(back),
        "reconnections": crowd.reconnections.load(Ordering::Relaxed),
        "sent_away": crowd.sent_away.load(Ordering::Relaxed),
        "answered_envelopes": crowd.written(),
        "lost": lost,
        "relay_peak_mib": relay.peak_kib()?.max(peak_before).div_ceil(1_024),
    }))?;
    listening.shutdown().await;
    relay.kill()?;
    ensure!(lost == 0, "{lost} answered envelopes were not read back");
    Ok(())
}

fn per_device(kib: u64, devices: usize) -> f64 {
    let tenths = kib * 10 / (devices.max(1) as u64);
    tenths as f64 / 10.0
}

/// Waits; a device that gives up ends it all.
async fn until(listening: &mut JoinSet<Result<()>>, done: impl Fn() -> bool) -> Result<()> {
    while !done() {
        tokio::select! {
            ended = listening.join_next() => match ended {
                Some(ended) => ended??,
                None => return Ok(()),
            },
            () = sleep(LOOK_EVERY) => {}
        }
    }
    Ok(())
}

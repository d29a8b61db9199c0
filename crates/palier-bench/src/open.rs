//! Opening a device that holds a whole turf and a whole campaign's visits.

use std::time::Instant;

use anyhow::Result;
use palier_device::{Clock, Device};
use serde_json::json;

use crate::{
    campaign::{TURF, doors, prepare, visit},
    millis, print,
};

pub(crate) fn run() -> Result<()> {
    for (door_count, visit_count) in [(500, 1_500), (5_000, 15_000)] {
        let folder = tempfile::tempdir()?;
        let device = Device::open(folder.path(), None, Clock::System)?;
        let mut device = prepare(device, "http://127.0.0.1:1", door_count)?;
        let doors = doors(&device)?;
        for from in (0..visit_count).step_by(500) {
            let batch = (from..from + 500)
                .map(|number| visit(&doors, number))
                .collect::<Result<Vec<_>>>()?;
            device
                .record_all(batch)
                .map_err(|failed| anyhow::anyhow!("{failed:?}"))?;
        }
        drop(device);
        let begun = Instant::now();
        let device = Device::open(folder.path(), None, Clock::System)?;
        let status = device.status()?;
        let ready = begun.elapsed();
        let begun = Instant::now();
        let (_, rows) = device.doors(TURF)?;
        print(&json!({
            "bench": "open",
            "doors": rows.len(),
            "visits": status.queued,
            "ready_ms": millis(ready),
            "list_ms": millis(begun.elapsed()),
        }))?;
    }
    Ok(())
}

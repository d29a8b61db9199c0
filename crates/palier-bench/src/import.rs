//! Importing a real quarter of Paris: 64 perimeters, 2,778 addresses.

use std::{path::PathBuf, time::Instant};

use anyhow::Result;
use palier_device::{Clock, Device, api::request::Subject};
use serde_json::json;

use crate::{millis, print};

pub(crate) fn run() -> Result<()> {
    let folder = std::env::var_os("PALIER_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let paris = folder.join("paris-12e");
    if !paris.is_dir() {
        return print(&json!({ "bench": "import", "skipped": "no real data" }));
    }
    let mut device = Device::in_memory(Clock::System)?;
    device.create_campaign("Campagne", "http://127.0.0.1:1", None)?;
    for (subject, name) in [
        (Subject::Stations, "contours-2026.geojson"),
        (Subject::Addresses, "ban-addresses.csv"),
        (Subject::Results, "legislatives-2017-t1-turnout-latin1.txt"),
    ] {
        let bytes = std::fs::read(paris.join(name))?;
        let begun = Instant::now();
        let report = device.import(subject, name, &bytes, false)?;
        print(&json!({
            "bench": "import",
            "format": report.format,
            "rows": report.rows,
            "accepted": report.accepted,
            "in_no_perimeter": report.in_no_perimeter.len(),
            "in_many_perimeters": report.in_many_perimeters.len(),
            "ms": millis(begun.elapsed()),
        }))?;
    }
    Ok(())
}

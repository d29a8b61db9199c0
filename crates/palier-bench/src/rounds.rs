//! A leaflet round as screens ask for it: the list of rounds, one round, and a tap in it, on a
//! town of one door an address; and on a real one where the data is there.

use std::{fs, path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use palier_core::round::Boxes;
use palier_device::{Clock, Device, api::request::Mark};
use serde_json::json;

use crate::{
    campaign::{TURF, addresses, prepare_with},
    millis, print, quantile,
};

/// How often each is asked.
const TIMES: usize = 21;

pub(crate) fn run() -> Result<()> {
    for count in [500, 1_500, 5_000] {
        measure("generated", &addresses(count))?;
    }
    let root = std::env::var_os("PALIER_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let Ok(bondy) = fs::read_to_string(root.join("bondy/ban-bondy-93010.csv")) else {
        return print(&json!({ "bench": "rounds", "skipped": "no real data" }));
    };
    for count in [500, 1_500, 5_000] {
        let first: Vec<&str> = bondy.lines().take(count + 1).collect();
        measure("bondy", &first.join("\n"))?;
    }
    Ok(())
}

fn measure(town: &str, addresses: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let device = Device::open(folder.path(), None, Clock::System)?;
    let mut device = prepare_with(device, "http://127.0.0.1:1", addresses)?;
    let round = device.create_round(TURF, "Tracts")?.round;
    let view = device.round(&round)?;
    let marks: Vec<Mark> = view
        .faces
        .iter()
        .flat_map(|face| &face.buildings)
        .map(|row| Mark {
            address: row.address_id.clone(),
            boxes: Boxes::Done,
        })
        .collect();
    let (before, rest) = marks.split_at(marks.len() / 2);
    for some in before.chunks(500) {
        device.mark_boxes(&round, some)?;
    }
    drop(device);
    let mut device = Device::open(folder.path(), None, Clock::System)?;
    let begun = Instant::now();
    let listed = device.rounds()?;
    let first = begun.elapsed();
    let (mut lists, mut views, mut taps) = (Vec::new(), Vec::new(), Vec::new());
    for mark in rest.iter().cycle().take(TIMES) {
        let begun = Instant::now();
        device.rounds()?;
        lists.push(begun.elapsed());
        let begun = Instant::now();
        device.round(&round)?;
        views.push(begun.elapsed());
        let begun = Instant::now();
        device.mark_boxes(&round, std::slice::from_ref(mark))?;
        taps.push(begun.elapsed());
    }
    let row = listed.first().context("no round")?;
    print(&json!({
        "bench": "rounds",
        "town": town,
        "doors": row.boxes,
        "faces": row.faces,
        "first_list_ms": millis(first),
        "list_p50_ms": millis(quantile(&mut lists, 0.5)),
        "round_p50_ms": millis(quantile(&mut views, 0.5)),
        "tap_p50_ms": millis(quantile(&mut taps, 0.5)),
    }))
}

//! Devices that record and push as they go, through a real relay whose store is on disk, and a
//! reader that ends with everything, validated and projected.

use std::time::Instant;

use anyhow::Result;
use palier_device::{
    Clock, Device,
    api::{Api, Reply, Request, request::ExportFormat, request::ExportWhat},
};
use serde_json::json;

use crate::{
    campaign::{doors, invite, organiser, visit},
    counted::relay,
    print,
    processor::of_program,
};

const VISITS: usize = 100;

pub(crate) async fn run() -> Result<()> {
    for devices in [1_usize, 10, 50] {
        for per_push in [1, VISITS] {
            measure(devices, per_push).await?;
        }
    }
    Ok(())
}

async fn measure(devices: usize, per_push: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path()).await?;
    let mut organiser = organiser(&relay.url(), 1_000)?;
    let link = invite(&mut organiser, 200)?;
    let reader = Api::new(organiser)?;
    reader.sync().await?;
    let mut members = Vec::new();
    for member in 0..devices {
        let api = Api::new(Device::in_memory(Clock::System)?)?;
        let (link, name) = (link.clone(), format!("Oiseau {member}"));
        api.ask(Request::Join { link, name }).await?;
        members.push(api);
    }

    let (begun, processor) = (Instant::now(), of_program());
    let mut pushing = tokio::task::JoinSet::new();
    for member in members {
        pushing.spawn(work(member, per_push));
    }
    while let Some(pushed) = pushing.join_next().await {
        pushed??;
    }
    let pushed = begun.elapsed();
    reader.sync().await?;
    let (whole, processor) = (begun.elapsed(), of_program().saturating_sub(processor));

    let held = held_visits(&reader).await?;
    let visits = devices * VISITS;
    anyhow::ensure!(held == visits, "the reader holds {held} of {visits}");
    let rate = |span: std::time::Duration| (visits as f64 / span.as_secs_f64()).round();
    print(&json!({
        "bench": "sync",
        "devices": devices,
        "visits": visits,
        "visits_per_envelope": per_push,
        "pushed_per_s": rate(pushed),
        "held_by_the_reader_per_s": rate(whole),
        "wall_us_per_visit": (whole.as_secs_f64() * 1e6 / visits as f64).round(),
        "processor_us_per_visit": (processor.as_secs_f64() * 1e6 / visits as f64).round(),
    }))?;
    relay.stop().await;
    Ok(())
}

/// One member's outing: records, and pushes after each `per_push` visits. Pulling is left to
/// the reader, so that the rate is that of the way up.
async fn work(member: Api, per_push: usize) -> Result<()> {
    let doors = member.lend(|device| doors(device)).await??;
    for from in (0..VISITS).step_by(per_push) {
        let doors = doors.clone();
        member
            .lend(move |device| -> Result<()> {
                for number in from..from + per_push {
                    device.record(visit(&doors, number)?)?;
                }
                Ok(())
            })
            .await??;
        member.push().await?;
    }
    Ok(())
}

async fn held_visits(reader: &Api) -> Result<usize> {
    let request = Request::Export {
        what: ExportWhat::Visits,
        format: ExportFormat::Csv,
    };
    match reader.ask(request).await? {
        Reply::Exported { text, .. } => Ok(text.lines().count() - 1),
        _ => anyhow::bail!("an export answers an export"),
    }
}

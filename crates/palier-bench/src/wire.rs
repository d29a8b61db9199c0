//! Bytes on the wire, HTTP included.

use anyhow::Result;
use palier_device::{
    Clock, Device,
    api::{Api, Request},
};
use serde_json::json;

use crate::{
    campaign::{TURF, doors, invite, organiser, visit},
    counted::{count, relay},
    print,
};

pub(crate) async fn run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path()).await?;
    let (address, counts) = count(relay.address()).await?;
    let mut organiser = organiser(&format!("http://{address}"), 1_000)?;
    let link = invite(&mut organiser, 9)?;
    Api::new(organiser)?.sync().await?;

    for visits in [1, 10, 60, 400] {
        let home = folder.path().join(visits.to_string());
        let api = Api::new(Device::open(&home, None, Clock::System)?)?;
        let name = format!("Oiseau {visits}");
        let link = link.clone();
        api.ask(Request::Join { link, name }).await?;
        let mut device = Device::open(&home, None, Clock::System)?;
        let doors = doors(&device)?;
        for number in 0..visits {
            device.record(visit(&doors, number)?)?;
        }
        device.close_shift(TURF)?;
        drop(device);
        counts.take();
        api.sync().await?;
        let (up, down) = counts.take();
        api.sync().await?;
        let (after_up, after_down) = counts.take();
        api.sync().await?;
        let (idle_up, idle_down) = counts.take();
        print(&json!({
            "bench": "wire",
            "visits": visits,
            "up_bytes": up,
            "down_bytes": down,
            "up_bytes_per_visit": up / visits as u64,
            "nothing_new_after_a_push_up_bytes": after_up,
            "nothing_new_after_a_push_down_bytes": after_down,
            "nothing_new_up_bytes": idle_up,
            "nothing_new_down_bytes": idle_down,
        }))?;
    }
    relay.stop().await;
    Ok(())
}

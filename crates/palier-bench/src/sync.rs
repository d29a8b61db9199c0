//! Devices that record and push as they go, through a real relay whose store is on disk, and a
//! reader that ends with everything, validated and projected.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use palier_device::{
    Clock, Device,
    api::{
        Api, Reply, Request,
        reply::TotalsSource,
        request::{ExportFormat, ExportWhat, Grouping},
    },
};
use serde_json::json;

use crate::{
    campaign::{doors, invite_all, organiser, visit},
    counted::relay,
    print,
    processor::of_program,
};

/// How the visits of an outing go up.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Each visit in an envelope of its own, answered for before the next door.
    OneByOne,
    /// Each visit in an envelope of its own; taps never wait for the network.
    AsTheyGo,
    /// The whole outing in one envelope.
    AtTheEnd,
}

impl Way {
    const ALL: [Self; 3] = [Self::AtTheEnd, Self::AsTheyGo, Self::OneByOne];

    const fn word(self) -> &'static str {
        match self {
            Self::OneByOne => "one by one",
            Self::AsTheyGo => "as they go",
            Self::AtTheEnd => "at the end",
        }
    }
}

/// Visits that are recorded before a push that goes on meanwhile has its turn at the device.
const A_STAIR: usize = 10;

/// Devices, and visits of each.
const SIZES: [(usize, usize); 6] = [
    (1, 100),
    (10, 100),
    (50, 100),
    (200, 100),
    (50, 60),
    (1_000, 60),
];
const QUICK: [(usize, usize); 2] = [(1, 100), (10, 100)];

/// Measures each size, or only the one on a line of the table.
pub(crate) async fn run(quick: bool, line: Option<usize>) -> Result<()> {
    let sizes = if quick { QUICK.as_slice() } else { &SIZES };
    let sizes = sizes.iter().enumerate();
    let wanted = sizes.filter(|(number, _)| line.is_none_or(|line| line == number + 1));
    for (_, (devices, visits)) in wanted {
        measure(*devices, *visits).await?;
    }
    Ok(())
}

/// The same devices make an outing each way; what the relay and the reader hold only grows.
async fn measure(devices: usize, visits_each: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let relay = relay(folder.path()).await?;
    let mut organiser = organiser(&relay.url(), 1_000)?;
    let links = invite_all(&mut organiser, devices)?;
    let reader = Api::new(organiser)?;
    reader.sync().await?;
    let mut members = Vec::new();
    let links = (links.iter()).flat_map(|(link, uses)| std::iter::repeat_n(link.clone(), *uses));
    for (member, link) in links.enumerate() {
        let api = Api::new(Device::in_memory(Clock::System)?)?;
        let name = format!("Oiseau {member}");
        api.ask(Request::Join { link, name }).await?;
        members.push(Member::new(api).await?);
    }
    reader.sync().await?;
    let visits = devices * visits_each;
    for (outing, way) in (1..).zip(Way::ALL) {
        let spans = outings(&reader, &mut members, visits_each, way).await?;
        let held = held_visits(&reader).await?;
        let all = visits * outing;
        anyhow::ensure!(held == all, "the reader holds {held} of {all}");
        let counted = counted_visits(&reader).await?;
        anyhow::ensure!(counted == all, "the relay counts {counted} of {all}");
        report(devices, visits_each, way, &spans)?;
    }
    relay.stop().await;
    Ok(())
}

/// What the outings took: until all was sent, and until the reader held it.
struct Spans {
    up: Duration,
    up_processor: Duration,
    whole: Duration,
    processor: Duration,
}

/// Every member makes an outing at once; then the reader reads.
async fn outings(
    reader: &Api,
    members: &mut Vec<Member>,
    visits_each: usize,
    way: Way,
) -> Result<Spans> {
    let (begun, before) = (Instant::now(), of_program());
    let mut pushing = tokio::task::JoinSet::new();
    for member in members.drain(..) {
        pushing.spawn(member.outing(visits_each, way));
    }
    while let Some(pushed) = pushing.join_next().await {
        members.push(pushed??);
    }
    let (up, up_processor) = (begun.elapsed(), of_program().saturating_sub(before));
    reader.sync().await?;
    Ok(Spans {
        up,
        up_processor,
        whole: begun.elapsed(),
        processor: of_program().saturating_sub(before),
    })
}

fn report(devices: usize, visits_each: usize, way: Way, spans: &Spans) -> Result<()> {
    let visits = devices * visits_each;
    let each = |span: Duration| (span.as_secs_f64() * 1e7 / visits as f64).round() / 10.0;
    let rate = |span: Duration| (visits as f64 / span.as_secs_f64()).round();
    print(&json!({
        "bench": "sync",
        "devices": devices,
        "visits": visits,
        "pushed": way.word(),
        "visits_per_envelope": if way == Way::AtTheEnd { visits_each } else { 1 },
        "held_by_the_reader_per_s": rate(spans.whole),
        "wall_us_per_visit": each(spans.whole),
        "processor_us_per_visit": each(spans.processor),
        "up_wall_us_per_visit": each(spans.up),
        "up_processor_us_per_visit": each(spans.up_processor),
        "if_two_cores_were_free_per_s": rate(spans.processor / 2),
    }))
}

/// A member with the list of doors in the hand.
struct Member {
    api: Api,
    turf: String,
    doors: Arc<Vec<String>>,
}

impl Member {
    async fn new(api: Api) -> Result<Self> {
        let (turf, doors) = api
            .lend(|device| -> Result<_> {
                let turfs = device.turfs()?;
                let turf = turfs.first().context("no turf")?.turf.clone();
                Ok((turf, doors(device)?))
            })
            .await??;
        let doors = Arc::new(doors);
        Ok(Self { api, turf, doors })
    }

    /// One outing. Pulling is left to the reader, so that the rate is that of the way up.
    async fn outing(self, visits: usize, way: Way) -> Result<Self> {
        let Self { api, turf, doors } = &self;
        if way == Way::AsTheyGo {
            // A push takes along what was recorded while the one before it was under way.
            let (recorded, mut news) = tokio::sync::watch::channel(false);
            let doors = Arc::clone(doors);
            let recorder = tokio::spawn(record_and_seal(api.clone(), doors, visits, recorded));
            while !*news.borrow_and_update() {
                api.push().await?;
                news.changed().await?;
            }
            recorder.await??;
        } else {
            let at_once = if way == Way::AtTheEnd { visits } else { 1 };
            for from in (0..visits).step_by(at_once) {
                record(api, doors, from..from + at_once, false).await?;
                if way == Way::OneByOne {
                    api.push().await?;
                }
            }
        }
        // The last push brings the report of the day too.
        let turf = turf.clone();
        api.lend(move |device| device.close_shift(&turf)).await??;
        api.push().await?;
        Ok(self)
    }
}

/// Records visits and seals each, and says when some are there to be sent; `true` at the end.
async fn record_and_seal(
    member: Api,
    doors: Arc<Vec<String>>,
    visits: usize,
    recorded: tokio::sync::watch::Sender<bool>,
) -> Result<()> {
    for from in (0..visits).step_by(A_STAIR) {
        let some = from..visits.min(from + A_STAIR);
        record(&member, &doors, some, true).await?;
        recorded.send_replace(false);
    }
    recorded.send_replace(true);
    Ok(())
}

/// Records visits one after the other, each of them on disk, or where the store of the device
/// is, before the next; and seals each in an envelope of its own where asked to.
async fn record(
    member: &Api,
    doors: &Arc<Vec<String>>,
    visits: std::ops::Range<usize>,
    sealed: bool,
) -> Result<()> {
    let doors = Arc::clone(doors);
    let work = move |device: &mut Device| -> Result<()> {
        for number in visits {
            device.record(visit(&doors, number)?)?;
            if sealed {
                device.seal_due()?;
            }
        }
        Ok(())
    };
    member.lend(work).await?
}

/// The visits that the reports on the relay count.
async fn counted_visits(reader: &Api) -> Result<usize> {
    let by = Grouping::Day;
    match reader.ask(Request::Totals { by }).await? {
        Reply::Totals(totals) if totals.source == TotalsSource::Relay => {
            Ok(totals.rows.iter().map(|row| row.knocked as usize).sum())
        }
        _ => anyhow::bail!("the relay's totals answer for the totals"),
    }
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

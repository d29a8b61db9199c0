//! Where a visit's time goes on its way from one device to another, step by step, on one thread
//! and without a network, in processor time.

use std::time::Duration;

use anyhow::{Context, Result};
use palier_core::{
    envelope::{Envelope, Kind},
    id::{Incarnation, SpaceId},
    invitation::{InvitationRecord, Link},
    wire::{Page, PushAnswer, Pushed},
};
use palier_device::{Clock, Device};
use serde_json::json;

use crate::{
    campaign::{doors, invite, organiser, visit},
    print,
    processor::of_thread,
};

/// Visits of one outing.
const VISITS: usize = 100;
/// Outings, each on a device of its own.
const OUTINGS: usize = 20;
const LIFE: Incarnation = Incarnation([7; 16]);

/// What the steps took, over all visits.
#[derive(Default)]
struct Spent {
    tap: Duration,
    seal: Duration,
    note: Duration,
    take_in: Duration,
}

pub(crate) fn run() -> Result<()> {
    for per_envelope in [1, VISITS] {
        measure(per_envelope)?;
    }
    Ok(())
}

fn measure(per_envelope: usize) -> Result<()> {
    let mut letters = Letters::default();
    let mut reader = organiser("http://127.0.0.1:1", 1_000)?;
    let link =
        Link::parse(&invite(&mut reader, 200)?).map_err(|_cut| anyhow::anyhow!("no link"))?;
    letters.collect(&mut reader, &mut Spent::default())?;
    let pack = reader.unsent_territory()?.context("no territory")?;
    let mut opening = Duration::ZERO;
    let mut members = Vec::new();
    for outing in 0..OUTINGS {
        let begun = of_thread();
        let mut member = Device::in_memory(Clock::System)?;
        opening += of_thread().saturating_sub(begun);
        letters.introduce(&mut member, &link, &format!("Oiseau {outing}"))?;
        member.take_territory(&pack.0, &pack.1)?;
        letters.collect(&mut member, &mut Spent::default())?;
        members.push(member);
    }
    letters.deliver(&mut reader)?;

    let mut spent = Spent::default();
    for member in &mut members {
        let doors = doors(member)?;
        for number in 0..VISITS {
            let visit = visit(&doors, number)?;
            let begun = of_thread();
            member.record(visit)?;
            spent.tap += of_thread().saturating_sub(begun);
            if (number + 1) % per_envelope == 0 {
                letters.collect(member, &mut spent)?;
            }
        }
    }
    spent.take_in = letters.deliver(&mut reader)?;
    let each = |span: Duration, count: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        let micros = span.as_secs_f64() * 1e6 / count as f64;
        (micros * 10.0).round() / 10.0
    };
    let visits = OUTINGS * VISITS;
    print(&json!({
        "bench": "steps",
        "visits_per_envelope": per_envelope,
        "open_device_us": each(opening, OUTINGS),
        "tap_us": each(spent.tap, visits),
        "seal_us": each(spent.seal, visits),
        "note_us": each(spent.note, visits),
        "take_in_us": each(spent.take_in, visits),
    }))
}

/// Every envelope that was handed in, as a relay would keep it.
#[derive(Default)]
struct Letters {
    all: Vec<(SpaceId, Vec<u8>)>,
    read: usize,
}

impl Letters {
    fn collect(&mut self, device: &mut Device, spent: &mut Spent) -> Result<()> {
        let begun = of_thread();
        device.seal_due()?;
        let outgoing = device.outgoing()?;
        spent.seal += of_thread().saturating_sub(begun);
        let envelopes = outgoing.envelopes.iter();
        let answer = self.take(envelopes.map(|(_, bytes)| bytes.as_slice()))?;
        let begun = of_thread();
        device.note_pushed(&outgoing, &answer)?;
        spent.note += of_thread().saturating_sub(begun);
        Ok(())
    }

    /// Keeps envelopes, and answers as a relay does.
    fn take<'a>(&mut self, envelopes: impl Iterator<Item = &'a [u8]>) -> Result<PushAnswer> {
        let mut pushed = Vec::new();
        for bytes in envelopes {
            let space = Envelope::decode(bytes)?.header.space;
            self.all.push((space, bytes.to_vec()));
            pushed.push(Pushed::Stored(self.all.len() as u64));
        }
        Ok(PushAnswer {
            incarnation: LIFE.to_string(),
            pushed,
        })
    }

    fn introduce(&mut self, device: &mut Device, link: &Link, name: &str) -> Result<()> {
        let joining = device.begin_joining(link, &self.record(link)?, name)?;
        let answer = self.take(std::iter::once(joining.introduction()))?;
        device.finish_joining(joining, &answer)?;
        let read = std::mem::take(&mut self.read);
        self.deliver(device)?;
        self.read = read;
        Ok(())
    }

    fn record(&self, link: &Link) -> Result<Vec<u8>> {
        let key = link.secret.secret().device();
        for (_, bytes) in &self.all {
            let envelope = Envelope::decode(bytes)?;
            if envelope.header.kind == Kind::Invitation
                && InvitationRecord::decode(&envelope.body)?.invitation.key == key
            {
                return Ok(envelope.body);
            }
        }
        anyhow::bail!("nobody was invited")
    }

    /// Gives a device what came since the last time, a page at a time.
    fn deliver(&mut self, device: &mut Device) -> Result<Duration> {
        let mut spent = Duration::ZERO;
        for space in device.spaces()? {
            let of_space: Vec<_> = (1..)
                .zip(&self.all)
                .skip(self.read)
                .filter(|(_, (of, _))| *of == space)
                .map(|(place, (_, bytes))| (place, bytes.clone()))
                .collect();
            for entries in of_space.chunks(1_000) {
                let page = Page {
                    incarnation: LIFE,
                    head: self.all.len() as u64,
                    entries: entries.to_vec(),
                };
                let begun = of_thread();
                let note = device.receive(space, &page)?;
                spent += of_thread().saturating_sub(begun);
                anyhow::ensure!(note.set_aside == 0, "an envelope was set aside");
            }
        }
        self.read = self.all.len();
        Ok(spent)
    }
}

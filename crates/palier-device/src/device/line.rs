//! This device's own line of envelopes in a space, when the relay has another one: the device
//! came back from a backup.
//!
//! What it sealed since the backup stands at places that its earlier self had filled already.
//! It is taken out of the line and waits again, written as a new actor's; then the later
//! envelopes of the earlier self are taken back, and what waits is sealed behind them.

use std::collections::BTreeMap;

use palier_core::{
    document::{Actor, batch, report, rewrite::Rewriting},
    envelope::Kind,
    id::{CampaignId, DeviceId, DocumentId, SpaceId},
    moment::{Moment, TimeZone},
    refusal::Refusal,
};
use rusqlite::Connection;

use super::{
    documents::{keep, write_again},
    report::{keep_turnout, mark_unreported},
};
use crate::{
    error::Error,
    store::{
        batches,
        documents::{self, Kept},
        envelopes, line, membership, peers, projections, visits,
    },
};

/// A device that writes as a new actor from now on.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewLife {
    pub(super) device: DeviceId,
    pub(super) actor: Actor,
    pub(super) now: Moment,
}

impl NewLife {
    /// Opens a new life of the device. Its earlier self may have reported what is lost: what it
    /// wrote among the reports is read before anything more is reported.
    pub(super) fn begin(
        connection: &Connection,
        device: DeviceId,
        campaign: &CampaignId,
        now: Moment,
    ) -> Result<Self, Error> {
        let life = membership::new_life(connection)?;
        line::set_behind(connection, campaign.reports_space())?;
        // What waited when the backup was made may have been said since.
        batches::forget(connection)?;
        Ok(Self {
            device,
            actor: Actor::of(&device, life),
            now,
        })
    }

    /// Takes what this device wrote in a space out of its line from a place on, and lets it
    /// wait to be sealed again, behind what the relay has.
    pub(super) fn reopen(
        self,
        connection: &Connection,
        space: SpaceId,
        from: u64,
    ) -> Result<(), Error> {
        let mut waiting = Waiting::default();
        for link in line::from(connection, space, self.device, from)? {
            let header = &link.envelope.header;
            if header.kind.is_document() {
                let body = membership::clear_body(connection, &link.envelope)??;
                let changes = batch::unpack(&body)?;
                waiting.push(header.document, link.records, changes);
            } else if header.kind != Kind::Certificate {
                line::insert_body(connection, space, header.kind, &link.envelope.body)?;
            }
            line::remove(connection, &link)?;
            envelopes::set_aside(connection, space, &link.bytes, Refusal::Fork, self.now)?;
        }
        let before = from.saturating_sub(1);
        let last = line::at(connection, space, self.device, before)?;
        if before == 0 {
            // It introduces itself anew, unless it is found to have done so.
            peers::remove(connection, space, self.device)?;
        } else if peers::get(connection, space, self.device)?
            .is_some_and(|peer| peer.last_seq > before)
        {
            peers::advance(connection, space, self.device, before, last)?;
        }
        for document in line::documents_with_pending(connection, space)? {
            for (records, change) in line::take_pending(connection, document)? {
                waiting.push(document, records, vec![change]);
            }
        }
        for (document, changes) in waiting.0 {
            self.write_again(connection, document, changes)?;
        }
        line::set_behind(connection, space)
    }

    /// Writes what waits of one document as the new actor's.
    fn write_again(
        self,
        connection: &Connection,
        id: DocumentId,
        changes: Vec<(u32, Vec<u8>)>,
    ) -> Result<(), Error> {
        let Some(mut kept) = documents::load(connection, id, self.actor)? else {
            return Ok(());
        };
        if kept.kind == Kind::Report {
            let changes: Vec<_> = changes.into_iter().map(|(_, bytes)| bytes).collect();
            return self.report_again(connection, kept, &changes);
        }
        let how = Rewriting {
            actor: self.actor,
            date: &|date, _| date,
        };
        write_again(connection, &mut kept, changes, &how)?;
        keep(connection, &mut kept)
    }

    /// Two lives that both began a report would each have their own: what this one said is
    /// written into the one that is taken back.
    fn report_again(
        self,
        connection: &Connection,
        mut kept: Kept,
        changes: &[Vec<u8>],
    ) -> Result<(), Error> {
        if let Ok(report) = report::read(&kept.document) {
            keep_turnout(connection, &report)?;
            mark_unreported(connection, &report.day, report.team)?;
        }
        kept.document = kept.document.without(changes, self.actor)?;
        projections::clear_turnout(connection, kept.id)?;
        keep(connection, &mut kept)
    }
}

/// Marks every day on which this device recorded something, or said so: what it took back may
/// change what is to be reported, and what it reported may be lost.
pub(super) fn mark_own_days(
    connection: &Connection,
    device: DeviceId,
    zone: TimeZone,
) -> Result<(), Error> {
    for visit in visits::own(connection, device, Moment(i64::MIN), Moment(i64::MAX))? {
        mark_unreported(connection, &visit.at.day(zone), Some(visit.team))?;
    }
    for id in documents::reports_of(connection, device)? {
        // It is only read.
        let actor = Actor::of(&device, 0);
        let kept = documents::load(connection, id, actor)?.ok_or(Error::Document)?;
        if let Ok(said) = report::read(&kept.document) {
            mark_unreported(connection, &said.day, said.team)?;
        }
    }
    Ok(())
}

/// What waits, by document, in order.
#[derive(Default)]
struct Waiting(BTreeMap<DocumentId, Vec<(u32, Vec<u8>)>>);

impl Waiting {
    /// The first change bears all the records.
    fn push(&mut self, document: DocumentId, records: u32, changes: Vec<Vec<u8>>) {
        let of_document = self.0.entry(document).or_default();
        let records = std::iter::once(records).chain(std::iter::repeat(0));
        of_document.extend(records.zip(changes));
    }
}

//! Lines that were handed over, where the relay's log turns out to hold something else.
//!
//! A phone that comes back from a backup may write another envelope at a place that it had
//! filled already. Where the earlier one went from hand to hand and never reached the relay, the
//! log wins: `docs/adr/0024-the-log-wins-over-what-was-handed.md`.

use palier_core::{
    envelope::{Envelope, Header},
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    wire::Page,
};
use rusqlite::Connection;

use crate::{
    error::Error,
    store::{envelopes, line, removals},
};

/// Sets aside every line of others that a page of a space's log says otherwise; whether there was
/// any.
pub(super) fn overrule(
    connection: &Connection,
    campaign: CampaignId,
    space: SpaceId,
    me: DeviceId,
    page: &Page,
    now: Moment,
) -> Result<bool, Error> {
    let mut any = false;
    for (_, bytes) in &page.entries {
        // Our own lines are taken up where a phone comes back: see `super::line`.
        if let Ok(envelope) = Envelope::decode(bytes)
            && envelope.header.device != me
            && (envelope.header.space, envelope.header.campaign) == (space, campaign)
            && stands_otherwise(connection, &envelope.header, EnvelopeId::of(bytes))?
            && envelope.verify().is_ok()
        {
            any |= set_aside(connection, &envelope.header, now)?;
        }
    }
    Ok(any)
}

/// Whether another envelope stands at the place of one that fits there.
fn stands_otherwise(
    connection: &Connection,
    header: &Header,
    id: EnvelopeId,
) -> Result<bool, Error> {
    let at = |seq| line::at(connection, header.space, header.device, seq);
    let held = at(header.device_seq)?;
    Ok(held != EnvelopeId::NONE
        && held != id
        && at(header.device_seq.saturating_sub(1))? == header.previous)
}

/// Sets aside a line from a place on, where none of it was read in the relay's log.
fn set_aside(connection: &Connection, from: &Header, now: Moment) -> Result<bool, Error> {
    let line = line::from(connection, from.space, from.device, from.device_seq)?;
    for link in &line {
        if !removals::is_unread(connection, link.n)? {
            return Ok(false);
        }
    }
    for link in &line {
        envelopes::set_aside(connection, from.space, &link.bytes, Refusal::Fork, now)?;
        removals::note_read(connection, link.n)?;
        line::remove(connection, link)?;
    }
    Ok(true)
}

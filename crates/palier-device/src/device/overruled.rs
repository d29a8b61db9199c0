//! Lines that were handed over, where the relay's log turns out to hold something else.
//!
//! A phone that comes back from a backup may write another envelope at a place that it had
//! filled already. Where the earlier one went from hand to hand and never reached the relay, the
//! log wins: `docs/adr/0019-the-log-wins-over-what-was-handed.md`.

use palier_core::{
    envelope::{Envelope, Header},
    id::{CampaignId, EnvelopeId, SpaceId},
    key::Secret,
    moment::Moment,
    refusal::Refusal,
    wire::Page,
};
use rusqlite::Connection;

use super::{documents::Writer, rebuild::rebuild};
use crate::{
    error::Error,
    store::{envelopes, line, removals, waiting},
};

/// Reading a page of the relay's log of a space.
pub(super) struct Overruling<'a> {
    pub(super) connection: &'a Connection,
    pub(super) secret: &'a Secret,
    pub(super) campaign: CampaignId,
    pub(super) space: SpaceId,
    pub(super) writer: Writer,
    pub(super) now: Moment,
}

impl Overruling<'_> {
    /// Sets aside what was handed over where a page has something else, and makes every projection
    /// again. Where somebody has built on it, in a document that several write, all stays as it is.
    pub(super) fn read(&self, page: &Page) -> Result<(), Error> {
        let connection = self.connection;
        if !removals::is_any_unread(connection)? {
            return Ok(());
        }
        connection.execute_batch("SAVEPOINT overruling")?;
        let orphans = waiting::count_orphans(connection)?;
        let undo = if self.set_aside(page)? {
            let again = rebuild(
                connection,
                self.secret,
                self.campaign,
                self.writer,
                self.now,
            );
            again.is_err() || waiting::count_orphans(connection)? > orphans
        } else {
            false
        };
        if undo {
            connection.execute_batch("ROLLBACK TO overruling")?;
        }
        Ok(connection.execute_batch("RELEASE overruling")?)
    }

    /// Sets aside every line that a page says otherwise; whether there was any.
    fn set_aside(&self, page: &Page) -> Result<bool, Error> {
        let (connection, place) = (self.connection, (self.space, self.campaign));
        let mut any = false;
        for (_, bytes) in &page.entries {
            // Our own lines are taken up where a phone comes back: see `super::line`.
            if let Ok(envelope) = Envelope::decode(bytes)
                && envelope.header.device != self.writer.device
                && (envelope.header.space, envelope.header.campaign) == place
                && stands_otherwise(connection, &envelope.header, EnvelopeId::of(bytes))?
                && envelope.verify().is_ok()
            {
                any |= set_aside(connection, &envelope.header, self.now)?;
            }
        }
        Ok(any)
    }
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

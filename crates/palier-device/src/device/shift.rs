//! Shifts: one device, one outing on one turf.

use palier_core::{
    document::shift::{self, Shift, Trail},
    envelope::Kind,
    id::{DocumentId, TeamId},
    moment::Moment,
    outcome::Outcome,
    round::Boxes,
    visit::Entry,
};
use rusqlite::Connection;

use super::{
    Device,
    answers::close_batches,
    documents::{Address, Writer},
};
use crate::{
    api::reply::ShiftSummary,
    clock::random,
    error::{Error, Thing},
    store::{
        documents::{self, Followed, Standing},
        envelopes, membership,
        projections::{self, TurfHead},
        visits,
    },
};

impl Device {
    /// Opens an outing on a turf; where one is open already, that one.
    ///
    /// # Errors
    /// The turf is none, or this device is not in its team.
    pub fn open_shift(&mut self, turf: &str) -> Result<DocumentId, Error> {
        self.member()?;
        let turf = self.find_turf(turf)?;
        let (writer, now) = (self.writer(), self.now());
        self.store.write(
            |t| match projections::open_shift(t, writer.device, turf.id)? {
                Some((shift, _)) => Ok(shift),
                None => Ok(open(t, writer, &turf, now)?.id),
            },
        )
    }

    /// Closes the outing on a turf, and says what it held.
    ///
    /// # Errors
    /// The turf is none, or no outing is open there.
    pub fn close_shift(&mut self, turf: &str) -> Result<ShiftSummary, Error> {
        self.member()?;
        let turf = self.find_turf(turf)?;
        let (writer, now) = (self.writer(), self.now());
        self.at_hand = None;
        self.store.write(|t| {
            let (id, opened) = projections::open_shift(t, writer.device, turf.id)?
                .ok_or(Error::Unknown(Thing::Shift))?;
            close(t, writer, address(id, turf.team), now)?;
            close_batches(t, turf.team)?;
            let mut tally = visits::of_shift(t, id)?;
            for noted in projections::own_handouts(t, writer.device)? {
                if noted.shift == id && noted.handout.boxes == Boxes::Done {
                    tally.leaflets = tally.leaflets.saturating_add(noted.handout.count);
                }
            }
            let minutes = now.0.saturating_sub(opened.0).max(0) / 60_000;
            Ok(ShiftSummary {
                shift: id.to_string(),
                knocked: tally.knocked(),
                doors: visits::distinct_doors(t, id)?,
                opened: Outcome::ALL
                    .into_iter()
                    .filter(|outcome| outcome.opened())
                    .map(|outcome| tally.of(outcome))
                    .sum(),
                spoke: tally.spoke,
                leaflets: tally.leaflets,
                minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
            })
        })
    }
}

/// Where a shift belongs.
pub(super) const fn address(id: DocumentId, team: TeamId) -> Address {
    Address {
        id,
        kind: Kind::Shift,
        space: team.space(),
    }
}

/// Opens an outing: writes it, and gives it to be written on.
pub(super) fn open(
    connection: &Connection,
    writer: Writer,
    turf: &TurfHead,
    now: Moment,
) -> Result<Followed, Error> {
    if membership::keys(connection, turf.team)?.is_empty() {
        return Err(Error::NotAllowed);
    }
    let mut shift = Followed {
        id: DocumentId(random()?),
        space: turf.team.space(),
        device: writer.device,
        version: 0,
        trail: Trail::new(writer.actor),
    };
    let opening = Shift {
        turf: Some(turf.id),
        opened: Some(now),
        ..Shift::default()
    };
    add(connection, &mut shift, &opening, 0, now)?;
    Ok(shift)
}

/// Closes an outing.
pub(super) fn close(
    connection: &Connection,
    writer: Writer,
    at: Address,
    now: Moment,
) -> Result<(), Error> {
    let closing = Shift {
        closed: Some(now),
        ..Shift::default()
    };
    if add_to(connection, writer, at.id, &closing, 0, now)? {
        return Ok(());
    }
    writer.edit(connection, at, 0, |document| shift::close(document, now))
}

/// Writes one entry that takes another one back.
pub(super) fn take_back(
    connection: &Connection,
    writer: Writer,
    at: Address,
    entry: Entry,
    now: Moment,
) -> Result<(), Error> {
    let mut taking_back = Shift {
        entries: vec![entry],
        ..Shift::default()
    };
    if add_to(connection, writer, at.id, &taking_back, 1, now)? {
        return Ok(());
    }
    let entries = std::mem::take(&mut taking_back.entries);
    writer.edit(connection, at, 1, |document| {
        shift::record(document, &entries, now)
    })
}

/// Adds to a shift of ours that is only followed; `false` where the document has to be written.
fn add_to(
    connection: &Connection,
    writer: Writer,
    id: DocumentId,
    added: &Shift,
    records: u32,
    now: Moment,
) -> Result<bool, Error> {
    let Standing::Followed(mut shift) = documents::standing(connection, id)? else {
        return Ok(false);
    };
    if !shift.trail.is_by(writer.actor) || !shift.trail.takes(added) {
        return Ok(false);
    }
    add(connection, &mut shift, added, records, now)?;
    Ok(true)
}

/// Adds to a shift of ours: the change, its rows and its place in the outbox.
pub(super) fn add(
    connection: &Connection,
    shift: &mut Followed,
    added: &Shift,
    records: u32,
    now: Moment,
) -> Result<(), Error> {
    let is_new = shift.is_new();
    let change = shift.trail.write(added, now)?;
    shift.keep(connection)?;
    envelopes::insert_pending(connection, shift.id, records, &change)?;
    if projections::add_to_shift(connection, shift, is_new, added, None)? {
        Ok(())
    } else {
        Err(Error::Document)
    }
}

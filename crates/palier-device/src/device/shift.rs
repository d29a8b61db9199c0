//! Shifts: one device, one outing on one turf.

use palier_core::{
    document::shift,
    envelope::Kind,
    id::{DocumentId, TeamId},
    moment::Moment,
};
use rusqlite::Connection;

use super::{
    Device,
    documents::{Address, Writer, write_change},
};
use crate::{
    api::reply::ShiftSummary,
    clock::random,
    error::{Error, Thing},
    store::{documents::Kept, membership, projections, projections::TurfHead, visits},
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
            writer.edit(t, address(id, turf.team), 0, |document| {
                shift::close(document, now)
            })?;
            let tally = visits::of_shift(t, id)?;
            let minutes = now.0.saturating_sub(opened.0).max(0) / 60_000;
            Ok(ShiftSummary {
                shift: id.to_string(),
                knocked: tally.knocked(),
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

/// Opens an outing: writes it, and gives the document to write into.
pub(super) fn open(
    connection: &Connection,
    writer: Writer,
    turf: &TurfHead,
    now: Moment,
) -> Result<Kept, Error> {
    if membership::keys(connection, turf.team)?.is_empty() {
        return Err(Error::NotAllowed);
    }
    let at = address(DocumentId(random()?), turf.team);
    let mut kept = writer.open(connection, at)?;
    write_change(connection, &mut kept, 0, |document| {
        shift::open(document, turf.id, now)
    })?;
    Ok(kept)
}

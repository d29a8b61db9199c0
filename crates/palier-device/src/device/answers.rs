//! Counting what people answer: for a station, and for no door.

use palier_core::{
    answers::{Answered, Batch, batch::NotCounted},
    id::{DeviceId, TeamId},
    outcome::Outcome,
};
use rusqlite::Connection;

use super::Device;
use crate::{
    error::Error,
    store::{batches, visits},
};

impl Device {
    /// Puts what somebody answers at a station in the place of what they answered before, while
    /// the screen still shows it. Nothing is kept of the door, and of the moment not even the
    /// day, until the batch leaves.
    ///
    /// # Errors
    /// The turf or the station is none, no door opened there that this could be of, or the disk
    /// failed; then nothing changed.
    pub fn count_answer(
        &mut self,
        turf: &str,
        station: Option<&str>,
        before: Answered,
        after: Answered,
    ) -> Result<(), Error> {
        self.member()?;
        let team = self.find_turf(turf)?.team;
        let station = match station {
            Some(station) => self.find_station(station)?,
            None => String::new(),
        };
        self.store
            .write_untraced(|t| batches::change(t, team, &station, |b| b.answer(before, after)))
    }
}

/// Counts a door that opens, before its visit is written.
pub(super) fn count_door(
    connection: &Connection,
    team: TeamId,
    door: &str,
    outcome: Outcome,
    me: DeviceId,
) -> Result<(), Error> {
    change_once(connection, team, (door, outcome), me, Batch::open_door)
}

/// Takes a door back, once the only visit that had opened it was taken back.
pub(super) fn take_door_back(
    connection: &Connection,
    team: TeamId,
    door: &str,
    outcome: Outcome,
    me: DeviceId,
) -> Result<(), Error> {
    change_once(connection, team, (door, outcome), me, Batch::take_door_back)
}

/// Changes the batch of a door whose outcome opens it, where no other visit of ours opened it.
fn change_once(
    connection: &Connection,
    team: TeamId,
    (door, outcome): (&str, Outcome),
    me: DeviceId,
    change: fn(&mut Batch),
) -> Result<(), Error> {
    if !Batch::is_opened(outcome) || visits::opened_to(connection, door, me)? {
        return Ok(());
    }
    let station = visits::station_of(connection, door)?;
    batches::change(connection, team, &station, |batch| {
        change(batch);
        Ok::<_, Error>(())
    })
}

/// Ends an outing of a team: whole batches may leave.
pub(super) fn close_batches(connection: &Connection, team: TeamId) -> Result<(), Error> {
    for (of, station, _) in batches::all(connection)? {
        if of == team {
            batches::change(connection, team, &station, |batch| {
                batch.close();
                Ok::<_, Error>(())
            })?;
        }
    }
    Ok(())
}

impl From<NotCounted> for Error {
    fn from(_reason: NotCounted) -> Self {
        Self::NotCounted
    }
}

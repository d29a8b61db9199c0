//! Turfs: giving doors to a team, and reading them.

use palier_core::{
    document::turf::{self, Cover},
    envelope::Kind,
    id::DocumentId,
    rights::Role,
    sheet::line_code,
    territory::street_side,
};

use super::{Device, campaign::MAX_NAME, clean_name, documents::Address, named};
use crate::{
    api::reply::{DoorRow, SheetLine, TurfRow},
    clock::random,
    error::{Error, Thing},
    reason::BadCampaign,
    store::{
        projections::{self, TurfHead},
        territory, visits,
    },
};

/// What a new turf covers, as a person gives it.
#[derive(Clone, Debug)]
pub enum Doors {
    /// Those of a station, by its code.
    Station(String),
    /// Those of addresses, by their ids.
    Addresses(Vec<String>),
}

impl Device {
    /// Gives doors to a team.
    ///
    /// # Errors
    /// The role does not allow it; the team, the station or an address is none; the name is
    /// taken.
    pub fn create_turf(
        &mut self,
        name: &str,
        team: &str,
        doors: Doors,
    ) -> Result<DocumentId, Error> {
        let own = self.member_as(&[Role::Organiser, Role::Lead])?.team();
        let team = self.find_team(team)?;
        if own.is_some_and(|own| own != team.id) {
            return Err(Error::NotAllowed);
        }
        let name = clean_name(name, MAX_NAME)?;
        let cover = self.cover(doors)?;
        let at = Address {
            id: DocumentId(random()?),
            kind: Kind::Turf,
            space: team.id.space(),
        };
        let (writer, now) = (self.writer(), self.now());
        self.store.write(|t| {
            if projections::turfs(t)?
                .iter()
                .any(|known| known.name == name && known.team == team.id)
            {
                return Err(Error::NameTaken(Thing::Turf));
            }
            writer.edit(t, at, 1, |document| {
                turf::create(document, &name, &cover, now)
            })
        })?;
        Ok(at.id)
    }

    fn cover(&self, doors: Doors) -> Result<Cover, Error> {
        match doors {
            Doors::Station(station) => Ok(Cover::Station(self.find_station(&station)?)),
            Doors::Addresses(addresses) => {
                if addresses.is_empty() {
                    return Err(Error::bad_input(BadCampaign::TurfOfNothing));
                }
                for address in &addresses {
                    if !territory::has_address(self.connection(), address)? {
                        return Err(Error::Unknown(Thing::Address));
                    }
                }
                Ok(Cover::Addresses(addresses))
            }
        }
    }

    /// The turfs of this device's teams, by name.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn turfs(&self) -> Result<Vec<TurfRow>, Error> {
        let teams = projections::teams(self.connection())?;
        projections::turfs(self.connection())?
            .into_iter()
            .map(|turf| {
                let [doors, visited, opened] = visits::progress(self.connection(), &turf)?;
                let shift = projections::open_shift(self.connection(), self.id(), turf.id)?;
                let team = teams.iter().find(|team| team.id == turf.team);
                Ok(TurfRow {
                    turf: turf.id.to_string(),
                    name: turf.name,
                    team: turf.team.to_string(),
                    team_name: team.map(|team| team.name.clone()).unwrap_or_default(),
                    station: Some(turf.station).filter(|station| !station.is_empty()),
                    doors,
                    visited,
                    opened,
                    shift: shift.map(|(shift, _)| shift.to_string()),
                    shift_since: shift.map(|(_, opened)| opened.to_string()),
                })
            })
            .collect()
    }

    /// The doors of a turf, in walking order.
    ///
    /// # Errors
    /// The turf is none.
    pub fn doors(&self, turf: &str) -> Result<(DocumentId, Vec<DoorRow>), Error> {
        let turf = self.find_turf(turf)?;
        let doors = visits::doors(self.connection(), &turf, &visits::WHOLE, self.id())?;
        Ok((turf.id, doors))
    }

    /// The doors of a turf as lines of paper, in walking order, under the turf's name.
    ///
    /// # Errors
    /// The turf is none.
    pub fn sheet(&self, turf: &str) -> Result<(String, Vec<SheetLine>), Error> {
        let turf = self.find_turf(turf)?;
        let doors = visits::doors(self.connection(), &turf, &visits::WHOLE, self.id())?;
        let lines = doors.into_iter().map(|door| SheetLine {
            code: line_code(&door.door),
            side: street_side(&door.number),
            door,
        });
        Ok((turf.name, lines.collect()))
    }

    /// One door of a turf, as it is now.
    pub(super) fn door(&self, turf: DocumentId, door: &str) -> Result<DoorRow, Error> {
        visits::door(self.connection(), turf, door, self.id())?.ok_or(Error::Unknown(Thing::Door))
    }

    /// The turf that an id or a name means.
    pub(super) fn find_turf(&self, text: &str) -> Result<TurfHead, Error> {
        named(
            Thing::Turf,
            &projections::turfs(self.connection())?,
            text,
            |turf| turf.id.to_string(),
            |turf| &turf.name,
        )
    }
}

//! Reporting ballots cast so far.

use palier_core::{
    document::report::{self, MAX_VOTES, Report, Votes},
    envelope::Kind,
    id::DocumentId,
    moment::HourOfDay,
    rights::{Role, Scope},
    territory,
};

use super::{Device, documents::Address};
use crate::{
    error::{Error, Thing},
    reason::BadCampaign,
    store::territory as reference,
};

impl Device {
    /// Writes down ballots cast so far at a station, at an hour of today.
    ///
    /// # Errors
    /// The role does not allow it, or the station or the number is none.
    pub fn report_turnout(&mut self, station: &str, hour: &str, votes: u32) -> Result<(), Error> {
        let member = self.member_as(&[Role::Observer, Role::Organiser])?;
        let (campaign, scope) = (member.place.campaign, member.rights.scope.clone());
        let hour: HourOfDay = hour
            .parse()
            .map_err(|_reason: palier_core::moment::NotAnHour| {
                Error::bad_input(BadCampaign::NotAnHour)
            })?;
        if votes > MAX_VOTES {
            return Err(Error::bad_input(BadCampaign::TooManyBallots {
                most: MAX_VOTES,
            }));
        }
        let station = self.find_station(station)?;
        if matches!(&scope, Scope::Station(own) if *own != station) {
            return Err(Error::NotAllowed);
        }
        let now = self.now();
        let day = self.day(now)?;
        let at = Address {
            id: DocumentId::report(&self.id(), &day, None),
            kind: Kind::Report,
            space: campaign.reports_space(),
        };
        let writer = self.writer();
        self.store.write(|t| {
            writer.edit(t, at, 1, |document| {
                let before = report::read(document).unwrap_or_default();
                let mut wanted = Report { day, ..before };
                wanted
                    .turnout
                    .insert((station, hour), Votes { at: now, votes });
                report::write(document, &wanted, now)
            })
        })
    }

    /// The station that a text means. Before any territory is known, its canonical form.
    pub(super) fn find_station(&self, text: &str) -> Result<String, Error> {
        let ids = reference::station_ids(self.connection())?;
        match territory::resolve(&ids, text) {
            Ok(id) => Ok(id.as_str().to_owned()),
            Err(territory::ResolveError::Ambiguous { .. }) => Err(Error::Ambiguous(Thing::Station)),
            Err(territory::ResolveError::Unknown(_)) => Err(Error::Unknown(Thing::Station)),
        }
    }
}

//! What this device is, and what waits.

use palier_core::{colour, id::CampaignId, request::device_code};

use super::Device;
use crate::{
    api::{
        look::Look,
        reply::{Ended, Place, Status, TeamRow},
        request::Language,
    },
    error::Error,
    store::{asking, envelopes, membership, projections, settings, settings::name},
};

impl Device {
    /// Who this device is, and what waits to be sent.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn status(&self) -> Result<Status, Error> {
        let connection = self.connection();
        let setting = |name| settings::get(connection, name);
        let [queued, sent, refused] = envelopes::count_records(connection)?;
        let campaign = projections::campaign(connection)?;
        let member = self.member.as_ref();
        let pseudonym = member.map(|member| member.place.pseudonym.clone());
        Ok(Status {
            colour: (campaign.as_ref().and_then(|row| row.colour))
                .or(self.campaign_id()?.as_ref().map(colour::of)),
            campaign: member.map(|_| campaign.map(|row| row.name).unwrap_or_default()),
            campaign_id: member.map(|member| member.place.campaign.to_string()),
            demo: self.is_demo(),
            others: 0,
            others_queued: 0,
            holds_root: membership::root(connection)?.is_some(),
            device: self.id().to_string(),
            digits: device_code(&self.id()),
            name: pseudonym.filter(|name| !name.is_empty()),
            role: member.map(|member| member.rights.role),
            until: member.map(|member| member.rights.not_after.to_string()),
            teams: self.team_rows()?,
            waiting: self.waiting()?,
            requests: self.count_requests()?,
            ended: self.ended()?,
            queued,
            sent,
            refused,
            refusals: envelopes::refusals(connection)?,
            last_sync: setting(name::LAST_SYNC)?,
            online: setting(name::ONLINE)?.map(|word| word == "yes"),
            relay: member.map(|member| member.place.relay.clone()),
            incarnation: setting(name::INCARNATION)?,
            place: Place {
                turf: setting(name::PLACE_TURF)?,
                door: setting(name::PLACE_DOOR)?,
            },
            look: Look::default(),
            language: setting(name::LANGUAGE)?
                .as_deref()
                .and_then(Language::of_word),
        })
    }

    /// The campaign that it is in, or asks to enter.
    pub(crate) fn campaign_id(&self) -> Result<Option<CampaignId>, Error> {
        if let Some(member) = &self.member {
            return Ok(Some(member.place.campaign));
        }
        Ok(asking::get(self.connection())?.map(|asking| asking.campaign))
    }

    /// Whether nothing was begun with it: it is in no campaign, asks for none, and nobody was
    /// shown its keys.
    pub(crate) fn is_unused(&self) -> Result<bool, Error> {
        Ok(self.campaign_id()?.is_none()
            && settings::get(self.connection(), name::CODE_NAME)?.is_none()
            && !membership::is_joining(self.connection())?)
    }

    /// Whether it may be left where so much may be lost, and nobody else holds it open.
    pub(crate) fn may_be_left(&self, unsent: u32, root: bool) -> Result<(), Error> {
        let [queued, ..] = envelopes::count_records(self.connection())?;
        if queued > unsent && !self.is_demo() {
            return Err(Error::Unsent(queued));
        }
        if !root && membership::root(self.connection())?.is_some() {
            return Err(Error::HoldsRoot);
        }
        self.store.be_alone()
    }

    /// Whether this device's rights are over, by their date or by the relay's word.
    fn ended(&self) -> Result<Option<Ended>, Error> {
        let Some(member) = &self.member else {
            return Ok(None);
        };
        let removed = settings::get(self.connection(), name::REMOVED)?.is_some();
        Ok(if removed {
            Some(Ended::Removed)
        } else if member.rights.not_after < self.now() {
            Some(Ended::Expired)
        } else {
            None
        })
    }

    /// Keeps whether the relay says that this device's rights were taken back.
    pub(crate) fn note_removed(&mut self, removed: bool) -> Result<(), Error> {
        self.store
            .write(|t| settings::set(t, name::REMOVED, removed.then_some("yes")))
    }

    fn team_rows(&self) -> Result<Vec<TeamRow>, Error> {
        let connection = self.connection();
        let own = self.own_teams()?;
        projections::teams(connection)?
            .into_iter()
            .filter(|team| own.contains(&team.id))
            .map(|team| {
                Ok(TeamRow {
                    team: team.id.to_string(),
                    members: projections::members(connection, team.id)?,
                    name: team.name,
                })
            })
            .collect()
    }

    /// Remembers where the hand is.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn set_place(&mut self, turf: Option<&str>, door: Option<&str>) -> Result<(), Error> {
        self.store.write(|t| {
            settings::set(t, name::PLACE_TURF, turf)?;
            settings::set(t, name::PLACE_DOOR, door)
        })
    }

    /// Remembers the language of the interface.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn set_language(&mut self, language: Language) -> Result<(), Error> {
        self.store
            .write(|t| settings::set(t, name::LANGUAGE, Some(language.word())))
    }
}

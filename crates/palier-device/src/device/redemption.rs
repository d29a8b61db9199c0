//! Letting a device in with no relay in reach, by two codes that people hand each other.
//!
//! The joining device shows who it is; a lead's device answers with a chain, the team's keys
//! sealed to it, and enough of the campaign to begin. Both queue what the relay must hear, and
//! it does not matter which of them reaches it first.

use palier_core::{
    code::{AnswerCode, CodeError, HandedTurf, RequestCode},
    document::{
        campaign::{Campaign, Team},
        team::MAX_PSEUDONYM,
    },
    id::{CampaignId, TeamId},
    request::device_code,
    rights::{Rights, Role, Scope},
    territory::Address,
};
use rusqlite::Connection;

use super::{Device, clean_name, join::read_link, rotation::Keeper};
use crate::{
    error::{CodeFault, Error},
    store::{
        handed,
        membership::Membership,
        projections::{self, TurfHead},
        settings, territory,
    },
};

/// A device whose request code was read.
#[derive(Clone, Debug)]
pub struct Stranger {
    /// Its pseudonym.
    pub name: String,
    /// Twelve digits that stand for it.
    pub code: String,
}

impl Device {
    /// The code by which this device asks somebody beside it to let it in.
    ///
    /// # Errors
    /// The device is in a campaign already, the link is none, or the pseudonym is none.
    pub fn request_code(&mut self, link: Option<&str>, name: &str) -> Result<String, Error> {
        if self.member.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        let name = clean_name(name, MAX_PSEUDONYM)?;
        let campaign = link.map(read_link).transpose()?.map(|link| link.campaign);
        let expected = campaign.map(|campaign| campaign.to_string());
        self.store.write(|t| {
            settings::set(t, settings::name::CODE_NAME, Some(&name))?;
            settings::set(t, settings::name::CODE_CAMPAIGN, expected.as_deref())
        })?;
        let receive = self.secret.receive_key();
        Ok(RequestCode::new(campaign.as_ref(), self.id(), receive, &name).text())
    }

    /// Who asks by a code, before anything is done with it.
    ///
    /// # Errors
    /// It is no request code, or one for another campaign.
    pub fn read_request_code(&self, text: &str) -> Result<Stranger, Error> {
        let code = self.own_request_code(text)?;
        Ok(Stranger {
            name: code.name,
            code: device_code(&code.device),
        })
    }

    /// Lets in who asks by a code, and gives the code that answers it, with the doors of one
    /// turf where one is named.
    ///
    /// # Errors
    /// It is no request code or one for another campaign; the role does not allow it; the team
    /// is full, or it or the turf is none; the turf has more doors than fit into a code.
    pub fn answer_code(
        &mut self,
        text: &str,
        team: Option<&str>,
        turf: Option<&str>,
    ) -> Result<String, Error> {
        let asked = self.own_request_code(text)?;
        let team = self.own_team(team)?;
        let member = self.member()?.clone();
        let scope = Scope::Team(team.id);
        if !member.rights.may_issue(Role::Volunteer, &scope) {
            return Err(Error::NotAllowed);
        }
        let turf = turf
            .map(|turf| self.handed_turf(turf, team.id))
            .transpose()?;
        let rights = Rights {
            device: asked.device,
            receive: asked.receive,
            role: Role::Volunteer,
            scope,
            not_after: member.rights.not_after,
        };
        let chain = member.certify(&self.secret, &rights);
        let campaign = projections::campaign(self.connection())?.ok_or(Error::Document)?;
        let (secret, now) = (&self.secret, self.now());
        self.store.write(|t| {
            let keeper = Keeper::new(t, secret, &member, team.id, now);
            let known = keeper.members()?;
            if !known.iter().any(|it| it.device == asked.device) {
                keeper.check_room()?;
            }
            let answer = AnswerCode {
                relay: member.place.relay.clone(),
                keys: keeper.seal_all(asked.receive)?,
                campaign_name: campaign.name,
                time_zone: campaign.time_zone,
                team: Team {
                    id: team.id,
                    name: team.name,
                    limit: team.limit,
                    policy: team.policy,
                },
                turf,
                chain: chain.clone(),
            };
            let text = answer.text()?;
            keeper.let_in(&chain, asked.receive)?;
            Ok(text)
        })
    }

    /// Enters the campaign by the code that answers this device's own.
    ///
    /// # Errors
    /// It is no answer code, one for another device or another campaign than that of the link,
    /// or it does not hold; the device is in a campaign already, or made no request code.
    pub fn enter_answer(&mut self, text: &str) -> Result<(), Error> {
        if self.member.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        let answer = AnswerCode::parse(text)?;
        let setting = |name| settings::get(self.connection(), name);
        let asked = (
            setting(settings::name::CODE_NAME)?,
            setting(settings::name::CODE_CAMPAIGN)?,
        );
        let (Some(pseudonym), expected) = asked else {
            return Err(Error::Code(CodeFault::NotAsked));
        };
        let expected: Option<CampaignId> = expected.map(|text| text.parse()).transpose()?;
        let nonsense = Error::Code(CodeFault::Text(CodeError::Nonsense));
        let campaign = answer.chain.campaign().ok_or(nonsense)?;
        if expected.is_some_and(|expected| expected != campaign) {
            return Err(Error::Code(CodeFault::OtherCampaign));
        }
        let rights = answer.chain.verify(&campaign, self.now())?;
        if rights.device != self.id() || rights.receive != self.secret.receive_key() {
            return Err(Error::Code(CodeFault::OtherDevice));
        }
        if rights.scope.team() != Some(answer.team.id) {
            return Err(Error::Code(CodeFault::Text(CodeError::Nonsense)));
        }
        let team = answer.team.id;
        let keys = answer
            .keys
            .iter()
            .map(|key| Ok((team, key.open(&self.secret, &team.0)?)))
            .collect::<Result<_, Error>>()?;
        let place = Membership {
            campaign,
            relay: answer.relay.clone(),
            chain: answer.chain.clone(),
            pseudonym,
        };
        let joining = self.introduction(place, keys)?;
        // Before it enters, so that a device that is in has what it was handed.
        self.store.write(|t| {
            handed::set(t, &answer.encode())?;
            show_handed(t)?;
            if let Some(turf) = &answer.turf {
                territory::insert_missing(t, &turf.addresses)?;
            }
            settings::set(t, settings::name::CODE_NAME, None)?;
            settings::set(t, settings::name::CODE_CAMPAIGN, None)
        })?;
        self.enter(joining, None)
    }

    /// Reads a request code that may be answered here.
    fn own_request_code(&self, text: &str) -> Result<RequestCode, Error> {
        let campaign = self.member()?.place.campaign;
        let code = RequestCode::parse(text)?;
        if code.is_for(&campaign) {
            Ok(code)
        } else {
            Err(Error::Code(CodeFault::OtherCampaign))
        }
    }

    fn handed_turf(&self, turf: &str, team: TeamId) -> Result<HandedTurf, Error> {
        let turf = self.find_turf(turf)?;
        if turf.team != team {
            return Err(Error::NotAllowed);
        }
        let addresses: Vec<Address> = territory::of_turf(self.connection(), &turf)?;
        Ok(HandedTurf {
            id: turf.id,
            name: turf.name,
            station: turf.station,
            addresses,
        })
    }
}

/// Shows what a device was handed when it was let in by a code, where nothing newer came: the
/// names of its campaign and team, and a turf. Documents that come later stand in its place.
pub(super) fn show_handed(connection: &Connection) -> Result<(), Error> {
    let Some(bytes) = handed::get(connection)? else {
        return Ok(());
    };
    let answer = AnswerCode::decode(&bytes)?;
    let team = answer.team.id;
    projections::set_campaign(
        connection,
        &Campaign {
            name: answer.campaign_name,
            time_zone: answer.time_zone,
            colour: None,
            territory: None,
            teams: vec![answer.team],
        },
    )?;
    if let Some(turf) = answer.turf {
        let ids = turf.addresses.iter().map(|address| address.id.as_str());
        let head = TurfHead {
            id: turf.id,
            team,
            name: turf.name,
            station: turf.station,
        };
        projections::set_handed_turf(connection, &head, ids)?;
    }
    Ok(())
}

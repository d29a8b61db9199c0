//! Making invitations.

use palier_core::{
    envelope::Kind,
    invitation::{Invitation, InvitationRecord, InvitationSecret, Link, MAX_USES, Offer, Policy},
    moment::{Millis, Moment},
    rights::{Role, Scope},
    seal::SealedKey,
};

use super::{
    Device,
    outbox::{self, Draft},
};
use crate::{
    clock::random,
    error::Error,
    reason::BadTeam,
    store::{membership, projections},
};

/// How long a link works where nobody says otherwise.
const DEFAULT_EXPIRY: Millis = Millis::days(7);

/// What a new invitation is to offer.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What the person will be.
    pub role: Role,
    /// The team, by id or name.
    pub team: Option<String>,
    /// The station, for an observer.
    pub station: Option<String>,
    /// For how long the link works.
    pub expires: Option<Millis>,
    /// How many people may use it.
    pub uses: Option<u16>,
}

/// A new invitation.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The link to hand over.
    pub link: String,
    /// Until when it works.
    pub expires: Moment,
    /// How many people may use it.
    pub uses: u16,
}

impl Device {
    /// Makes an invitation: a link for the person, and an envelope for the relay, which works
    /// once that envelope was synced.
    ///
    /// # Errors
    /// The role may not invite so; the team, the station or a number is none.
    pub fn invite(&mut self, wanted: &Wanted) -> Result<Invited, Error> {
        let member = self.member()?.clone();
        let (scope, team) = self.scope(wanted)?;
        if !member.rights.may_issue(wanted.role, &scope) {
            return Err(Error::NotAllowed);
        }
        let now = self.now();
        let uses = wanted.uses.unwrap_or(1);
        let expires = now.after(wanted.expires.unwrap_or(DEFAULT_EXPIRY));
        if !(1..=MAX_USES).contains(&uses) || expires <= now {
            return Err(Error::bad_input(BadTeam::InvitationUses { most: MAX_USES }));
        }
        let offer = Offer {
            role: wanted.role,
            policy: team.as_ref().map_or(Policy::Open, |team| team.policy),
            limit: team.as_ref().map_or(0, |team| team.limit),
            uses,
            expires,
            rights_until: member.rights.not_after,
            scope,
        };
        let campaign = member.place.campaign;
        let secret = InvitationSecret(random()?);
        let space = offer.scope.home(&campaign);
        let record = InvitationRecord {
            invitation: Invitation::sign(campaign, &secret, offer, &self.secret),
            issuer: member.place.chain.clone(),
            campaign_name: projections::campaign(self.connection())?
                .map(|campaign| campaign.name)
                .unwrap_or_default(),
            team_name: team
                .as_ref()
                .map(|team| team.name.clone())
                .unwrap_or_default(),
            keys: self.keys_for(&secret, team.as_ref())?,
        };
        let own = &self.secret;
        self.store.write(|t| {
            outbox::introduce(t, own, &member.place, space, now)?;
            let draft = Draft::open(Kind::Invitation, space, record.encode());
            outbox::post(t, own, campaign, draft, now)
        })?;
        let link = Link {
            relay: member.place.relay,
            campaign,
            secret,
        };
        Ok(Invited {
            link: link.text(),
            expires,
            uses,
        })
    }

    fn scope(&self, wanted: &Wanted) -> Result<(Scope, Option<projections::Team>), Error> {
        let no_team = || Err(Error::bad_input(BadTeam::InvitationHasNoTeam(wanted.role)));
        let no_station = || {
            Err(Error::bad_input(BadTeam::InvitationHasNoStation(
                wanted.role,
            )))
        };
        match wanted.role {
            Role::Volunteer | Role::Lead => {
                if wanted.station.is_some() {
                    return no_station();
                }
                let team = match (&wanted.team, self.member()?.team()) {
                    (Some(text), _) => self.find_team(text)?,
                    (None, Some(own)) => self.find_team(&own.to_string())?,
                    (None, None) => {
                        return Err(Error::bad_input(BadTeam::InvitationNeedsTeam(wanted.role)));
                    }
                };
                Ok((Scope::Team(team.id), Some(team)))
            }
            _ if wanted.team.is_some() => no_team(),
            Role::Observer => match &wanted.station {
                Some(station) => Ok((Scope::Station(self.find_station(station)?), None)),
                None => Ok((Scope::Campaign, None)),
            },
            _ if wanted.station.is_some() => no_station(),
            Role::Trainer | Role::Organiser => Ok((Scope::Campaign, None)),
        }
    }

    /// The team's keys, sealed to an invitation.
    fn keys_for(
        &self,
        secret: &InvitationSecret,
        team: Option<&projections::Team>,
    ) -> Result<Vec<SealedKey>, Error> {
        let Some(team) = team else {
            return Ok(Vec::new());
        };
        let keys = membership::keys(self.connection(), team.id)?;
        if keys.is_empty() {
            return Err(Error::NotAllowed);
        }
        // Who must be accepted is given the keys then.
        if team.policy == Policy::Approved {
            return Ok(Vec::new());
        }
        let to = secret.secret().receive_key();
        keys.iter()
            .map(|key| Ok(SealedKey::seal(key, to, &team.id.0, random()?)?))
            .collect()
    }
}

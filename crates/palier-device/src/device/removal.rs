//! Who is in a team, and removing somebody from it.

use palier_core::{
    envelope::Kind,
    id::{DeviceId, TeamId},
    request::device_code,
    revocation::Revocation,
    rights::Role,
};

use super::{
    Device,
    rotation::{Keeper, Standing},
};
use crate::{
    api::reply::{MemberRow, TeamMembers},
    error::{Error, Thing},
    store::{membership, peers, projections},
};

impl Device {
    /// The people of a team, this device's own where none is named.
    ///
    /// # Errors
    /// The team is none, or is not one of this device's.
    pub fn team_members(&self, team: Option<&str>) -> Result<TeamMembers, Error> {
        let team = self.own_team(team)?;
        let member = self.member()?;
        let names = projections::pseudonyms(self.connection(), team.id)?;
        let keeper = Keeper::new(self.connection(), &self.secret, member, team.id, self.now());
        let mut members = Vec::new();
        for standing in keeper.standings()? {
            if standing.revoked {
                continue;
            }
            let name = names.iter().find(|(device, _)| *device == standing.device);
            members.push(MemberRow {
                device: standing.device.to_string(),
                code: device_code(&standing.device),
                name: name.map(|(_, name)| name.clone()),
                role: standing.rights.role,
                me: standing.device == self.id(),
                until: standing.rights.not_after.to_string(),
                ended: standing.rights.not_after < self.now(),
                removable: self.may_remove(&standing)?,
            });
        }
        members.sort_by(|a, b| (!a.me, &a.name, &a.code).cmp(&(!b.me, &b.name, &b.code)));
        Ok(TeamMembers {
            team: team.id.to_string(),
            name: team.name,
            limit: team.limit,
            accepts: team.policy == palier_core::invitation::Policy::Approved,
            members,
        })
    }

    /// Removes somebody from a team: their rights end, and the team's key changes, in one go.
    /// What they wrote before stays; what anybody writes from now on they cannot read.
    ///
    /// # Errors
    /// Nobody is called so, or the role does not allow it: a lead removes volunteers, an
    /// organiser leads as well.
    pub fn remove_member(&mut self, team: Option<&str>, who: &str) -> Result<(), Error> {
        let team = self.own_team(team)?.id;
        let target = self.find_member(team, who)?;
        if !self.may_remove(&target)? {
            return Err(Error::NotAllowed);
        }
        let member = self.member()?.clone();
        let (secret, now) = (&self.secret, self.now());
        self.store.write(|t| {
            let keeper = Keeper::new(t, secret, &member, team, now);
            if !keeper.keeps()? {
                return Err(Error::NotAllowed);
            }
            let revocation = Revocation {
                device: target.device,
            };
            // The revocation first: another lead who hears of the new key alone would give it
            // to everybody who still stands there.
            keeper.post(Kind::Revocation, revocation.encode())?;
            peers::revoke(t, team.space(), target.device)?;
            keeper.rotate()?;
            keeper.tend()
        })
    }

    fn may_remove(&self, target: &Standing) -> Result<bool, Error> {
        let member = self.member()?;
        let revocation = Revocation {
            device: target.device,
        };
        let held = std::slice::from_ref(&target.rights);
        Ok(target.device != self.id()
            && target.rights.role != Role::Organiser
            && revocation.may_be_said_by(&member.rights, &member.place.campaign, held))
    }

    /// The member that a device's id, its code or a pseudonym means.
    fn find_member(&self, team: TeamId, who: &str) -> Result<Standing, Error> {
        let member = self.member()?;
        let keeper = Keeper::new(self.connection(), &self.secret, member, team, self.now());
        let names = projections::pseudonyms(self.connection(), team)?;
        let named = |device: &DeviceId| names.iter().any(|(of, name)| of == device && name == who);
        let digits = |text: &str| text.split_whitespace().collect::<String>();
        let mut found = keeper.standings()?;
        found.retain(|it| {
            !it.revoked
                && (it.device.to_string() == who
                    || digits(&device_code(&it.device)) == digits(who)
                    || named(&it.device))
        });
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => Err(Error::Ambiguous(Thing::Member)),
            (None, _) => Err(Error::Unknown(Thing::Member)),
        }
    }

    /// The team that is meant, by name, or as the only one of this device.
    pub(super) fn own_team(&self, team: Option<&str>) -> Result<projections::Team, Error> {
        let own = self.own_teams()?;
        let team = match (team, own.as_slice()) {
            (Some(text), _) => self.find_team(text)?,
            (None, [one]) => self.find_team(&one.to_string())?,
            (None, _) => return Err(Error::BadInput("say which team".into())),
        };
        if own.contains(&team.id) {
            Ok(team)
        } else {
            Err(Error::NotAllowed)
        }
    }

    /// The teams whose space this device reads: those whose keys it holds, and its own, even
    /// where its key is still to come.
    pub(super) fn own_teams(&self) -> Result<Vec<TeamId>, Error> {
        let mut teams = membership::teams_with_keys(self.connection())?;
        if let Some(own) = self.member.as_ref().and_then(super::Member::team)
            && !teams.contains(&own)
        {
            teams.push(own);
        }
        Ok(teams)
    }
}

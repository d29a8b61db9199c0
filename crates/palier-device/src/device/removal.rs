//! Who is in a team, and removing somebody from it.

use std::collections::BTreeMap;

use palier_core::{
    envelope::Kind,
    id::{DeviceId, TeamId},
    request::device_code,
    revocation::Revocation,
    rights::{Rights, Role},
};

use super::{
    Device,
    renewal::Renewing,
    rotation::{Keeper, Standing},
};
use crate::{
    api::reply::{MemberRow, TeamMembers},
    error::{Error, Thing},
    reason::BadTeam,
    store::{membership, peers, projections, removals},
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
        let renewing = Renewing::of(&keeper);
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
                renewable: renewing.would_help_soon(&standing.rights)?,
                removable: self.may_remove(&standing)?,
            });
        }
        members.sort_by(|a, b| (!a.me, &a.name, &a.code).cmp(&(!b.me, &b.name, &b.code)));
        Ok(TeamMembers {
            team: team.id.to_string(),
            name: team.name,
            limit: team.limit,
            accepts: team.policy == palier_core::invitation::Policy::Approved
                || removals::is_any(self.connection(), team.id.space())?,
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
            let revocation = Revocation::of(target.device);
            // The revocation first: another lead who hears of the new key alone would give it
            // to everybody who still stands there.
            keeper.post(Kind::Revocation, revocation.encode())?;
            peers::revoke(t, team.space(), target.device)?;
            removals::say(t, team.space(), target.device, 0)?;
            keeper.rotate()?;
            keeper.tend()
        })
    }

    fn may_remove(&self, target: &Standing) -> Result<bool, Error> {
        let member = self.member()?;
        let revocation = Revocation::of(target.device);
        let held = std::slice::from_ref(&target.rights);
        Ok(target.device != self.id()
            && target.rights.role != Role::Organiser
            && revocation.may_be_said_by(&member.rights, &member.place.campaign, held))
    }

    /// The member that a device's id, its code or a pseudonym means.
    pub(super) fn find_member(&self, team: TeamId, who: &str) -> Result<Standing, Error> {
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
            (None, _) => return Err(Error::bad_input(BadTeam::WhichTeam)),
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

/// What was said of a device that was removed.
pub(super) struct Said {
    /// When it was said first, as a place in the order in which envelopes came here.
    pub(super) first: i64,
    /// How far what it wrote counts.
    until: u64,
    /// Whether this device said it.
    mine: bool,
}

impl Keeper<'_> {
    /// The devices of which somebody who may has said that they are removed from the team.
    pub(super) fn removals(&self) -> Result<BTreeMap<DeviceId, Said>, Error> {
        let mut heard = Vec::new();
        self.for_each(Kind::Revocation, |n, by, body| {
            if let Ok(revocation) = Revocation::decode(body) {
                heard.push((n, by, revocation));
            }
        })?;
        let mut removals = BTreeMap::new();
        for (n, by, revocation) in heard {
            if self.may_say(by, &revocation)? {
                let said = removals.entry(revocation.device).or_insert(Said {
                    first: n,
                    until: 0,
                    mine: false,
                });
                said.until = said.until.max(revocation.until);
                said.mine |= by == self.secret.device();
            }
        }
        Ok(removals)
    }

    /// Says of removed devices how far what they wrote counts, where nobody said as much: a
    /// relay that comes back from a backup may be told of the removal first.
    pub(super) fn tend_removals(&self) -> Result<(), Error> {
        let (space, me) = (self.team.space(), self.secret.device());
        for (device, said) in self.removals()? {
            let Some(peer) = peers::get(self.connection, space, device)? else {
                continue;
            };
            let closed = removals::get(self.connection, space, device)?.is_some_and(|it| it.closed);
            let until = peer.last_seq;
            let revocation = Revocation { device, until };
            let settled = closed || said.mine;
            if settled && until > said.until && self.may_say(me, &revocation)? {
                self.post(Kind::Revocation, revocation.encode())?;
                removals::say(self.connection, space, device, until)?;
            }
        }
        Ok(())
    }

    /// Whether a device of this space may say a revocation.
    fn may_say(&self, by: DeviceId, revocation: &Revocation) -> Result<bool, Error> {
        let rights = |device| -> Result<Option<Rights>, Error> {
            let peer = peers::get(self.connection, self.team.space(), device)?;
            Ok(peer.and_then(|peer| peer.chain.granted()))
        };
        let held = rights(revocation.device)?;
        let campaign = &self.member.place.campaign;
        Ok(rights(by)?.is_some_and(|by| revocation.may_be_said_by(&by, campaign, held.as_slice())))
    }
}

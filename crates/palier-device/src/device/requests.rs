//! Accepting and declining those who ask to join, and those of whom the relay lost that it had
//! let them in by a link that asks since.

use palier_core::{
    certificate::Chain,
    envelope::{Envelope, Header, Kind},
    id::{DeviceId, SpaceId},
    invitation::Policy,
    moment::Moment,
    refusal::Refusal,
    request::{JoinRequest, device_code},
    rights::{Rights, Role, Scope},
};

use super::{Device, Member, rotation::Keeper};
use crate::{
    api::reply::RequestRow,
    error::{Error, Thing},
    store::{
        membership, projections, removals,
        requests::{self, Answer},
    },
};

/// A request that was read and holds.
struct Asked {
    space: SpaceId,
    device: DeviceId,
    /// The pseudonym, where it is sealed to this device.
    name: Option<String>,
    wished: Rights,
    /// Until when the invitation gives rights.
    until: Moment,
}

impl Device {
    /// The spaces whose requests this device may answer.
    pub(crate) fn spaces_with_requests(&self) -> Result<Vec<SpaceId>, Error> {
        let Some(member) = &self.member else {
            return Ok(Vec::new());
        };
        let held = membership::teams_with_keys(self.connection())?;
        let mut spaces = Vec::new();
        for team in projections::teams(self.connection())? {
            let (space, scope) = (team.id.space(), Scope::Team(team.id));
            // Links of an open team ask, once somebody was removed.
            let asks =
                team.policy == Policy::Approved || removals::is_any(self.connection(), space)?;
            if asks && held.contains(&team.id) && member.rights.may_issue(Role::Volunteer, &scope) {
                spaces.push(space);
            }
        }
        Ok(spaces)
    }

    /// Keeps the requests that the relay has for a space. What does not hold is left out.
    pub(crate) fn note_requests(
        &mut self,
        space: SpaceId,
        envelopes: &[Vec<u8>],
    ) -> Result<(), Error> {
        let member = self.member()?.clone();
        let now = self.now();
        let asked: Vec<(Asked, &Vec<u8>)> = envelopes
            .iter()
            .filter_map(|bytes| Some((self.read_request(&member, bytes)?, bytes)))
            .filter(|(asked, _)| asked.space == space && asked.wished.not_after >= now)
            .collect();
        self.store.write(|t| {
            let devices: Vec<DeviceId> = asked.iter().map(|(asked, _)| asked.device).collect();
            requests::keep_only(t, space, &devices)?;
            for (asked, bytes) in &asked {
                requests::insert(t, space, asked.device, bytes)?;
            }
            Ok(())
        })
    }

    fn read_request(&self, member: &Member, bytes: &[u8]) -> Option<Asked> {
        let envelope = Envelope::decode(bytes).ok()?;
        envelope.verify().ok()?;
        let header = envelope.header;
        if header.campaign != member.place.campaign {
            return None;
        }
        let asked = match header.kind {
            Kind::Certificate => self.read_introduction(&header, &envelope.body)?,
            _ => self.read_wish(&header, &envelope.body)?,
        };
        let wished = &asked.wished;
        (member.rights.may_issue(wished.role, &wished.scope)).then_some(asked)
    }

    fn read_wish(&self, header: &Header, body: &[u8]) -> Option<Asked> {
        let request = JoinRequest::decode(body).ok()?;
        let offer = &request.invitation().ok()?.offer;
        // The relay kept it while the invitation was open; who accepts may take longer.
        let wished = request.verify(header, offer.expires.min(self.now())).ok()?;
        Some(Asked {
            space: header.space,
            device: header.device,
            name: request.pseudonym(&header.device, &self.secret),
            wished,
            until: offer.rights_until,
        })
    }

    /// Who came by a link that was open then introduces itself once more: it says no name.
    fn read_introduction(&self, header: &Header, body: &[u8]) -> Option<Asked> {
        let chain = Chain::decode(body).ok()?;
        let until = chain.invitation()?.offer.rights_until;
        let wished = chain.verify(&header.campaign, self.now()).ok()?;
        let is_own = wished.device == header.device && header.device_seq == 1;
        let team = wished.scope.team()?;
        let names = projections::pseudonyms(self.connection(), team).ok()?;
        let named = names.into_iter().find(|(of, _)| *of == header.device);
        (is_own && team.space() == header.space).then_some(Asked {
            space: header.space,
            device: header.device,
            name: named.map(|(_, name)| name),
            wished,
            until,
        })
    }

    /// The requests that wait for an answer.
    ///
    /// # Errors
    /// The device is in no campaign.
    pub fn requests(&self) -> Result<Vec<RequestRow>, Error> {
        let member = self.member()?;
        let teams = projections::teams(self.connection())?;
        let mut rows: Vec<RequestRow> = requests::all(self.connection(), Answer::Waiting)?
            .iter()
            .filter_map(|(_, _, bytes)| self.read_request(member, bytes))
            .map(|asked| {
                let team = asked.wished.scope.team();
                let team = teams.iter().find(|known| Some(known.id) == team);
                RequestRow {
                    device: asked.device.to_string(),
                    code: device_code(&asked.device),
                    name: asked.name,
                    role: asked.wished.role,
                    team: team.map(|team| team.id.to_string()).unwrap_or_default(),
                    team_name: team.map(|team| team.name.clone()).unwrap_or_default(),
                }
            })
            .collect();
        rows.sort_by(|a, b| {
            (&a.team_name, &a.name, &a.code).cmp(&(&b.team_name, &b.name, &b.code))
        });
        Ok(rows)
    }

    /// How many wait for an answer.
    pub(super) fn count_requests(&self) -> Result<u32, Error> {
        let waiting = requests::all(self.connection(), Answer::Waiting)?;
        Ok(u32::try_from(waiting.len()).unwrap_or(u32::MAX))
    }

    /// Accepts a request: a certificate for the device and the team's keys sealed to it, which
    /// go out with the next sync.
    ///
    /// # Errors
    /// Nobody asks so, or the team is full.
    pub fn accept_request(&mut self, who: &str) -> Result<(), Error> {
        let asked = self.find_request(who)?;
        let team = asked.wished.scope.team().ok_or(Error::NotAllowed)?;
        let member = self.member()?.clone();
        let wished = Rights {
            not_after: asked.until,
            ..asked.wished.clone()
        };
        let chain = member.certify(&self.secret, &wished);
        let (secret, now) = (&self.secret, self.now());
        self.store.write(|t| {
            let keeper = Keeper::new(t, secret, &member, team, now);
            keeper.check_room()?;
            keeper.let_in(&chain, asked.wished.receive)?;
            requests::set_answer(t, asked.space, asked.device, Answer::Accepted)
        })
    }

    /// Declines a request; the relay hears of it with the next sync.
    ///
    /// # Errors
    /// Nobody asks so.
    pub fn decline_request(&mut self, who: &str) -> Result<(), Error> {
        let asked = self.find_request(who)?;
        self.store
            .write(|t| requests::set_answer(t, asked.space, asked.device, Answer::Declined))
    }

    /// Requests that were declined here, for the relay to forget.
    pub(crate) fn declined(&self) -> Result<Vec<(SpaceId, DeviceId)>, Error> {
        Ok(requests::all(self.connection(), Answer::Declined)?
            .into_iter()
            .map(|(space, device, _)| (space, device))
            .collect())
    }

    /// Keeps that the relay forgot a request. An introduction comes again with each sync of its
    /// device: that it was declined is kept, and said again.
    pub(crate) fn note_decline_sent(
        &mut self,
        space: SpaceId,
        device: DeviceId,
    ) -> Result<(), Error> {
        self.store
            .write(|t| requests::delete_but(t, space, device, Kind::Certificate))
    }

    /// The request that a device's id, its code or a pseudonym means.
    fn find_request(&self, who: &str) -> Result<Asked, Error> {
        let member = self.member()?;
        let digits = |text: &str| text.split_whitespace().collect::<String>();
        let mut found = requests::all(self.connection(), Answer::Waiting)?
            .iter()
            .filter_map(|(_, _, bytes)| self.read_request(member, bytes))
            .filter(|asked| {
                asked.device.to_string() == who
                    || digits(&device_code(&asked.device)) == digits(who)
                    || asked.name.as_deref() == Some(who)
            })
            .collect::<Vec<_>>();
        match (found.pop(), found.is_empty()) {
            (Some(asked), true) => Ok(asked),
            (Some(_), false) => Err(Error::Ambiguous(Thing::Request)),
            (None, _) => Err(Error::Unknown(Thing::Request)),
        }
    }
}

impl Keeper<'_> {
    /// Checks that the team has room, as far as this device knows; the relay counts exactly.
    pub(super) fn check_room(&self) -> Result<(), Error> {
        let team = projections::teams(self.connection)?
            .into_iter()
            .find(|team| team.id == self.team);
        let members = self.members()?.len();
        match team {
            Some(team) if members >= usize::from(team.limit) => {
                Err(Error::Refused(Refusal::TeamFull))
            }
            _ => Ok(()),
        }
    }
}

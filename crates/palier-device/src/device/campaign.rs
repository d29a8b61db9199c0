//! Making a campaign and its teams.

use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    colour,
    document::campaign::{self, DEFAULT_LIMIT, Team},
    id::{CampaignId, TeamId},
    invitation::Policy,
    key::{Secret, TeamKey},
    moment::{Millis, Moment, TimeZone},
    rights::{Role, Scope},
};

use super::{
    Device, Member, clean_name,
    documents::{Address, Writer},
    outbox,
};
use crate::{
    clock::random,
    error::{Error, Thing},
    reason::{BadCampaign, BadTeam},
    store::{membership, membership::Membership, projections},
};

/// How long an organiser's rights hold.
const ORGANISER_RIGHTS: Millis = Millis::days(2 * 366);
/// The longest name of a campaign, a team or a turf, in characters.
pub(super) const MAX_NAME: usize = 80;
/// The most people that a team can be made for.
const MAX_TEAM: u16 = 200;

impl Device {
    /// Makes a campaign with this device as its first organiser, in the colour that follows from
    /// its key. The root key stays here.
    ///
    /// # Errors
    /// As [`Device::create_campaign_in`].
    pub fn create_campaign(
        &mut self,
        name: &str,
        relay: &str,
        time_zone: Option<&str>,
    ) -> Result<CampaignId, Error> {
        self.create_campaign_in(name, relay, time_zone, None)
    }

    /// The same, in a colour of the palette.
    ///
    /// # Errors
    /// The device is in one already, or the name, the relay, the time zone or the colour is none.
    pub fn create_campaign_in(
        &mut self,
        name: &str,
        relay: &str,
        time_zone: Option<&str>,
        colour: Option<u8>,
    ) -> Result<CampaignId, Error> {
        if self.member.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        let name = clean_name(name, MAX_NAME)?;
        let relay = clean_relay(relay)?;
        let zone = time_zone.map_or(Ok(TimeZone::PARIS), str::parse).map_err(
            |_reason: palier_core::moment::NotATimeZone| {
                Error::bad_input(BadCampaign::NotATimeZone)
            },
        )?;
        if !colour.is_none_or(colour::is_one) {
            let most = colour::COLOURS;
            return Err(Error::bad_input(BadCampaign::NotAColour { most }));
        }
        let now = self.now();
        let root_seed = random::<32>()?;
        let root = Secret::from_seed(&root_seed);
        let place = Membership {
            campaign: root.campaign(),
            relay,
            chain: organiser_chain(&root, &self.secret, now),
            pseudonym: String::new(),
        };
        let member = Member::verified(place.clone())?;
        let writer = self.writer();
        let (secret, campaign) = (&self.secret, root.campaign());
        self.store.write(|t| {
            membership::insert_root(t, &root_seed)?;
            membership::insert(t, &place, now)?;
            outbox::introduce(t, secret, &place, campaign.space(), now)?;
            writer.edit(t, Address::campaign(&campaign), 1, |document| {
                campaign::create(document, &name, zone, colour, now)
            })
        })?;
        self.member = Some(member);
        Ok(campaign)
    }

    /// Makes a team with a key of its own. The organiser holds its first key, and so can give
    /// it turfs and invite its lead.
    ///
    /// # Errors
    /// The role does not allow it, or the name is taken.
    pub fn create_team(
        &mut self,
        name: &str,
        policy: Policy,
        limit: Option<u16>,
    ) -> Result<TeamId, Error> {
        let campaign = self.member_as(&[Role::Organiser])?.place.campaign;
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_TEAM).contains(&limit) {
            return Err(Error::bad_input(BadTeam::TeamSize { most: MAX_TEAM }));
        }
        let team = Team {
            id: TeamId(random()?),
            name: clean_name(name, MAX_NAME)?,
            limit,
            policy,
        };
        let key = TeamKey {
            epoch: 1,
            bytes: random()?,
        };
        let (writer, now) = (self.writer(), self.now());
        self.store.write(|t| {
            let teams = projections::teams(t)?;
            if teams.iter().any(|known| known.name == team.name) {
                return Err(Error::NameTaken(Thing::Team));
            }
            membership::insert_key(t, team.id, &key)?;
            writer.edit(t, Address::campaign(&campaign), 1, |document| {
                campaign::add_team(document, &team, now)
            })
        })?;
        Ok(team.id)
    }

    /// The team that an id or a name means.
    pub(super) fn find_team(&self, text: &str) -> Result<projections::Team, Error> {
        super::named(
            Thing::Team,
            &projections::teams(self.connection())?,
            text,
            |team| team.id.to_string(),
            |team| &team.name,
        )
    }

    pub(super) fn writer(&self) -> Writer {
        Writer {
            device: self.id(),
            actor: self.actor(),
        }
    }
}

pub(super) fn organiser_chain(root: &Secret, device: &Secret, now: Moment) -> Chain {
    let grant = Grant {
        campaign: root.campaign(),
        subject: device.device(),
        receive: device.receive_key(),
        role: Role::Organiser,
        scope: Scope::Campaign,
        not_after: now.after(ORGANISER_RIGHTS),
        issued: Issued::By(root.device()),
    };
    Chain::of_organiser(Certificate::sign(grant, root))
}

fn clean_relay(text: &str) -> Result<String, Error> {
    let relay = text.trim().trim_end_matches('/');
    let wrong = || Error::bad_input(BadCampaign::RelayAddress);
    let host = relay
        .strip_prefix("https://")
        .or_else(|| relay.strip_prefix("http://"))
        .ok_or_else(wrong)?;
    if host.is_empty() || host.contains(['#', '?', '@', ' ']) {
        return Err(wrong());
    }
    Ok(relay.to_owned())
}

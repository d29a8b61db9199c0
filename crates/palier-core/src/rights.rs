//! Who may do what: roles, scopes, and the one table of what they may write and read.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    bytes::{Malformed, Reader, Writer},
    envelope::Kind,
    id::{CampaignId, DeviceId, SpaceId, TeamId},
    key::ReceiveKey,
    moment::Moment,
};

/// What a device may do in a campaign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Records visits in one team.
    Volunteer,
    /// Leads one team.
    Lead,
    /// Publishes kits.
    Trainer,
    /// Reports turnout.
    Observer,
    /// Runs the campaign.
    Organiser,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Volunteer,
        Self::Lead,
        Self::Trainer,
        Self::Observer,
        Self::Organiser,
    ];

    /// The word that stands for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Volunteer => "volunteer",
            Self::Lead => "lead",
            Self::Trainer => "trainer",
            Self::Observer => "observer",
            Self::Organiser => "organiser",
        }
    }

    /// The byte that stands for it in a certificate.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Volunteer => 1,
            Self::Lead => 2,
            Self::Trainer => 3,
            Self::Observer => 4,
            Self::Organiser => 5,
        }
    }

    /// The role that a byte stands for.
    ///
    /// # Errors
    /// It stands for none.
    pub fn from_byte(byte: u8) -> Result<Self, Malformed> {
        Self::ALL
            .into_iter()
            .find(|role| role.byte() == byte)
            .ok_or(Malformed)
    }

    /// Whether it reads the totals of the whole campaign.
    #[must_use]
    pub const fn reads_totals(self) -> bool {
        matches!(self, Self::Organiser | Self::Lead)
    }

    /// Whether it reports turnout.
    #[must_use]
    pub const fn reports_turnout(self) -> bool {
        matches!(self, Self::Organiser | Self::Observer)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a role; one of volunteer, lead, trainer, observer, organiser")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or(UnknownRole)
    }
}

/// Where a role holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// In the whole campaign.
    Campaign,
    /// In one team.
    Team(TeamId),
    /// At one polling station.
    Station(String),
}

/// Bytes of the longest station id in a scope.
pub const MAX_STATION_BYTES: usize = 32;

impl Scope {
    /// The team, where it is one.
    #[must_use]
    pub const fn team(&self) -> Option<TeamId> {
        match self {
            Self::Team(team) => Some(*team),
            Self::Campaign | Self::Station(_) => None,
        }
    }

    /// The station, where it is one.
    #[must_use]
    pub const fn station(&self) -> Option<&str> {
        match self {
            Self::Station(station) => Some(station.as_str()),
            Self::Campaign | Self::Team(_) => None,
        }
    }

    /// Whether a role may hold in it.
    #[must_use]
    pub const fn fits(&self, role: Role) -> bool {
        match role {
            Role::Volunteer | Role::Lead => matches!(self, Self::Team(_)),
            Role::Trainer | Role::Organiser => matches!(self, Self::Campaign),
            Role::Observer => matches!(self, Self::Campaign | Self::Station(_)),
        }
    }

    /// The space where a member with this scope is introduced, and reads what is shared.
    #[must_use]
    pub fn home(&self, campaign: &CampaignId) -> SpaceId {
        self.team()
            .map_or_else(|| campaign.space(), |team| team.space())
    }

    /// Writes it into a layout.
    pub fn write(&self, writer: &mut Writer) {
        match self {
            Self::Campaign => writer.u8(0),
            Self::Team(team) => writer.u8(1).put(&team.0),
            Self::Station(station) => writer.u8(2).piece(station.as_bytes()),
        };
    }

    /// Reads it from a layout.
    ///
    /// # Errors
    /// It is cut, or a station's id is empty or too long.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.u8()? {
            0 => Ok(Self::Campaign),
            1 => Ok(Self::Team(TeamId(reader.array()?))),
            2 => match reader.text()? {
                station if (1..=MAX_STATION_BYTES).contains(&station.len()) => {
                    Ok(Self::Station(station.to_owned()))
                }
                _ => Err(Malformed),
            },
            _ => Err(Malformed),
        }
    }
}

/// What a verified chain of certificates gives to a device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rights {
    /// The device.
    pub device: DeviceId,
    /// Where things are sealed to it.
    pub receive: ReceiveKey,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// Until when.
    pub not_after: Moment,
}

impl Rights {
    /// Whether the device may write a kind of envelope in a space of its campaign.
    #[must_use]
    pub fn may_write(&self, campaign: &CampaignId, kind: Kind, space: SpaceId) -> bool {
        match Place::of(campaign, space) {
            Place::Campaign => match kind {
                Kind::Certificate => true,
                Kind::Campaign | Kind::Revocation | Kind::Invitation => {
                    self.role == Role::Organiser
                }
                Kind::Kit => matches!(self.role, Role::Organiser | Role::Trainer),
                _ => false,
            },
            Place::Reports => matches!(kind, Kind::Certificate | Kind::Report),
            Place::Team(team) => self.is_in(team) && self.may_write_in_team(kind),
        }
    }

    /// Whether the device may read the log of a space of its campaign. The log of the
    /// reports is read by organisers; others get back what they wrote themselves.
    #[must_use]
    pub fn may_read(&self, campaign: &CampaignId, space: SpaceId) -> bool {
        match Place::of(campaign, space) {
            Place::Campaign => true,
            Place::Reports => self.role == Role::Organiser,
            Place::Team(team) => self.is_in(team),
        }
    }

    /// Whether it may issue a role in a scope: organisers make leads, trainers, observers
    /// and volunteers; leads make volunteers of their own team.
    #[must_use]
    pub fn may_issue(&self, role: Role, scope: &Scope) -> bool {
        let of_own_team = match self.role {
            Role::Organiser => role != Role::Organiser,
            Role::Lead => role == Role::Volunteer && self.scope == *scope,
            Role::Volunteer | Role::Trainer | Role::Observer => false,
        };
        of_own_team && scope.fits(role)
    }

    fn is_in(&self, team: TeamId) -> bool {
        self.role == Role::Organiser || self.scope == Scope::Team(team)
    }

    const fn may_write_in_team(&self, kind: Kind) -> bool {
        let leads = matches!(self.role, Role::Organiser | Role::Lead);
        match kind {
            Kind::Certificate | Kind::Shift | Kind::Turf | Kind::Team => true,
            Kind::Revocation | Kind::TeamKey | Kind::Invitation => leads,
            Kind::Request | Kind::Report | Kind::Kit | Kind::Campaign => false,
        }
    }
}

/// What a space is to its campaign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The campaign's open documents.
    Campaign,
    /// The reports.
    Reports,
    /// A team's.
    Team(TeamId),
}

impl Place {
    /// What a space is: every id that is not one of the campaign's own two is a team's.
    #[must_use]
    pub fn of(campaign: &CampaignId, space: SpaceId) -> Self {
        if space == campaign.space() {
            Self::Campaign
        } else if space == campaign.reports_space() {
            Self::Reports
        } else {
            Self::Team(TeamId(space.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMPAIGN: CampaignId = CampaignId([1; 32]);
    const OWN: TeamId = TeamId([2; 16]);
    const OTHER: TeamId = TeamId([3; 16]);

    fn rights(role: Role) -> Rights {
        let scope = match role {
            Role::Volunteer | Role::Lead => Scope::Team(OWN),
            Role::Observer => Scope::Station("1251".into()),
            Role::Trainer | Role::Organiser => Scope::Campaign,
        };
        assert!(scope.fits(role));
        Rights {
            device: DeviceId([9; 32]),
            receive: ReceiveKey([8; 32]),
            role,
            scope,
            not_after: Moment(0),
        }
    }

    fn writers(kind: Kind, space: SpaceId) -> Vec<&'static str> {
        let may = |role: &Role| rights(*role).may_write(&CAMPAIGN, kind, space);
        Role::ALL.into_iter().filter(may).map(Role::word).collect()
    }

    #[test]
    fn who_writes_what_in_the_team_space() {
        let own = OWN.space();
        let members = ["volunteer", "lead", "organiser"];
        for kind in [Kind::Certificate, Kind::Shift, Kind::Turf, Kind::Team] {
            assert_eq!(writers(kind, own), members, "{kind:?}");
        }
        for kind in [Kind::Revocation, Kind::TeamKey, Kind::Invitation] {
            assert_eq!(writers(kind, own), ["lead", "organiser"], "{kind:?}");
        }
        for kind in [Kind::Report, Kind::Kit, Kind::Campaign] {
            assert!(writers(kind, own).is_empty(), "{kind:?}");
        }
        for kind in Kind::ALL {
            assert!(!writers(kind, OTHER.space()).contains(&"volunteer"));
            assert!(!writers(kind, OTHER.space()).contains(&"lead"));
        }
    }

    #[test]
    fn who_writes_what_in_the_open_spaces() {
        let all = Role::ALL.map(Role::word);
        assert_eq!(writers(Kind::Report, CAMPAIGN.reports_space()), all);
        assert!(writers(Kind::Shift, CAMPAIGN.reports_space()).is_empty());
        assert_eq!(writers(Kind::Campaign, CAMPAIGN.space()), ["organiser"]);
        assert_eq!(
            writers(Kind::Kit, CAMPAIGN.space()),
            ["trainer", "organiser"]
        );
        assert!(writers(Kind::Shift, CAMPAIGN.space()).is_empty());
    }

    #[test]
    fn who_issues_what() {
        for (issuer, role, scope, expected) in [
            (Role::Organiser, Role::Lead, Scope::Team(OTHER), true),
            (Role::Organiser, Role::Lead, Scope::Campaign, false),
            (Role::Organiser, Role::Organiser, Scope::Campaign, false),
            (
                Role::Organiser,
                Role::Observer,
                Scope::Station("5".into()),
                true,
            ),
            (Role::Lead, Role::Volunteer, Scope::Team(OWN), true),
            (Role::Lead, Role::Volunteer, Scope::Team(OTHER), false),
            (Role::Lead, Role::Lead, Scope::Team(OWN), false),
            (Role::Volunteer, Role::Volunteer, Scope::Team(OWN), false),
            (Role::Trainer, Role::Volunteer, Scope::Team(OWN), false),
        ] {
            let may = rights(issuer).may_issue(role, &scope);
            assert_eq!(may, expected, "{issuer} {role} {scope:?}");
        }
    }
}

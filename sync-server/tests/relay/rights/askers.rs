//! Everybody who may ask: each role as a member, in another team, with rights that ended, with
//! rights taken back, and known to nobody.

use std::fmt;

use palier_core::{
    id::{DeviceId, TeamId},
    moment::Millis,
    rights::{Role, Scope},
};

use super::table;
use crate::{
    actors::{Device, OTHER_TEAM, TEAM, campaign, open_offer},
    packs::put_pack,
    town::Town,
};

/// How somebody stands to the campaign.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    Member,
    /// In another team, or at another station.
    Elsewhere,
    Expired,
    Revoked,
    Stranger,
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Who {
    pub(crate) role: Role,
    pub(crate) standing: Standing,
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?})", self.role, self.standing)
    }
}

impl Who {
    /// Everybody.
    pub(crate) fn all() -> Vec<Self> {
        let standings = [
            Standing::Member,
            Standing::Elsewhere,
            Standing::Expired,
            Standing::Revoked,
            Standing::Stranger,
        ];
        let all = standings.into_iter().flat_map(|standing| {
            let roles = Role::ALL.into_iter();
            roles.map(move |role| Self { role, standing })
        });
        // The roles of the whole campaign have no elsewhere.
        all.filter(|who| who.standing != Standing::Elsewhere || !who.is_everywhere())
            .collect()
    }

    fn is_everywhere(self) -> bool {
        matches!(self.role, Role::Trainer | Role::Organiser)
    }

    fn scope(self) -> Scope {
        let elsewhere = self.standing == Standing::Elsewhere;
        match self.role {
            Role::Volunteer | Role::Lead if elsewhere => Scope::Team(OTHER_TEAM),
            Role::Volunteer | Role::Lead => Scope::Team(TEAM),
            Role::Observer if elsewhere => Scope::Station("9999".into()),
            Role::Observer => Scope::Station("1251".into()),
            Role::Trainer | Role::Organiser => Scope::Campaign,
        }
    }
}

/// A device that asks.
pub(crate) struct Asker {
    who: Who,
    pub(crate) number: u8,
    pub(crate) device: Device,
}

impl Asker {
    pub(crate) const fn who(&self) -> Who {
        self.who
    }

    pub(crate) fn team(&self) -> Option<TeamId> {
        self.who.scope().team()
    }
}

/// A relay where all of them are.
pub(crate) struct Village {
    pub(crate) town: Town,
    pub(crate) askers: Vec<Asker>,
    /// A volunteer of the team, whose rights are taken back again and again.
    pub(crate) target: DeviceId,
    /// The name of an open invitation.
    pub(crate) invitation: DeviceId,
}

impl Village {
    pub(crate) async fn settled() -> Self {
        let (town, mut root) = Town::begun().await;
        let target = town
            .appoint(&root, 50, Role::Volunteer, Scope::Team(TEAM))
            .await;
        let (record, _) = root.offers(200, open_offer(TEAM, 3, 0));
        let invites = root.invites(&record);
        town.push_all(&root, [invites]).await;
        put_pack(&town, &root, table::PACK.to_vec()).await;
        let mut askers = Vec::new();
        for (number, who) in (1..).zip(Who::all()) {
            let lasts = match who.standing {
                Standing::Expired => Millis::days(1),
                _ => Millis::days(20),
            };
            let seed = 100 + u16::from(number);
            let mut device = root.appoint_for(lasts, seed, who.role, who.scope());
            if who.standing != Standing::Stranger {
                settle(&town, &mut device, who).await;
            }
            if who.standing == Standing::Revoked {
                let revocation = root.revocation(campaign().space(), device.id());
                town.push_all(&root, [revocation]).await;
            }
            askers.push(Asker {
                who,
                number,
                device,
            });
        }
        town.wait(Millis::days(2));
        Self {
            town,
            askers,
            target: target.id(),
            invitation: record.invitation.key,
        }
    }
}

/// Introduces a device wherever its role lets it.
async fn settle(town: &Town, device: &mut Device, who: Who) {
    let mut spaces = vec![campaign().space(), campaign().reports_space()];
    match who.scope() {
        Scope::Team(team) => spaces.push(team.space()),
        _ if who.role == Role::Organiser => spaces.push(TEAM.space()),
        _ => {}
    }
    let introductions: Vec<_> = spaces
        .iter()
        .map(|space| device.introduction(*space))
        .collect();
    town.push_all(device, introductions).await;
}

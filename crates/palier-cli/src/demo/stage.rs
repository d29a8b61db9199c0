//! What the organiser prepares: the town's files, teams, turfs and invitations.

use std::collections::BTreeMap;

use palier_core::{demo::Town, invitation::Policy};
use palier_device::{
    api::{Reply, Request, request::Subject},
    device::Doors,
};

use super::{
    cast::{Part, Person},
    names,
};
use crate::failure::Failure;

/// The room that a team keeps for people who try an invitation.
const SEATS_FREE: usize = 4;

/// A campaign that is ready to walk.
#[derive(Debug)]
pub(super) struct Stage {
    /// The campaign's id.
    pub(super) campaign: String,
    /// The teams.
    pub(super) teams: Vec<TeamOnStage>,
    /// The turf of each address, by id.
    pub(super) turf_of: BTreeMap<String, String>,
}

/// A team and its turfs.
#[derive(Debug)]
pub(super) struct TeamOnStage {
    /// Its id.
    pub(super) team: String,
    /// What it is called.
    pub(super) name: String,
    /// Its turfs: id and name.
    pub(super) turfs: Vec<(String, String)>,
}

impl Stage {
    /// Prepares everything on the organiser's device.
    ///
    /// # Errors
    /// The device is in a campaign already, or its disk failed.
    pub(super) async fn set(
        organiser: &Person,
        town: &Town,
        teams: usize,
        members: usize,
        relay: &str,
    ) -> Result<Self, Failure> {
        let relay = relay.to_owned();
        let campaign = organiser
            .api
            .with(move |device| device.create_campaign(names::CAMPAIGN, &relay, None))
            .await?
            .to_string();
        import(organiser, town).await?;
        for (_, text) in palier_core::demo::KITS {
            organiser
                .api
                .with(|device| device.publish_kit(text))
                .await?;
        }
        let mut stage = Self {
            campaign,
            teams: Vec::new(),
            turf_of: BTreeMap::new(),
        };
        let limit = u16::try_from(members + SEATS_FREE)
            .unwrap_or(u16::MAX)
            .max(12);
        for place in 0..teams {
            let name = names::team(place);
            let called = name.clone();
            let team = organiser
                .api
                .with(move |device| device.create_team(&called, Policy::Open, Some(limit)))
                .await?
                .to_string();
            let mut turfs = Vec::new();
            for station in town.territory.stations.iter().skip(place).step_by(teams) {
                let (called, team) = (station.name.clone(), team.clone());
                let code = station.code.as_str().to_owned();
                let turf = organiser
                    .api
                    .with(move |device| device.create_turf(&called, &team, Doors::Station(code)))
                    .await?
                    .to_string();
                let here = town
                    .territory
                    .addresses
                    .iter()
                    .filter(|address| address.station.as_ref() == Some(&station.id));
                stage
                    .turf_of
                    .extend(here.map(|address| (address.id.clone(), turf.clone())));
                describe(organiser, town, &stage.turf_of, &turf).await?;
                turfs.push((turf, station.name.clone()));
            }
            stage.teams.push(TeamOnStage { team, name, turfs });
        }
        Ok(stage)
    }

    /// An invitation link for a part.
    ///
    /// # Errors
    /// The organiser's disk failed.
    pub(super) async fn invite(&self, organiser: &Person, part: Part) -> Result<String, Failure> {
        let team = part.team().and_then(|place| self.teams.get(place));
        let wanted = palier_device::device::Wanted {
            role: part.role(),
            team: team.map(|team| team.team.clone()),
            station: None,
            expires: None,
            uses: None,
        };
        let invited = organiser
            .api
            .with(move |device| device.invite(&wanted))
            .await?;
        Ok(invited.link)
    }
}

/// Describes every building of a turf that has several doors.
async fn describe(
    organiser: &Person,
    town: &Town,
    turf_of: &BTreeMap<String, String>,
    turf: &str,
) -> Result<(), Failure> {
    let here = town
        .buildings
        .iter()
        .filter(|building| turf_of.get(&building.address).is_some_and(|of| of == turf));
    let plans: Vec<_> = here
        .filter_map(|building| Some((building.address.clone(), building.plan()?)))
        .collect();
    let turf = turf.to_owned();
    organiser
        .api
        .with(move |device| device.describe_buildings(&turf, &plans))
        .await?;
    Ok(())
}

/// Reads the town's three files as a campaign reads its own.
async fn import(organiser: &Person, town: &Town) -> Result<(), Failure> {
    let files = [
        (
            Subject::Stations,
            "bureaux.geojson",
            town.stations_geojson(),
        ),
        (Subject::Addresses, "adresses.csv", town.addresses_csv()),
        (Subject::Results, "resultats.csv", town.results_csv()),
    ];
    for (subject, file, text) in files {
        let reply = organiser
            .api
            .ask(Request::Import {
                subject,
                file: file.into(),
                content: data_encoding::BASE64.encode(text.as_bytes()),
                dry_run: false,
            })
            .await?;
        if let Reply::Imported(report) = reply
            && !report.rejected.is_empty()
        {
            return Err(Failure::Said(format!(
                "{} rows of the town's {file} were not understood",
                report.rejected.len()
            )));
        }
    }
    Ok(())
}

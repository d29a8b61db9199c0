//! A sector to try everything on, before any campaign is joined.
//!
//! It is a campaign like any other, with doors, a team and keys, but its relay is nowhere and its
//! organiser is gone once it is made: nothing of it leaves the device.

use palier_core::{demo, invitation::Policy};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Device, Doors};
use crate::{api::request::Subject, error::Error};

/// The relay of a demonstration: a name that stands for nothing (RFC 2606, §2).
const NOWHERE: &str = "https://demo.invalid";
/// The seed of the town: everybody tries the same one.
const SEED: u64 = 7;

/// How many addresses its sector has: an evening's walk.
const ADDRESSES: usize = 36;

/// What a demonstration is called, in the words of who tries it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DemoWords {
    /// The campaign.
    pub campaign: String,
    /// The team.
    pub team: String,
    /// The sector.
    pub turf: String,
    /// The pseudonym.
    pub name: String,
}

/// Whether this is the relay of a demonstration.
pub(crate) fn is_nowhere(relay: &str) -> bool {
    relay == NOWHERE
}

impl Device {
    /// Enters a demonstration as a volunteer with one sector.
    ///
    /// # Errors
    /// The device is in a campaign already; see [`Error`].
    pub fn enter_demo(&mut self, words: &DemoWords) -> Result<(), Error> {
        let request = self.request_code(None, &words.name)?;
        let mut office = Self::in_memory(self.clock.clone())?;
        office.create_campaign(&words.campaign, NOWHERE, None)?;
        let town = demo::town(SEED);
        for (subject, text) in [
            (Subject::Stations, town.stations_geojson()),
            (Subject::Addresses, town.addresses_csv()),
        ] {
            office.import(subject, "demo", text.as_bytes(), false)?;
        }
        office.create_team(&words.team, Policy::Open, None)?;
        let station = town.territory.stations.first().map(|station| &station.id);
        let addresses = town.territory.addresses.iter();
        let sector: Vec<String> = addresses
            .filter(|address| address.station.as_ref() == station)
            .map(|address| address.id.clone())
            .take(ADDRESSES)
            .collect();
        let plans: Vec<_> = town
            .buildings
            .iter()
            .filter(|building| sector.contains(&building.address))
            .filter_map(|building| Some((building.address.clone(), building.plan()?)))
            .collect();
        office.create_turf(&words.turf, &words.team, Doors::Addresses(sector))?;
        office.describe_buildings(&words.turf, &plans)?;
        let answer = office.answer_code(&request, Some(&words.team), None)?;
        self.enter_answer(&answer)?;
        let mut bundle = Vec::new();
        office.write_bundle(None, &mut bundle)?;
        self.read_bundle(&mut bundle.as_slice())?;
        if let Some((hash, packed)) = office.unsent_territory()? {
            self.take_territory(&hash, &packed)?;
        }
        Ok(())
    }

    /// Whether it is in a demonstration, of which nothing is sent.
    pub(crate) fn is_demo(&self) -> bool {
        let relay = self.member.as_ref().map(|member| &member.place.relay);
        relay.is_some_and(|relay| is_nowhere(relay))
    }
}

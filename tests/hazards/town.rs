//! A small town with a team and a turf, as an organiser's device prepares it.

use palier_core::invitation::Policy;
use palier_device::{Device, api::request::Subject, device::Doors};

pub(crate) const TEAM: &str = "Diderot";
pub(crate) const TURF: &str = "Marché";

/// Gives the team a turf with so many addresses: a large import would only repeat itself.
pub(crate) fn prepare(organiser: &mut Device, addresses: usize, policy: Policy) {
    let town = palier_core::demo::town(5);
    let station = town.territory.addresses[0].station.clone().unwrap();
    let rows = town.addresses_csv();
    let rows: Vec<_> = rows.lines().take(1 + addresses).collect();
    for (subject, text) in [
        (Subject::Stations, town.stations_geojson()),
        (Subject::Addresses, rows.join("\n")),
    ] {
        organiser
            .import(subject, "file", text.as_bytes(), false)
            .unwrap();
    }
    organiser.create_team(TEAM, policy, None).unwrap();
    let doors = Doors::Station(station.as_str().into());
    organiser.create_turf(TURF, TEAM, doors).unwrap();
}

/// The doors of the turf.
pub(crate) fn doors(device: &Device) -> Vec<String> {
    let (_, doors) = device.doors(TURF).unwrap();
    doors.into_iter().map(|door| door.door).collect()
}

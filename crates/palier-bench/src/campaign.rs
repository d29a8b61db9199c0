//! Devices to measure: an organiser, a team and its members, without a relay between them
//! where none is measured.

use anyhow::{Context, Result};
use palier_core::{invitation::Policy, moment::Millis, outcome::Outcome, rights::Role};
use palier_device::{
    Clock, Device,
    api::request::Subject,
    device::{Doors, NewVisit, Wanted},
};

/// The name of the one turf.
pub(crate) const TURF: &str = "Marché";
/// The name of the one team.
pub(crate) const TEAM: &str = "Diderot";

/// An organiser's device in memory with a town of about `doors` doors in one turf.
pub(crate) fn organiser(relay: &str, doors: usize) -> Result<Device> {
    prepare(Device::in_memory(Clock::System)?, relay, doors)
}

/// Makes a campaign on a new device, with a town of `doors` doors in one turf.
pub(crate) fn prepare(device: Device, relay: &str, doors: usize) -> Result<Device> {
    prepare_with(device, relay, &addresses(doors))
}

/// The same with addresses of somebody's, in the layout of the BAN.
pub(crate) fn prepare_with(mut device: Device, relay: &str, addresses: &str) -> Result<Device> {
    device.create_campaign("Campagne", relay, None)?;
    device.import(Subject::Stations, "stations", stations().as_bytes(), false)?;
    device.import(Subject::Addresses, "addresses", addresses.as_bytes(), false)?;
    device.create_team(TEAM, Policy::Open, Some(LIMIT))?;
    device.create_turf(TURF, TEAM, Doors::Station("1".into()))?;
    Ok(device)
}

/// The most people of one team.
const LIMIT: u16 = 200;

/// Another team with a turf of the same doors; its name.
pub(crate) fn another_team(device: &mut Device, number: usize) -> Result<String> {
    let team = format!("{TEAM} {number}");
    device.create_team(&team, Policy::Open, Some(LIMIT))?;
    let turf = format!("{TURF} {number}");
    device.create_turf(&turf, &team, Doors::Station("1".into()))?;
    Ok(team)
}

/// Links that let `count` volunteers in, into as many teams as they need; each with its uses.
pub(crate) fn invite_all(device: &mut Device, count: usize) -> Result<Vec<(String, usize)>> {
    (0..count.div_ceil(usize::from(LIMIT)))
        .map(|number| {
            let uses =
                LIMIT.min(u16::try_from(count - number * usize::from(LIMIT)).unwrap_or(LIMIT));
            let link = match number {
                0 => invite(device, uses)?,
                _ => {
                    let team = another_team(device, number + 1)?;
                    invite_to(device, &team, uses)?
                }
            };
            Ok((link, usize::from(uses)))
        })
        .collect()
}

/// A link that lets `uses` volunteers in.
pub(crate) fn invite(device: &mut Device, uses: u16) -> Result<String> {
    invite_to(device, TEAM, uses)
}

fn invite_to(device: &mut Device, team: &str, uses: u16) -> Result<String> {
    let wanted = Wanted {
        role: Role::Volunteer,
        team: Some(team.into()),
        station: None,
        expires: Some(Millis::days(1)),
        uses: Some(uses),
    };
    Ok(device.invite(&wanted)?.link)
}

/// A visit at the door with a number, its outcome following from the number.
pub(crate) fn visit(doors: &[String], number: usize) -> Result<NewVisit> {
    let outcome = Outcome::ALL
        .into_iter()
        .cycle()
        .nth(number % 4)
        .context("no outcome")?;
    Ok(NewVisit {
        door: doors
            .get(number % doors.len())
            .cloned()
            .context("no door")?,
        outcome,
        at: None,
        leaflet: number.is_multiple_of(3),
    })
}

/// The ids of the doors of the device's first turf.
pub(crate) fn doors(device: &Device) -> Result<Vec<String>> {
    let turfs = device.turfs()?;
    let turf = turfs.first().context("no turf")?;
    let (_, rows) = device.doors(&turf.turf)?;
    Ok(rows.into_iter().map(|row| row.door).collect())
}

/// One station around the whole town.
fn stations() -> String {
    r#"{"type":"FeatureCollection","features":[{"type":"Feature",
        "properties":{"bureau":"1","nom":"Mairie"},
        "geometry":{"type":"Polygon","coordinates":
            [[[2.0,48.0],[3.0,48.0],[3.0,49.0],[2.0,49.0],[2.0,48.0]]]}}]}"#
        .into()
}

/// Streets of 100 numbers, in the layout of the BAN.
pub(crate) fn addresses(count: usize) -> String {
    let mut csv = String::from(
        "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;\
         code_insee_ancienne_commune;nom_ancienne_commune;x;y;lon;lat;type_position;alias;nom_ld;\
         libelle_acheminement;nom_afnor;source_position;source_nom_voie;certification_commune;\
         cad_parcelles\n",
    );
    for address in 0..count {
        let (street, number) = (address / 100, address % 100 + 1);
        let lon = 2.1 + f64::from(u32::try_from(street).unwrap_or(0)) * 1e-3;
        let lat = 48.1 + f64::from(u32::try_from(number).unwrap_or(0)) * 1e-4;
        csv.push_str(&format!(
            "00001_{street:04}_{number:05};;{number};;Rue numéro {street};00001;00001;Ville;;;;;\
             {lon:.6};{lat:.6};;;;;;;;1;\n"
        ));
    }
    csv
}

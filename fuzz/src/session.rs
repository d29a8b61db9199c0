//! A campaign's first envelopes, as our own code writes them.

use palier_core::{
    demo,
    invitation::{Link, Policy},
    moment::Moment,
    outcome::Outcome,
    rights::Role,
};
use palier_device::{
    Clock, Device,
    api::request::Subject,
    device::{Doors, NewVisit, Wanted},
};

/// When it happens.
pub(crate) const AT: Moment = Moment(1_770_000_000_000);

/// An organiser who prepared a team and knocked at one door.
pub(crate) struct Session {
    pub(crate) device: Device,
    /// Into the team.
    pub(crate) link: String,
    /// What is to be sent.
    pub(crate) envelopes: Vec<Vec<u8>>,
}

/// The session.
pub(crate) fn begin() -> Session {
    let mut device = Device::in_memory(Clock::at(AT)).unwrap();
    device
        .create_campaign("Campagne", "https://relay.example", None)
        .unwrap();
    for (subject, bytes) in [
        (Subject::Stations, demo::town(5).stations_geojson()),
        (Subject::Addresses, demo::town(5).addresses_csv()),
    ] {
        device
            .import(subject, "file", bytes.as_bytes(), false)
            .unwrap();
    }
    device.create_team("Diderot", Policy::Open, None).unwrap();
    let station = device.stations().unwrap().remove(0).station;
    device
        .create_turf("Marché", "Diderot", Doors::Station(station))
        .unwrap();
    let wanted = Wanted {
        role: Role::Volunteer,
        team: Some("Diderot".into()),
        station: None,
        expires: None,
        uses: None,
    };
    let link = device.invite(&wanted).unwrap().link;
    Link::parse(&link).unwrap();
    let (_, doors) = device.doors("Marché").unwrap();
    device
        .record(NewVisit {
            door: doors[0].door.clone(),
            outcome: Outcome::Spoke,
            at: None,
            leaflet: true,
        })
        .unwrap();
    device.seal_outbox().unwrap();
    let outgoing = device.outgoing().unwrap().envelopes;
    Session {
        device,
        link,
        envelopes: outgoing.into_iter().map(|(_, bytes)| bytes).collect(),
    }
}

//! What a map shows.

use std::sync::Arc;

use palier_core::{face::Face, territory::Address};
use serde_json::{Value, json};

use super::Device;
use crate::{
    api::reply::{DoorRow, MapView},
    error::Error,
    store::{territory, visits},
};

impl Device {
    /// The perimeters and the doors of a turf, or every perimeter.
    ///
    /// # Errors
    /// The turf is none.
    pub fn map(&self, turf: Option<&str>) -> Result<MapView, Error> {
        let turf = turf.map(|turf| self.find_turf(turf)).transpose()?;
        let doors = match &turf {
            Some(turf) => visits::doors(self.connection(), turf, &visits::WHOLE, self.id())?,
            None => Vec::new(),
        };
        let in_turf = |station: &str| {
            doors
                .iter()
                .any(|door| door.station.as_deref() == Some(station))
        };
        let streets = match &turf {
            Some(turf) => territory::of_turf(self.connection(), turf)?,
            None => Vec::new(),
        };
        let faces = match &turf {
            Some(turf) => self.faces.of(turf.id, &streets),
            None => Arc::default(),
        };
        let mut bounds = Bounds::default();
        for door in &doors {
            bounds.add(door.lon, door.lat);
        }
        let mut perimeters = Vec::new();
        for station in territory::stations(self.connection())? {
            if doors.is_empty() {
                for point in station.perimeter.iter().flatten().flatten() {
                    bounds.add(point[0], point[1]);
                }
            }
            perimeters.push(json!({
                "type": "Feature",
                "properties": {
                    "station": station.id.as_str(),
                    "name": station.name,
                    "in_turf": turf.is_none() || in_turf(station.id.as_str()),
                },
                "geometry": { "type": "MultiPolygon", "coordinates": station.perimeter },
            }));
        }
        Ok(MapView {
            perimeters: collection(perimeters),
            streets: collection(lines(&streets, &faces)),
            doors: collection(doors.iter().map(feature).collect()),
            bounds: bounds.0,
            pack: None,
            damaged: None,
        })
    }
}

fn feature(door: &DoorRow) -> Value {
    json!({
        "type": "Feature",
        "properties": {
            "door": door.door,
            "address": door.address,
            "state": door.state.map(palier_core::outcome::Outcome::word),
        },
        "geometry": { "type": "Point", "coordinates": [door.lon, door.lat] },
    })
}

/// The sides of streets, as far as numbers follow each other on them.
fn lines(addresses: &[Address], faces: &[Face]) -> Vec<Value> {
    let places = |at: &usize| addresses.get(*at).map(|address| [address.lon, address.lat]);
    let line = |street: &str, points: Vec<[f64; 2]>| {
        json!({
            "type": "Feature",
            "properties": { "street": street },
            "geometry": { "type": "LineString", "coordinates": points },
        })
    };
    faces
        .iter()
        .map(|face| (face, face.addresses.iter().filter_map(places).collect()))
        .filter(|(_, points): &(_, Vec<_>)| points.len() > 1)
        .map(|(face, points)| line(&face.street, points))
        .collect()
}

fn collection(features: Vec<Value>) -> Value {
    json!({ "type": "FeatureCollection", "features": features })
}

/// West, south, east, north of points.
#[derive(Default)]
struct Bounds(Option<[f64; 4]>);

impl Bounds {
    fn add(&mut self, lon: f64, lat: f64) {
        let [west, south, east, north] = self.0.unwrap_or([lon, lat, lon, lat]);
        self.0 = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
    }
}

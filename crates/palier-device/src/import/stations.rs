//! Perimeters of polling stations, in GeoJSON.

use std::collections::BTreeSet;

use palier_core::territory::{
    Perimeter, Station, StationCode,
    commune::{city, commune_code},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    BadRow, Column, ImportError, Note, Parsed, Wanted, json,
    look::{Look, look},
    text::decode,
    value::{present, words},
};

const MAX_NAME_CHARS: usize = 200;

/// Reads perimeters. The layouts, told by the properties of the features:
///
/// - `paris-geojson`: the code in `code_bv`; no commune.
/// - `toulouse-2014-geojson`: the code in `ASSOCIANT`, which is what the results of 2014 carry.
///   `IDENTIFIANT` (`01A`) is another numbering, empty for ten stations and double for two.
/// - `toulouse-2026-geojson`: `bureau` and `nom`; no commune.
/// - `reu-geojson`: `codeCommune` and `numeroBureauVote`, as on data.gouv.fr.
///
/// # Errors
///
/// Where the file is damaged or holds something else. `line` of a rejected row is the number of
/// its feature.
pub fn read_stations(bytes: &[u8]) -> Result<Parsed<Station>, ImportError> {
    let wanted = Wanted::Stations;
    let text = decode(bytes)?;
    let found = look(&text, wanted)?;
    if found != Look::Stations {
        let looks = found.looks();
        return Err(ImportError::OtherSubject { wanted, looks });
    }
    let collection: Collection = json::parse(&text.text)?;
    collection.check_coordinates()?;
    let schema = collection.features.iter().find_map(Schema::of);
    let schema = schema.ok_or(ImportError::NoRow)?;
    let mut parsed = Parsed::new(schema.format(), &text);
    if schema == Schema::Toulouse2014 {
        parsed.notes.push(Note::Numbering);
    }
    let mut seen = BTreeSet::new();
    for (feature, number) in collection.features.iter().zip(1_u32..) {
        let station = schema.station(feature).and_then(|station| {
            let new = seen.insert(station.id.clone());
            let twice = || BadRow::StationTwice {
                station: station.id.to_string(),
            };
            if new { Ok(station) } else { Err(twice()) }
        });
        parsed.take(number, station);
    }
    Ok(parsed)
}

#[derive(Deserialize)]
struct Collection {
    #[serde(default)]
    crs: Value,
    features: Vec<Value>,
}

impl Collection {
    /// RFC 7946 knows WGS 84 only; older files may name another system.
    fn check_coordinates(&self) -> Result<(), ImportError> {
        let Some(name) = self.crs.pointer("/properties/name").and_then(Value::as_str) else {
            return Ok(());
        };
        if name.ends_with("CRS84") || name.ends_with("4326") {
            return Ok(());
        }
        Err(ImportError::OtherCoordinates {
            system: name.chars().take(60).collect(),
        })
    }
}

/// Which properties say what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Schema {
    Paris,
    Toulouse2014,
    Toulouse2026,
    Reu,
}

impl Schema {
    pub(super) fn of(feature: &Value) -> Option<Self> {
        let has = |name: &str| {
            feature
                .get("properties")
                .is_some_and(|p| p.get(name).is_some())
        };
        if has("numeroBureauVote") && has("codeCommune") {
            Some(Self::Reu)
        } else if has("code_bv") {
            Some(Self::Paris)
        } else if has("ASSOCIANT") {
            Some(Self::Toulouse2014)
        } else if has("bureau") {
            Some(Self::Toulouse2026)
        } else {
            None
        }
    }

    const fn format(self) -> &'static str {
        match self {
            Self::Paris => "paris-geojson",
            Self::Toulouse2014 => "toulouse-2014-geojson",
            Self::Toulouse2026 => "toulouse-2026-geojson",
            Self::Reu => "reu-geojson",
        }
    }

    const fn code_and_name(self) -> (&'static str, &'static str) {
        match self {
            Self::Paris => ("code_bv", "nom"),
            Self::Toulouse2014 => ("ASSOCIANT", "NOM"),
            Self::Toulouse2026 => ("bureau", "nom"),
            Self::Reu => ("numeroBureauVote", "nomBureauVote"),
        }
    }

    fn station(self, feature: &Value) -> Result<Station, BadRow> {
        let (code_name, name) = self.code_and_name();
        let code = property(feature, code_name);
        let code = present(&code).ok_or_else(|| missing(code_name))?;
        let code = StationCode::new(code)?;
        let name = words(
            &property(feature, name),
            Column::titled(name),
            MAX_NAME_CHARS,
        )?;
        let commune = match self {
            Self::Reu => Some(commune(feature)?),
            _ => None,
        };
        let station = Station::new(commune, code, name, perimeter(feature)?);
        station
            .check_perimeter()
            .map_err(|fault| BadRow::Perimeter {
                station: station.id.to_string(),
                fault,
            })?;
        Ok(station)
    }
}

fn missing(title: &'static str) -> BadRow {
    BadRow::MissingValue {
        column: Column::titled(title),
    }
}

fn commune(feature: &Value) -> Result<String, BadRow> {
    let department = property(feature, "codeDepartement");
    let code = property(feature, "codeCommune");
    let code = present(&code).ok_or_else(|| missing("codeCommune"))?;
    commune_code(present(&department), code)
        .map(|code| city(&code).to_owned())
        .ok_or(BadRow::CommuneCode)
}

/// A property as text; some files write codes as numbers.
fn property(feature: &Value, name: &str) -> String {
    match feature.get("properties").and_then(|p| p.get(name)) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn perimeter(feature: &Value) -> Result<Perimeter, BadRow> {
    type Ring = Vec<Vec<f64>>;
    let geometry = feature
        .get("geometry")
        .filter(|g| !g.is_null())
        .ok_or(BadRow::NoPerimeter)?;
    let kind = geometry
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("nothing");
    let coordinates = geometry.get("coordinates").unwrap_or(&Value::Null);
    let parts: Result<Vec<Vec<Ring>>, _> = match kind {
        "Polygon" => Vec::<Ring>::deserialize(coordinates).map(|polygon| vec![polygon]),
        "MultiPolygon" => Vec::<Vec<Ring>>::deserialize(coordinates),
        _ => return Err(BadRow::OtherGeometry),
    };
    let parts = parts.map_err(|_shape| BadRow::NotRings)?;
    let point = |point: Vec<f64>| match *point {
        [lon, lat, ..] => Ok([lon, lat]),
        _ => Err(BadRow::HalfAPoint),
    };
    let ring = |ring: Ring| ring.into_iter().map(point).collect::<Result<Vec<_>, _>>();
    parts
        .into_iter()
        .map(|rings| rings.into_iter().map(ring).collect())
        .collect()
}

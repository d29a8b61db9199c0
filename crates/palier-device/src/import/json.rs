//! Files in JSON.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::Value;

use super::{ImportError, Looks, look::Look, stations::Schema};

/// Parses JSON, with an error that says whether it is cut.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ImportError> {
    serde_json::from_str(text).map_err(|error| {
        let line = error.line();
        if error.is_eof() {
            ImportError::JsonCut { line }
        } else {
            ImportError::JsonDamaged { line }
        }
    })
}

/// What a JSON file is; the inner error says what it looks like instead.
pub(super) fn look(text: &str) -> Result<Result<Look, Looks>, ImportError> {
    let value: Value = parse(text)?;
    if let Some(features) = value.get("features").and_then(Value::as_array) {
        return Ok(match features.first() {
            Some(_) if features.iter().any(|f| Schema::of(f).is_some()) => Ok(Look::Stations),
            Some(feature) => Err(kind(feature)),
            None => Err(Looks::LooksFeatureless),
        });
    }
    let mut entries = value.as_object().into_iter().flatten();
    Ok(match entries.next() {
        Some((_, first)) if first.is_array() => Ok(Look::PercentJson),
        _ => Err(Looks::LooksOtherJson),
    })
}

fn kind(feature: &Value) -> Looks {
    match feature.pointer("/geometry/type").and_then(Value::as_str) {
        Some(geometry) => Looks::LooksOtherFeatures {
            geometry: geometry.chars().take(40).collect(),
        },
        None => Looks::LooksShapeless,
    }
}

/// The entries of an object in the file's order, those that come twice included.
pub(super) struct Entries<T>(pub(super) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Collect<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect(std::marker::PhantomData))
    }
}

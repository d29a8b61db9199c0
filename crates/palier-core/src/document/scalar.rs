//! Reading values that anybody may have written: what has another type is not there.

use automerge::{ObjId, ObjType, ReadDoc, ScalarValue, Value};

/// A text at a key.
pub(super) fn text(doc: &impl ReadDoc, object: &ObjId, key: &str) -> Option<String> {
    match doc.get(object, key).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Str(text) => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// A whole number at a key.
pub(super) fn number(doc: &impl ReadDoc, object: &ObjId, key: &str) -> Option<i64> {
    match doc.get(object, key).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Int(number) => Some(*number),
            ScalarValue::Uint(number) => i64::try_from(*number).ok(),
            _ => None,
        },
        _ => None,
    }
}

/// A moment at a key, in milliseconds since 1970.
pub(super) fn timestamp(doc: &impl ReadDoc, object: &ObjId, key: &str) -> Option<i64> {
    match doc.get(object, key).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Timestamp(moment) => Some(*moment),
            _ => None,
        },
        _ => None,
    }
}

/// Whether `true` stands at a key.
pub(super) fn flag(doc: &impl ReadDoc, object: &ObjId, key: &str) -> bool {
    matches!(
        doc.get(object, key),
        Ok(Some((Value::Scalar(value), _))) if *value == ScalarValue::Boolean(true)
    )
}

/// The map at a key.
pub(super) fn map(doc: &impl ReadDoc, object: &ObjId, key: &str) -> Option<ObjId> {
    match doc.get(object, key).ok()?? {
        (Value::Object(ObjType::Map), map) => Some(map),
        _ => None,
    }
}

/// Every text in a map, by key.
pub(super) fn texts(doc: &impl ReadDoc, object: &ObjId) -> Vec<(String, String)> {
    doc.keys(object)
        .filter_map(|key| text(doc, object, &key).map(|value| (key, value)))
        .collect()
}

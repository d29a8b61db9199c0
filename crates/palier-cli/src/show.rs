//! Answers of the device, as one JSON value or as lines for a person.

mod building;
mod lines;
mod rows;

use palier_device::api::{Reply, Request, reply::Totals, request::ExportFormat};
use serde_json::{Value, json};

use crate::{failure::Failure, out::Out};

pub(crate) use lines::bundle;

/// Writes the answer to a question.
///
/// # Errors
/// Standard output is closed.
pub(crate) fn reply(request: &Request, reply: &Reply, out: Out) -> Result<(), Failure> {
    if let Reply::Exported { text, .. } = reply {
        let is_a_value = matches!(
            request,
            Request::Export {
                format: ExportFormat::Json | ExportFormat::Geojson,
                ..
            }
        );
        if is_a_value || !out.json {
            return out.text(&ended(text));
        }
    }
    if out.json {
        out.value(&value(request, reply)?)
    } else {
        out.text(&ended(&lines::of(request, reply)))
    }
}

/// The one JSON value of an answer: the answer's fields without its type, and for a list its
/// rows.
fn value(request: &Request, reply: &Reply) -> Result<Value, Failure> {
    Ok(match reply {
        Reply::Campaigns { campaigns } => serde_json::to_value(campaigns)?,
        Reply::Stations { stations } => serde_json::to_value(stations)?,
        Reply::Turfs { turfs } => serde_json::to_value(turfs)?,
        Reply::Doors { doors, .. } => serde_json::to_value(doors)?,
        Reply::Visits { visits } => serde_json::to_value(visits)?,
        Reply::Requests { requests } => serde_json::to_value(requests)?,
        Reply::Rounds { rounds } => serde_json::to_value(rounds)?,
        Reply::Packs { packs } => serde_json::to_value(packs)?,
        Reply::PackTaken { pack } | Reply::PackFetched { pack, .. } => serde_json::to_value(pack)?,
        Reply::Kits { kits } => serde_json::to_value(kits)?,
        Reply::Totals(totals) => totals_value(totals)?,
        Reply::TurnoutReported => turnout_value(request),
        reply => {
            let mut value = serde_json::to_value(reply)?;
            if let Some(fields) = value.as_object_mut() {
                fields.remove("type");
            }
            value
        }
    })
}

/// Rows, each with whose figures it holds and of when.
fn totals_value(totals: &Totals) -> Result<Value, Failure> {
    let source = serde_json::to_value(totals.source)?;
    let mut rows = serde_json::to_value(&totals.rows)?;
    for row in rows.as_array_mut().into_iter().flatten() {
        if let Some(fields) = row.as_object_mut() {
            fields.insert("source".into(), source.clone());
            fields.insert("at".into(), totals.at.clone().into());
        }
    }
    Ok(rows)
}

fn turnout_value(request: &Request) -> Value {
    match request {
        Request::ReportTurnout {
            station,
            hour,
            votes,
        } => json!({ "station": station, "hour": hour, "votes": votes }),
        _ => json!({}),
    }
}

/// A text that ends its last line.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

//! The device's own data, as files.

use serde_json::{Value, json};

use super::Device;
use crate::{
    api::{
        reply::AnswersRow,
        request::{ExportFormat, ExportWhat, Grouping},
    },
    error::Error,
    store::{territory, visits},
};

/// A table that can be written in every format.
struct Table {
    columns: Vec<&'static str>,
    rows: Vec<Row>,
}

struct Row {
    values: Vec<Value>,
    /// A GeoJSON geometry, where there is one.
    geometry: Value,
}

impl Device {
    /// Exports visits, totals, stations or the owner's own data: a name for the file, and its text.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn export(
        &self,
        what: ExportWhat,
        format: ExportFormat,
    ) -> Result<(String, String), Error> {
        let (name, table) = match what {
            ExportWhat::Visits => ("visits", self.visit_table()?),
            ExportWhat::Totals => ("totals", self.totals_table()?),
            ExportWhat::Stations => ("stations", self.station_table()?),
            ExportWhat::Mine => return self.export_mine(format),
        };
        Ok(match format {
            ExportFormat::Csv => (format!("{name}.csv"), table.csv()?),
            ExportFormat::Json => (format!("{name}.json"), table.json()),
            ExportFormat::Geojson => (format!("{name}.geojson"), table.geojson()),
        })
    }

    fn visit_table(&self) -> Result<Table, Error> {
        let rows = visits::all(self.connection())?
            .into_iter()
            .map(|visit| Row {
                geometry: match (visit.lon, visit.lat) {
                    (Some(lon), Some(lat)) => {
                        json!({ "type": "Point", "coordinates": [lon, lat] })
                    }
                    _ => Value::Null,
                },
                values: vec![
                    visit.id.to_string().into(),
                    visit.door.into(),
                    visit.address.into(),
                    visit.station.into(),
                    visit.outcome.into(),
                    visit.at.to_string().into(),
                    visit.leaflet.into(),
                    visit.by.into(),
                ],
            })
            .collect();
        Ok(Table {
            columns: vec![
                "visit", "door", "address", "station", "outcome", "at", "leaflet", "by",
            ],
            rows,
        })
    }

    fn totals_table(&self) -> Result<Table, Error> {
        let perimeters = self.perimeters()?;
        let rows = self
            .totals(Grouping::Station)?
            .rows
            .into_iter()
            .map(|row| Row {
                geometry: geometry(&perimeters, row.station.as_deref()),
                values: vec![
                    row.station.into(),
                    row.knocked.into(),
                    row.spoke.into(),
                    row.absent.into(),
                    row.refused.into(),
                    row.come_back.into(),
                    row.inaccessible.into(),
                    row.vacant.into(),
                    row.do_not_contact.into(),
                    row.leaflets.into(),
                    row.doors.into(),
                    row.registered.into(),
                ]
                .into_iter()
                .chain(answers(row.answers.as_ref()))
                .collect(),
            })
            .collect();
        Ok(Table {
            columns: vec![
                "station",
                "knocked",
                "spoke",
                "absent",
                "refused",
                "come_back",
                "inaccessible",
                "vacant",
                "do_not_contact",
                "leaflets",
                "doors",
                "registered",
                "answers_doors",
                "answers",
                "support_1",
                "support_2",
                "support_3",
                "support_4",
                "support_5",
                "favourable_percent",
                "favourable_from",
                "favourable_to",
                "registration",
                "proxy",
            ],
            rows,
        })
    }

    fn station_table(&self) -> Result<Table, Error> {
        let perimeters = self.perimeters()?;
        let rows = self
            .stations()?
            .into_iter()
            .map(|row| Row {
                geometry: geometry(&perimeters, Some(&row.station)),
                values: vec![
                    row.station.into(),
                    row.name.into(),
                    row.registered.into(),
                    row.addresses.into(),
                    row.doors.into(),
                ],
            })
            .collect();
        Ok(Table {
            columns: vec!["station", "name", "registered", "addresses", "doors"],
            rows,
        })
    }

    fn perimeters(&self) -> Result<Vec<(String, Value)>, Error> {
        Ok(territory::stations(self.connection())?
            .into_iter()
            .map(|station| {
                let shape = json!({ "type": "MultiPolygon", "coordinates": station.perimeter });
                (station.id.as_str().to_owned(), shape)
            })
            .collect())
    }
}

/// What was answered, in twelve columns; nothing where too little was.
fn answers(row: Option<&AnswersRow>) -> [Value; 12] {
    let Some(row) = row else {
        return std::array::from_fn(|_| Value::Null);
    };
    let [one, two, three, four, five] = row.support;
    let [seen, from, to] = match row.favourable {
        Some(percents) => percents.map(Value::from),
        None => std::array::from_fn(|_| Value::Null),
    };
    [
        row.doors.into(),
        row.answered.into(),
        one.into(),
        two.into(),
        three.into(),
        four.into(),
        five.into(),
        seen,
        from,
        to,
        row.registration.into(),
        row.proxy.into(),
    ]
}

fn geometry(perimeters: &[(String, Value)], station: Option<&str>) -> Value {
    perimeters
        .iter()
        .find(|(id, _)| Some(id.as_str()) == station)
        .map_or(Value::Null, |(_, shape)| shape.clone())
}

impl Table {
    fn csv(&self) -> Result<String, Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let written = writer.write_record(&self.columns).and_then(|()| {
            self.rows
                .iter()
                .try_for_each(|row| writer.write_record(row.values.iter().map(cell)))
        });
        written.map_err(|_reason| Error::Document)?;
        let bytes = writer.into_inner().map_err(|_reason| Error::Document)?;
        String::from_utf8(bytes).map_err(|_reason| Error::Document)
    }

    fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
        Value::from(rows).to_string()
    }

    fn geojson(&self) -> String {
        let features: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                json!({
                    "type": "Feature",
                    "properties": self.object(row),
                    "geometry": row.geometry,
                })
            })
            .collect();
        json!({ "type": "FeatureCollection", "features": features }).to_string()
    }

    fn object(&self, row: &Row) -> Value {
        self.columns
            .iter()
            .zip(&row.values)
            .map(|(column, value)| ((*column).to_owned(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

/// A cell: a text that a spreadsheet would run as a formula gets an apostrophe before it
/// (OWASP, "CSV injection").
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("12 bis rue X", "12 bis rue X"),
        ] {
            assert_eq!(cell(&Value::from(text)), expected);
        }
        assert_eq!(cell(&Value::from(-3)), "-3");
        assert_eq!(cell(&Value::Null), "");
    }
}

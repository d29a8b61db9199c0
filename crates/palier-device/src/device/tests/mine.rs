//! A copy of one's own data.

use palier_core::rights::Role;
use serde_json::Value;

use super::{Letterbox, member, organiser, tap};
use crate::api::request::{ExportFormat, ExportWhat};

#[test]
fn ones_own_data_hold_what_one_wrote_and_nothing_of_others() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    tap(&mut lead, 0);
    letters.collect(&mut lead);
    letters.deliver(&mut merle);
    tap(&mut merle, 1);
    tap(&mut merle, 2);
    let (_, doors) = merle.doors("Marché").unwrap();
    let taken_back = doors[2].last_visit.clone().unwrap().visit;
    merle.undo(&taken_back).unwrap();

    let (file, text) = merle.export(ExportWhat::Mine, ExportFormat::Json).unwrap();
    assert!(file.ends_with(".json"));
    let document: Value = serde_json::from_str(&text).unwrap();
    let records = document["records"].as_array().unwrap();
    let of = |kind: &str| -> Vec<&Value> {
        let rows = records.iter().filter(|row| row["record"] == kind);
        rows.collect()
    };
    assert_eq!(of("owner")[0]["name"], "Merle");
    assert_eq!(of("owner")[0]["role"], "volunteer");
    assert_eq!(of("shift").len(), 1);
    let visits = of("visit");
    let knocked: Vec<_> = visits
        .iter()
        .map(|row| {
            (
                row["door"].as_str().unwrap(),
                row["stands"].as_bool().unwrap(),
            )
        })
        .collect();
    assert!(knocked.contains(&(doors[1].door.as_str(), true)));
    assert!(knocked.contains(&(doors[2].door.as_str(), false)));
    assert!(!knocked.iter().any(|(door, _)| *door == doors[0].door));
    assert!(!text.contains("seed") && !text.contains("key\""));

    let (file, table) = merle.export(ExportWhat::Mine, ExportFormat::Csv).unwrap();
    assert!(file.ends_with(".csv"));
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(rows.headers().unwrap().get(0), Some("record"));
    assert_eq!(
        rows.records().filter(|row| row.is_ok()).count(),
        records.len()
    );
}

#[test]
fn an_organisers_data_hold_the_ballots_that_they_reported() {
    let mut lead = organiser(&mut Letterbox::default());
    let station = lead.stations().unwrap()[0].station.clone();
    lead.report_turnout(&station, "12:00", 64).unwrap();
    let (_, table) = lead.export(ExportWhat::Mine, ExportFormat::Csv).unwrap();
    let counted = table.lines().find(|line| line.starts_with("turnout"));
    assert!(counted.unwrap().ends_with("12:00,64"), "{table}");
}

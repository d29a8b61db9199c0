//! A copy of one's own data.

use palier_core::{answers::Answered, outcome::Outcome, rights::Role, round::Boxes};
use serde_json::Value;

use super::{Letterbox, NewVisit, member, organiser, tap};
use crate::{
    api::request::{ExportFormat, ExportWhat, Mark},
    device::Device,
};

fn records(device: &Device, kind: &str) -> Vec<Value> {
    let (_, text) = device.export(ExportWhat::Mine, ExportFormat::Json).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["about"], "docs/my-data.md");
    let rows = document["records"].as_array().unwrap().iter();
    rows.filter(|row| row["record"] == kind).cloned().collect()
}

/// The lines of one kind in the table, as `column=value` where there is one.
fn lines(device: &Device, kind: &str) -> Vec<String> {
    let (_, table) = device.export(ExportWhat::Mine, ExportFormat::Csv).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let columns = rows.headers().unwrap().clone();
    let rows = rows.records().map(Result::unwrap);
    rows.filter(|row| row.get(0) == Some(kind))
        .map(|row| {
            let filled = columns.iter().zip(row.iter());
            let filled = filled.filter(|(_, value)| !value.is_empty());
            let cells: Vec<_> = filled
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            cells.join(" ")
        })
        .collect()
}

#[test]
fn counts_that_have_not_left_are_in_ones_data_until_they_leave() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    let (_, doors) = merle.doors("Marché").unwrap();
    let station = doors[0].station.clone().unwrap();
    let answered = Answered {
        support: Some(4),
        registration: true,
        ..Answered::default()
    };
    let speak = |merle: &mut Device, number: usize| {
        let door = doors[number].door.clone();
        let outcome = Outcome::Spoke;
        let at = None;
        merle
            .record(NewVisit {
                door,
                outcome,
                at,
                leaflet: false,
            })
            .unwrap();
    };
    assert!(records(&merle, "answers").is_empty());
    speak(&mut merle, 0);
    let none = Answered::default();
    merle
        .count_answer("Marché", Some(&station), none, answered)
        .unwrap();
    let waiting = records(&merle, "answers");
    assert_eq!(waiting.len(), 1);
    let fields = ["doors", "support_4", "support_5", "registration", "proxy"];
    assert_eq!(
        fields.map(|field| waiting[0][field].as_u64()),
        [1, 1, 0, 1, 0].map(Some)
    );
    assert_eq!(waiting[0]["ready"], false);
    assert_eq!(waiting[0]["station"], station.as_str());
    assert!(waiting[0]["team"].is_string());
    // Of the door and the moment, nothing.
    assert!(waiting[0].get("door").is_none() && waiting[0].get("at").is_none());
    assert!(lines(&merle, "answers")[0].ends_with(
        "ready=false doors=1 support_1=0 support_2=0 support_3=0 support_4=1 support_5=0 \
         registration=1 proxy=0"
    ));

    for number in 1..11 {
        speak(&mut merle, number);
    }
    let both = records(&merle, "answers");
    let doors_of = |row: &Value| (row["ready"].as_bool(), row["doors"].as_u64());
    let both: Vec<_> = both.iter().map(doors_of).collect();
    assert_eq!(both, [(Some(false), Some(1)), (Some(true), Some(10))]);
    letters.collect(&mut merle);
    let left: Vec<_> = records(&merle, "answers").iter().map(doors_of).collect();
    assert_eq!(left, [(Some(false), Some(1))]);
}

#[test]
fn leaflets_are_in_ones_data_with_their_side_of_the_street() {
    let mut letters = Letterbox::default();
    let mut lead = organiser(&mut letters);
    let mut merle = member(&mut letters, &mut lead, Role::Volunteer, "Merle");
    lead.create_round("Marché", "Tracts").unwrap();
    letters.collect(&mut lead);
    letters.deliver(&mut merle);
    let face = merle.round("Tracts").unwrap().faces.remove(0);
    let mark = |boxes| {
        let rows = face.buildings.iter();
        rows.map(|row| Mark {
            address: row.address_id.clone(),
            boxes,
        })
        .collect::<Vec<_>>()
    };
    merle.mark_boxes("Tracts", &mark(Boxes::Unreached)).unwrap();
    merle.mark_boxes("Tracts", &mark(Boxes::Done)).unwrap();
    let (noted, table) = (records(&merle, "leaflets"), lines(&merle, "leaflets"));
    assert_eq!(noted.len(), 2 * face.buildings.len());
    assert_eq!(table.len(), noted.len());
    let side = serde_json::to_value(face.side).unwrap();
    for row in &noted {
        assert_eq!(row["round"], "Tracts");
        assert_eq!(
            (&row["street"], &row["side"]),
            (&face.street.as_str().into(), &side)
        );
        assert_eq!(row["stands"].as_bool(), Some(row["boxes"] == "done"));
        assert!(row["count"].as_u64() >= Some(1));
    }
    assert!(
        table
            .iter()
            .any(|line| line.contains("round=Tracts") && line.contains("boxes=done"))
    );
    assert!(records(&lead, "leaflets").is_empty());
}

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
    assert!(counted.unwrap().contains("12:00,64,"), "{table}");
}

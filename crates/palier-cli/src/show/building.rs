//! One building, for a person.

use palier_device::api::reply::{AccessRow, BuildingView, FloorRow, PastVisit};

use super::rows;
use crate::table::Table;

pub(super) fn text(building: &BuildingView) -> String {
    let mut lines = vec![format!(
        "{}: {} of {} doors visited",
        building.address, building.visited, building.doors
    )];
    lines.extend(building.access.as_ref().map(access));
    if !building.changed.is_empty() {
        lines.push(format!("changed: {}", building.changed.join(", ")));
    }
    for stair in &building.stairs {
        if !stair.stair.is_empty() {
            lines.push(format!("stair {}", stair.stair));
        }
        lines.extend(stair.floors.iter().map(floor));
    }
    if !building.left.is_empty() {
        lines.push("visited, and no door any more:".into());
        lines.push(rows::doors(&building.left).trim_end().into());
    }
    if let Some(next) = &building.next {
        lines.push(format!("next: {} ({})", next.address, next.door));
    }
    lines.join("\n")
}

fn floor(floor: &FloorRow) -> String {
    let name = if floor.landing.is_empty() {
        floor.floor.to_string()
    } else {
        format!("{} {}", floor.floor, floor.landing)
    };
    let doors = floor.doors.iter().map(|door| {
        let state = door
            .state
            .map_or_else(|| "-".to_owned(), |state| state.to_string());
        format!("{} {state}", door.label)
    });
    format!("  {name:>3}  {}", doors.collect::<Vec<_>>().join(" | "))
}

fn access(access: &AccessRow) -> String {
    match (&access.code, &access.ends) {
        (Some(code), Some(ends)) => format!("way in: {} {code}, until {ends}", access.way),
        (None, Some(ends)) => format!("way in: {}, ended {ends}", access.way),
        _ => format!("way in: {}", access.way),
    }
}

pub(super) fn visits(visits: &[PastVisit]) -> String {
    let rows = visits.iter().map(|visit| {
        [
            visit.at.clone(),
            visit.outcome.to_string(),
            visit.by.clone(),
        ]
    });
    Table::new(["visited", "outcome", "by"], rows).text()
}

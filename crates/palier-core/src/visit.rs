//! Visits, corrections, and the state of a door.

use crate::{
    come_back::ComeBack,
    id::{DeviceId, DoorId, VisitId},
    moment::Moment,
    outcome::Outcome,
};

/// One entry of a shift: a visit, a correction of one, or the taking back of one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its id.
    pub id: VisitId,
    /// The entry that it stands in the place of.
    pub replaces: Option<VisitId>,
    /// What was seen; `None` where it only takes the other one back.
    pub visit: Option<Visit>,
}

/// One knock at one door at one moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The door.
    pub door: DoorId,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was.
    pub at: Moment,
    /// Whether a leaflet was left.
    pub leaflet: bool,
    /// When to come back, where somebody said so.
    pub back: Option<ComeBack>,
}

/// The place of a visit among all visits at a door. The state of a door is its highest visit
/// by this order, so a late sync of an older visit never wins; but who asked not to be contacted
/// stays so, whatever came after.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Precedence {
    /// Whether somebody asked not to be contacted.
    pub no_contact: bool,
    /// When the visit was.
    pub at: Moment,
    /// Which device recorded it.
    pub device: DeviceId,
    /// Its id.
    pub id: VisitId,
}

/// The entries that stand: visits that no other entry of the same shift replaces.
pub fn standing(entries: &[Entry]) -> impl Iterator<Item = (VisitId, &Visit)> {
    let replaced: std::collections::BTreeSet<VisitId> =
        entries.iter().filter_map(|entry| entry.replaces).collect();
    entries
        .iter()
        .filter(move |entry| !replaced.contains(&entry.id))
        .filter_map(|entry| entry.visit.as_ref().map(|visit| (entry.id, visit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: u8, replaces: Option<u8>, outcome: Option<Outcome>) -> Entry {
        Entry {
            id: VisitId([id; 10]),
            replaces: replaces.map(|id| VisitId([id; 10])),
            visit: outcome.map(|outcome| Visit {
                door: "porte".into(),
                outcome,
                at: Moment(0),
                leaflet: false,
                back: None,
            }),
        }
    }

    #[test]
    fn a_correction_stands_in_the_place_of_what_it_corrects() {
        let entries = [
            entry(1, None, Some(Outcome::Absent)),
            entry(2, Some(1), Some(Outcome::Spoke)),
            entry(3, None, Some(Outcome::Refused)),
            entry(4, Some(3), None),
        ];
        let outcomes: Vec<_> = standing(&entries).map(|(_, visit)| visit.outcome).collect();
        assert_eq!(outcomes, [Outcome::Spoke]);
    }

    #[test]
    fn precedence_is_by_moment_then_device_then_id_after_who_asked_for_no_contact() {
        let place = |at, device, id| Precedence {
            no_contact: false,
            at: Moment(at),
            device: DeviceId([device; 32]),
            id: VisitId([id; 10]),
        };
        assert!(place(2, 0, 0) > place(1, 9, 9));
        assert!(place(1, 2, 0) > place(1, 1, 9));
        assert!(place(1, 1, 2) > place(1, 1, 1));
        let asked = Precedence {
            no_contact: true,
            ..place(0, 0, 0)
        };
        assert!(asked > place(9, 9, 9));
    }
}

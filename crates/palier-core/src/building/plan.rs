//! A building told in one breath: "stairs A and B, floors 0 to 7, 4 doors".

use super::place::{LandingPlace, NotAPlace};

/// The most doors that are described in one breath.
pub const MAX_PLANNED: usize = 1_000;

/// Why a building cannot be described so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadPlan {
    /// A name or a floor is out of bounds.
    #[error("{0}")]
    Place(#[from] NotAPlace),
    /// The lowest floor is above the highest.
    #[error("the lowest floor is above the highest")]
    UpsideDown,
    /// There is no door in it, or there are too many.
    #[error("a description has 1 to {MAX_PLANNED} doors")]
    Size,
}

/// The doors of a building: the same number on every landing, but for the ground floor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// What the stairs are called; one without a name where empty.
    pub stairs: Vec<String>,
    /// The lowest floor.
    pub lowest: i16,
    /// The highest floor.
    pub highest: i16,
    /// Doors on a landing.
    pub doors: u8,
    /// Doors on the ground floor, where there are others.
    pub ground: Option<u8>,
}

impl Plan {
    /// Ids of the doors of an address, numbered from 1 on each landing.
    ///
    /// Whoever describes the same building in the same way makes the same doors.
    ///
    /// # Errors
    /// See [`BadPlan`].
    pub fn doors(&self, address: &str) -> Result<Vec<String>, BadPlan> {
        if self.lowest > self.highest {
            return Err(BadPlan::UpsideDown);
        }
        let unnamed = [String::new()];
        let stairs = if self.stairs.is_empty() {
            unnamed.as_slice()
        } else {
            &self.stairs
        };
        let mut doors = Vec::new();
        for stair in stairs {
            for floor in self.lowest..=self.highest {
                let landing = LandingPlace::new(address, stair, floor)?;
                for number in 1..=self.on(floor) {
                    doors.push(landing.door(&number.to_string())?.to_string());
                }
                if doors.len() > MAX_PLANNED {
                    return Err(BadPlan::Size);
                }
            }
        }
        doors.sort();
        doors.dedup();
        if doors.is_empty() {
            return Err(BadPlan::Size);
        }
        Ok(doors)
    }

    fn on(&self, floor: i16) -> u8 {
        match self.ground {
            Some(ground) if floor == 0 => ground,
            _ => self.doors,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(stairs: &[&str], lowest: i16, highest: i16, doors: u8, ground: Option<u8>) -> Plan {
        let stairs = stairs.iter().map(|stair| (*stair).to_owned()).collect();
        Plan {
            stairs,
            lowest,
            highest,
            doors,
            ground,
        }
    }

    #[test]
    fn a_description_counts_its_doors() {
        for (plan, doors) in [
            (plan(&[], 0, 0, 1, None), 1),
            (plan(&["A", "B"], 0, 7, 4, None), 64),
            (plan(&["A", "B"], 0, 7, 4, Some(0)), 56),
            (plan(&["A"], -1, 2, 2, Some(1)), 7),
            (plan(&["A", "B", "C"], 0, 17, 6, None), 324),
            (plan(&["A", "A"], 1, 1, 3, None), 3),
        ] {
            assert_eq!(plan.doors("a").map(|all| all.len()), Ok(doors), "{plan:?}");
        }
        let first = plan(&["A"], 3, 3, 2, None).doors("a").unwrap();
        assert_eq!(first, ["a/A/3/1", "a/A/3/2"]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let place = BadPlan::Place(NotAPlace);
        for (plan, reason) in [
            (plan(&[], 3, 2, 1, None), BadPlan::UpsideDown),
            (plan(&[], 1, 5, 0, None), BadPlan::Size),
            (plan(&[], 0, 0, 4, Some(0)), BadPlan::Size),
            (plan(&[], 0, 99, 11, None), BadPlan::Size),
            (plan(&[], 0, 120, 1, None), place),
            (plan(&["A/B"], 0, 1, 1, None), place),
            (plan(&["escalier du fond"], 0, 1, 1, None), place),
        ] {
            assert_eq!(plan.doors("a"), Err(reason), "{plan:?}");
        }
    }
}

//! What stands along the streets.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{
    COMMUNE_CODE, POSTCODE, TOWN_NAME,
    chance::Chance,
    grid::{Axis, COLUMNS, Grid, Metres, ROWS, SOUTH_BANK, degrees},
};
use crate::{
    building::{DoorPlace, Plan},
    id::DoorId,
    territory::{Address, StationCode, StationId},
};

/// Metres from a street's axis to its doors.
const SETBACK_M: f64 = 11.0;
/// Metres from a crossing to the first door.
const CORNER_M: f64 = 26.0;
/// Metres of street to a pair of numbers.
const NUMBER_M: f64 = 14.0;

/// What kind of building stands at an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildingKind {
    /// One door.
    House,
    /// One stair, three to six floors.
    Block,
    /// One or two stairs, eight floors or more.
    Tower,
}

/// A building of an invented town.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Building {
    /// Its address.
    pub address: String,
    /// What it is.
    pub kind: BuildingKind,
    /// Stairs.
    pub stairs: u32,
    /// Floors with doors, the ground floor included.
    pub floors: u32,
    /// Doors on one floor of one stair.
    pub doors_per_floor: u32,
}

impl Building {
    /// How many doors it has.
    #[must_use]
    pub const fn doors(&self) -> u32 {
        self.stairs * self.floors * self.doors_per_floor
    }

    /// How a team describes it; nothing where it is a house, with one door.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        // Shops are on the ground floor of a tower.
        let lowest = match self.kind {
            BuildingKind::House => return None,
            BuildingKind::Block => 0,
            BuildingKind::Tower => 1,
        };
        let names = ["A", "B"].into_iter().take(self.stairs as usize);
        Some(Plan {
            stairs: names
                .filter(|_| self.stairs > 1)
                .map(str::to_owned)
                .collect(),
            lowest,
            highest: i16::try_from(self.floors).ok()? - 1 + lowest,
            doors: u8::try_from(self.doors_per_floor).ok()?,
            ground: None,
        })
    }

    /// The ids of its doors in walking order: stair by stair, from the top down.
    #[must_use]
    pub fn door_ids(&self) -> Vec<DoorId> {
        let Some(mut doors) = self.plan().and_then(|plan| plan.doors(&self.address).ok()) else {
            return vec![self.address.clone()];
        };
        doors.sort_by_cached_key(|id| {
            let place = id.parse::<DoorPlace>().ok();
            place.map(|door| {
                let at = door.landing;
                (at.stair, Reverse(at.floor), door.label)
            })
        });
        doors
    }
}

/// Puts buildings along every street, odd numbers on its left and even numbers on its right.
pub(super) fn build(
    grid: &Grid,
    streets: &[Axis],
    chance: &mut Chance,
) -> (Vec<Address>, Vec<Building>) {
    let (mut addresses, mut buildings) = (Vec::new(), Vec::new());
    for (axis, street) in streets.iter().zip(1_u32..) {
        let mut walked = 0.0;
        for (from, to) in axis.crossings.iter().zip(axis.crossings.iter().skip(1)) {
            let (start, end) = (grid.at(from.0, from.1), grid.at(to.0, to.1));
            let length = (end.0 - start.0).hypot(end.1 - start.1);
            for side in [Side::Odd, Side::Even] {
                let Some((column, row)) = side.block(*from, *to) else {
                    continue;
                };
                let mut along = CORNER_M + chance.shift(4.0);
                while along < length - CORNER_M {
                    let number = side.number(walked + along);
                    let point = side.beside(start, end, length, along);
                    let kind = kind(column, row, chance);
                    let rep = if chance.happens(30) { "bis" } else { "" };
                    let address = address(
                        street,
                        &axis.street.name,
                        number,
                        rep,
                        point,
                        station(column, row),
                    );
                    buildings.push(building(&address.id, kind, chance));
                    addresses.push(address);
                    along += 34.0 + f64::from(chance.below(24));
                }
            }
            walked += length;
        }
    }
    (addresses, buildings)
}

/// The left of a street is odd, its right is even.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Odd,
    Even,
}

impl Side {
    /// The block on this side of a stretch of street; none on water or outside the town.
    fn block(self, from: (u32, u32), to: (u32, u32)) -> Option<(u32, u32)> {
        let eastward = to.0 > from.0;
        let (column, row) = match (eastward, self) {
            (true, Self::Odd) | (false, Self::Even) => from,
            (true, Self::Even) => (from.0, from.1.checked_sub(1)?),
            (false, Self::Odd) => (from.0.checked_sub(1)?, from.1),
        };
        (column < COLUMNS - 1 && row < ROWS - 1 && row != SOUTH_BANK).then_some((column, row))
    }

    fn number(self, metres: f64) -> u32 {
        let mut pairs = 0_u32;
        while f64::from(pairs + 1) * NUMBER_M <= metres {
            pairs += 1;
        }
        pairs * 2 + if self == Self::Odd { 1 } else { 2 }
    }

    fn beside(self, start: Metres, end: Metres, length: f64, along: f64) -> Metres {
        let (east, north) = ((end.0 - start.0) / length, (end.1 - start.1) / length);
        let off = if self == Self::Odd {
            SETBACK_M
        } else {
            -SETBACK_M
        };
        (
            start.0 + east * along - north * off,
            start.1 + north * along + east * off,
        )
    }
}

/// The station of a block, as the ground was cut.
fn station(column: u32, row: u32) -> Option<StationId> {
    let bank = if row < SOUTH_BANK { 0 } else { 4 };
    let code = StationCode::new(&(bank + column / 3 + 1).to_string()).ok()?;
    Some(StationId::new(None, &code))
}

fn address(
    street: u32,
    name: &str,
    number: u32,
    rep: &str,
    point: Metres,
    station: Option<StationId>,
) -> Address {
    let [lon, lat] = degrees(point);
    let (gap, tie) = if rep.is_empty() { ("", "") } else { (" ", "_") };
    Address {
        id: format!("{COMMUNE_CODE}_{street:04}_{number:05}{tie}{rep}"),
        number: format!("{number}{gap}{rep}"),
        street: name.to_owned(),
        postcode: POSTCODE.to_owned(),
        commune: TOWN_NAME.to_owned(),
        commune_code: Some(COMMUNE_CODE.to_owned()),
        lon,
        lat,
        station,
        doors: 1,
    }
}

/// Towers in the north-east, blocks in the middle, houses at the edges.
fn kind(column: u32, row: u32, chance: &mut Chance) -> BuildingKind {
    let (tower, block) = match (column, row) {
        (9.., 6..) => (220, 450),
        (4..=8, 2..=6) => (0, 700),
        _ => (0, 300),
    };
    if chance.happens(tower) {
        BuildingKind::Tower
    } else if chance.happens(block) {
        BuildingKind::Block
    } else {
        BuildingKind::House
    }
}

fn building(address: &str, kind: BuildingKind, chance: &mut Chance) -> Building {
    let (stairs, floors, doors_per_floor) = match kind {
        BuildingKind::House => (1, 1, 1),
        BuildingKind::Block => (1, chance.between(3, 6), chance.between(2, 4)),
        BuildingKind::Tower => (
            chance.between(1, 2),
            chance.between(8, 11),
            chance.between(3, 4),
        ),
    };
    Building {
        address: address.to_owned(),
        kind,
        stairs,
        floors,
        doors_per_floor,
    }
}

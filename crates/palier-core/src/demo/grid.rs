//! The ground: crossings on a bent grid, a river through it, stations cut along the streets.

use super::{
    Street,
    chance::Chance,
    names::{BRIDGES, QUAYS, STATIONS, STREETS},
};
use crate::territory::{Station, StationCode};

/// Crossings from west to east.
pub(super) const COLUMNS: u32 = 13;
/// Crossings from south to north.
pub(super) const ROWS: u32 = 10;
/// The row of crossings on the river's southern bank; the next one is on its northern bank.
pub(super) const SOUTH_BANK: u32 = 4;

/// Metres from one crossing to the next.
const BLOCK_M: f64 = 95.0;
/// Metres of water between the quays.
const RIVER_M: f64 = 60.0;
/// Most metres that a crossing stands off its place.
const JITTER_M: f64 = 14.0;
/// The south-western corner of the town: fields of the Berry.
const ORIGIN: (f64, f64) = (2.0, 46.95);
/// Degrees of latitude in a metre, and of longitude at the town's latitude.
const DEGREES_LAT: f64 = 1.0 / 111_160.0;
const DEGREES_LON: f64 = 1.0 / 76_080.0;

/// A point in metres east and north of the town's corner.
pub(super) type Metres = (f64, f64);

/// The crossings of a town.
pub(super) struct Grid {
    crossings: Vec<Metres>,
}

/// A street with the crossings that it passes.
pub(super) struct Axis {
    pub(super) street: Street,
    pub(super) crossings: Vec<(u32, u32)>,
}

impl Grid {
    pub(super) fn new(chance: &mut Chance) -> Self {
        let mut crossings = Vec::new();
        for row in 0..ROWS {
            let water = if row > SOUTH_BANK {
                RIVER_M - BLOCK_M
            } else {
                0.0
            };
            for column in 0..COLUMNS {
                // The river bends: two parabolas, one up and one down.
                let along = f64::from(column) / f64::from(COLUMNS - 1) * 2.0;
                let bend = if along < 1.0 {
                    along * (1.0 - along)
                } else {
                    (along - 1.0) * (along - 2.0)
                };
                let x = f64::from(column) * BLOCK_M + f64::from(row) * 6.0 + chance.shift(JITTER_M);
                let y = f64::from(row) * BLOCK_M + water + bend * 260.0 + chance.shift(JITTER_M);
                crossings.push((x, y));
            }
        }
        Self { crossings }
    }

    /// Where a crossing is.
    pub(super) fn at(&self, column: u32, row: u32) -> Metres {
        let index = usize::try_from(row * COLUMNS + column).unwrap_or(usize::MAX);
        self.crossings.get(index).copied().unwrap_or_default()
    }

    /// Four stations on each bank, three blocks wide; the river belongs to the northern ones.
    pub(super) fn stations(&self) -> Vec<Station> {
        let mut stations = Vec::new();
        for (name, number) in STATIONS.into_iter().zip(0_u32..) {
            let west = number % 4 * 3;
            let (south, north) = if number < 4 {
                (0, SOUTH_BANK)
            } else {
                (SOUTH_BANK, ROWS - 1)
            };
            let Ok(code) = StationCode::new(&(number + 1).to_string()) else {
                continue;
            };
            let ring = self.around(west, west + 3, south, north);
            stations.push(Station::new(None, code, name.to_owned(), vec![vec![ring]]));
        }
        stations
    }

    /// The border of a rectangle of blocks, counter-clockwise, through every crossing on it.
    fn around(&self, west: u32, east: u32, south: u32, north: u32) -> Vec<[f64; 2]> {
        let bottom = (west..east).map(|column| (column, south));
        let right = (south..north).map(|row| (east, row));
        let top = (west + 1..=east).rev().map(|column| (column, north));
        let left = (south..=north).rev().map(|row| (west, row));
        bottom
            .chain(right)
            .chain(top)
            .chain(left)
            .map(|(column, row)| degrees(self.at(column, row)))
            .collect()
    }

    /// Streets from west to east, then from south to north, which end at the river, then bridges.
    pub(super) fn streets(&self, chance: &mut Chance) -> Vec<Axis> {
        let mut names = STREETS;
        chance.shuffle(&mut names);
        let mut names = names.into_iter();
        let mut axes = Vec::new();
        for row in 0..ROWS {
            let name = match row.checked_sub(SOUTH_BANK) {
                Some(0) => QUAYS.first().copied(),
                Some(1) => QUAYS.last().copied(),
                _ => names.next(),
            };
            axes.push(self.axis(name, (0..COLUMNS).map(|column| (column, row)).collect()));
        }
        for column in 0..COLUMNS {
            for rows in [0..=SOUTH_BANK, SOUTH_BANK + 1..=ROWS - 1] {
                axes.push(self.axis(names.next(), rows.map(|row| (column, row)).collect()));
            }
        }
        for (name, column) in BRIDGES.into_iter().zip([3, 8]) {
            let banks = vec![(column, SOUTH_BANK), (column, SOUTH_BANK + 1)];
            axes.push(self.axis(Some(name), banks));
        }
        axes
    }

    fn axis(&self, name: Option<&str>, crossings: Vec<(u32, u32)>) -> Axis {
        let line = crossings
            .iter()
            .map(|(column, row)| degrees(self.at(*column, *row)));
        Axis {
            street: Street {
                name: name.unwrap_or("Rue Neuve").to_owned(),
                line: line.collect(),
            },
            crossings,
        }
    }
}

/// Longitude and latitude with seven decimals, about a centimetre.
pub(super) fn degrees((x, y): Metres) -> [f64; 2] {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    [
        round(ORIGIN.0 + x * DEGREES_LON),
        round(ORIGIN.1 + y * DEGREES_LAT),
    ]
}

//! The number of a tile: zooms one after the other, each along a Hilbert curve.

use super::header::MAX_ZOOM;

/// The number of the tile at `x`, `y` of a zoom; none where there is no such tile.
pub(super) fn tile_id(zoom: u8, x: u32, y: u32) -> Option<u64> {
    if zoom > MAX_ZOOM {
        return None;
    }
    let side = 1_u64 << zoom;
    let (mut x, mut y) = (u64::from(x), u64::from(y));
    if x >= side || y >= side {
        return None;
    }
    let before = ((1_u64 << (2 * u32::from(zoom))) - 1) / 3;
    let mut along = 0;
    let mut half = side / 2;
    while half > 0 {
        let right = u64::from(x & half > 0);
        let lower = u64::from(y & half > 0);
        along += half * half * ((3 * right) ^ lower);
        // The quarter is turned so that the curve goes on where it came in.
        if lower == 0 {
            if right == 1 {
                x ^= side - 1;
                y ^= side - 1;
            }
            std::mem::swap(&mut x, &mut y);
        }
        half /= 2;
    }
    Some(before + along)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_zooms_are_numbered_as_the_specification_says() {
        let cases = [
            ((0, 0, 0), Some(0)),
            ((1, 0, 0), Some(1)),
            ((1, 0, 1), Some(2)),
            ((1, 1, 1), Some(3)),
            ((1, 1, 0), Some(4)),
            ((2, 0, 0), Some(5)),
            // The specification's own example.
            ((12, 3423, 1763), Some(19_078_479)),
            ((1, 2, 0), None),
            ((23, 0, 0), None),
            ((255, 0, 0), None),
        ];
        for ((zoom, x, y), expected) in cases {
            assert_eq!(tile_id(zoom, x, y), expected, "{zoom}/{x}/{y}");
        }
    }

    #[test]
    fn every_tile_of_a_zoom_has_its_own_number_and_neighbours_touch() {
        let mut places = std::collections::BTreeMap::new();
        for x in 0..32_u32 {
            for y in 0..32_u32 {
                places.insert(tile_id(5, x, y).unwrap(), (x, y));
            }
        }
        assert_eq!(places.len(), 1024);
        let numbers: Vec<u64> = places.keys().copied().collect();
        assert_eq!((numbers[0], numbers[1023]), (341, 341 + 1023));
        let places: Vec<_> = places.values().collect();
        for pair in places.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert_eq!(a.0.abs_diff(b.0) + a.1.abs_diff(b.1), 1);
        }
    }
}

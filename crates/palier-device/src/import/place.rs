//! From addresses to stations.

use palier_core::territory::{Address, Located, Perimeters};

/// Where addresses stand.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Placement {
    /// How many stand in exactly one perimeter.
    pub placed: u32,
    /// Ids of addresses that stand in no perimeter.
    pub in_no_perimeter: Vec<String>,
    /// Ids of addresses that stand in two perimeters or more, or on a border between two.
    pub in_many_perimeters: Vec<String>,
}

/// Gives each address its station. One that stands in no perimeter or in several gets none and is
/// listed.
pub fn place_addresses(addresses: &mut [Address], perimeters: &Perimeters) -> Placement {
    let mut placement = Placement::default();
    for address in addresses {
        address.station = match perimeters.locate(address.lon, address.lat) {
            Located::One(station) => {
                placement.placed += 1;
                Some(station)
            }
            Located::None => {
                placement.in_no_perimeter.push(address.id.clone());
                None
            }
            Located::Many(_) => {
                placement.in_many_perimeters.push(address.id.clone());
                None
            }
        };
    }
    placement
}

//! The order in which addresses of a turf are walked.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::address::Address;

/// Puts addresses in walking order: streets by name, in each street the odd numbers going up,
/// then the even numbers coming back down.
///
/// The order is the same whatever the order of arrival.
pub fn walking_order(addresses: &mut [Address]) {
    addresses.sort_by_cached_key(|a| {
        (
            a.commune.clone(),
            place_in_walk(&a.street, &a.number),
            a.id.clone(),
        )
    });
}

/// Where an address comes in a walk: a key to sort by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PlaceInWalk {
    street: String,
    side: Side,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Side {
    Odd(u32, (u8, String)),
    Even(Reverse<u32>, Reverse<(u8, String)>),
    Unnumbered(String),
}

/// A side of a street, by its numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StreetSide {
    /// 1, 3, 5 …
    Odd,
    /// 2, 4, 6 …
    Even,
    /// Addresses without a number.
    Unnumbered,
}

/// The side of its street on which a number stands.
#[must_use]
pub fn street_side(number: &str) -> StreetSide {
    match digits(number.trim()).0.parse::<u32>() {
        Ok(n) if n % 2 == 1 => StreetSide::Odd,
        Ok(_) => StreetSide::Even,
        Err(_) => StreetSide::Unnumbered,
    }
}

/// The digits with which a number begins, and the rest.
fn digits(number: &str) -> (&str, &str) {
    let end = number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(number.len());
    number.split_at_checked(end).unwrap_or((number, ""))
}

/// The place of a number of a street in a walk.
#[must_use]
pub fn place_in_walk(street: &str, number: &str) -> PlaceInWalk {
    let number = number.trim();
    let (digits, repetition) = digits(number);
    let repetition = repetition_order(repetition);
    let side = match digits.parse::<u32>() {
        Ok(n) if n % 2 == 1 => Side::Odd(n, repetition),
        Ok(n) => Side::Even(Reverse(n), Reverse(repetition)),
        Err(_) => Side::Unnumbered(number.to_owned()),
    };
    PlaceInWalk {
        street: street.trim().to_lowercase(),
        side,
    }
}

/// `12`, then `12 bis`, `ter`, `quater`, `quinquies`, then letters and others by spelling.
fn repetition_order(text: &str) -> (u8, String) {
    let text = text.trim().to_lowercase();
    let rank = match text.as_str() {
        "" => 0,
        "bis" => 1,
        "ter" => 2,
        "quater" => 3,
        "quinquies" => 4,
        _ => 5,
    };
    (rank, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odd_side_goes_up_and_the_even_side_comes_back() {
        let mut numbers = [
            "2", "10", "1", "1 bis", "11", "9", "4 bis", "4", "1 ba", "1 b", "1 ter", "1 z2", "2 b",
        ];
        numbers.sort_by_key(|number| place_in_walk("Rue du Lavoir", number));
        assert_eq!(
            numbers,
            [
                "1", "1 bis", "1 ter", "1 b", "1 ba", "1 z2", "9", "11", "10", "4 bis", "4", "2 b",
                "2"
            ]
        );
    }

    #[test]
    fn a_side_is_told_by_the_digits() {
        for (number, side) in [
            ("1", StreetSide::Odd),
            (" 12 bis", StreetSide::Even),
            ("0", StreetSide::Even),
            ("A", StreetSide::Unnumbered),
            ("", StreetSide::Unnumbered),
        ] {
            assert_eq!(street_side(number), side, "{number}");
        }
    }

    #[test]
    fn streets_come_one_after_the_other() {
        let mut doors = [
            ("Rue B", "1"),
            ("Rue A", "2"),
            ("Rue B", "3"),
            ("Rue A", "1"),
        ];
        doors.sort_by_key(|(street, number)| place_in_walk(street, number));
        assert_eq!(
            doors,
            [
                ("Rue A", "1"),
                ("Rue A", "2"),
                ("Rue B", "1"),
                ("Rue B", "3")
            ]
        );
    }
}

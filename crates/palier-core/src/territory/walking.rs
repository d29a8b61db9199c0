//! The order in which addresses of a turf are walked.

use std::cmp::Reverse;

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

/// The place of a number of a street in a walk.
#[must_use]
pub fn place_in_walk(street: &str, number: &str) -> PlaceInWalk {
    let number = number.trim();
    let end = number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(number.len());
    let (digits, repetition) = number.split_at_checked(end).unwrap_or((number, ""));
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

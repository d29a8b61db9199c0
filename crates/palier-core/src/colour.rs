//! The colour by which a campaign is known, beside its name.

use crate::id::CampaignId;

/// How many colours there are: few enough to be told apart, on light and on dark.
pub const COLOURS: u8 = 6;

/// A campaign's colour where its organisers chose none, from 1 to [`COLOURS`]: the same on every
/// device, with nothing sent.
#[must_use]
pub fn of(campaign: &CampaignId) -> u8 {
    // A public key is as good as random in every byte.
    let [first, ..] = campaign.0;
    first % COLOURS + 1
}

/// Whether a number is a colour of the palette.
#[must_use]
pub const fn is_one(colour: u8) -> bool {
    colour >= 1 && colour <= COLOURS
}

/// The colour nearest to `wanted` that is not taken, in the order of the palette; `wanted` where
/// all are.
#[must_use]
pub fn apart(wanted: u8, taken: &[u8]) -> u8 {
    (0..COLOURS)
        .map(|step| (wanted.saturating_sub(1) + step) % COLOURS + 1)
        .find(|colour| !taken.contains(colour))
        .unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_told_apart_while_there_are_enough() {
        assert_eq!(apart(2, &[]), 2);
        assert_eq!(apart(2, &[2, 3]), 4);
        assert_eq!(apart(6, &[6]), 1);
        assert_eq!(apart(3, &[1, 2, 3, 4, 5, 6]), 3);
    }

    #[test]
    fn a_colour_follows_from_the_campaign_and_every_one_is_used() {
        let of_byte = |byte| of(&CampaignId([byte; 32]));
        assert_eq!(of_byte(0), 1);
        assert_eq!(of_byte(5), 6);
        assert_eq!(of_byte(6), 1);
        for byte in 0..=255 {
            assert!((1..=COLOURS).contains(&of_byte(byte)));
        }
    }
}

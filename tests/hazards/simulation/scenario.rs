//! What a seed says of a campaign before it begins.

use crate::chance::Chance;

/// The most devices; and where they meet, so that they do.
const MANY: usize = 12;
const FEW: usize = 4;

/// What is tried with one seed.
pub(super) struct Scenario {
    pub(super) chance: Chance,
    /// Devices, the organiser's with them: 2 to 12.
    pub(super) devices: usize,
    /// How many things happen before it calms down.
    pub(super) events: usize,
    /// One letter in so many meets a fault; 1 is all.
    pub(super) fault_one_in: usize,
    pub(super) clocks_jump: bool,
    /// Whether people tap while their clock is more than two days ahead: not where devices meet,
    /// since nobody takes in what was sealed so before that day has come.
    pub(super) taps_in_the_future: bool,
    pub(super) phones_are_restored: bool,
    pub(super) relay_is_restored: bool,
    pub(super) somebody_is_removed: bool,
    /// Whether the team accepts its members one by one.
    pub(super) members_are_chosen: bool,
    /// Whether devices meet, and bundles are carried: among a few, who have all joined.
    pub(super) hand_to_hand: bool,
}

impl Scenario {
    pub(super) fn of(seed: u64) -> Self {
        let mut chance = Chance::from_seed(seed);
        let devices = 2 + chance.below(6) + chance.below(6);
        let restored = chance.below(4);
        let hand_to_hand = chance.one_in(3) && allowed("HANDS");
        let devices = devices.min(if hand_to_hand { FEW } else { MANY });
        Self {
            devices,
            hand_to_hand,
            events: 30 + chance.below(30) * devices / 2,
            fault_one_in: 2 + chance.below(6),
            clocks_jump: chance.one_in(3) && allowed("CLOCKS"),
            taps_in_the_future: !hand_to_hand && allowed("FUTURE"),
            phones_are_restored: restored == 1 && allowed("PHONES"),
            relay_is_restored: restored == 2 && allowed("RELAY"),
            somebody_is_removed: chance.one_in(3) && allowed("REMOVAL"),
            members_are_chosen: chance.one_in(4) && allowed("CHOICE"),
            chance,
        }
    }
}

/// Switches for parts of the scenario while it is looked into: `NO_CLOCKS=1`.
fn allowed(what: &str) -> bool {
    std::env::var_os(format!("NO_{what}")).is_none()
}

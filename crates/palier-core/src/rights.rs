//! Who may do what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a device may do in a campaign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Records visits in one team.
    Volunteer,
    /// Leads one team.
    Lead,
    /// Publishes kits.
    Trainer,
    /// Reports turnout.
    Observer,
    /// Runs the campaign.
    Organiser,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Volunteer,
        Self::Lead,
        Self::Trainer,
        Self::Observer,
        Self::Organiser,
    ];
}

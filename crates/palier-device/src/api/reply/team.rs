//! Who is in a team and who asks to be, as a screen shows it.

use palier_core::rights::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A request of this device to join.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Waiting {
    /// The campaign's name; empty where only a code was made.
    pub campaign: String,
    /// The team's name.
    pub team: Option<String>,
    /// What the person would be.
    pub role: Role,
    /// The pseudonym.
    pub name: String,
    /// Twelve digits that stand for this device, to compare aloud.
    pub code: String,
    /// How far it has come.
    pub state: WaitingState,
    /// Why the relay did not let the device in, as a code.
    pub refusal: Option<String>,
}

/// How far a request has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WaitingState {
    /// The relay does not have it yet.
    Unsent,
    /// A lead has not answered yet.
    Waiting,
    /// A lead declined it, or the relay no longer has it.
    Declined,
    /// A lead accepted it, but the relay did not let the device in.
    NotLetIn,
}

/// A request of somebody to join.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RequestRow {
    /// The device that asks.
    pub device: String,
    /// Twelve digits that stand for it, to compare aloud.
    pub code: String,
    /// The pseudonym; absent where it was sealed to another than this device.
    pub name: Option<String>,
    /// What the person would be.
    pub role: Role,
    /// The team's id.
    pub team: String,
    /// The team's name.
    pub team_name: String,
}

/// The people of a team.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TeamMembers {
    /// The team's id.
    pub team: String,
    /// What it is called.
    pub name: String,
    /// How many people it holds.
    pub limit: u16,
    /// Whether a lead accepts each request.
    pub accepts: bool,
    /// One row a device, this one first.
    pub members: Vec<MemberRow>,
}

/// One device in a team.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MemberRow {
    /// The device.
    pub device: String,
    /// Twelve digits that stand for it, to compare aloud.
    pub code: String,
    /// The pseudonym, where one was given.
    pub name: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// Whether it is this device.
    pub me: bool,
    /// Until when its rights hold, RFC 3339.
    pub until: String,
    /// Whether they are over.
    pub ended: bool,
    /// Whether they end soon, and this device may give it longer ones.
    pub renewable: bool,
    /// Whether this device may remove it.
    pub removable: bool,
}

/// A letter that no code has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WrongLetter {
    /// The letter.
    pub letter: String,
    /// In which group of letters it stands, from 1.
    pub group: u32,
}

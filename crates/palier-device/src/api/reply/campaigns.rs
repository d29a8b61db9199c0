//! The campaigns of a device, as a screen shows them.

use palier_core::rights::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::WaitingState;

/// One campaign of a device.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CampaignRow {
    /// Its number on this device.
    pub number: u32,
    /// Its id; absent before joining.
    pub campaign_id: Option<String>,
    /// What it is called; absent where it is not known yet.
    pub name: Option<String>,
    /// Its colour, from 1 to 6.
    pub colour: Option<u8>,
    /// This person's pseudonym there.
    pub pseudonym: Option<String>,
    /// What this person may do there.
    pub role: Option<Role>,
    /// How far a request to join has come.
    pub waiting: Option<WaitingState>,
    /// Whether it is the one that is open.
    pub open: bool,
    /// Records to be sent; they go once it is open.
    pub queued: u32,
    /// Records that the relay refused.
    pub refused: u32,
    /// When a sync last succeeded, RFC 3339.
    pub last_sync: Option<String>,
    /// Whether this device holds its root key.
    pub holds_root: bool,
    /// Why it cannot be opened, as a code.
    pub fault: Option<String>,
}

//! Who a device is and what waits, as a screen shows it.

use palier_core::rights::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::team::Waiting;
use crate::api::{look::Look, request::Language};

/// What one sync did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SyncReport {
    /// Envelopes that the relay took.
    pub sent: u32,
    /// Envelopes that the relay had already.
    pub already_there: u32,
    /// Envelopes that the relay refused, each with its code.
    pub refused: Vec<String>,
    /// Envelopes that came in.
    pub received: u32,
    /// Envelopes that came in and were set aside.
    pub set_aside: u32,
    /// Records still to be sent.
    pub queued: u32,
}

/// Who this device is, and what waits to be sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Status {
    /// The campaign's name, absent before joining.
    pub campaign: Option<String>,
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// The campaign's colour, from 1 to 6.
    pub colour: Option<u8>,
    /// Whether it is a demonstration, of which nothing is sent.
    pub demo: bool,
    /// How many other campaigns this device is in, or asks to enter.
    pub others: u32,
    /// Records of theirs to be sent.
    pub others_queued: u32,
    /// Whether this device holds the campaign's root key: it alone makes organisers.
    pub holds_root: bool,
    /// This device's id.
    pub device: String,
    /// Twelve digits that stand for it, to compare aloud.
    pub digits: String,
    /// This person's pseudonym.
    pub name: Option<String>,
    /// What this person may do.
    pub role: Option<Role>,
    /// Until when they may, RFC 3339.
    pub until: Option<String>,
    /// The teams of this device.
    pub teams: Vec<TeamRow>,
    /// This device's request to join, while it is in no campaign.
    pub waiting: Option<Waiting>,
    /// How many people ask to join this device's teams.
    pub requests: u32,
    /// Why this device may send and fetch nothing any more.
    pub ended: Option<Ended>,
    /// Records to be sent.
    pub queued: u32,
    /// Records that the relay has.
    pub sent: u32,
    /// Records that the relay refused.
    pub refused: u32,
    /// Why, one line for each reason.
    pub refusals: Vec<String>,
    /// When a sync last succeeded, RFC 3339.
    pub last_sync: Option<String>,
    /// Whether the last attempt reached the relay; absent before the first.
    pub online: Option<bool>,
    /// The relay's address.
    pub relay: Option<String>,
    /// The relay's incarnation, as last seen.
    pub incarnation: Option<String>,
    /// Where the hand was.
    pub place: Place,
    /// How the interface looks.
    pub look: Look,
    /// The interface's language, absent until chosen.
    pub language: Option<Language>,
}

/// One team of this device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TeamRow {
    /// Its id.
    pub team: String,
    /// What it is called.
    pub name: String,
    /// Pseudonyms of its members.
    pub members: Vec<String>,
}

/// Where the hand was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Place {
    /// The turf that was open.
    pub turf: Option<String>,
    /// The door that was open.
    pub door: Option<String>,
}

/// Why rights are over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Ended {
    /// A lead or an organiser took them back.
    Removed,
    /// Their date is past.
    Expired,
}

/// What a file of another device brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BundleReport {
    /// Envelopes that were taken in.
    pub received: u32,
    /// Envelopes that were here already.
    pub known: u32,
    /// Envelopes that wait for others, which this file does not hold.
    pub waiting: u32,
    /// Envelopes that were set aside, and those of other teams.
    pub set_aside: u32,
    /// Whether the file came whole.
    pub whole: bool,
}

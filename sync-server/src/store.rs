//! Where the relay keeps everything.

pub(crate) mod sqlite;

use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    moment::Moment,
    refusal::Refusal,
};

pub(crate) use sqlite::Sqlite as Store;

use crate::accept::Candidate;

/// The envelopes of one push.
#[derive(Debug)]
pub(crate) struct Batch {
    /// Each one read, or already refused.
    pub(crate) candidates: Vec<Result<Candidate, Refusal>>,
    /// When it came.
    pub(crate) at: Moment,
}

/// A pack to be kept, its bytes already checked against its name.
#[derive(Debug)]
pub(crate) struct NewPack {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// SHA-256 of its bytes.
    pub(crate) hash: [u8; 32],
    /// Its bytes.
    pub(crate) bytes: axum::body::Bytes,
    /// When it came.
    pub(crate) at: Moment,
}

/// Which page of which log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageAsked {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// The space.
    pub(crate) space: SpaceId,
    /// Places after this one.
    pub(crate) after: u64,
    /// The most entries.
    pub(crate) limit: usize,
    /// Only what this device wrote.
    pub(crate) only: Option<DeviceId>,
}

/// By what totals are grouped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TotalsBy {
    /// By polling station, with turnout.
    Station,
    /// By day.
    Day,
    /// By team.
    Team,
}

/// An invitation as those who hold its link find it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OpenInvitation {
    /// The bytes of its record.
    pub(crate) record: Vec<u8>,
    /// Until when it may be used.
    pub(crate) expires: Moment,
    /// How many more devices may use it.
    pub(crate) uses_left: u32,
    /// Whether the rights of the device that invites were taken back.
    pub(crate) issuer_revoked: bool,
}

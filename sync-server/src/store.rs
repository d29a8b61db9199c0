//! Where the relay keeps everything: one trait, so that routes know no database.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::fmt;

use futures_util::future::BoxFuture;
use palier_core::{
    id::{CampaignId, DeviceId, Incarnation, SpaceId},
    moment::Moment,
    refusal::Refusal,
    wire::{Page, Pushed, TotalsLine},
};

use crate::{
    accept::{Candidate, Standing},
    error::StoreError,
};

/// Bytes of every part of a pack but the last.
pub(crate) const PART_BYTES: u64 = 1 << 20;

/// What a store answers, once it has.
pub(crate) type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// What a relay asks of its store. Every answer is read from one state of the store, and what
/// is written is answered for after its commit.
pub(crate) trait Store: fmt::Debug + Send + Sync {
    /// The life of this store.
    fn incarnation(&self) -> Incarnation;

    /// Decides about a push, by a [`crate::accept::Ledger`], and answers for each envelope in
    /// order. One commit may hold several pushes; wake-ups follow it.
    fn push(&self, batch: Batch) -> Answer<'_, Vec<Pushed>>;

    /// What a device may do in a campaign.
    fn standing(&self, campaign: CampaignId, device: DeviceId) -> Answer<'_, Standing>;

    /// One page of a log: at least one envelope where there is one, and otherwise within the
    /// bounds of [`palier_core::wire`].
    fn page(&self, asked: PageAsked) -> Answer<'_, Page>;

    /// The last place of each of these spaces, in their order; 0 where nothing was written.
    fn heads(&self, campaign: CampaignId, spaces: Vec<SpaceId>) -> Answer<'_, Vec<(SpaceId, u64)>>;

    /// What the reports of a campaign add up to, by key.
    fn totals(&self, campaign: CampaignId, by: TotalsBy) -> Answer<'_, Vec<TotalsLine>>;

    /// An invitation by its name.
    fn invitation(&self, campaign: CampaignId, key: DeviceId)
    -> Answer<'_, Option<OpenInvitation>>;

    /// The envelopes of those who wait to be accepted in a space, the longest first, within
    /// the bounds of a push; not those whose invitation ended before `now`.
    fn requests(
        &self,
        campaign: CampaignId,
        space: SpaceId,
        now: Moment,
    ) -> Answer<'_, Vec<Vec<u8>>>;

    /// What became of a device's request.
    fn request(&self, asked: RequestAsked) -> Answer<'_, RequestState>;

    /// Drops a request that waits; whether there was one.
    fn decline(&self, campaign: CampaignId, space: SpaceId, device: DeviceId) -> Answer<'_, bool>;

    /// Keeps a pack; one that is there already stays as it is.
    fn keep_pack(&self, pack: NewPack) -> Answer<'_, ()>;

    /// Bytes of a pack, where it is there.
    fn pack_size(&self, campaign: CampaignId, hash: [u8; 32]) -> Answer<'_, Option<u64>>;

    /// One part of a pack, each of [`PART_BYTES`] but the last.
    fn pack_part(&self, campaign: CampaignId, hash: [u8; 32], part: u64) -> Answer<'_, Vec<u8>>;

    /// Finishes what was begun, and takes no more.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// The envelopes of one push.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The device that pushes: not always the one that wrote.
    pub(crate) device: DeviceId,
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

impl TotalsBy {
    /// Its word in the stores.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Day => "day",
            Self::Team => "team",
        }
    }
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

/// Whose request, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestAsked {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// The device that asked to join.
    pub(crate) device: DeviceId,
    /// The team's space; where none is named, that of the device's newest request.
    pub(crate) space: Option<SpaceId>,
    /// Requests whose invitation ended before this are gone, unless they were accepted.
    pub(crate) now: Moment,
}

/// What became of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum RequestState {
    /// There is none: never asked, declined, ended or used.
    Unknown,
    /// Nobody has answered yet.
    Waiting,
    /// Accepted, with the bytes of this chain.
    Accepted(Vec<u8>),
}

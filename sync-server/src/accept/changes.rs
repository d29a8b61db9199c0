//! What a commit writes.

use std::collections::BTreeMap;

use palier_core::{
    document::report::Report,
    envelope::Header,
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId},
    invitation::Invitation,
    moment::Moment,
};

use super::{Candidate, DeviceKey, Here, InvitationKey, PlaceKey, RequestKey, SpaceKey};

/// What a commit writes: rows to put in the place of those with the same key, unless
/// something else is said. It borrows from the candidates.
#[derive(Default, Debug)]
pub(crate) struct Changes<'a> {
    /// New envelopes, in the order of their arrival.
    pub(crate) log: Vec<Row<'a>>,
    /// The last place of each space that grew.
    pub(crate) heads: BTreeMap<SpaceKey, u64>,
    /// Introductions that are new or say something new.
    pub(crate) introductions: BTreeMap<PlaceKey, Here>,
    /// The last sequence and id of devices whose introductions are otherwise as they were.
    pub(crate) advances: BTreeMap<PlaceKey, (u64, EnvelopeId)>,
    /// Rights taken back, and when; the first time counts.
    pub(crate) revocations: BTreeMap<DeviceKey, Moment>,
    /// Invitations, with the bytes of their records.
    pub(crate) invitations: BTreeMap<InvitationKey, (&'a Invitation, &'a [u8])>,
    /// Uses of invitations; the first time counts.
    pub(crate) redemptions: Vec<Redemption>,
    /// Reports by campaign and document; tallies and turnout of the document stand in the
    /// place of all those it had.
    pub(crate) reports: BTreeMap<(CampaignId, DocumentId), NewReport>,
    /// What becomes of requests to join, in this order. Where there is anything, requests
    /// that wait and whose invitation has ended are dropped as well.
    pub(crate) requests: Vec<(RequestKey, Request<'a>)>,
}

impl Changes<'_> {
    /// Whether nothing is written.
    pub(crate) fn is_empty(&self) -> bool {
        // Everything else comes with a row of the log.
        self.log.is_empty() && self.requests.is_empty()
    }
}

/// An envelope in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// Its place in its space.
    pub(crate) seq: u64,
    /// The envelope.
    pub(crate) candidate: &'a Candidate,
    /// When it came.
    pub(crate) at: Moment,
}

impl<'a> Row<'a> {
    /// What stands before the envelope's body.
    pub(crate) fn header(&self) -> &'a Header {
        &self.candidate.envelope.header
    }
}

/// A use of an invitation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Redemption {
    /// Which.
    pub(crate) invitation: InvitationKey,
    /// By whom.
    pub(crate) device: DeviceId,
    /// Whether a lead accepted a request: then nothing in the log tells of it.
    pub(crate) asked: bool,
    /// When.
    pub(crate) at: Moment,
}

/// A report that says something new.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct NewReport {
    /// Who wrote it.
    pub(crate) device: DeviceId,
    /// What it says.
    pub(crate) report: Report,
    /// The document.
    pub(crate) saved: Vec<u8>,
}

/// What becomes of a request to join.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Request<'a> {
    /// It waits.
    Asked {
        /// The name of the invitation through which it came.
        invitation: DeviceId,
        /// When that ends.
        expires: Moment,
        /// The envelope.
        bytes: &'a [u8],
        /// When it came; of a request that is sent again, the first time counts.
        at: Moment,
    },
    /// It is accepted, with the bytes of this chain; all else stays as it was.
    Accepted(&'a [u8]),
    /// It is done with.
    Dropped,
}

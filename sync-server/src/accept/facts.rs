//! What bears on the envelopes of a commit: what to read, and what was read.

use std::collections::{BTreeSet, HashMap, HashSet};

use palier_core::{
    certificate::Chain,
    document::Document,
    envelope::{Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    invitation::{Invitation, Policy},
    moment::Moment,
    rights::Rights,
};

use super::{Candidate, Content, Here, KnownRequest};
use crate::store::Batch;

/// The most facts of a kind that are kept between commits, some 300 bytes each.
const MOST_KEPT: usize = 100_000;
/// The most reports that are kept open, some 10 KiB each.
const MOST_OPENED: usize = 4_000;

/// A device of a campaign.
pub(crate) type DeviceKey = (CampaignId, DeviceId);
/// An invitation of a campaign, by its name.
pub(crate) type InvitationKey = (CampaignId, DeviceId);
/// A space of a campaign.
pub(crate) type SpaceKey = (CampaignId, SpaceId);
/// A device in a space where it is or is not introduced.
pub(crate) type PlaceKey = (CampaignId, DeviceId, SpaceId);
/// A device's request to join, in the space of the team.
pub(crate) type RequestKey = (CampaignId, DeviceId, SpaceId);
/// A place in a device's sequence.
pub(crate) type EntryKey = (CampaignId, SpaceId, DeviceId, u64);

/// What bears on some envelopes, as the store has it; a [`super::Ledger`] then brings it up
/// to date with each envelope that it takes. What is asked for and not there is held as such,
/// so that a fact that is missing here was never asked for.
#[derive(Clone, Default, Debug)]
pub(crate) struct Facts {
    /// The last place of a space, 0 where nothing was written.
    pub(crate) heads: HashMap<SpaceKey, u64>,
    /// A device where it is introduced.
    pub(crate) here: HashMap<PlaceKey, Option<Here>>,
    /// All rights of a device, one for each space where it is introduced.
    pub(crate) standings: HashMap<DeviceKey, HashMap<SpaceId, Rights>>,
    /// Whether a device's rights were taken back.
    pub(crate) revoked: HashMap<DeviceKey, bool>,
    /// What stands in the log at a place of a device's sequence.
    pub(crate) entries: HashMap<EntryKey, Option<(u64, EnvelopeId)>>,
    /// An invitation.
    pub(crate) invitations: HashMap<InvitationKey, Option<StoredInvitation>>,
    /// Whether a device used an invitation.
    pub(crate) redeemed: HashMap<(InvitationKey, DeviceId), bool>,
    /// Devices introduced in any space with the scope of a team, without those whose rights
    /// were taken back.
    pub(crate) members: HashMap<(CampaignId, TeamId), HashSet<DeviceId>>,
    /// The highest limit that an invitation into a team sets for its members; 0 where none does.
    pub(crate) limits: HashMap<(CampaignId, TeamId), u16>,
    /// The document of a report, as its last change left it.
    pub(crate) reports: HashMap<(CampaignId, DocumentId), Option<Vec<u8>>>,
    /// Reports that were opened before and are kept in memory: they need not be read.
    pub(crate) opened: HashMap<(CampaignId, DocumentId), Document>,
    /// A request to join.
    pub(crate) requests: HashMap<RequestKey, Option<KnownRequest>>,
}

/// An invitation as it is kept, with its counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StoredInvitation {
    /// Who invites.
    pub(crate) issuer: DeviceId,
    /// Whether a lead accepts each request.
    pub(crate) approved: bool,
    /// How many devices may use it.
    pub(crate) uses: u16,
    /// How many members the team may have; 0 where there is no team.
    pub(crate) member_limit: u16,
    /// Until when.
    pub(crate) expires: Moment,
    /// How many devices used it: its redemptions.
    pub(crate) used: u32,
    /// How many requests are kept that came through it.
    pub(crate) asked: u32,
}

impl StoredInvitation {
    /// An invitation with its counts.
    pub(crate) fn of(invitation: &Invitation, used: u32, asked: u32) -> Self {
        Self {
            issuer: invitation.issuer,
            approved: invitation.offer.policy == Policy::Approved,
            uses: invitation.offer.uses,
            member_limit: invitation.offer.limit,
            expires: invitation.offer.expires,
            used,
            asked,
        }
    }
}

impl Facts {
    /// Forgets all but what the next envelopes are likely to ask for again, so that a store
    /// with a single writer may keep the rest between two commits.
    pub(crate) fn keep_what_serves_again(&mut self) {
        let kept = std::mem::take(self);
        if kept
            .heads
            .len()
            .max(kept.here.len())
            .max(kept.revoked.len())
            <= MOST_KEPT
        {
            (self.heads, self.here, self.revoked) = (kept.heads, kept.here, kept.revoked);
        }
        if kept.opened.len() <= MOST_OPENED {
            self.opened = kept.opened;
        }
    }
}

/// What to read before a [`super::Ledger`] can decide. Each set names facts of the field of
/// [`Facts`] with the same name.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Wanted {
    /// Spaces that nobody else may write in from before the facts are read until the commit:
    /// those whose logs may grow, and the homes of teams whose members are counted. A store
    /// with several writers locks them, in this order.
    pub(crate) locks: BTreeSet<SpaceKey>,
    /// Spaces, those of `locks` among them.
    pub(crate) heads: BTreeSet<SpaceKey>,
    /// Devices in spaces.
    pub(crate) here: BTreeSet<PlaceKey>,
    /// Devices of which every introduction counts.
    pub(crate) standings: BTreeSet<DeviceKey>,
    /// Devices whose rights may have been taken back.
    pub(crate) revoked: BTreeSet<DeviceKey>,
    /// Places in a device's sequence.
    pub(crate) entries: BTreeSet<EntryKey>,
    /// Invitations.
    pub(crate) invitations: BTreeSet<InvitationKey>,
    /// Invitations and devices that may have used them.
    pub(crate) redeemed: BTreeSet<(InvitationKey, DeviceId)>,
    /// Teams whose members are counted.
    pub(crate) members: BTreeSet<(CampaignId, TeamId)>,
    /// Teams whose limit is asked for.
    pub(crate) limits: BTreeSet<(CampaignId, TeamId)>,
    /// Reports.
    pub(crate) reports: BTreeSet<(CampaignId, DocumentId)>,
    /// Requests to join.
    pub(crate) requests: BTreeSet<RequestKey>,
}

impl Wanted {
    /// What bears on these pushes, as far as they say it themselves: see
    /// [`Wanted::following`] for the rest.
    pub(crate) fn of<'a>(batches: impl IntoIterator<Item = &'a Batch>) -> Self {
        let mut wanted = Self::default();
        for batch in batches {
            for candidate in batch.candidates.iter().flatten() {
                let campaign = candidate.envelope.header.campaign;
                wanted.revoked.insert((campaign, batch.device));
                wanted.add(candidate, &batch.device);
            }
        }
        wanted
    }

    /// What follows from the facts that [`Wanted::of`] asked for, and is to be read next:
    /// often nothing.
    pub(crate) fn following<'a>(
        batches: impl IntoIterator<Item = &'a Batch>,
        facts: &Facts,
    ) -> Self {
        let mut wanted = Self::default();
        for batch in batches {
            for candidate in batch.candidates.iter().flatten() {
                wanted.follow(candidate, facts);
            }
        }
        wanted
    }

    /// Whether nothing is to be read.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, candidate: &Candidate, pusher: &DeviceId) {
        let header = &candidate.envelope.header;
        let (campaign, device) = (header.campaign, header.device);
        self.lock((campaign, header.space));
        self.heads.insert((campaign, campaign.space()));
        self.here.insert((campaign, device, header.space));
        self.revoked.insert((campaign, device));
        if device != *pusher {
            self.voucher((campaign, *pusher));
        }
        match &candidate.content {
            Content::Introduction { chain, rights } | Content::Request { chain, rights } => {
                self.chain(campaign, chain);
                if let Ok(rights) = rights {
                    self.join(header, chain, rights);
                }
            }
            Content::OfAnother { device, .. } => {
                self.requests.insert((campaign, *device, header.space));
                self.voucher((campaign, *pusher));
            }
            Content::Revocation(revocation) => {
                self.standings.insert((campaign, revocation.device));
                self.revoked.insert((campaign, revocation.device));
            }
            Content::Invitation { record, .. } => {
                self.chain(campaign, &record.issuer);
                self.invitation((campaign, record.invitation.key), header.device);
                self.voucher((campaign, *pusher));
            }
            Content::Other if header.kind == Kind::Report => {
                self.standings.insert((campaign, device));
                self.reports.insert((campaign, header.document));
            }
            Content::Other => {}
        }
    }

    fn join(&mut self, header: &Header, chain: &Chain, rights: &Rights) {
        let (campaign, home) = (header.campaign, rights.scope.home(&header.campaign));
        self.lock((campaign, home));
        self.requests.insert((campaign, header.device, home));
        let team = rights.scope.team().map(|team| (campaign, team));
        self.members.extend(team);
        match chain.invitation() {
            Some(invitation) => self.invitation((campaign, invitation.key), header.device),
            None => self.limits.extend(team),
        }
    }

    fn follow(&mut self, candidate: &Candidate, facts: &Facts) {
        let header = &candidate.envelope.header;
        let campaign = header.campaign;
        // Most envelopes are new, and come after the last one: then there is nothing to look for.
        let place = (campaign, header.device, header.space);
        let here = facts.here.get(&place).and_then(Option::as_ref);
        if here.is_some_and(|here| here.last_seq >= header.device_seq) {
            let entry = (campaign, header.space, header.device, header.device_seq);
            self.entries.insert(entry);
        }
        if let Content::Introduction {
            rights: Ok(rights), ..
        } = &candidate.content
        {
            let home = rights.scope.home(&campaign);
            let asked = facts.requests.get(&(campaign, header.device, home));
            if let Some(Some(request)) = asked {
                self.invitation((campaign, request.invitation), header.device);
            }
        }
    }

    fn lock(&mut self, space: SpaceKey) {
        self.locks.insert(space);
        self.heads.insert(space);
    }

    fn voucher(&mut self, device: DeviceKey) {
        self.standings.insert(device);
        self.revoked.insert(device);
    }

    fn invitation(&mut self, key: InvitationKey, device: DeviceId) {
        self.invitations.insert(key);
        self.redeemed.insert((key, device));
    }

    fn chain(&mut self, campaign: CampaignId, chain: &Chain) {
        let devices = chain.devices();
        self.revoked
            .extend(devices.map(|device| (campaign, device)));
    }
}

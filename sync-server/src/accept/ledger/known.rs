//! What the ledger knows that bears on one envelope.

use palier_core::{
    certificate::Chain,
    envelope::{Header, Kind},
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
    rights::Rights,
};

use super::Ledger;
use crate::accept::{
    Candidate, Content, DeviceKey, Here, InvitationKey, Known, KnownInvitation, KnownRequest,
    KnownTeam, Standing,
};

impl Ledger<'_> {
    pub(super) fn known(&self, candidate: &Candidate) -> Known {
        let header = &candidate.envelope.header;
        let campaign = header.campaign;
        let here = self.here(header);
        let mut known = Known {
            campaign_known: here.is_some() || self.head(campaign, campaign.space()) != 0,
            standing: Standing {
                revoked: self.is_revoked((campaign, header.device)),
                rights: Vec::new(),
            },
            at_place: self.at_place(header, here),
            here: here.cloned(),
            ..Known::default()
        };
        match &candidate.content {
            Content::Introduction { chain, rights } | Content::Request { chain, rights } => {
                known.chain_revoked = self.any_revoked(campaign, chain);
                self.know_request(&mut known, header, chain, rights.as_ref().ok());
            }
            Content::Invitation { record, .. } => {
                known.chain_revoked = self.any_revoked(campaign, &record.issuer);
                let key = record.invitation.key;
                known.invitation = self.invitation(header, key, None);
            }
            Content::Revocation(revocation) => {
                known.target = self.standing((campaign, revocation.device));
            }
            Content::Other if header.kind == Kind::Report => {
                known.standing.rights = self.rights_of(&(campaign, header.device));
                let key = (campaign, header.document);
                known.opened_report = self.facts.opened.get(&key).cloned();
                if known.opened_report.is_none() {
                    known.saved_report = self.facts.reports.get(&key).cloned().flatten();
                }
            }
            Content::OfAnother { .. } | Content::Other => {}
        }
        known
    }

    /// The invitation that a chain shows, or the one behind the request that is now answered.
    fn know_request(
        &self,
        known: &mut Known,
        header: &Header,
        chain: &Chain,
        rights: Option<&Rights>,
    ) {
        let Some(rights) = rights else {
            return;
        };
        let home = rights.scope.home(&header.campaign);
        known.request = self.request(header.campaign, header.device, home);
        let shown = chain.invitation().map(|shown| shown.key);
        if shown.is_none() {
            known.team = self.team(header, rights);
        }
        let asked = known.request.map(|request| request.invitation);
        known.invitation = shown
            .or(asked)
            .and_then(|key| self.invitation(header, key, Some(rights)));
    }

    fn invitation(
        &self,
        header: &Header,
        key: DeviceId,
        joining: Option<&Rights>,
    ) -> Option<KnownInvitation> {
        let key = (header.campaign, key);
        let stored = self.facts.invitations.get(&key)?.as_ref()?;
        let team = joining.and_then(|rights| self.team(header, rights));
        Some(KnownInvitation {
            issuer: stored.issuer,
            approved: stored.approved,
            uses: stored.uses,
            member_limit: stored.member_limit,
            expires: stored.expires,
            used: stored.used,
            redeemed: self.is_redeemed(key, header.device),
            members: team.map_or(0, |team| team.members),
            is_member: team.is_some_and(|team| team.is_member),
            asked: stored.asked,
        })
    }

    fn team(&self, header: &Header, rights: &Rights) -> Option<KnownTeam> {
        let team = (header.campaign, rights.scope.team()?);
        let members = self.facts.members.get(&team)?;
        Some(KnownTeam {
            limit: self.facts.limits.get(&team).copied().unwrap_or(0),
            members: u32::try_from(members.len()).unwrap_or(u32::MAX),
            is_member: members.contains(&header.device),
        })
    }

    fn here(&self, header: &Header) -> Option<&Here> {
        let key = (header.campaign, header.device, header.space);
        self.facts.here.get(&key)?.as_ref()
    }

    fn at_place(&self, header: &Header, here: Option<&Here>) -> Option<(u64, EnvelopeId)> {
        if here?.last_seq < header.device_seq {
            return None;
        }
        let (campaign, seq) = (header.campaign, header.device_seq);
        let entry = (campaign, header.space, header.device, seq);
        self.facts.entries.get(&entry).copied().flatten()
    }

    fn head(&self, campaign: CampaignId, space: SpaceId) -> u64 {
        let head = self.facts.heads.get(&(campaign, space));
        head.copied().unwrap_or(0)
    }

    pub(super) fn is_revoked(&self, device: DeviceKey) -> bool {
        self.facts.revoked.get(&device).copied().unwrap_or(false)
    }

    fn any_revoked(&self, campaign: CampaignId, chain: &Chain) -> bool {
        let mut devices = chain.devices();
        devices.any(|device| self.is_revoked((campaign, device)))
    }

    fn is_redeemed(&self, invitation: InvitationKey, device: DeviceId) -> bool {
        let redeemed = self.facts.redeemed.get(&(invitation, device));
        redeemed.copied().unwrap_or(false)
    }

    fn request(
        &self,
        campaign: CampaignId,
        device: DeviceId,
        space: SpaceId,
    ) -> Option<KnownRequest> {
        let request = self.facts.requests.get(&(campaign, device, space));
        request.copied().flatten()
    }

    fn standing(&self, device: DeviceKey) -> Standing {
        Standing {
            revoked: self.is_revoked(device),
            rights: self.rights_of(&device),
        }
    }

    pub(super) fn rights_of(&self, device: &DeviceKey) -> Vec<Rights> {
        let spaces = self.facts.standings.get(device);
        spaces.map_or_else(Vec::new, |spaces| spaces.values().cloned().collect())
    }
}

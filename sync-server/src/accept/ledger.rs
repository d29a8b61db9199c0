//! Many envelopes, one after the other: each is decided about with what those before it
//! changed, and nothing is read or written meanwhile.

use std::panic::{AssertUnwindSafe, catch_unwind};

use palier_core::{
    certificate::Chain,
    envelope::{Header, Kind},
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
    wire::Pushed,
};

use super::{
    Candidate, Changes, Content, Decision, DeviceKey, Effect, Facts, Here, InvitationKey, Known,
    KnownInvitation, KnownRequest, KnownTeam, NewReport, Redemption, Request, Row, Standing,
    StoredInvitation, Voucher, decide,
};
use crate::store::Batch;

/// Facts, and what the envelopes so far change of them.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    facts: Facts,
    changes: Changes<'a>,
}

impl<'a> Ledger<'a> {
    /// A ledger that stands on these facts: all that [`super::Wanted`] asked for.
    pub(crate) fn new(facts: Facts) -> Self {
        Self {
            facts,
            changes: Changes::default(),
        }
    }

    /// Decides about each envelope of a push, in order.
    pub(crate) fn enter(&mut self, batch: &'a Batch) -> Vec<Pushed> {
        let enter = |one: &'a Result<Candidate, Refusal>| match one {
            Ok(candidate) => self.enter_one(candidate, &batch.device, batch.at),
            Err(refusal) => Pushed::Refused(*refusal),
        };
        batch.candidates.iter().map(enter).collect()
    }

    /// Takes an envelope that stood in a log before: for its time or the count of its
    /// invitation alone, it is not refused.
    pub(crate) fn replay(&mut self, candidate: &'a Candidate, at: Moment) -> Pushed {
        let decided = self.decide_guarded(candidate, Voucher::Log, at);
        self.carry_out(candidate, decided, at)
    }

    /// What is to be written, and the facts as they are once it is.
    pub(crate) fn done(self) -> (Changes<'a>, Facts) {
        (self.changes, self.facts)
    }

    fn enter_one(&mut self, candidate: &'a Candidate, pusher: &DeviceId, at: Moment) -> Pushed {
        let campaign = candidate.envelope.header.campaign;
        if self.is_revoked((campaign, *pusher)) {
            return Pushed::Refused(Refusal::Revoked);
        }
        let mut decided = self.decide_guarded(candidate, Voucher::Nobody, at);
        if matches!(
            decided,
            Err(Refusal::Expired | Refusal::InvitationExpired | Refusal::InvitationUsed)
        ) {
            let voucher = Voucher::Holder(self.rights_of(&(campaign, *pusher)));
            decided = self.decide_guarded(candidate, voucher, at);
        }
        self.carry_out(candidate, decided, at)
    }

    /// An envelope that makes the decision fall is refused alone.
    fn decide_guarded(
        &self,
        candidate: &Candidate,
        voucher: Voucher,
        at: Moment,
    ) -> Result<Decision, Refusal> {
        let known = Known {
            voucher,
            ..self.known(candidate)
        };
        let decided = catch_unwind(AssertUnwindSafe(|| decide(candidate, &known, at)));
        decided.unwrap_or_else(|_fell| {
            tracing::error!(id = %candidate.id, "an envelope made its decision fall");
            Err(Refusal::BadChanges)
        })
    }
}

/// What is known.
impl Ledger<'_> {
    fn known(&self, candidate: &Candidate) -> Known {
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

    fn is_revoked(&self, device: DeviceKey) -> bool {
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

    fn rights_of(&self, device: &DeviceKey) -> Vec<Rights> {
        let spaces = self.facts.standings.get(device);
        spaces.map_or_else(Vec::new, |spaces| spaces.values().cloned().collect())
    }
}

/// What changes.
impl<'a> Ledger<'a> {
    fn carry_out(
        &mut self,
        candidate: &'a Candidate,
        decided: Result<Decision, Refusal>,
        at: Moment,
    ) -> Pushed {
        match decided {
            Err(refusal) => Pushed::Refused(refusal),
            Ok(Decision::Duplicate(seq)) => Pushed::Duplicate(seq),
            Ok(Decision::Wait {
                invitation,
                expires,
            }) => {
                self.keep_request(candidate, invitation, expires, at);
                Pushed::Refused(Refusal::Waiting)
            }
            Ok(Decision::Accept(effect)) => {
                let seq = self.append(candidate, at);
                self.take_effect(candidate, *effect, at);
                self.advance(candidate);
                Pushed::Stored(seq)
            }
        }
    }

    /// The next place of the space, and the envelope on it.
    fn append(&mut self, candidate: &'a Candidate, at: Moment) -> u64 {
        let header = &candidate.envelope.header;
        let space = (header.campaign, header.space);
        let head = self.facts.heads.entry(space).or_default();
        *head += 1;
        let seq = *head;
        self.changes.heads.insert(space, seq);
        self.changes.log.push(Row { seq, candidate, at });
        let entry = (
            header.campaign,
            header.space,
            header.device,
            header.device_seq,
        );
        self.facts.entries.insert(entry, Some((seq, candidate.id)));
        seq
    }

    fn take_effect(&mut self, candidate: &'a Candidate, effect: Effect, at: Moment) {
        let header = &candidate.envelope.header;
        let campaign = header.campaign;
        match effect {
            Effect::Keep => {}
            Effect::Introduce {
                rights,
                redeems,
                asked_in,
            } => {
                if let Some(key) = redeems {
                    self.redeem((campaign, key), candidate, at);
                }
                if let Some(space) = asked_in {
                    self.drop_request(campaign, header.device, space);
                }
                self.introduce(candidate, rights);
            }
            Effect::Grant(device) => self.accept_request(candidate, device),
            Effect::Revoke(device) => self.revoke((campaign, device), at),
            Effect::Invite => self.invite(candidate),
            Effect::Report(taken) => {
                let key = (campaign, header.document);
                self.facts.opened.insert(key, taken.document);
                let report = NewReport {
                    device: header.device,
                    report: taken.report,
                    saved: taken.saved,
                };
                self.changes.reports.insert(key, report);
            }
        }
    }

    fn introduce(&mut self, candidate: &Candidate, rights: Rights) {
        let header = &candidate.envelope.header;
        let campaign = header.campaign;
        if let Some(team) = rights.scope.team()
            && let Some(members) = self.facts.members.get_mut(&(campaign, team))
        {
            members.insert(header.device);
        }
        if let Some(spaces) = self.facts.standings.get_mut(&(campaign, header.device)) {
            spaces.insert(header.space, rights.clone());
        }
        let key = (campaign, header.device, header.space);
        let here = Here {
            rights,
            last_seq: header.device_seq,
            last_id: candidate.id,
        };
        self.changes.advances.remove(&key);
        self.changes.introductions.insert(key, here.clone());
        self.facts.here.insert(key, Some(here));
    }

    /// The device's sequence in the space now stands at this envelope.
    fn advance(&mut self, candidate: &Candidate) {
        let header = &candidate.envelope.header;
        let key = (header.campaign, header.device, header.space);
        if let Some(Some(here)) = self.facts.here.get_mut(&key) {
            (here.last_seq, here.last_id) = (header.device_seq, candidate.id);
        }
        if let Some(here) = self.changes.introductions.get_mut(&key) {
            (here.last_seq, here.last_id) = (header.device_seq, candidate.id);
        } else {
            let last = (header.device_seq, candidate.id);
            self.changes.advances.insert(key, last);
        }
    }

    fn revoke(&mut self, device: DeviceKey, at: Moment) {
        let was = self.facts.revoked.insert(device, true);
        if was != Some(true) {
            self.changes.revocations.insert(device, at);
        }
        let (campaign, device) = device;
        for ((of, _team), members) in &mut self.facts.members {
            if *of == campaign {
                members.remove(&device);
            }
        }
    }

    fn invite(&mut self, candidate: &'a Candidate) {
        let Content::Invitation { record, .. } = &candidate.content else {
            return;
        };
        let invitation = &record.invitation;
        let key = (candidate.envelope.header.campaign, invitation.key);
        let before = self.facts.invitations.get(&key).and_then(Option::as_ref);
        let (used, asked) = before.map_or((0, 0), |before| (before.used, before.asked));
        let stored = StoredInvitation::of(invitation, used, asked);
        self.facts.invitations.insert(key, Some(stored));
        let team = invitation.offer.scope.team().map(|team| (key.0, team));
        if let Some(limit) = team.and_then(|team| self.facts.limits.get_mut(&team)) {
            *limit = invitation.offer.limit.max(*limit);
        }
        let body = candidate.envelope.body.as_slice();
        self.changes.invitations.insert(key, (invitation, body));
    }

    fn redeem(&mut self, invitation: InvitationKey, candidate: &Candidate, at: Moment) {
        let device = candidate.envelope.header.device;
        self.facts.redeemed.insert((invitation, device), true);
        if let Some(Some(stored)) = self.facts.invitations.get_mut(&invitation) {
            stored.used = stored.used.saturating_add(1);
        }
        let shown = match &candidate.content {
            Content::Introduction { chain, .. } => chain.invitation(),
            _ => None,
        };
        self.changes.redemptions.push(Redemption {
            invitation,
            device,
            asked: shown.is_none(),
            at,
        });
    }

    fn keep_request(
        &mut self,
        candidate: &'a Candidate,
        invitation: DeviceId,
        expires: Moment,
        at: Moment,
    ) {
        let header = &candidate.envelope.header;
        let key = (header.campaign, header.device, header.space);
        let before = self.facts.requests.insert(
            key,
            Some(KnownRequest {
                invitation,
                accepted: false,
            }),
        );
        match before.flatten() {
            // A lead has answered: the answer stays.
            Some(kept) if kept.accepted => {
                self.facts.requests.insert(key, Some(kept));
                return;
            }
            Some(kept) => self.count_asked((header.campaign, kept.invitation), -1),
            None => {}
        }
        self.count_asked((header.campaign, invitation), 1);
        let request = Request::Asked {
            invitation,
            expires,
            bytes: &candidate.bytes,
            at,
        };
        self.changes.requests.push((key, request));
    }

    fn accept_request(&mut self, candidate: &'a Candidate, device: DeviceId) {
        let header = &candidate.envelope.header;
        let key = (header.campaign, device, header.space);
        if let Some(Some(request)) = self.facts.requests.get_mut(&key) {
            request.accepted = true;
            let chain = candidate.envelope.body.as_slice();
            self.changes.requests.push((key, Request::Accepted(chain)));
        }
    }

    fn drop_request(&mut self, campaign: CampaignId, device: DeviceId, space: SpaceId) {
        let key = (campaign, device, space);
        if let Some(Some(request)) = self.facts.requests.insert(key, None) {
            self.count_asked((campaign, request.invitation), -1);
            self.changes.requests.push((key, Request::Dropped));
        }
    }

    fn count_asked(&mut self, invitation: InvitationKey, by: i32) {
        if let Some(Some(stored)) = self.facts.invitations.get_mut(&invitation) {
            stored.asked = stored.asked.saturating_add_signed(by);
        }
    }
}

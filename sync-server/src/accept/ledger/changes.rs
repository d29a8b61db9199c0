//! What an envelope that was decided about changes in the ledger.

use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
    wire::Pushed,
};

use super::Ledger;
use crate::accept::{
    Candidate, Content, Decision, DeviceKey, Effect, Here, InvitationKey, KnownRequest, NewReport,
    Redemption, Request, Row, StoredInvitation,
};

impl<'a> Ledger<'a> {
    pub(super) fn carry_out(
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

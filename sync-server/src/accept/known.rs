//! What the store knows that bears on one envelope.

use palier_core::{
    document::Document,
    id::{DeviceId, EnvelopeId},
    moment::Moment,
    rights::{Rights, Role, Scope},
};

/// What the store knows that bears on one envelope.
#[derive(Clone, Default, Debug)]
pub(crate) struct Known {
    /// Whether an organiser of the campaign was here.
    pub(crate) campaign_known: bool,
    /// The writing device, everywhere in the campaign.
    pub(crate) standing: Standing,
    /// The writing device in this space, where it is introduced.
    pub(crate) here: Option<Here>,
    /// What stands in the device's sequence where this envelope says that it belongs: its
    /// place in the log, and its id.
    pub(crate) at_place: Option<(u64, EnvelopeId)>,
    /// Whether a device of the chain that the envelope shows was revoked.
    pub(crate) chain_revoked: bool,
    /// The invitation that the envelope uses or makes, or through which its writer asked.
    pub(crate) invitation: Option<KnownInvitation>,
    /// The device that a revocation is about.
    pub(crate) target: Standing,
    /// The report document as the last change left it.
    pub(crate) saved_report: Option<Vec<u8>>,
    /// The same, where it was opened before.
    pub(crate) opened_report: Option<Document>,
    /// The team that a device joins by a chain that no invitation gave.
    pub(crate) team: Option<KnownTeam>,
    /// The request to join of the device that the chain is for.
    pub(crate) request: Option<KnownRequest>,
    /// Who answers for an envelope that comes too late.
    pub(crate) voucher: Voucher,
}

impl Known {
    /// The last envelope of the device in this space.
    pub(crate) fn last(&self) -> (u64, EnvelopeId) {
        let here = self.here.as_ref();
        here.map_or((0, EnvelopeId::NONE), |here| (here.last_seq, here.last_id))
    }

    /// Whether somebody who could give these rights now answers for an envelope that would
    /// be refused for its time or for the count of its invitation, and nothing else.
    pub(crate) fn vouches(&self, role: Role, scope: &Scope, now: Moment) -> bool {
        match &self.voucher {
            Voucher::Nobody => false,
            Voucher::Log => true,
            Voucher::Holder(held) => {
                (held.iter()).any(|rights| rights.not_after >= now && rights.may_issue(role, scope))
            }
        }
    }
}

/// Who answers for an envelope that comes too late.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) enum Voucher {
    /// Nobody.
    #[default]
    Nobody,
    /// The device that pushes it, with these rights.
    Holder(Vec<Rights>),
    /// The log, where it stood already.
    Log,
}

/// What a device may do in a campaign.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Standing {
    /// Whether its rights were taken back.
    pub(crate) revoked: bool,
    /// Its rights, one for each space where it is introduced, whether expired or not.
    pub(crate) rights: Vec<Rights>,
}

/// A device in a space where it is introduced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Here {
    /// The rights that it showed there.
    pub(crate) rights: Rights,
    /// The sequence of its last envelope.
    pub(crate) last_seq: u64,
    /// The id of its last envelope.
    pub(crate) last_id: EnvelopeId,
}

/// An invitation, and how far it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KnownInvitation {
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
    /// How many devices used it.
    pub(crate) used: u32,
    /// Whether the writing device is one of them.
    pub(crate) redeemed: bool,
    /// Members of the team, without those whose rights were taken back.
    pub(crate) members: u32,
    /// Whether the writing device is one of them.
    pub(crate) is_member: bool,
    /// How many requests are kept that came through it.
    pub(crate) asked: u32,
}

/// A team that a device joins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct KnownTeam {
    /// How many members it may have; 0 where nobody said.
    pub(crate) limit: u16,
    /// Its members, without those whose rights were taken back.
    pub(crate) members: u32,
    /// Whether the writing device is one of them.
    pub(crate) is_member: bool,
}

impl KnownTeam {
    /// Whether one more has no place.
    pub(crate) fn is_full(&self) -> bool {
        self.limit != 0 && !self.is_member && self.members >= u32::from(self.limit)
    }
}

/// A request to join, as it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct KnownRequest {
    /// The name of the invitation through which it came.
    pub(crate) invitation: DeviceId,
    /// Whether it was accepted.
    pub(crate) accepted: bool,
}

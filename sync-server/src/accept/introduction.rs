//! Invitations: what is offered, and who may still use it.

use palier_core::{
    certificate::Chain,
    envelope::Header,
    id::DeviceId,
    invitation::InvitationRecord,
    moment::Moment,
    refusal::Refusal,
    rights::{Rights, Scope},
};

use super::{Known, KnownInvitation};

/// Checks the invitation behind a chain, and says which one the device uses now.
pub(super) fn check_invitation(
    chain: &Chain,
    known: &Known,
    rights: &Rights,
    now: Moment,
) -> Result<Option<DeviceId>, Refusal> {
    let Some(shown) = chain.invitation() else {
        return Ok(None);
    };
    let invitation = known
        .invitation
        .as_ref()
        .filter(|invitation| invitation.issuer == shown.issuer)
        .ok_or(Refusal::InvitationUnknown)?;
    if invitation.redeemed {
        return Ok(None);
    }
    check_open(invitation, &rights.scope, now)?;
    Ok(Some(shown.key))
}

fn check_open(invitation: &KnownInvitation, scope: &Scope, now: Moment) -> Result<(), Refusal> {
    let limit = u32::from(invitation.member_limit);
    let counted = limit != 0 && scope.team().is_some() && !invitation.is_member;
    if invitation.approved {
        Err(Refusal::Waiting)
    } else if invitation.expires < now {
        Err(Refusal::InvitationExpired)
    } else if invitation.used >= u32::from(invitation.uses) {
        Err(Refusal::InvitationUsed)
    } else if counted && invitation.members >= limit {
        Err(Refusal::TeamFull)
    } else {
        Ok(())
    }
}

/// Checks an invitation that is being made.
pub(super) fn check_offer(
    record: &InvitationRecord,
    holds: Result<(), Refusal>,
    header: &Header,
    known: &Known,
) -> Result<(), Refusal> {
    holds?;
    let invitation = &record.invitation;
    if invitation.issuer != header.device {
        return Err(Refusal::BadCertificate);
    }
    if invitation.offer.scope.home(&header.campaign) != header.space {
        return Err(Refusal::WrongSpace);
    }
    if known.chain_revoked {
        return Err(Refusal::Revoked);
    }
    let replaced = known.invitation.as_ref();
    if replaced.is_some_and(|replaced| replaced.issuer != header.device) {
        return Err(Refusal::NotAllowed);
    }
    Ok(())
}

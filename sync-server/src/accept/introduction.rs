//! Invitations: what is offered, and who may still use it.

use palier_core::{
    certificate::Chain, envelope::Header, id::DeviceId, invitation::InvitationRecord,
    moment::Moment, refusal::Refusal, rights::Rights,
};

use super::{Known, KnownInvitation, KnownTeam, Voucher};

/// Checks the invitation behind an introduction, and says which one the device uses now: the
/// one in its chain, or the one through which it had asked before a lead accepted it.
pub(super) fn check_invitation(
    chain: &Chain,
    known: &Known,
    rights: &Rights,
    now: Moment,
) -> Result<Option<DeviceId>, Refusal> {
    let Some(shown) = chain.invitation() else {
        return check_request(known, rights, now);
    };
    let invitation = known
        .invitation
        .as_ref()
        .filter(|invitation| invitation.issuer == shown.issuer)
        .ok_or(Refusal::InvitationUnknown)?;
    if invitation.redeemed {
        return Ok(None);
    }
    let accepted =
        (known.request).is_some_and(|request| request.accepted && request.invitation == shown.key);
    match invitation.approved {
        // A lead let the device in: only the team's limit is left to be looked at.
        true if accepted => check_room(invitation, rights)?,
        // Its link was open when it came, and asks since: a lead answers.
        true if known.voucher != Voucher::Log => return Err(Refusal::Waiting),
        _ => check_open(invitation, known, rights, now)?,
    }
    Ok(Some(shown.key))
}

/// A lead accepted in time, here or where there was no relay; only the counts are left to be
/// looked at.
fn check_request(known: &Known, rights: &Rights, now: Moment) -> Result<Option<DeviceId>, Refusal> {
    if known.team.is_some_and(|team| team.is_full()) {
        return Err(Refusal::TeamFull);
    }
    let (Some(request), Some(invitation)) = (&known.request, &known.invitation) else {
        return Ok(None);
    };
    if invitation.redeemed {
        return Ok(None);
    }
    check_counts(invitation, known, rights, now)?;
    Ok(Some(request.invitation))
}

/// Whether an invitation still lets a device in.
pub(super) fn check_open(
    invitation: &KnownInvitation,
    known: &Known,
    rights: &Rights,
    now: Moment,
) -> Result<(), Refusal> {
    if invitation.expires < now && !known.vouches(rights.role, &rights.scope, now) {
        return Err(Refusal::InvitationExpired);
    }
    check_counts(invitation, known, rights, now)
}

/// Uses may be vouched for; the team's limit holds for everybody.
fn check_counts(
    invitation: &KnownInvitation,
    known: &Known,
    rights: &Rights,
    now: Moment,
) -> Result<(), Refusal> {
    let used_up = invitation.used >= u32::from(invitation.uses);
    if used_up && !known.vouches(rights.role, &rights.scope, now) {
        return Err(Refusal::InvitationUsed);
    }
    check_room(invitation, rights)
}

/// Whether the team has room for one more.
fn check_room(invitation: &KnownInvitation, rights: &Rights) -> Result<(), Refusal> {
    let team = KnownTeam {
        limit: invitation.member_limit,
        members: invitation.members,
        is_member: invitation.is_member,
    };
    if rights.scope.team().is_some() && team.is_full() {
        return Err(Refusal::TeamFull);
    }
    Ok(())
}

/// Checks an invitation that is being made.
pub(super) fn check_offer(
    record: &InvitationRecord,
    issuer: &Rights,
    header: &Header,
    known: &Known,
    now: Moment,
) -> Result<(), Refusal> {
    let invitation = &record.invitation;
    let offer = &invitation.offer;
    let vouched = || known.vouches(offer.role, &offer.scope, now);
    if issuer.not_after < now && !vouched() {
        return Err(Refusal::Expired);
    }
    if offer.expires < now && !vouched() {
        return Err(Refusal::InvitationExpired);
    }
    if invitation.issuer != header.device {
        return Err(Refusal::BadCertificate);
    }
    if offer.scope.home(&header.campaign) != header.space {
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

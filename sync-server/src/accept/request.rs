//! Requests to join a team that accepts its members: kept beside the log until a lead answers.

use palier_core::{
    certificate::Chain,
    moment::Moment,
    refusal::Refusal,
    rights::{Place, Rights},
};

use super::{
    Candidate, Content, Decision, Known, KnownInvitation, candidate::MAX_REQUEST_BYTES,
    introduction,
};

/// How many requests an invitation may gather, for each member that the team may have.
const ASKED_PER_MEMBER: u32 = 4;

/// Decides whether a request is kept.
pub(super) fn decide(
    candidate: &Candidate,
    chain: &Chain,
    rights: Result<&Rights, &Refusal>,
    known: &Known,
    now: Moment,
) -> Result<Decision, Refusal> {
    let header = &candidate.envelope.header;
    if known.standing.revoked || known.chain_revoked {
        return Err(Refusal::Revoked);
    }
    let rights = rights.map_err(|refusal| *refusal)?;
    if rights.not_after < now {
        return Err(Refusal::Expired);
    }
    if !known.campaign_known {
        return Err(Refusal::WrongSpace);
    }
    // Who is a member already asks for nothing.
    if known.here.is_some() {
        return Err(Refusal::NotAllowed);
    }
    candidate.signature?;
    let shown = chain.invitation().ok_or(Refusal::InvitationUnknown)?;
    let invitation = (known.invitation.as_ref())
        .filter(|invitation| invitation.issuer == shown.issuer)
        .ok_or(Refusal::InvitationUnknown)?;
    // An open team asks nobody: its link is enough.
    if !invitation.approved || !matches!(Place::of(&header.campaign, header.space), Place::Team(_))
    {
        return Err(Refusal::NotAllowed);
    }
    introduction::check_open(invitation, known, rights, now)?;
    if known.request.is_none() && invitation.asked >= most(invitation) {
        return Err(Refusal::Busy);
    }
    Ok(Decision::Wait {
        invitation: shown.key,
        expires: invitation.expires,
    })
}

/// Keeps an introduction whose link was open when it was made and asks since somebody was
/// removed: a relay that comes back from a backup may have lost that it had let the device in.
/// Once a lead accepts, the same introduction is taken.
pub(super) fn of_introduction(
    candidate: &Candidate,
    rights: &Rights,
    known: &Known,
) -> Result<Decision, Refusal> {
    let header = &candidate.envelope.header;
    let Content::Introduction { chain, .. } = &candidate.content else {
        return Err(Refusal::Waiting);
    };
    let (Some(shown), Some(invitation)) = (chain.invitation(), &known.invitation) else {
        return Err(Refusal::Waiting);
    };
    let is_home = rights.scope.home(&header.campaign) == header.space
        && matches!(Place::of(&header.campaign, header.space), Place::Team(_));
    let has_room = known.request.is_some() || invitation.asked < most(invitation);
    if !is_home || !has_room || candidate.bytes.len() > MAX_REQUEST_BYTES {
        return Err(Refusal::Waiting);
    }
    Ok(Decision::Wait {
        invitation: shown.key,
        expires: rights.not_after,
    })
}

/// The most requests that are kept of an invitation.
fn most(invitation: &KnownInvitation) -> u32 {
    let members = match invitation.member_limit {
        0 => invitation.uses,
        limit => limit,
    };
    ASKED_PER_MEMBER.saturating_mul(members.into())
}

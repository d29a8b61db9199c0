//! The decision about one envelope: what it says and what the store knows go in, and what
//! it changes, or a refusal, comes out. Nothing here reads or writes.
//!
//! In the order of the design: size and layout, campaign and space, certificate and role,
//! signature, the device's sequence, and what its kind asks for.

mod candidate;
mod introduction;
mod known;
mod report;

#[cfg(test)]
mod tests;

use palier_core::{
    document::report::Report,
    envelope::Kind,
    id::DeviceId,
    invitation::InvitationRecord,
    moment::Moment,
    refusal::Refusal,
    rights::{Place, Rights, Role},
};

pub(crate) use candidate::{Candidate, Content};
pub(crate) use known::{Here, Known, KnownInvitation, Standing};

/// What to do with an envelope that is not refused.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Decision {
    /// It stands in the log already, at this place.
    Duplicate(u64),
    /// It enters the log, and changes this.
    Accept(Box<Effect>),
}

/// What an envelope changes beside the log.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Effect {
    /// Nothing.
    Keep,
    /// A device is introduced in the space, or renews its rights there.
    Introduce {
        /// Its rights there.
        rights: Rights,
        /// The invitation that it uses now.
        redeems: Option<DeviceId>,
    },
    /// A device's rights end.
    Revoke(DeviceId),
    /// An invitation is made, or another stands in its place.
    Invite(InvitationRecord),
    /// A report says something new.
    Report {
        /// What it says.
        report: Report,
        /// The document.
        saved: Vec<u8>,
    },
}

/// Decides about one envelope at one moment.
pub(crate) fn decide(
    candidate: &Candidate,
    known: &Known,
    now: Moment,
) -> Result<Decision, Refusal> {
    // The same bytes were checked when they came first: sending again is harmless, even
    // when an invitation has ended since.
    if let Some((seq, id)) = known.at_place
        && id == candidate.id
    {
        return Ok(Decision::Duplicate(seq));
    }
    let rights = check_role(candidate, known, now)?;
    candidate.signature?;
    check_sequence(candidate, known)?;
    let effect = decide_content(candidate, known, &rights, now)?;
    Ok(Decision::Accept(Box::new(effect)))
}

/// The rights under which the envelope was written.
fn check_role(candidate: &Candidate, known: &Known, now: Moment) -> Result<Rights, Refusal> {
    if known.standing.revoked {
        return Err(Refusal::Revoked);
    }
    let header = &candidate.envelope.header;
    let rights = match candidate.introduced_rights() {
        Some(rights) => {
            if known.chain_revoked {
                return Err(Refusal::Revoked);
            }
            rights?
        }
        None => {
            let here = known.here.as_ref().ok_or(Refusal::UnknownDevice)?;
            here.rights.clone()
        }
    };
    if rights.not_after < now {
        return Err(Refusal::Expired);
    }
    let place = Place::of(&header.campaign, header.space);
    if !known.campaign_known && (place != Place::Campaign || rights.role != Role::Organiser) {
        return Err(Refusal::WrongSpace);
    }
    if !rights.may_write(&header.campaign, header.kind, header.space) {
        return Err(Refusal::NotAllowed);
    }
    Ok(rights)
}

fn check_sequence(candidate: &Candidate, known: &Known) -> Result<(), Refusal> {
    let header = &candidate.envelope.header;
    let (last_seq, last_id) = known.last();
    if header.device_seq <= last_seq {
        return Err(Refusal::Fork);
    }
    if header.device_seq != last_seq + 1 {
        return Err(Refusal::Gap);
    }
    if header.previous != last_id {
        return Err(Refusal::Fork);
    }
    Ok(())
}

fn decide_content(
    candidate: &Candidate,
    known: &Known,
    rights: &Rights,
    now: Moment,
) -> Result<Effect, Refusal> {
    let header = &candidate.envelope.header;
    match &candidate.content {
        Content::Introduction { chain, .. } => {
            let redeems = introduction::check_invitation(chain, known, rights, now)?;
            Ok(Effect::Introduce {
                rights: rights.clone(),
                redeems,
            })
        }
        Content::OfAnother { rights: given, .. } => {
            let given = given.as_ref().map_err(|refusal| *refusal)?;
            if rights.may_issue(given.role, &given.scope) {
                Ok(Effect::Keep)
            } else {
                Err(Refusal::NotAllowed)
            }
        }
        Content::Revocation(revocation) => {
            let held = &known.target.rights;
            if revocation.may_be_said_by(rights, &header.campaign, held) {
                Ok(Effect::Revoke(revocation.device))
            } else {
                Err(Refusal::NotAllowed)
            }
        }
        Content::Invitation { record, holds } => {
            introduction::check_offer(record, *holds, header, known)?;
            Ok(Effect::Invite((**record).clone()))
        }
        Content::Other if header.kind == Kind::Report => {
            let (report, saved) = report::read(candidate, known, now)?;
            Ok(Effect::Report { report, saved })
        }
        Content::Other => Ok(Effect::Keep),
    }
}

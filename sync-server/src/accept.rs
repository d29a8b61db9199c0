//! The decision about one envelope: what it says and what the store knows go in, and what
//! it changes, or a refusal, comes out. Nothing here reads or writes.
//!
//! In the order of the design: size and layout, campaign and space, certificate and role,
//! signature, the device's sequence, and what its kind asks for.
//!
//! A store takes envelopes in four steps: [`Wanted`] says what bears on them, the store reads
//! those [`Facts`], a [`Ledger`] decides about one envelope after the other, and the store
//! writes the [`Changes`].

mod candidate;
mod changes;
mod facts;
mod introduction;
mod known;
mod ledger;
mod report;
mod request;

#[cfg(test)]
mod tests;

use palier_core::{
    envelope::Kind,
    id::{DeviceId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::{Place, Rights, Role},
};

pub(crate) use candidate::{Candidate, Content};
pub(crate) use changes::{Changes, NewReport, Redemption, Request, Row};
pub(crate) use facts::{
    DeviceKey, EntryKey, Facts, InvitationKey, PlaceKey, RequestKey, SpaceKey, StoredInvitation,
    Wanted,
};
pub(crate) use known::{Here, Known, KnownInvitation, KnownRequest, KnownTeam, Standing, Voucher};
pub(crate) use ledger::Ledger;
pub(crate) use report::TakenReport;

/// What to do with an envelope that is not refused.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Decision {
    /// It stands in the log already, at this place.
    Duplicate(u64),
    /// It enters the log, and changes this.
    Accept(Box<Effect>),
    /// It asks to join, and is kept until a lead answers. It enters no log.
    Wait {
        /// The name of the invitation through which it came.
        invitation: DeviceId,
        /// Until when it may be answered.
        expires: Moment,
    },
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
        /// The space where its request to join is kept, which is done now.
        asked_in: Option<SpaceId>,
    },
    /// A device is given rights by another; where it asked to join, this is the answer.
    Grant(DeviceId),
    /// A device's rights end.
    Revoke(DeviceId),
    /// An invitation is made, or another stands in its place.
    Invite,
    /// A report says something new.
    Report(Box<TakenReport>),
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
    if let Content::Request { chain, rights } = &candidate.content {
        return request::decide(candidate, chain, rights.as_ref(), known, now);
    }
    let rights = check_role(candidate, known, now)?;
    candidate.signature?;
    check_sequence(candidate, known)?;
    match decide_content(candidate, known, rights, now) {
        Err(Refusal::Waiting) => request::of_introduction(candidate, rights, known),
        effect => Ok(Decision::Accept(Box::new(effect?))),
    }
}

/// The rights under which the envelope was written.
fn check_role<'a>(
    candidate: &'a Candidate,
    known: &'a Known,
    now: Moment,
) -> Result<&'a Rights, Refusal> {
    let header = &candidate.envelope.header;
    check_removal(candidate, known, now)?;
    let rights = match candidate.introduced_rights() {
        Some(rights) => {
            if known.chain_revoked {
                return Err(Refusal::Revoked);
            }
            rights?
        }
        None => &known.here.as_ref().ok_or(Refusal::UnknownDevice)?.rights,
    };
    check_end(rights, known, now)?;
    let place = Place::of(&header.campaign, header.space);
    if !known.campaign_known && (place != Place::Campaign || rights.role != Role::Organiser) {
        return Err(Refusal::WrongSpace);
    }
    if !rights.may_write(&header.campaign, header.kind, header.space) {
        return Err(Refusal::NotAllowed);
    }
    Ok(rights)
}

/// Who was removed is heard no more. What they had written before is taken from somebody who
/// may give such rights: devices know how far it counts.
fn check_removal(candidate: &Candidate, known: &Known, now: Moment) -> Result<(), Refusal> {
    let written_before = |rights: &Rights| known.vouches(rights.role, &rights.scope, now);
    let here = (known.here.as_ref()).filter(|_| candidate.introduced_rights().is_none());
    if known.standing.revoked && !here.is_some_and(|here| written_before(&here.rights)) {
        return Err(Refusal::Revoked);
    }
    Ok(())
}

/// Rights that ended serve no longer, unless somebody who could give them again answers for
/// what was written under them.
fn check_end(rights: &Rights, known: &Known, now: Moment) -> Result<(), Refusal> {
    if rights.not_after < now && !known.vouches(rights.role, &rights.scope, now) {
        return Err(Refusal::Expired);
    }
    Ok(())
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
                asked_in: (known.request).map(|_kept| rights.scope.home(&header.campaign)),
            })
        }
        Content::OfAnother {
            device,
            rights: given,
        } => {
            let given = given.as_ref().map_err(|refusal| *refusal)?;
            check_end(given, known, now)?;
            if rights.may_issue(given.role, &given.scope) {
                Ok(Effect::Grant(*device))
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
        Content::Invitation { record, issuer } => {
            let issuer = issuer.as_ref().map_err(|refusal| *refusal)?;
            introduction::check_offer(record, issuer, header, known, now)?;
            Ok(Effect::Invite)
        }
        Content::Other if header.kind == Kind::Report => {
            let report = report::read(candidate, known, now)?;
            Ok(Effect::Report(Box::new(report)))
        }
        // A request was decided about before.
        Content::Other | Content::Request { .. } => Ok(Effect::Keep),
    }
}

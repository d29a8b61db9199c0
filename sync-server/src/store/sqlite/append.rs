//! One envelope: what is known, the decision, and what it writes.

use palier_core::{
    id::{CampaignId, DeviceId, SpaceId},
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
    wire::Pushed,
};
use rusqlite::{Connection, params};

use super::{invitations, known, reports, rows};
use crate::{
    accept::{Candidate, Decision, Effect, decide},
    error::StoreError,
};

/// What became of an envelope.
#[derive(Debug)]
pub(crate) struct Appended {
    /// What is answered.
    pub(crate) pushed: Pushed,
    /// The log that grew.
    pub(crate) space: Option<(CampaignId, SpaceId)>,
    /// Whether it takes rights back.
    pub(crate) revokes: bool,
}

impl Appended {
    /// A refusal.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self::answering(Pushed::Refused(refusal))
    }

    fn answering(pushed: Pushed) -> Self {
        Self {
            pushed,
            space: None,
            revokes: false,
        }
    }
}

/// Decides about an envelope, and writes what it changes. An error may leave half of it: the
/// caller then drops the transaction.
pub(crate) fn append(
    db: &Connection,
    candidate: &Candidate,
    at: Moment,
) -> Result<Appended, StoreError> {
    let known = known::of(db, candidate)?;
    let effect = match decide(candidate, &known, at) {
        Ok(Decision::Accept(effect)) => effect,
        Ok(Decision::Duplicate(seq)) => return Ok(Appended::answering(Pushed::Duplicate(seq))),
        Err(refusal) => return Ok(Appended::refused(refusal)),
    };
    let seq = write_log(db, candidate, at)?;
    let header = &candidate.envelope.header;
    match effect.as_ref() {
        Effect::Introduce { rights, redeems } => {
            introduce(db, candidate, rights)?;
            if let Some(key) = redeems {
                invitations::redeem(db, &header.campaign, key, &header.device, at)?;
            }
        }
        Effect::Revoke(device) => revoke(db, &header.campaign, device, at)?,
        Effect::Invite(record) => {
            invitations::keep(db, &header.campaign, record, &candidate.envelope.body)?;
        }
        Effect::Report { report, saved } => reports::replace(db, header, report, saved)?,
        Effect::Keep => {}
    }
    advance(db, candidate)?;
    Ok(Appended {
        pushed: Pushed::Stored(seq),
        space: Some((header.campaign, header.space)),
        revokes: matches!(*effect, Effect::Revoke(_)),
    })
}

/// The next place of the space, and the envelope on it.
fn write_log(db: &Connection, candidate: &Candidate, at: Moment) -> Result<u64, StoreError> {
    let header = &candidate.envelope.header;
    let seq: i64 = db
        .prepare_cached(
            "INSERT INTO spaces (campaign, space, head) VALUES (?1, ?2, 1)
             ON CONFLICT (campaign, space) DO UPDATE SET head = head + 1
             RETURNING head",
        )?
        .query_row(params![header.campaign.0, header.space.0], |row| row.get(0))?;
    db.prepare_cached(
        "INSERT INTO log (campaign, space, seq, device, device_seq, id, kind, document, bytes,
                          received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        header.campaign.0,
        header.space.0,
        seq,
        header.device.0,
        rows::number(header.device_seq),
        candidate.id.0,
        header.kind.byte(),
        header.document.0,
        candidate.bytes,
        at.0,
    ])?;
    rows::count(seq)
}

fn introduce(db: &Connection, candidate: &Candidate, rights: &Rights) -> Result<(), StoreError> {
    let header = &candidate.envelope.header;
    let team = rights.scope.team().map(|team| team.0.to_vec());
    db.prepare_cached(
        "INSERT INTO introductions (campaign, device, space, role, scope, team, receive,
                                    not_after, last_seq, last_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (campaign, device, space) DO UPDATE SET
             role = excluded.role, scope = excluded.scope, team = excluded.team,
             receive = excluded.receive, not_after = excluded.not_after",
    )?
    .execute(params![
        header.campaign.0,
        header.device.0,
        header.space.0,
        rights.role.byte(),
        rows::scope_bytes(&rights.scope),
        team.unwrap_or_default(),
        rights.receive.0,
        rights.not_after.0,
        rows::number(header.device_seq),
        candidate.id.0,
    ])?;
    Ok(())
}

/// The device's sequence in the space now stands at this envelope.
fn advance(db: &Connection, candidate: &Candidate) -> Result<(), StoreError> {
    let header = &candidate.envelope.header;
    db.prepare_cached(
        "UPDATE introductions SET last_seq = ?4, last_id = ?5
         WHERE campaign = ?1 AND device = ?2 AND space = ?3",
    )?
    .execute(params![
        header.campaign.0,
        header.device.0,
        header.space.0,
        rows::number(header.device_seq),
        candidate.id.0,
    ])?;
    Ok(())
}

fn revoke(
    db: &Connection,
    campaign: &CampaignId,
    device: &DeviceId,
    at: Moment,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO revocations (campaign, device, revoked_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (campaign, device) DO NOTHING",
    )?
    .execute(params![campaign.0, device.0, at.0])?;
    Ok(())
}

//! What the store knows that bears on one envelope.

use palier_core::{
    certificate::Chain,
    envelope::{Header, Kind},
    id::{CampaignId, DeviceId, EnvelopeId},
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{invitations, reports, rows};
use crate::{
    accept::{Candidate, Content, Here, Known, Standing},
    error::StoreError,
};

/// The writing device in the space of an envelope.
pub(super) const HERE: &str = "SELECT device, receive, role, scope, not_after, last_seq, last_id
     FROM introductions WHERE campaign = ?1 AND device = ?2 AND space = ?3";
/// A device's sequence at one place.
pub(super) const AT_PLACE: &str = "SELECT seq, id FROM log
     WHERE campaign = ?1 AND space = ?2 AND device = ?3 AND device_seq = ?4";

/// Everything that the decision about an envelope asks for.
pub(super) fn of(db: &Connection, candidate: &Candidate) -> Result<Known, StoreError> {
    let header = &candidate.envelope.header;
    let campaign = &header.campaign;
    let here = here(db, header)?;
    let writer = match header.kind {
        // Only reports are checked against rights of other spaces.
        Kind::Report => standing(db, campaign, &header.device)?,
        _ => Standing {
            revoked: is_revoked(db, campaign, &header.device)?,
            rights: Vec::new(),
        },
    };
    let mut known = Known {
        campaign_known: here.is_some() || is_known(db, campaign)?,
        standing: writer,
        at_place: at_place(db, header, here.as_ref())?,
        here,
        ..Known::default()
    };
    match &candidate.content {
        Content::Introduction { chain, .. } => {
            known.chain_revoked = any_revoked(db, campaign, chain)?;
            if let Some(shown) = chain.invitation() {
                known.invitation = invitations::known(db, campaign, &shown.key, &header.device)?;
            }
        }
        Content::Invitation { record, .. } => {
            known.chain_revoked = any_revoked(db, campaign, &record.issuer)?;
            let key = &record.invitation.key;
            known.invitation = invitations::known(db, campaign, key, &header.device)?;
        }
        Content::Revocation(revocation) => {
            known.target = standing(db, campaign, &revocation.device)?;
        }
        Content::Other if header.kind == Kind::Report => {
            known.saved_report = reports::saved(db, campaign, &header.document)?;
        }
        Content::OfAnother { .. } | Content::Other => {}
    }
    Ok(known)
}

/// What a device may do in a campaign.
pub(super) fn standing(
    db: &Connection,
    campaign: &CampaignId,
    device: &DeviceId,
) -> Result<Standing, StoreError> {
    let sql = format!(
        "SELECT {} FROM introductions WHERE campaign = ?1 AND device = ?2",
        rows::RIGHTS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = statement.query(params![campaign.0, device.0])?;
    let mut rights = Vec::new();
    while let Some(row) = found.next()? {
        rights.push(rows::rights(row)?);
    }
    Ok(Standing {
        revoked: is_revoked(db, campaign, device)?,
        rights,
    })
}

fn here(db: &Connection, header: &Header) -> Result<Option<Here>, StoreError> {
    let mut statement = db.prepare_cached(HERE)?;
    let mut found = statement.query(params![header.campaign.0, header.device.0, header.space.0])?;
    let Some(row) = found.next()? else {
        return Ok(None);
    };
    Ok(Some(Here {
        rights: rows::rights(row)?,
        last_seq: rows::count(row.get(5)?)?,
        last_id: EnvelopeId(row.get(6)?),
    }))
}

/// Most envelopes are new, and come after the last one: then there is nothing to look for.
fn at_place(
    db: &Connection,
    header: &Header,
    here: Option<&Here>,
) -> Result<Option<(u64, EnvelopeId)>, StoreError> {
    if here.is_none_or(|here| here.last_seq < header.device_seq) {
        return Ok(None);
    }
    let found: Option<(i64, [u8; 32])> = db
        .prepare_cached(AT_PLACE)?
        .query_row(
            params![
                header.campaign.0,
                header.space.0,
                header.device.0,
                rows::number(header.device_seq)
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    found
        .map(|(seq, id)| Ok((rows::count(seq)?, EnvelopeId(id))))
        .transpose()
}

/// Whether an organiser was here: nothing else begins a campaign.
fn is_known(db: &Connection, campaign: &CampaignId) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM spaces WHERE campaign = ?1 AND space = ?2")?
        .exists(params![campaign.0, campaign.space().0])?)
}

fn is_revoked(
    db: &Connection,
    campaign: &CampaignId,
    device: &DeviceId,
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached("SELECT 1 FROM revocations WHERE campaign = ?1 AND device = ?2")?
        .exists(params![campaign.0, device.0])?)
}

fn any_revoked(db: &Connection, campaign: &CampaignId, chain: &Chain) -> Result<bool, StoreError> {
    for device in chain.devices() {
        if is_revoked(db, campaign, &device)? {
            return Ok(true);
        }
    }
    Ok(false)
}

//! Looking over a file.

use std::path::Path;

use palier_core::{
    id::{CampaignId, DeviceId, EnvelopeId, SpaceId},
    moment::Moment,
};
use rusqlite::{Connection, Row, params};

use super::{AT_A_TIME, Checked, Line, Log, Pack};
use crate::{
    error::StoreError,
    rebuild::{differs, replay},
    replay::DERIVED,
    store::sqlite::{open, rows},
};

/// Looks a file over.
pub(super) fn check(path: &Path, now: Moment) -> Result<Checked, StoreError> {
    let mut db = open::to_look(path)?;
    let db = db.transaction()?;
    let mut checked = Checked::default();
    for look in [file, counters, log, packs] {
        // What cannot be read any more is damage, and the rest is looked at all the same.
        if let Err(reason) = look(&db, &mut checked) {
            checked.found_unreadable(&reason);
        }
    }
    if let Err(reason) = projections(&db, &mut checked, now) {
        checked.found_no_replay(&reason);
    }
    Ok(checked)
}

/// What SQLite itself finds.
fn file(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut said = db.prepare("PRAGMA integrity_check(100)")?;
    let mut said = said.query([])?;
    while let Some(row) = said.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            checked.found("the file is damaged", line);
        }
    }
    let mut said = db.prepare("PRAGMA foreign_key_check")?;
    let mut said = said.query([])?;
    while let Some(row) = said.next()? {
        let table: String = row.get(0)?;
        checked.found_dangling(table);
    }
    Ok(())
}

/// The counters of the spaces.
fn counters(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut wrong = db.prepare(
        "SELECT s.campaign, s.space FROM spaces s
         WHERE s.head IS NOT (SELECT max(seq) FROM log l
                              WHERE l.campaign = s.campaign AND l.space = s.space)
         UNION
         SELECT l.campaign, l.space FROM log l
         WHERE NOT EXISTS (SELECT 1 FROM spaces s
                           WHERE s.campaign = l.campaign AND s.space = l.space)",
    )?;
    let mut wrong = wrong.query([])?;
    while let Some(row) = wrong.next()? {
        let (campaign, space): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        checked.found_counter(&campaign, &space);
    }
    Ok(())
}

/// Every envelope, in the order of the spaces.
fn log(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut found = db.prepare(
        "SELECT campaign, space, seq, device, device_seq, id, kind, document, bytes
         FROM log ORDER BY campaign, space, seq",
    )?;
    let mut found = found.query([])?;
    let mut log = Log::default();
    loop {
        let mut lines = Vec::with_capacity(AT_A_TIME);
        while lines.len() < AT_A_TIME
            && let Some(row) = found.next()?
        {
            lines.push(line(row)?);
        }
        if lines.is_empty() {
            return Ok(());
        }
        log.follow(&lines, checked);
    }
}

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        campaign: CampaignId(row.get(0)?),
        space: SpaceId(row.get(1)?),
        seq: rows::count(row.get(2)?)?,
        device: DeviceId(row.get(3)?),
        device_seq: rows::count(row.get(4)?)?,
        id: EnvelopeId(row.get(5)?),
        kind: row.get(6)?,
        document: row.get(7)?,
        bytes: row.get(8)?,
    })
}

/// Every pack.
fn packs(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut found = db.prepare("SELECT campaign, hash, size FROM packs ORDER BY campaign, hash")?;
    let mut found = found.query([])?;
    while let Some(row) = found.next()? {
        let (campaign, hash): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let mut pack = Pack::new(rows::count(row.get(2)?)?);
        let mut parts = db.prepare_cached(
            "SELECT part, bytes FROM pack_parts WHERE campaign = ?1 AND hash = ?2 ORDER BY part",
        )?;
        let mut parts = parts.query(params![campaign, hash])?;
        while let Some(row) = parts.next()? {
            let bytes: Vec<u8> = row.get(1)?;
            pack.take(rows::count(row.get(0)?)?, &bytes);
        }
        pack.end(&campaign, &hash, checked);
    }
    Ok(())
}

/// Everything that follows from the log, made again beside it.
fn projections(db: &Connection, checked: &mut Checked, now: Moment) -> Result<(), StoreError> {
    let (replay, _envelopes) = replay(db, now)?;
    for (table, key) in DERIVED {
        if differs(db, &replay, table, key)? {
            checked.found_table(table);
        }
    }
    Ok(())
}

//! Territory packs: whole, and what their names say.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::{super::hex, Checked};
use crate::{
    error::StoreError,
    store::{PART_BYTES, sqlite::rows},
};

/// Looks over every pack.
pub(super) fn look(db: &Connection, checked: &mut Checked) -> Result<(), StoreError> {
    let mut found = db.prepare("SELECT campaign, hash, size FROM packs ORDER BY campaign, hash")?;
    let mut found = found.query([])?;
    while let Some(row) = found.next()? {
        let (campaign, hash): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let size = rows::count(row.get(2)?)?;
        checked.packs += 1;
        if !is_whole(db, &campaign, &hash, size)? {
            let place = format!("campaign {} pack {}", hex(&campaign), hex(&hash));
            checked.found("a pack is not what its name says", place);
        }
    }
    Ok(())
}

fn is_whole(db: &Connection, campaign: &[u8], hash: &[u8], size: u64) -> Result<bool, StoreError> {
    let mut parts = db.prepare_cached(
        "SELECT part, bytes FROM pack_parts WHERE campaign = ?1 AND hash = ?2 ORDER BY part",
    )?;
    let mut parts = parts.query(params![campaign, hash])?;
    let (mut read, mut next, mut hashed) = (0, 0, Sha256::new());
    while let Some(row) = parts.next()? {
        let bytes: Vec<u8> = row.get(1)?;
        let is_last = read + bytes.len() as u64 == size;
        if rows::count(row.get(0)?)? != next || (!is_last && bytes.len() as u64 != PART_BYTES) {
            return Ok(false);
        }
        hashed.update(&bytes);
        read += bytes.len() as u64;
        next += 1;
    }
    Ok(read == size && hashed.finalize().as_slice() == hash)
}

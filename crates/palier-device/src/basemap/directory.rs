//! Directories: which tile stands where.

use super::PackFault;

/// One line of a directory: a run of tiles with one content, or a further directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// The first tile.
    pub(super) tile: u64,
    /// Where its bytes stand, within the tiles or the leaves.
    pub(super) offset: u64,
    /// How many bytes.
    pub(super) length: u64,
    /// How many tiles share them; 0 for a further directory.
    pub(super) run: u64,
}

/// Reads an unfolded directory.
///
/// # Errors
/// It ends early, goes on after its end, is not in order, or counts beyond what it holds.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, PackFault> {
    let mut rest = bytes;
    let count = varint(&mut rest)?;
    // Each entry takes four bytes or more: nothing is set aside for more than can be there.
    let most = u64::try_from(rest.len() / 4).map_err(|_length| PackFault::TooLarge)?;
    if count > most {
        return Err(PackFault::Damaged);
    }
    let mut entries = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
    let mut tile = 0_u64;
    for nth in 0..count {
        let step = varint(&mut rest)?;
        if nth > 0 && step == 0 {
            return Err(PackFault::Damaged);
        }
        tile = tile.checked_add(step).ok_or(PackFault::Damaged)?;
        entries.push(Entry {
            tile,
            offset: 0,
            length: 0,
            run: 0,
        });
    }
    for entry in &mut entries {
        entry.run = varint(&mut rest)?;
    }
    for entry in &mut entries {
        entry.length = varint(&mut rest)?;
        if entry.length == 0 {
            return Err(PackFault::Damaged);
        }
    }
    let mut follows = None;
    for entry in &mut entries {
        // 0 says: right after the one before.
        entry.offset = match varint(&mut rest)? {
            0 => follows.ok_or(PackFault::Damaged)?,
            offset => offset - 1,
        };
        follows = Some(
            entry
                .offset
                .checked_add(entry.length)
                .ok_or(PackFault::Damaged)?,
        );
    }
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(PackFault::Damaged)
    }
}

/// The entry that holds a tile, or the directory in which it is to be looked for.
pub(super) fn find(entries: &[Entry], tile: u64) -> Option<Entry> {
    let after = entries.partition_point(|entry| entry.tile <= tile);
    let entry = *entries.get(after.checked_sub(1)?)?;
    let holds = entry.run == 0 || tile - entry.tile < entry.run;
    holds.then_some(entry)
}

fn varint(rest: &mut &[u8]) -> Result<u64, PackFault> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first().ok_or(PackFault::Damaged)?;
        *rest = after;
        let bits = u64::from(byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(PackFault::Damaged);
        }
        value |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(PackFault::Damaged)
}

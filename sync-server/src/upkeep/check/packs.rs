//! Territory packs: whole, and what their names say.

use sha2::{Digest, Sha256};

use super::{super::hex, Checked};
use crate::store::PART_BYTES;

/// A pack, whose parts are read in their order.
pub(crate) struct Pack {
    size: u64,
    read: u64,
    next: u64,
    hashed: Sha256,
    in_order: bool,
}

impl Pack {
    /// A pack that says it has so many bytes.
    pub(crate) fn new(size: u64) -> Self {
        Self {
            size,
            read: 0,
            next: 0,
            hashed: Sha256::new(),
            in_order: true,
        }
    }

    /// The next part.
    pub(crate) fn take(&mut self, part: u64, bytes: &[u8]) {
        let length = bytes.len() as u64;
        let is_last = self.read + length == self.size;
        self.in_order &= part == self.next && (is_last || length == PART_BYTES);
        self.hashed.update(bytes);
        self.read += length;
        self.next += 1;
    }

    /// There is no more of it.
    pub(crate) fn end(self, campaign: &[u8], hash: &[u8], checked: &mut Checked) {
        checked.packs += 1;
        let whole = self.in_order && self.read == self.size;
        if !whole || self.hashed.finalize().as_slice() != hash {
            let place = format!("campaign {} pack {}", hex(campaign), hex(hash));
            checked.found("a pack is not what its name says", place);
        }
    }
}

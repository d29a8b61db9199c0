//! The block faces of turfs, kept as long as their addresses stay the same: to cut and order
//! them costs more than all else of a round.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use palier_core::{
    face::{Face, faces},
    id::DocumentId,
    territory::Address,
};

/// The faces of turfs that were asked for.
#[derive(Debug, Default)]
pub(super) struct Faces(Mutex<BTreeMap<DocumentId, Known>>);

/// Addresses of a turf, and their faces.
type Known = (Vec<Address>, Arc<Vec<Face>>);

impl Faces {
    /// The faces of a turf's addresses, which come in walking order.
    pub(super) fn of(&self, turf: DocumentId, addresses: &[Address]) -> Arc<Vec<Face>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((before, found)) = known.get(&turf)
            && before == addresses
        {
            return Arc::clone(found);
        }
        let found = Arc::new(faces(addresses));
        known.insert(turf, (addresses.to_vec(), Arc::clone(&found)));
        found
    }
}

#[cfg(test)]
mod tests {
    use palier_core::demo;

    use super::*;

    #[test]
    fn faces_are_cut_again_only_where_an_address_changed() {
        let mut addresses = demo::town(3).territory.addresses;
        let (known, turf) = (Faces::default(), DocumentId([1; 16]));
        let first = known.of(turf, &addresses);
        assert_eq!(*first, faces(&addresses));
        assert!(Arc::ptr_eq(&first, &known.of(turf, &addresses)));
        addresses.truncate(addresses.len() / 2);
        assert_eq!(*known.of(turf, &addresses), faces(&addresses));
        let other = known.of(DocumentId([2; 16]), &addresses);
        assert_eq!(*other, *known.of(turf, &addresses));
    }
}

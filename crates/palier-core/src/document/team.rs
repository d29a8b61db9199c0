//! A team: who is in it, its outings, and what its lead says.
//!
//! ```text
//! members: { DEVICE: pseudonym }
//! outings: { ID: text }      messages: { ID: text }
//! ```

use automerge::{ROOT, transaction::Transactable};

use crate::{
    document::{Broken, Document, scalar},
    id::DeviceId,
    moment::Moment,
};

/// The maps that it begins with.
pub(super) const MAPS: &[&str] = &["members", "outings", "messages"];

/// The longest pseudonym, in characters.
pub const MAX_PSEUDONYM: usize = 40;

/// Writes a device's own pseudonym.
///
/// # Errors
/// automerge refused.
pub fn set_pseudonym(
    document: &mut Document,
    device: &DeviceId,
    pseudonym: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let members = scalar::map(document.reads(), &ROOT, "members").ok_or(Broken)?;
    document.edit(at, |change| {
        change.put(&members, device.to_string(), pseudonym)?;
        Ok(())
    })
}

/// Every device that gave a pseudonym, by device.
#[must_use]
pub fn members(document: &Document) -> Vec<(DeviceId, String)> {
    let doc = document.reads();
    scalar::map(doc, &ROOT, "members").map_or_else(Vec::new, |members| {
        scalar::texts(doc, &members)
            .into_iter()
            .filter_map(|(device, pseudonym)| {
                let pseudonym = pseudonym.chars().take(MAX_PSEUDONYM).collect();
                Some((device.parse().ok()?, pseudonym))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Actor, envelope::Kind};

    #[test]
    fn a_pseudonym_can_change_and_stays_short() {
        let device = DeviceId([1; 32]);
        let mut team = Document::new(Kind::Team, Actor::of(&device, 1)).unwrap();
        for pseudonym in ["Merle", &"é".repeat(50)] {
            set_pseudonym(&mut team, &device, pseudonym, Moment(0)).unwrap();
        }
        assert_eq!(members(&team), [(device, "é".repeat(40))]);
    }
}

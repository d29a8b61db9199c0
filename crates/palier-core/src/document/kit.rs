//! A kit in preparation: what trainers write together. A published version is a signed
//! snapshot of it.
//!
//! ```text
//! settings: { title }    cards: { ID: text }    order: { ID: number }
//! ```

use automerge::{ROOT, transaction::Transactable};

use crate::{
    document::{Broken, Document, scalar},
    moment::Moment,
};

/// The maps that it begins with.
pub(super) const MAPS: &[&str] = &["settings", "cards", "order"];

/// What stands in a kit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kit {
    /// What it is called.
    pub title: String,
    /// Its cards in order: id and text.
    pub cards: Vec<(String, String)>,
}

/// Writes the title.
///
/// # Errors
/// automerge refused.
pub fn set_title(
    document: &mut Document,
    title: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let settings = scalar::map(document.reads(), &ROOT, "settings").ok_or(Broken)?;
    document.edit(at, |change| {
        change.put(&settings, "title", title)?;
        Ok(())
    })
}

/// Writes a card and its place.
///
/// # Errors
/// automerge refused.
pub fn set_card(
    document: &mut Document,
    card: &str,
    place: u32,
    text: &str,
    at: Moment,
) -> Result<Option<Vec<u8>>, Broken> {
    let cards = scalar::map(document.reads(), &ROOT, "cards").ok_or(Broken)?;
    let order = scalar::map(document.reads(), &ROOT, "order").ok_or(Broken)?;
    document.edit(at, |change| {
        change.put(&cards, card, text)?;
        change.put(&order, card, i64::from(place))?;
        Ok(())
    })
}

/// Reads a kit; `None` where it has no title yet.
#[must_use]
pub fn read(document: &Document) -> Option<Kit> {
    let doc = document.reads();
    let settings = scalar::map(doc, &ROOT, "settings")?;
    let order = scalar::map(doc, &ROOT, "order")?;
    let mut cards = scalar::texts(doc, &scalar::map(doc, &ROOT, "cards")?);
    cards.sort_by_key(|(card, _)| (scalar::number(doc, &order, card), card.clone()));
    Some(Kit {
        title: scalar::text(doc, &settings, "title")?,
        cards,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Actor, envelope::Kind, id::DeviceId};

    #[test]
    fn cards_stand_in_their_order() {
        let actor = Actor::of(&DeviceId([1; 32]), 1);
        let mut kit = Document::new(Kind::Kit, actor).unwrap();
        set_title(&mut kit, "Logement", Moment(0)).unwrap();
        set_card(&mut kit, "a", 2, "Réponse", Moment(0)).unwrap();
        set_card(&mut kit, "b", 1, "Bonjour", Moment(0)).unwrap();
        let texts: Vec<_> = read(&kit)
            .unwrap()
            .cards
            .into_iter()
            .map(|(_, t)| t)
            .collect();
        assert_eq!(texts, ["Bonjour", "Réponse"]);
    }
}

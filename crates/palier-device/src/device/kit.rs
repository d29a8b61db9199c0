//! Kits: publishing one, and reading it at the door.

use palier_core::{
    document::kit,
    envelope::Kind,
    id::DocumentId,
    kit::{self as rules, Kit, Published, Version},
    rights::Role,
};

use super::{Device, documents::Address};
use crate::{
    api::reply::{CardRow, KitRow, KitView},
    error::{Error, Thing},
    store::projections,
};

impl Device {
    /// Publishes a trainer's file as the next version; its id and its number.
    ///
    /// # Errors
    /// The role does not allow it, or the file breaks the rules of kits.
    pub fn publish_kit(&mut self, text: &str) -> Result<(DocumentId, u32), Error> {
        let member = self.member_as(&[Role::Trainer, Role::Organiser])?;
        let space = member.place.campaign.space();
        let kit = read(text)?;
        let number = rules::next_number(&projections::kits(self.connection())?);
        let bytes = Version { number, kit }.encode();
        let at = Address {
            id: Version::id(&bytes),
            kind: Kind::Kit,
            space,
        };
        let (writer, now) = (self.writer(), self.now());
        self.store
            .write(|t| writer.edit(t, at, 1, |document| kit::publish(document, &bytes, now)))?;
        Ok((at.id, number))
    }

    /// Every version that is known here, the current ones marked.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn kits(&self) -> Result<Vec<KitRow>, Error> {
        self.member()?;
        let published = projections::kits(self.connection())?;
        let mut rows = Vec::with_capacity(published.len());
        for one in &published {
            let version = self.version(one.id)?;
            let chosen = rules::current(&published, &one.language);
            rows.push(KitRow {
                kit: one.id.to_string(),
                number: one.number,
                title: version.kit.title,
                language: one.language.clone(),
                current: chosen.is_some_and(|chosen| chosen.id == one.id),
                steps: length(version.kit.steps.len()),
                cards: length(version.kit.cards.len()),
            });
        }
        Ok(rows)
    }

    /// One version, by its id; the current one for who reads a language where absent.
    ///
    /// # Errors
    /// The id is that of none.
    pub fn read_kit(&self, kit: Option<&str>, language: &str) -> Result<Option<KitView>, Error> {
        self.member()?;
        let id = match kit {
            Some(kit) => Some(kit_id(kit)?),
            None => self.current_kit(language)?.map(|current| current.id),
        };
        let Some(id) = id else { return Ok(None) };
        Ok(Some(KitView::of(id.to_string(), self.version(id)?)))
    }

    /// The cards of a version that answer to words, by any of them, in any order.
    ///
    /// # Errors
    /// The id is that of no version.
    pub fn find_cards(&self, kit: &str, find: &str) -> Result<Vec<CardRow>, Error> {
        let version = self.version(kit_id(kit)?)?;
        let found = version.kit.find(find).into_iter();
        Ok(found.cloned().map(CardRow::from).collect())
    }

    fn current_kit(&self, language: &str) -> Result<Option<Published>, Error> {
        let published = projections::kits(self.connection())?;
        Ok(rules::current(&published, language).cloned())
    }

    fn version(&self, id: DocumentId) -> Result<Version, Error> {
        projections::kit(self.connection(), id)?.ok_or(Error::Unknown(Thing::Kit))
    }
}

/// Reads a trainer's file.
///
/// # Errors
/// It breaks the rules of kits; all that is wrong is said.
pub fn read(text: &str) -> Result<Kit, Error> {
    Kit::read(text).map_err(|faults| Error::BadKit { faults })
}

fn kit_id(text: &str) -> Result<DocumentId, Error> {
    let id = text.parse().map_err(|_reason| Error::Unknown(Thing::Kit))?;
    Ok(id)
}

fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

//! What a device remembers beside its campaigns: which is open, which are being left, and how
//! the interface looks. Nothing of it is about a person or a campaign.

use std::path::Path;

use rusqlite::params;

use crate::{
    api::{
        look::{Look, Side, TextSize, Theme},
        request::Language,
    },
    error::Error,
    store::{Store, open::DatabaseKey, settings},
};

/// The steps of its database, in order. Never edited once landed.
const STEPS: [&str; 1] = [include_str!(
    "../../../../migrations/shelf/0001_create_shelf.sql"
)];
/// Its file in the device's folder.
const FILE: &str = "shelf.sqlite3";

/// Names of what is remembered.
mod name {
    pub(super) const OPEN: &str = "open";
    pub(super) const LANGUAGE: &str = "language";
    pub(super) const THEME: &str = "theme";
    pub(super) const TEXT: &str = "text";
    pub(super) const SIDE: &str = "side";
}

/// The shelf's own database.
#[derive(Debug)]
pub(super) struct Memory(Store);

impl Memory {
    pub(super) fn open(home: &Path, key: Option<&DatabaseKey>) -> Result<Self, Error> {
        Store::open_with(&STEPS, Some(&home.join(FILE)), key).map(Self)
    }

    /// The campaign that was open last.
    pub(super) fn opened(&self) -> Result<Option<u32>, Error> {
        Ok(settings::get(self.0.read(), name::OPEN)?.and_then(|number| number.parse().ok()))
    }

    /// Campaigns that were left and whose files may still be there.
    pub(super) fn leaving(&self) -> Result<Vec<u32>, Error> {
        let mut query = self.0.read().prepare("SELECT number FROM leaving")?;
        let numbers = query.query_map([], |row| row.get(0))?;
        Ok(numbers.collect::<Result<_, _>>()?)
    }

    /// Opens one campaign and leaves another, in one step.
    pub(super) fn turn_to(&mut self, open: Option<u32>, leave: Option<u32>) -> Result<(), Error> {
        let open = open.map(|number| number.to_string());
        self.0.write(|t| {
            if let Some(number) = leave {
                t.execute(
                    "INSERT INTO leaving (number) VALUES (?1) ON CONFLICT DO NOTHING",
                    params![number],
                )?;
            }
            settings::set(t, name::OPEN, open.as_deref())
        })
    }

    /// The files of a campaign that was left are gone.
    pub(super) fn left(&mut self, number: u32) -> Result<(), Error> {
        self.0.write(|t| {
            t.execute("DELETE FROM leaving WHERE number = ?1", params![number])?;
            Ok(())
        })
    }

    pub(super) fn language(&self) -> Result<Option<Language>, Error> {
        Ok(settings::get(self.0.read(), name::LANGUAGE)?
            .as_deref()
            .and_then(Language::of_word))
    }

    pub(super) fn set_language(&mut self, language: Language) -> Result<(), Error> {
        self.0
            .write(|t| settings::set(t, name::LANGUAGE, Some(language.word())))
    }

    pub(super) fn look(&self) -> Result<Look, Error> {
        let word = |name| settings::get(self.0.read(), name);
        let (theme, text, side) = (word(name::THEME)?, word(name::TEXT)?, word(name::SIDE)?);
        // What another version wrote and this one does not know is as nothing said.
        Ok(Look {
            theme: match theme.as_deref() {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::System,
            },
            text: match text.as_deref() {
                Some("large") => TextSize::Large,
                Some("larger") => TextSize::Larger,
                _ => TextSize::Normal,
            },
            side: match side.as_deref() {
                Some("left") => Side::Left,
                _ => Side::Right,
            },
        })
    }

    pub(super) fn set_look(&mut self, look: Look) -> Result<(), Error> {
        self.0.write(|t| {
            settings::set(t, name::THEME, Some(look.theme.word()))?;
            settings::set(t, name::TEXT, Some(look.text.word()))?;
            settings::set(t, name::SIDE, Some(look.side.word()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_schema_is_the_real_one() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::open(folder.path(), None).unwrap();
        let commented = include_str!("../../../../migrations/shelf.schema.sql");
        crate::store::open::assert_schema(memory.0.read(), commented);
    }

    #[test]
    fn what_was_chosen_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = Memory::open(folder.path(), None).unwrap();
        assert_eq!(memory.look().unwrap(), Look::default());
        let look = Look {
            theme: Theme::Dark,
            text: TextSize::Larger,
            side: Side::Left,
        };
        memory.set_look(look).unwrap();
        memory.set_language(Language::En).unwrap();
        drop(memory);
        let memory = Memory::open(folder.path(), None).unwrap();
        assert_eq!(memory.look().unwrap(), look);
        assert_eq!(memory.language().unwrap(), Some(Language::En));
    }
}

//! The device, or why it could not be opened.

use std::path::Path;

use palier_device::{
    Clock, Shelf,
    api::{Reply, Request, look::Look},
    basemap::Tile,
    error::Told,
};

/// The device, or why it could not be opened. The window opens in both cases: a damaged or a
/// newer database is explained on the screen, in the words of the interface.
pub(crate) enum Opened {
    /// The device answers.
    Device(Shelf),
    /// It could not be opened; every question is answered with the reason.
    Closed(Told),
}

impl Opened {
    /// Opens the device of a folder, or makes one there.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        match Shelf::open(folder, None, Clock::System) {
            Ok(shelf) => Self::Device(shelf),
            Err(reason) => Self::Closed(reason.into()),
        }
    }

    /// How the interface looks; as the system says where the device cannot say.
    pub(crate) fn look(&self) -> Look {
        match self {
            Self::Device(shelf) => shelf.look().unwrap_or_default(),
            Self::Closed(_) => Look::default(),
        }
    }

    /// Answers one question.
    pub(crate) async fn ask(&self, request: Request) -> Result<Reply, Told> {
        match self {
            Self::Device(shelf) => Ok(shelf.ask(request).await?),
            Self::Closed(reason) => Err(reason.clone()),
        }
    }

    /// One tile of a base map; an error where there is no such map, or a broken one.
    pub(crate) async fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, ()> {
        match self {
            Self::Device(shelf) => shelf.api().tile(tile).await.map_err(|_reason| ()),
            Self::Closed(_) => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_device_is_made_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let opened = Opened::in_folder(&folder.path().join("device"));
        let reply = opened.ask(Request::Status).await;
        assert!(matches!(reply, Ok(Reply::Status(_))));
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        drop(Shelf::open(folder.path(), None, Clock::System).unwrap());
        let database = folder.path().join("device.sqlite3");
        let mut bytes = std::fs::read(&database).unwrap();
        // The user version, https://www.sqlite.org/fileformat.html#user_version_number
        bytes[60..64].copy_from_slice(&9_999_u32.to_be_bytes());
        std::fs::write(&database, &bytes).unwrap();
        let opened = Opened::in_folder(folder.path());
        let refusal = opened.ask(Request::Status).await.err().unwrap();
        assert_eq!(refusal.fault["code"], "newer_database");
        assert_eq!(std::fs::read(&database).unwrap(), bytes);
    }

    #[tokio::test]
    async fn a_device_that_cannot_be_opened_says_why_at_every_question() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("device");
        std::fs::write(&taken, "a file, not a folder").unwrap();
        let opened = Opened::in_folder(&taken);
        for _ in 0..2 {
            let refusal = opened.ask(Request::Status).await.err().unwrap();
            assert_eq!(refusal.fault["code"], "folder");
            assert!(refusal.message.starts_with("the folder cannot be used"));
        }
    }
}

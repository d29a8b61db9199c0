//! The life of a store. After a restore from a backup it must be another one: then devices
//! offer again everything that they hold.

use palier_core::id::Incarnation;

use crate::{
    config::StoreAt,
    error::StoreError,
    state::Clock,
    store::{postgres, sqlite::open},
};

/// The life of a store, which is made where there is none.
///
/// # Errors
/// The store cannot be opened, or a newer version wrote it.
pub async fn life(store: &StoreAt, clock: &Clock) -> Result<Incarnation, StoreError> {
    match store {
        StoreAt::Sqlite(path) => open::incarnation(&open::to_write(path, clock.now())?),
        StoreAt::Postgres(url) => postgres::life(url, clock.now()).await,
    }
}

/// Begins another life, and says which. Processes that share a database hear of it; one that
/// holds a file has to be started again.
///
/// # Errors
/// The store cannot be opened, or a newer version wrote it.
pub async fn begin_life(store: &StoreAt, clock: &Clock) -> Result<Incarnation, StoreError> {
    match store {
        StoreAt::Sqlite(path) => {
            let db = open::to_write(path, clock.now())?;
            open::begin_life(&db, clock.now())?;
            open::incarnation(&db)
        }
        StoreAt::Postgres(url) => postgres::begin_life(url, clock.now()).await,
    }
}

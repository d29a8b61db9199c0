//! Opening the file: pragmas, migrations, and what is refused.

use std::{path::Path, time::Duration};

use palier_core::{id::Incarnation, moment::Moment};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use super::opening;
use crate::error::StoreError;

/// Every step of the schema, in order; `user_version` is the number of steps taken.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/relay-sqlite/0001_create_log.sql"),
    include_str!("../../../../migrations/relay-sqlite/0002_create_requests.sql"),
    include_str!("../../../../migrations/relay-sqlite/0003_name_team_of_invitation.sql"),
    include_str!("../../../../migrations/relay-sqlite/0004_remember_opening.sql"),
];
/// "PLRY": says that the file is a relay's store (`PRAGMA application_id`).
const APPLICATION_ID: i64 = 0x504c_5259;
/// How long a connection waits for another one's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The one connection that writes.
pub(crate) fn to_write(path: &Path, now: Moment) -> Result<Connection, StoreError> {
    open_and_migrate(path, now).map_err(|error| named(error, path))
}

/// A connection that only reads.
pub(crate) fn to_read(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// An empty store that is gone when it is closed, for a rebuild.
pub(crate) fn scratch(now: Moment) -> Result<Connection, StoreError> {
    // An empty name is a private temporary file.
    let mut connection = Connection::open("")?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;")?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection, Path::new(""), now)?;
    Ok(connection)
}

/// The life of a store.
pub(crate) fn incarnation(db: &Connection) -> Result<Incarnation, StoreError> {
    Ok(Incarnation(db.query_row(
        "SELECT incarnation FROM relay",
        [],
        |row| row.get(0),
    )?))
}

fn open_and_migrate(path: &Path, now: Moment) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    check_owner(&connection, path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection, path, now)?;
    opening::remember(&mut connection, path, now)?;
    Ok(connection)
}

/// Leaves alone what another program or a newer version wrote, before anything is changed.
fn check_owner(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables != 0 && pragma("application_id")? != APPLICATION_ID {
        return Err(StoreError::NotAStore {
            path: path.to_owned(),
            reason: "another program's database".into(),
        });
    }
    check_version(pragma("user_version")?, path)
}

fn check_version(found: i64, path: &Path) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        let path = path.to_owned();
        return Err(StoreError::Newer { path, found, known });
    }
    Ok(())
}

fn migrate(db: &mut Connection, path: &Path, now: Moment) -> Result<(), StoreError> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    check_version(version, path)?;
    let taken = usize::try_from(version).unwrap_or(usize::MAX);
    for step in MIGRATIONS.iter().skip(taken) {
        transaction.execute_batch(step)?;
    }
    if version == 0 {
        let incarnation = opening::random()?;
        transaction.execute(
            "INSERT INTO relay (one, incarnation, since) VALUES (1, ?1, ?2)",
            params![incarnation, now.0],
        )?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// Says which file is damaged, where that is what SQLite found.
fn named(error: StoreError, path: &Path) -> StoreError {
    use rusqlite::ErrorCode;

    match error {
        StoreError::Sqlite(rusqlite::Error::SqliteFailure(code, _))
            if matches!(
                code.code,
                ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt
            ) =>
        {
            StoreError::NotAStore {
                path: path.to_owned(),
                reason: code.to_string(),
            }
        }
        error => error,
    }
}

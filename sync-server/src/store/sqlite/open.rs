//! Opening the file: pragmas, migrations, and what is refused.

use std::{path::Path, time::Duration};

use palier_core::{id::Incarnation, moment::Moment};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig, params};

use super::opening;
use crate::error::StoreError;

/// Every step of the schema, in order; `user_version` is the number of steps taken.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/relay-sqlite/0001_create_log.sql"),
    include_str!("../../../../migrations/relay-sqlite/0002_create_requests.sql"),
    include_str!("../../../../migrations/relay-sqlite/0003_name_team_of_invitation.sql"),
    include_str!("../../../../migrations/relay-sqlite/0004_remember_opening.sql"),
    include_str!("../../../../migrations/relay-sqlite/0005_add_up_tallies.sql"),
    include_str!("../../../../migrations/relay-sqlite/0006_count_answers.sql"),
];
/// "PLRY": says that the file is a relay's store (`PRAGMA application_id`).
const APPLICATION_ID: i64 = 0x504c_5259;
/// "PLRC": says that the file is a copy of one, which has not been served yet.
const COPY_ID: i64 = 0x504c_5243;
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
    plan_once(&connection)?;
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A connection that looks at a store, whether it is served or not, and changes nothing.
pub(crate) fn to_look(path: &Path) -> Result<Connection, StoreError> {
    let looking = || {
        let connection = to_read(path)?;
        check_owner(&connection, path)?;
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        check_current(version, path)?;
        Ok(connection)
    };
    looking().map_err(|error| named(error, path))
}

/// Says of a copy that it is one, looks it over, and counts its envelopes.
pub(crate) fn mark_as_copy(path: &Path) -> Result<u64, StoreError> {
    let db = Connection::open(path)?;
    db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;")?;
    db.pragma_update(None, "application_id", COPY_ID)?;
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(StoreError::Broken("the copy is damaged"));
    }
    super::rows::count(db.query_row("SELECT count(*) FROM log", [], |row| row.get(0))?)
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

/// Gives a store a new life: devices offer it everything that they hold.
pub(crate) fn begin_life(db: &Connection, now: Moment) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO relay (one, incarnation, since) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET incarnation = excluded.incarnation,
                                         since = excluded.since",
        params![opening::random()?, now.0],
    )?;
    Ok(())
}

fn open_and_migrate(path: &Path, now: Moment) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    check_owner(&connection, path)?;
    // Where the disk fails just now, SQLite keeps its older journal instead of a log and says
    // nothing; EXTRA lets a commit last with that one as well.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = EXTRA;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;",
    )?;
    plan_once(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection, path, now)?;
    opening::remember(&mut connection, path, now)?;
    Ok(connection)
}

fn application_id(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.pragma_query_value(None, "application_id", |row| row.get(0))?)
}

/// A statement's plan does not follow the values that are bound to it: else SQLite prepares it
/// again each time that one is.
fn plan_once(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Leaves alone what another program or a newer version wrote, before anything is changed.
fn check_owner(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let pragma = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables != 0 && ![APPLICATION_ID, COPY_ID].contains(&application_id(db)?) {
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

/// What an older version wrote is brought up to date by serving it, not by looking at it.
fn check_current(found: i64, path: &Path) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found < known {
        return Err(StoreError::NotAStore {
            path: path.to_owned(),
            reason: "an older version wrote it: start this one on it first".into(),
        });
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
        begin_life(&transaction, now)?;
    }
    if application_id(&transaction)? == COPY_ID {
        begin_life(&transaction, now)?;
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

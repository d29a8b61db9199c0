//! Opening the database: pragmas, then every step in one transaction.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, TransactionBehavior, config::DbConfig};
use zeroize::Zeroizing;

use super::Store;
use crate::error::Error;

/// The steps of a device's database, in order. Never edited once landed.
const STEPS: [&str; 13] = [
    include_str!("../../../../migrations/device/0001_create_device.sql"),
    include_str!("../../../../migrations/device/0002_choose_members.sql"),
    include_str!("../../../../migrations/device/0003_offer_and_wait.sql"),
    include_str!("../../../../migrations/device/0004_hand_over.sql"),
    include_str!("../../../../migrations/device/0005_follow_shifts.sql"),
    include_str!("../../../../migrations/device/0006_describe_buildings.sql"),
    include_str!("../../../../migrations/device/0007_come_back.sql"),
    include_str!("../../../../migrations/device/0008_end_lines.sql"),
    include_str!("../../../../migrations/device/0009_count_answers.sql"),
    include_str!("../../../../migrations/device/0010_leaflet_rounds.sql"),
    include_str!("../../../../migrations/device/0011_keep_kits.sql"),
    include_str!("../../../../migrations/device/0012_contact_no_more.sql"),
    include_str!("../../../../migrations/device/0013_choose_colour.sql"),
];

/// How long another program's turn is waited for.
const WAIT: std::time::Duration = std::time::Duration::from_secs(10);
/// How long another program is waited for that has a database open.
const ALONE_WAIT: std::time::Duration = std::time::Duration::from_millis(500);

/// The key that encrypts the database at rest, once the build has encryption.
pub type DatabaseKey = Zeroizing<[u8; 32]>;

impl Store {
    /// Opens a device's database at `path`, or makes it; `None` keeps it in memory.
    ///
    /// # Errors
    /// It was written by a newer version, is damaged (it is then moved aside and kept), cannot
    /// be written, or a key was given and this build encrypts nothing.
    pub(crate) fn open(path: Option<&Path>, key: Option<&DatabaseKey>) -> Result<Self, Error> {
        Self::open_with(&STEPS, path, key)
    }

    /// The same for a database that other steps make.
    pub(crate) fn open_with(
        steps: &[&str],
        path: Option<&Path>,
        key: Option<&DatabaseKey>,
    ) -> Result<Self, Error> {
        if key.is_some() {
            return Err(Error::NotEncrypted);
        }
        let Some(path) = path else {
            return Self::prepare(steps, Connection::open_in_memory()?);
        };
        match Connection::open(path)
            .map_err(Error::from)
            .and_then(|connection| Self::prepare(steps, connection))
        {
            Err(Error::Store(reason)) if is_damage(&reason) => Err(set_aside(path)),
            opened => opened,
        }
    }

    fn prepare(steps: &[&str], mut connection: Connection) -> Result<Self, Error> {
        connection.busy_timeout(WAIT)?;
        // Where the disk fails just now, SQLite keeps its older journal instead of a log and says
        // nothing; EXTRA lets a commit last with that one as well. What is deleted or written over
        // is also gone from the pages that are written anyway.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = EXTRA;
             PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY;
             PRAGMA secure_delete = FAST;
             PRAGMA trusted_schema = OFF;",
        )?;
        // Plans do not look at bound values; otherwise statements are prepared again each time
        // that one of them changes.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        migrate(steps, &mut connection)?;
        // A device that was killed between two taps may have left one in it.
        forget_log(&connection)?;
        // Room for every statement there is, about 150: none is prepared twice.
        connection.set_prepared_statement_cache_capacity(192);
        Ok(Self { connection })
    }

    /// Closes what only this connection may hold open: the log goes into the file.
    ///
    /// # Errors
    /// Another program has the database open ([`Error::InUse`]).
    pub(crate) fn be_alone(&self) -> Result<(), Error> {
        self.connection.busy_timeout(ALONE_WAIT)?;
        // Only who has a database alone may leave the log
        // (<https://www.sqlite.org/pragma.html#pragma_journal_mode>).
        let mode: Result<String, _> =
            self.connection
                .query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
        self.connection.busy_timeout(WAIT)?;
        match mode {
            Ok(mode) if mode == "wal" => Err(Error::InUse),
            Ok(_) => Ok(()),
            Err(reason) if reason.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                Err(Error::InUse)
            }
            Err(reason) => Err(reason.into()),
        }
    }
}

/// Moves what the log holds into the database and empties it: it would tell in which order rows
/// were changed. Where somebody else reads at this moment, the next time does it.
pub(super) fn forget_log(connection: &Connection) -> Result<(), Error> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn migrate(steps: &[&str], connection: &mut Connection) -> Result<(), Error> {
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(Error::NewerDatabase { found, known });
    }
    for step in steps
        .iter()
        .skip(usize::try_from(found).unwrap_or_default())
    {
        transaction.execute_batch(step)?;
    }
    if found < known {
        transaction.pragma_update(None, "user_version", known)?;
    }
    transaction.commit()?;
    Ok(())
}

fn is_damage(reason: &rusqlite::Error) -> bool {
    matches!(
        reason.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// Moves a damaged database and its log aside, under the first free number.
fn set_aside(path: &Path) -> Error {
    let aside = |number: u32, suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}{suffix}"));
        PathBuf::from(name)
    };
    let number = (1..u32::MAX)
        .find(|number| !aside(*number, "").exists())
        .unwrap_or(u32::MAX);
    for suffix in ["", "-wal", "-shm"] {
        let mut from = path.as_os_str().to_owned();
        from.push(suffix);
        // A file that is not there needs no moving; one that cannot be moved stays.
        let _ = std::fs::rename(PathBuf::from(from), aside(number, suffix));
    }
    Error::Damaged(aside(number, "").display().to_string())
}

/// Asserts that a database has the schema that a commented file gives.
#[cfg(test)]
pub(crate) fn assert_schema(database: &Connection, commented: &str) {
    let mut query = database
        .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        .unwrap();
    let real = query.query_map([], |row| row.get(0)).unwrap();
    let real: Vec<String> = real.collect::<Result<_, _>>().unwrap();
    assert_eq!(normalised(&real.join(";")), normalised(commented));
}

/// The statements of a schema without comments and white space.
#[cfg(test)]
fn normalised(sql: &str) -> Vec<String> {
    let bare: String = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .flat_map(|line| [line, " "])
        .collect();
    let mut statements: Vec<String> = bare
        .split(';')
        .map(|statement| statement.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|statement| {
            statement
                .replace("( ", "(")
                .replace(" )", ")")
                .replace(" ,", ",")
        })
        .filter(|statement| !statement.is_empty())
        .collect();
    statements.sort();
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_schema_is_the_real_one() {
        let store = Store::open(None, None).unwrap();
        let commented = include_str!("../../../../migrations/device.schema.sql");
        assert_schema(store.read(), commented);
    }

    #[test]
    fn a_database_of_before_keeps_its_team_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.sqlite3");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(STEPS[0]).unwrap();
        old.execute(
            "INSERT INTO team_key (team, epoch, key) VALUES (?1, 1, ?2)",
            [[7_u8; 16].as_slice(), &[5; 32]],
        )
        .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        let store = Store::open(Some(&path), None).unwrap();
        let team = palier_core::id::TeamId([7; 16]);
        let keys = crate::store::membership::keys(store.read(), team).unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!((keys[0].epoch, keys[0].bytes), (1, [5; 32]));
    }

    #[test]
    fn a_database_of_before_keeps_its_doors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.sqlite3");
        let old = Connection::open(&path).unwrap();
        for step in &STEPS[..5] {
            old.execute_batch(step).unwrap();
        }
        old.execute_batch(
            "INSERT INTO turf (id, team, name, station) VALUES (x'01', x'02', 'Un', '1');
             INSERT INTO turf_door (turf, door, address, stair, floor, label)
             VALUES (x'01', 'a/A/2/1', 'a', 'A', 2, '1');
             PRAGMA user_version = 5;",
        )
        .unwrap();
        drop(old);
        let store = Store::open(Some(&path), None).unwrap();
        let kept: (String, String) = store
            .read()
            .query_row("SELECT door, landing FROM turf_door", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(kept, ("a/A/2/1".into(), String::new()));
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.sqlite3");
        drop(Store::open(Some(&path), None).unwrap());
        let raw = Connection::open(&path).unwrap();
        raw.pragma_update(None, "user_version", 99).unwrap();
        drop(raw);
        let refused = Store::open(Some(&path), None).unwrap_err();
        assert_eq!(refused.code(), "newer_database");
        assert!(path.exists());
    }

    #[test]
    fn a_damaged_database_is_moved_aside_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.sqlite3");
        let damaged = vec![7_u8; 8_192];
        std::fs::write(&path, &damaged).unwrap();
        let refused = Store::open(Some(&path), None).unwrap_err();
        assert_eq!(refused.code(), "damaged");
        assert!(!path.exists());
        let kept = folder.path().join("device.sqlite3.damaged-1");
        assert_eq!(std::fs::read(kept).unwrap(), damaged);
        Store::open(Some(&path), None).unwrap();
    }
}

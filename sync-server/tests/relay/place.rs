//! Where a town keeps its store: in a file, or in a database of the PostgreSQL that
//! `PALIER_TEST_POSTGRES` names. Every story is the same over both; see `postgres.rs`.

use std::{
    env,
    path::Path,
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use palier_relay::StoreAt;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, NoTls};

use crate::program::store_in;

/// Names the server where stories make their databases.
pub(crate) const SERVER: &str = "PALIER_TEST_POSTGRES";

static DATABASES: AtomicU32 = AtomicU32::new(0);

pub(crate) enum Place {
    Folder(TempDir),
    Database(Database),
}

/// A database. One that a story made is gone when this is dropped: hundreds of them would fill
/// a small disk.
pub(crate) struct Database {
    pub(crate) url: String,
    /// The server that it was made on.
    made_on: Option<String>,
}

impl Place {
    /// A place where nothing is yet.
    pub(crate) async fn empty() -> Self {
        match env::var(SERVER) {
            Ok(server) => Self::Database(Database::make(server).await),
            Err(_unset) => Self::Folder(tempfile::tempdir().unwrap()),
        }
    }

    /// A database that something else made, and ends.
    pub(crate) const fn at(url: String) -> Self {
        let made_on = None;
        Self::Database(Database { url, made_on })
    }

    pub(crate) fn store(&self) -> StoreAt {
        match self {
            Self::Folder(folder) => StoreAt::Sqlite(folder.path().join("relay.db")),
            Self::Database(database) => database.url.parse().unwrap(),
        }
    }

    /// The store as the command line names it.
    pub(crate) fn named(&self) -> String {
        match self {
            Self::Folder(folder) => store_in(folder.path()),
            Self::Database(database) => database.url.clone(),
        }
    }

    /// The folder of a file; stories about files are told over nothing else.
    pub(crate) fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder) => folder.path(),
            Self::Database(..) => panic!("a story about files"),
        }
    }

    /// Changes what is kept, behind the relay's back, by statements that both stores know.
    pub(crate) async fn change(&self, sql: &str) {
        match self {
            Self::Folder(folder) => {
                let file = folder.path().join("relay.db");
                let db = rusqlite::Connection::open(file).unwrap();
                db.execute_batch(sql).unwrap();
            }
            Self::Database(database) => connect(&database.url)
                .await
                .batch_execute(sql)
                .await
                .unwrap(),
        }
    }

    /// The same, where the store itself would not let it happen.
    pub(crate) async fn damage(&self, sql: &str) {
        let unguarded = match self {
            Self::Folder(_) => "PRAGMA foreign_keys = OFF",
            Self::Database(..) => "SET session_replication_role = replica",
        };
        self.change(&format!("{unguarded}; {sql}")).await;
    }

    /// Bytes as a statement writes them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> String {
        let hex = data_encoding::HEXLOWER.encode(bytes);
        match self {
            Self::Folder(_) => format!("x'{hex}'"),
            Self::Database(..) => format!(r"'\x{hex}'"),
        }
    }
}

impl Database {
    /// A new database of a server.
    async fn make(server: String) -> Self {
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("town_{}_{number}", process::id());
        let sql = format!("CREATE DATABASE {name}");
        connect(&server).await.batch_execute(&sql).await.unwrap();
        let (host, _database) = server.rsplit_once('/').unwrap();
        Self {
            url: format!("{host}/{name}"),
            made_on: Some(server),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, (_, name))) = self.made_on.take().zip(self.url.rsplit_once('/')) else {
            return;
        };
        // Relays that stop may still hold it.
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        let dropped = thread::spawn(move || {
            let runtime = Runtime::new().unwrap();
            runtime.block_on(async { connect(&server).await.batch_execute(&sql).await })
        });
        // What stays goes with its server.
        let _told = dropped.join();
    }
}

/// A connection that lasts as long as it is held.
pub(crate) async fn connect(url: &str) -> Client {
    let settings: Config = url.parse().unwrap();
    let (client, connection) = settings.connect(NoTls).await.unwrap();
    // It ends with the client.
    tokio::spawn(async { connection.await.is_ok() });
    client
}

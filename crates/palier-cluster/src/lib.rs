//! A PostgreSQL that lives as long as a test or a benchmark: a folder of its own, reached over
//! a Unix socket in it, so that no port is taken, and gone at the end however that comes.
//!
//! Debian's packages bring the programs; where they stand elsewhere, `PALIER_POSTGRES_BIN`
//! names their folder.

mod account;
mod certificate;
mod guardian;
mod server;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

pub use server::Server;

use crate::{account::Account, certificate::Certificate, guardian::Guardian};

/// Where Debian's packages put the programs.
const DEBIAN_BIN: &str = "/usr/lib/postgresql/15/bin";

/// For tests that ask what a store answers: nothing is flushed, since nothing is cut, and its
/// log takes little room.
pub const NOT_DURABLE: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("min_wal_size", "32MB"),
    ("max_wal_size", "64MB"),
];
/// For tests of durability, and measures: PostgreSQL as it is set up by itself.
pub const DURABLE: &[(&str, &str)] = &[("fsync", "on"), ("synchronous_commit", "on")];

/// A folder with one server or several, gone when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    place: Place,
    primary: Server,
    certificate: Option<Certificate>,
    databases: AtomicU32,
    /// Stops and removes everything.
    _guardian: Guardian,
}

/// Where the programs and the files of a cluster are, and whose they are.
#[derive(Clone, Debug)]
struct Place {
    folder: PathBuf,
    bin: PathBuf,
    account: Account,
}

impl Cluster {
    /// Makes a cluster with these settings and starts it.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start; the error holds what it said.
    pub fn start(settings: &[(&str, &str)]) -> io::Result<Self> {
        Self::create(settings, |_place| Ok(None))
    }

    /// Makes a cluster that is not durable and also answers over TLS, on a free port of this
    /// machine, as a server of this name. [`Cluster::authority`] signed its certificate.
    ///
    /// # Errors
    /// As for [`Cluster::start`]; or `openssl` is not there.
    pub fn start_with_tls(name: &str) -> io::Result<Self> {
        Self::create(NOT_DURABLE, |place| {
            Certificate::issue(place, name).map(Some)
        })
    }

    fn create(
        settings: &[(&str, &str)],
        certify: impl FnOnce(&Place) -> io::Result<Option<Certificate>>,
    ) -> io::Result<Self> {
        let bin = env::var_os("PALIER_POSTGRES_BIN").map_or_else(|| DEBIAN_BIN.into(), Into::into);
        let account = Account::ordinary()?;
        let folder = tempfile::Builder::new().prefix("palier-pg-").tempdir()?;
        account.own(folder.path())?;
        let place = Place {
            folder: folder.keep(),
            bin,
            account,
        };
        let guardian = Guardian::start(&place)?;
        let certificate = certify(&place)?;
        let mut primary = Server::create(&place, "primary", settings)?;
        if let Some(certificate) = &certificate {
            primary.listen(certificate)?;
        }
        primary.start()?;
        Ok(Self {
            place,
            primary,
            certificate,
            databases: AtomicU32::new(0),
            _guardian: guardian,
        })
    }

    /// The file of the authority that signed the certificate of a server with TLS.
    #[must_use]
    pub fn authority(&self) -> Option<PathBuf> {
        self.certificate.as_ref().map(Certificate::authority)
    }

    /// The server that the cluster began with.
    #[must_use]
    pub const fn primary(&self) -> &Server {
        &self.primary
    }

    /// An empty database with a name of its own, and how to reach it.
    ///
    /// # Errors
    /// The server refuses.
    pub fn database(&self) -> io::Result<String> {
        let name = format!("relay_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.primary
            .query("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.primary.url(&name))
    }

    /// A server that follows the primary, started. Once it is there, the primary answers a
    /// commit only when it stands on this server's disk as well.
    ///
    /// # Errors
    /// The copy fails, or the server does not start.
    pub fn synchronous_replica(&self, name: &str) -> io::Result<Server> {
        let replica = Server::copy(&self.place, &self.primary, name)?;
        replica.start()?;
        self.primary.query(
            "postgres",
            &format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'"),
        )?;
        self.primary.query("postgres", "SELECT pg_reload_conf()")?;
        Ok(replica)
    }

    /// How to reach the one of these servers that takes writes.
    #[must_use]
    pub fn url_of_writable(servers: &[&Server], database: &str) -> String {
        let hosts: Vec<_> = servers.iter().map(|server| server.host()).collect();
        format!(
            "postgres://palier@{}/{database}?target_session_attrs=read-write",
            hosts.join(",")
        )
    }
}

impl Place {
    /// One of PostgreSQL's programs, run as an ordinary account.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        // The caller's folder may be closed to that account.
        command.current_dir(&self.folder).env_remove("PGOPTIONS");
        self.account.runs(&mut command);
        command
    }
}

/// Runs a program to its end, and gives what it printed.
fn run(command: &mut Command) -> io::Result<String> {
    let ran = command.output().map_err(|reason| {
        let program = Path::new(command.get_program()).display();
        io::Error::new(
            reason.kind(),
            format!("{program}: {reason}; is postgresql-15 installed?"),
        )
    })?;
    if ran.status.success() {
        Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&ran.stderr);
        Err(io::Error::other(format!("{command:?}: {said}")))
    }
}

/// Adds settings at the end of a server's file; the last one of a name counts.
fn add_settings(file: &Path, settings: &[(&str, &str)]) -> io::Result<()> {
    let lines = settings
        .iter()
        .map(|(name, value)| format!("{name} = '{value}'\n"));
    let text = fs::read_to_string(file)? + &lines.collect::<String>();
    fs::write(file, text)
}

#[cfg(test)]
mod tests;

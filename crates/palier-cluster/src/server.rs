//! One server of a cluster.

use std::{
    fs, io,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::Command,
};

use crate::{Place, add_settings, certificate::Certificate, run};

/// The one account of the databases; only who can reach the socket can use it.
const OWNER: &str = "palier";
/// The port of PostgreSQL, which names sockets as well.
const PORT: u16 = 5_432;
/// Bytes of a log's end that are told.
const LOG_END: usize = 4_000;
/// Seconds that a server may take to start or to become a primary.
const PATIENCE_S: &str = "60";

/// One server of a cluster.
#[derive(Debug)]
pub struct Server {
    place: Place,
    data: PathBuf,
    /// The folder of its socket.
    socket: PathBuf,
    /// Part of the name of its socket, and where it listens if it does.
    port: u16,
}

impl Server {
    /// Makes the files of a new server.
    pub(crate) fn create(place: &Place, name: &str, settings: &[(&str, &str)]) -> io::Result<Self> {
        let server = Self::at(place, name)?;
        run(place
            .program("initdb")
            .args(["--auth", "trust", "--username", OWNER])
            .args(["--encoding", "UTF8", "--locale", "C"])
            .args(["--no-sync", "--no-instructions", "-D"])
            .arg(&server.data))?;
        add_settings(&server.settings_file(), settings)?;
        server.set_place(name)?;
        Ok(server)
    }

    /// Makes the files of a server that follows another.
    pub(crate) fn copy(place: &Place, of: &Self, name: &str) -> io::Result<Self> {
        let server = Self::at(place, name)?;
        run(place
            .program("pg_basebackup")
            .args(["--wal-method", "stream", "--checkpoint", "fast"])
            .args(["--write-recovery-conf", "--no-sync"])
            .args(["--create-slot", "--slot", name, "--username", OWNER])
            .arg("--host")
            .arg(&of.socket)
            .arg("-D")
            .arg(&server.data))?;
        server.set_place(name)?;
        Ok(server)
    }

    fn at(place: &Place, name: &str) -> io::Result<Self> {
        let socket = place.folder.join(format!("{name}-socket"));
        fs::create_dir(&socket)?;
        place.account.own(&socket)?;
        Ok(Self {
            data: place.folder.join(name),
            socket,
            port: PORT,
            place: place.clone(),
        })
    }

    fn settings_file(&self) -> PathBuf {
        self.data.join("postgresql.conf")
    }

    fn set_place(&self, name: &str) -> io::Result<()> {
        let socket = self.socket.display().to_string();
        add_settings(
            &self.settings_file(),
            &[
                ("listen_addresses", ""),
                ("unix_socket_directories", &socket),
                // What a replica calls itself when it follows.
                ("cluster_name", name),
                ("max_connections", "200"),
            ],
        )
    }

    /// Has it listen on a free port of this machine, with TLS.
    pub(crate) fn listen(&mut self, certificate: &Certificate) -> io::Result<()> {
        self.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let port = self.port.to_string();
        let own = [("listen_addresses", "127.0.0.1"), ("port", &port)];
        add_settings(&self.settings_file(), &own)?;
        let settings = certificate.settings();
        let settings = settings
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        add_settings(&self.settings_file(), &settings)
    }

    fn log(&self) -> PathBuf {
        self.data.join("server.log")
    }

    /// The end of what it said of itself, for a test that fell; empty if that cannot be read.
    #[must_use]
    pub fn said(&self) -> String {
        let said = fs::read(self.log()).unwrap_or_default();
        let end = said.split_at(said.len().saturating_sub(LOG_END)).1;
        String::from_utf8_lossy(end).into_owned()
    }

    /// Starts it, and waits until it answers.
    ///
    /// # Errors
    /// It does not start; the error holds its log.
    pub fn start(&self) -> io::Result<()> {
        let started = run(self
            .control("start")
            .args(["--wait", "--timeout", PATIENCE_S, "--log"])
            .arg(self.log()));
        started
            .map(drop)
            .map_err(|reason| io::Error::other(format!("{reason}\n{}", self.said())))
    }

    /// Ends it as a power cut does: nothing is finished, nobody is told.
    ///
    /// # Errors
    /// It does not run.
    pub fn kill(&self) -> io::Result<()> {
        let file = fs::read_to_string(self.data.join("postmaster.pid"))?;
        let process = file.lines().next().unwrap_or_default();
        run(Command::new("kill").args(["-KILL", process])).map(drop)
    }

    /// Makes a replica a primary, and waits until it takes writes.
    ///
    /// # Errors
    /// It is no replica, or does not run.
    pub fn promote(&self) -> io::Result<()> {
        run(self
            .control("promote")
            .args(["--wait", "--timeout", PATIENCE_S]))
        .map(drop)
    }

    /// What a statement answers, a line a row.
    ///
    /// # Errors
    /// The server refuses it.
    pub fn query(&self, database: &str, sql: &str) -> io::Result<String> {
        run(self
            .place
            .program("psql")
            .args(["--no-psqlrc", "--no-align", "--tuples-only", "--quiet"])
            .args(["--set", "ON_ERROR_STOP=1", "--username", OWNER])
            .arg("--host")
            .arg(&self.socket)
            .args(["--port", &self.port.to_string()])
            .args(["--dbname", database, "--command", sql]))
    }

    /// How to reach a database of it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{OWNER}@{}/{database}", self.host())
    }

    /// The folder of its socket, as an address writes it, with the port where it is not
    /// PostgreSQL's.
    pub(crate) fn host(&self) -> String {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        match self.port {
            PORT => socket,
            port => format!("{socket}:{port}"),
        }
    }

    /// How to reach a database of it over the network, where it listens.
    #[must_use]
    pub fn url_at(&self, host: &str, database: &str) -> String {
        format!("postgres://{OWNER}@{host}:{}/{database}", self.port)
    }

    fn control(&self, what: &str) -> Command {
        let mut command = self.place.program("pg_ctl");
        command.arg(what).arg("-D").arg(&self.data);
        command
    }
}

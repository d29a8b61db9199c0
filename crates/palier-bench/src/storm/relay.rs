//! The relay in a process of its own: this same program, told to serve.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use clap::Args;
use palier_relay::{Config, Limits, Rate, Relay, StoreAt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What the process is told.
#[derive(Args, Clone)]
pub(crate) struct Serve {
    /// Where it listens.
    #[arg(long)]
    listen: SocketAddr,
    /// Its file.
    #[arg(long)]
    store: PathBuf,
    /// Lets any number of devices in that nobody knows.
    #[arg(long)]
    open: bool,
}

/// Serves until it is killed.
pub(crate) async fn serve(asked: Serve) -> Result<()> {
    let mut config = Config::new(asked.listen, StoreAt::Sqlite(asked.store));
    if asked.open {
        let strangers = Rate {
            requests: u32::MAX,
            ..config.limits.strangers
        };
        config.limits = Limits {
            strangers,
            ..config.limits
        };
    }
    allow_files(config.limits.connections)?;
    let relay = Relay::start(config).await?;
    crate::print(&relay.url().into())?;
    std::future::pending::<()>().await;
    relay.stop().await;
    Ok(())
}

/// A relay that runs, and ends with this.
pub(super) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    pub(super) fn start(store: &Path, at: Option<SocketAddr>, open: bool) -> Result<Self> {
        let at = at.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve-a-storm").arg("--store").arg(store);
        command.arg("--listen").arg(at.to_string());
        if open {
            command.arg("--open");
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let said = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line)?;
        let address = line.trim().trim_matches('"').strip_prefix("http://");
        let address = address.context("the relay did not start")?.parse()?;
        Ok(Self { child, address })
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it as a power cut does.
    pub(super) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Memory that it holds.
    pub(super) fn resident_kib(&self) -> Result<u64> {
        self.status("VmRSS:")
    }

    /// The most memory that it held.
    pub(super) fn peak_kib(&self) -> Result<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kib
            .context("the system says nothing about memory")?
            .trim()
            .parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Raises what the system allows of open files, as far as it lets itself be raised.
pub(super) fn allow_files(wanted: usize) -> Result<()> {
    let wanted = wanted as u64;
    let now = getrlimit(Resource::Nofile);
    if now.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    ensure!(
        now.maximum.is_none_or(|most| most >= wanted),
        "the system allows no {wanted} open files: ask for fewer devices"
    );
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(wanted),
            maximum: now.maximum,
        },
    )?;
    Ok(())
}

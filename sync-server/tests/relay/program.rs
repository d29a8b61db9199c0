//! The relay as the program that people start.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

/// How a store in a folder is named on the command line.
pub(crate) fn store_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("relay.db").display())
}

/// Runs it to its end: its code, what it printed, and what it said of itself.
pub(crate) fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let ran = command().args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_palier-relay"))
}

/// A relay that serves, and is killed when this is dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Serves a store in a folder, and logs as `RUST_LOG` says.
    pub(crate) fn serve(folder: &Path, log: &str, more: &[&str]) -> Self {
        let mut child = command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--store", &store_in(folder)])
            .args(more)
            .env("RUST_LOG", log)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("palier-relay listens on http://")
            .unwrap();
        Self {
            address: address.parse().unwrap(),
            child,
        }
    }

    /// The most memory that it ever held.
    pub(crate) fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim().trim_end_matches(" kB");
        kib.parse::<u64>().unwrap() / 1_024
    }

    /// Tells it to stop, and gives what it wrote on standard error until its end.
    pub(crate) fn stop(mut self) -> String {
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        let mut log = String::new();
        let mut error = self.child.stderr.take().unwrap();
        error.read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success());
        log
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

//! PostgreSQL does not run as root: then it runs as an account that has no rights.

use std::{
    fs, io,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

/// Accounts that PostgreSQL may run as, the best first.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// Who the servers run as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account(Option<Ids>);

#[derive(Clone, Copy, Debug)]
struct Ids {
    user: u32,
    group: u32,
}

impl Account {
    /// Ourselves, or an ordinary account where we are root.
    pub(crate) fn ordinary() -> io::Result<Self> {
        // The owner of a process's own folder is who it runs as.
        if fs::metadata("/proc/self").is_ok_and(|own| own.uid() != 0) {
            return Ok(Self(None));
        }
        let accounts = fs::read_to_string("/etc/passwd")?;
        let ids = NAMES.iter().find_map(|name| find(&accounts, name));
        ids.map(|ids| Self(Some(ids)))
            .ok_or_else(|| io::Error::other("there is no account `postgres` nor `nobody`"))
    }

    /// Gives a file or folder to the account.
    pub(crate) fn own(self, path: &Path) -> io::Result<()> {
        self.0
            .map_or(Ok(()), |ids| chown(path, Some(ids.user), Some(ids.group)))
    }

    /// Has a command run as the account.
    pub(crate) fn runs(self, command: &mut Command) {
        if let Some(ids) = self.0 {
            command.uid(ids.user).gid(ids.group);
        }
    }
}

fn find(accounts: &str, name: &str) -> Option<Ids> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        // The second field stands for the password.
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        Some(Ids { user, group })
    })
}

//! What ends a cluster even when its test was killed.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

use crate::Place;

/// Waits until its input is closed, which the end of the one that started it does as well;
/// then stops each server and removes the folder.
const SCRIPT: &str = r#"
cat >/dev/null
for running in "$1"/*/postmaster.pid; do
  [ -e "$running" ] && "$2/pg_ctl" -D "${running%/*}" -m immediate -w stop
done
rm -rf "$1"
"#;

/// A process that waits for our end.
#[derive(Debug)]
pub(crate) struct Guardian(Child);

impl Guardian {
    pub(crate) fn start(place: &Place) -> io::Result<Self> {
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT, "palier-guardian"])
            .args([&place.folder, &place.bin])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // What interrupts the test does not interrupt it.
            .process_group(0);
        place.account.runs(&mut command);
        Ok(Self(command.spawn()?))
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // Whatever goes wrong here, there is nobody to tell.
        let _ended = self.0.wait().is_ok();
    }
}

//! A process that is started to be killed, and what it said until then.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result};

/// What a life says begins with this, since the test harness speaks as well.
const MARK: &str = "life: ";
/// Where a life finds its folder, or its file.
const HOME: &str = "PALIER_LIFE_HOME";
/// From which number a life goes on counting.
const FROM: &str = "PALIER_LIFE_FROM";

/// A process that runs one test of this binary.
pub(super) struct Life {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Life {
    /// Starts the test of this name.
    pub(super) fn begin(test: &str, home: &Path, from: u32) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([test, "--exact", "--ignored", "--nocapture"])
            .env(HOME, home)
            .env(FROM, from.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = child.stdout.take().context("no standard output")?;
        let said = BufReader::new(said).lines();
        Ok(Self { child, said })
    }

    /// The next thing it says; `None` when it is over.
    pub(super) fn next_word(&mut self) -> Result<Option<String>> {
        for line in self.said.by_ref() {
            if let Some((_, word)) = line?.split_once(MARK) {
                return Ok(Some(word.to_owned()));
            }
        }
        Ok(None)
    }

    /// Kills it, and gives what it had said and nobody had read.
    pub(super) fn kill(mut self) -> Result<Vec<String>> {
        self.child.kill()?;
        self.child.wait()?;
        let mut rest = Vec::new();
        while let Some(word) = self.next_word()? {
            rest.push(word);
        }
        Ok(rest)
    }
}

impl Drop for Life {
    /// A test that falls leaves no process behind.
    fn drop(&mut self) {
        // An error says that it is dead already.
        let _dead = self.child.kill().is_err();
        let _known = self.child.wait().is_err();
    }
}

/// Where this life is at home and from which number it counts, in a process that is one.
pub(super) fn here() -> Option<(std::path::PathBuf, u32)> {
    let home = std::env::var_os(HOME)?;
    let from = std::env::var(FROM).ok()?.parse().ok()?;
    Some((home.into(), from))
}

/// Says one line, at once. An error says that nobody is left to hear it.
pub(super) fn say(word: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    // In one piece: the kernel takes a short line whole or not at all.
    out.write_all(format!("{MARK}{word}\n").as_bytes())?;
    Ok(out.flush()?)
}

/// How many lives a test has.
pub(super) fn lives(variable: &str) -> usize {
    let asked = std::env::var(variable).ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(300)
}

//! `palier`, left running until it is dropped.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use serde_json::Value;

use crate::home::Home;

/// A command that goes on, and the one value that it said first.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) said: Value,
}

impl Running {
    pub(crate) fn start<const N: usize>(home: &Home, args: [&str; N]) -> Self {
        let mut child = home
            .command(args)
            .arg("--json")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        Self {
            child,
            said: serde_json::from_str(&line).unwrap(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

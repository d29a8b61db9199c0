//! Standard output and standard error: the only place that writes to them.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::Value;

use crate::failure::Failure;

/// How answers are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    /// As one JSON value, instead of lines for a person.
    pub(crate) json: bool,
}

impl Out {
    /// Writes one JSON value on a line of its own.
    ///
    /// # Errors
    /// Standard output is closed.
    pub(crate) fn value(self, value: &Value) -> Result<(), Failure> {
        self.text(&format!("{value}\n"))
    }

    /// Writes a text as it is.
    ///
    /// # Errors
    /// Standard output is closed.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(Failure::Output)
    }
}

/// Ends a command: one line on standard error where it failed.
pub(crate) fn end(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the answer has read enough.
        Err(Failure::Output(reason)) if reason.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let line = failure.to_string().replace(['\n', '\r'], " ");
            // Where standard error is closed too, the exit code says it.
            let _ = writeln!(io::stderr(), "palier: {line}");
            ExitCode::FAILURE
        }
    }
}

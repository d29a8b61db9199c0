//! `palier`: a device in a terminal.

use std::process::ExitCode;

fn main() -> ExitCode {
    palier_cli::main()
}

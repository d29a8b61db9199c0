//! Reads `tauri.conf.json`, and opens two commands to the interface.

use std::{error::Error, fs, path::Path};

use tauri_build::{AppManifest, Attributes};

fn main() -> Result<(), Box<dyn Error>> {
    let interface = Path::new("../ui/dist");
    // Rust is checked before the interface is built.
    if !interface.join("index.html").exists() {
        fs::create_dir_all(interface)?;
        fs::write(
            interface.join("index.html"),
            "<!doctype html><title>Palier</title><p>Build the interface first: make ui\n",
        )?;
    }
    let commands = AppManifest::new().commands(&["ask", "opened_link"]);
    tauri_build::try_build(Attributes::new().app_manifest(commands))?;
    println!("cargo:rerun-if-changed={}", interface.display());
    Ok(())
}

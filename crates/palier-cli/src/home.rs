//! Where the device lives when nobody says.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// The device's folder: the one that was given, otherwise the platform's data folder.
///
/// # Errors
/// None was given, and the platform names none.
pub(crate) fn folder(given: Option<PathBuf>) -> Result<PathBuf, Failure> {
    given
        .filter(|folder| !folder.as_os_str().is_empty())
        .or_else(platform_folder)
        .ok_or_else(|| Failure::Said("say where the device lives, with --home".into()))
}

fn platform_folder() -> Option<PathBuf> {
    if cfg!(target_os = "windows") {
        return set("APPDATA").map(|folder| folder.join("Palier"));
    }
    let home = set("HOME")?;
    if cfg!(target_os = "macos") {
        return Some(home.join("Library/Application Support/Palier"));
    }
    // XDG Base Directory Specification 0.8: a relative path is to be ignored.
    let data = set("XDG_DATA_HOME").filter(|folder| folder.is_absolute());
    Some(
        data.unwrap_or_else(|| home.join(".local/share"))
            .join("palier"),
    )
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(|value| Path::new(&value).to_owned())
}

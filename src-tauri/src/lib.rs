//! The window: the interface of `ui/`, on the device of this machine.
//!
//! A command is one call into [`palier_device::api`]. Nothing else lives here.

mod ask;
mod link;
mod opened;
mod tiles;

use std::{
    env,
    io::{self, Write},
    path::PathBuf,
    process,
};

use palier_device::Shelf;
use tauri::{App, AppHandle, Emitter, Manager, WebviewWindowBuilder, async_runtime};

use link::Link;
use opened::Opened;

/// Where the device is kept, instead of the system's folder for this app's data.
const HOME: &str = "PALIER_HOME";
/// What the interface hears when something may have changed on the screen.
const CHANGED: &str = "palier://changed";

/// Opens the window, and returns when it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let made = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![ask::ask, link::opened_link])
        .register_asynchronous_uri_scheme_protocol(tiles::SCHEME, tiles::answer)
        .manage(Link::given(env::args_os()))
        .setup(|app| Ok(start(app)?))
        .build(tauri::generate_context!());
    match made {
        Ok(app) => app.run(|app, event| link::heed(app, &event)),
        Err(reason) => {
            // When standard error is gone too, there is nobody left to tell.
            let _gone = writeln!(io::stderr(), "palier-window: {reason}").is_err();
            process::exit(1);
        }
    }
}

fn start(app: &App) -> tauri::Result<()> {
    let opened = Opened::in_folder(&home(app)?);
    if let Opened::Device(shelf) = &opened {
        let synced = shelf.clone();
        async_runtime::spawn(async move { synced.keep_synced().await });
        async_runtime::spawn(tell_changes(app.handle().clone(), shelf.clone()));
    }
    let look = opened.look().script();
    app.manage(opened);
    // Made here and not by the configuration: the first paint looks as it was chosen.
    for window in &app.config().app.windows {
        WebviewWindowBuilder::from_config(app.handle(), window)?
            .initialization_script(&look)
            .build()?;
    }
    Ok(())
}

fn home(app: &App) -> tauri::Result<PathBuf> {
    match env::var_os(HOME) {
        Some(folder) if !folder.is_empty() => Ok(folder.into()),
        _ => app.path().app_data_dir(),
    }
}

async fn tell_changes(window: AppHandle, shelf: Shelf) {
    let mut changes = shelf.changes();
    while changes.changed().await.is_ok() {
        // A window that is closing needs no news.
        let _closing = window.emit(CHANGED, ()).is_err();
    }
}

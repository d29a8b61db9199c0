//! The one command.

use palier_device::{
    api::{Reply, Request},
    error::Told,
};
use tauri::State;

use crate::opened::Opened;

/// Asks the device one question.
#[tauri::command]
pub(crate) async fn ask(device: State<'_, Opened>, request: Request) -> Result<Reply, Told> {
    device.ask(request).await
}

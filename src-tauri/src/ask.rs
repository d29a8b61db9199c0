//! The one command.

use palier_device::{
    Error,
    api::{Reply, Request},
};
use serde::Serialize;
use tauri::State;

use crate::opened::Opened;

/// What the interface gets instead of an answer.
#[derive(Clone, Serialize)]
pub(crate) struct Refusal {
    /// The word that the interface translates.
    pub(crate) code: String,
    /// The same for a log or a terminal.
    pub(crate) message: String,
}

impl From<Error> for Refusal {
    fn from(reason: Error) -> Self {
        Self {
            code: reason.code(),
            message: reason.to_string(),
        }
    }
}

/// Asks the device one question.
#[tauri::command]
pub(crate) async fn ask(device: State<'_, Opened>, request: Request) -> Result<Reply, Refusal> {
    device.ask(request).await
}

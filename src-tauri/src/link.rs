//! The invitation link that the system opens with the app.

use std::{
    ffi::OsString,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tauri::{AppHandle, RunEvent, State};

/// How a link begins that the system may open with the app.
const SCHEMES: [&str; 3] = ["palier:", "https:", "http:"];

/// The link that was opened last, until the interface takes it. It is read by nobody else: the
/// join screen shows it, and a person decides.
#[derive(Default)]
pub(crate) struct Link(Mutex<Option<String>>);

impl Link {
    /// The link among a program's arguments, where a desktop puts it.
    pub(crate) fn given(arguments: impl Iterator<Item = OsString>) -> Self {
        let is_link = |argument: &String| SCHEMES.iter().any(|scheme| argument.starts_with(scheme));
        let mut texts = arguments.skip(1).filter_map(|text| text.into_string().ok());
        Self(Mutex::new(texts.find(is_link)))
    }

    fn held(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the link that was opened, once.
#[tauri::command]
pub(crate) fn opened_link(link: State<'_, Link>) -> Option<String> {
    link.held().take()
}

/// Keeps a link that is opened while the app runs, and tells the interface.
#[cfg(any(target_os = "macos", target_os = "ios", target_os = "android"))]
pub(crate) fn heed(app: &AppHandle, event: &RunEvent) {
    use tauri::{Emitter, Manager};

    if let RunEvent::Opened { urls } = event
        && let Some(url) = urls.last()
    {
        *app.state::<Link>().held() = Some(url.to_string());
        // A window that is closing needs no link.
        let _closing = app.emit("palier://opened", ()).is_err();
    }
}

/// Here a link is an argument of the program, and opens a window of its own.
#[cfg(not(any(target_os = "macos", target_os = "ios", target_os = "android")))]
pub(crate) const fn heed(_app: &AppHandle, _event: &RunEvent) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_among_the_arguments_and_taken_once() {
        let cases: [(&[&str], Option<&str>); 5] = [
            (&["palier-window"], None),
            (&["palier-window", "--automation"], None),
            (&["https://not.this/join#A"], None),
            (
                &["palier-window", "palier://relay/join#A"],
                Some("palier://relay/join#A"),
            ),
            (
                &["palier-window", "-x", "https://relay/join#A"],
                Some("https://relay/join#A"),
            ),
        ];
        for (arguments, expected) in cases {
            let link = Link::given(arguments.iter().map(OsString::from));
            assert_eq!(link.held().take().as_deref(), expected);
            assert_eq!(link.held().take(), None);
        }
    }
}

//! `sync --watch`: stays synced until it is interrupted.

use std::time::Duration;

use palier_device::api::{Api, Reply, Request, reply::Status};
use serde_json::json;

use crate::{failure::Failure, out::Out, serve::interrupted};

/// How often the device's own disk is asked whether another command recorded something. The
/// network is not asked on a clock.
const LOOK: Duration = Duration::from_secs(2);

/// Keeps the device synced, with one line for each sync.
///
/// # Errors
/// The device is in no campaign, or nobody reads the lines any more.
pub(crate) async fn run(api: Api, out: Out) -> Result<(), Failure> {
    let mut queued = status(&api).await?.queued;
    let mut synced = api.changes();
    let keeping = {
        let api = api.clone();
        tokio::spawn(async move { api.keep_synced().await })
    };
    let stop = interrupted();
    tokio::pin!(stop);
    let done = loop {
        tokio::select! {
            () = &mut stop => break Ok(()),
            changed = synced.changed() => {
                if changed.is_err() {
                    break Ok(());
                }
                let told = match status(&api).await {
                    Ok(status) => {
                        queued = status.queued;
                        say(&status, out)
                    }
                    Err(failure) => Err(failure),
                };
                if told.is_err() {
                    break told;
                }
            }
            () = tokio::time::sleep(LOOK) => {
                let now = status(&api).await?.queued;
                if now > queued {
                    // Whether it went well shows in the line that follows.
                    let _ = api.sync().await;
                }
                queued = now;
            }
        }
    };
    keeping.abort();
    done
}

async fn status(api: &Api) -> Result<Status, Failure> {
    match api.ask(Request::Status).await? {
        Reply::Status(status) if status.campaign_id.is_some() => Ok(status),
        _ => Err(palier_device::Error::NotInCampaign.into()),
    }
}

fn say(status: &Status, out: Out) -> Result<(), Failure> {
    if out.json {
        return out.value(&json!({
            "online": status.online,
            "queued": status.queued,
            "sent": status.sent,
            "refused": status.refused,
            "last_sync": status.last_sync,
        }));
    }
    let last = status.last_sync.as_deref().unwrap_or("never");
    let how = if status.online == Some(true) {
        "synced"
    } else {
        "the relay does not answer"
    };
    out.text(&format!(
        "{how}: {} to send, {} sent, {} refused, last sync {last}\n",
        status.queued, status.sent, status.refused
    ))
}

//! Asking to be let in, and hearing of those who ask.

use std::time::Duration;

use palier_core::{refusal::Refusal, wire};
use tokio::sync::watch;

use super::{joining::introduce, wait::chance};
use crate::{
    api::{Api, reply::SyncReport},
    error::Error,
    relay::Acceptance,
};

/// How long a request waits at most until a lead who syncs by itself sees it.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

impl Api {
    /// Sends this device's request to join where the relay does not have it, and asks what
    /// became of it; enters the campaign once it was accepted. Does nothing where nothing was
    /// asked.
    ///
    /// # Errors
    /// Nobody answered the request yet ([`Refusal::Waiting`]), it was declined, the relay did
    /// not let the device in, or it is away.
    pub(super) async fn ask_to_join(&self) -> Result<(), Error> {
        let Some(ask) = self.with(|device| device.to_ask()).await? else {
            return Ok(());
        };
        let relay = self.relay_at(&ask.relay);
        let asker = self.asker(ask.campaign).await?;
        if let Some(request) = ask.unsent {
            let answer = relay
                .push(&asker, wire::write_push([request.as_slice()]))
                .await?;
            self.with(move |device| device.note_asked(&answer)).await?;
        }
        match relay.acceptance(&asker).await? {
            Acceptance::Waiting => Err(Error::Refused(Refusal::Waiting)),
            Acceptance::Declined => {
                self.with(|device| device.note_declined()).await?;
                self.note_shown();
                Err(Error::Declined)
            }
            Acceptance::Accepted(chain) => {
                let joining = self
                    .with(move |device| device.begin_accepted(&chain))
                    .await?;
                let answer = introduce(&relay, &asker, &joining).await?;
                let entered = self
                    .with(
                        move |device| match device.finish_joining(joining, &answer) {
                            Err(Error::Refused(refusal)) => {
                                device.note_not_let_in(refusal)?;
                                Err(Error::Refused(refusal))
                            }
                            entered => entered,
                        },
                    )
                    .await;
                self.note_shown();
                entered
            }
        }
    }

    /// Tells the relay of requests that were declined here, and fetches those that wait.
    pub(super) async fn exchange_requests(&self) -> Result<(), Error> {
        for (space, device) in self.with(|device| device.declined()).await? {
            let (relay, asker) = self.relay().await?;
            relay.decline_request(&asker, space, device).await?;
            self.with(move |it| it.note_decline_sent(space, device))
                .await?;
        }
        for space in self.with(|device| device.spaces_with_requests()).await? {
            let (relay, asker) = self.relay().await?;
            let envelopes = relay.requests(&asker, space).await?;
            self.with(move |device| device.note_requests(space, &envelopes))
                .await?;
        }
        Ok(())
    }

    /// Comes back when it is time to look for requests again, at a random moment in the second
    /// half of [`LOOK_AGAIN`]; never where this device accepts nobody.
    pub(super) async fn requests_are_due(&self) {
        match self.with(|device| device.spaces_with_requests()).await {
            Ok(spaces) if !spaces.is_empty() => {
                let half = LOOK_AGAIN / 2;
                tokio::time::sleep(half + half.mul_f64(chance())).await;
            }
            _ => std::future::pending().await,
        }
    }

    /// Keeps whether the relay says that this device's rights were taken back.
    pub(super) async fn note_rights(&self, done: &Result<SyncReport, Error>) -> Result<(), Error> {
        let removed = match done {
            Ok(_) => false,
            Err(Error::Refused(Refusal::Revoked)) => true,
            Err(_) => return Ok(()),
        };
        self.with(move |device| device.note_removed(removed)).await
    }

    /// Comes back when something is tapped while this device waits to be let in: another
    /// request may have been made. Never comes back where nothing waits.
    pub(super) async fn asked_anew(&self, taps: &mut watch::Receiver<u64>) {
        let waits = self.with(|device| device.to_ask()).await;
        if !matches!(waits, Ok(Some(_))) || taps.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

//! Sync that nobody asks for: after a tap, at the relay's word, and once the relay is back.

use std::time::Duration;

use super::wait::wait_at_least;
use crate::{api::Api, error::Error};

/// How long taps are gathered before they are sent.
const GATHER: Duration = Duration::from_millis(1_500);

impl Api {
    /// Syncs for as long as it is let run: after each tap, at the relay's word, and after a
    /// failure with a growing, random wait. While all is well nothing is asked on a clock, but for
    /// requests to join, of which the log says nothing.
    pub async fn keep_synced(&self) {
        let mut failures = 0_u32;
        let mut least = Duration::ZERO;
        let mut taps = self.taps();
        loop {
            taps.borrow_and_update();
            match self.sync().await {
                Ok(_) => failures = 0,
                Err(Error::NotInCampaign) => {
                    if taps.changed().await.is_err() {
                        return;
                    }
                    continue;
                }
                Err(Error::Busy(wish)) => {
                    failures = failures.saturating_add(1);
                    least = wish;
                }
                Err(_) => failures = failures.saturating_add(1),
            }
            if failures > 0 {
                let wait = wait_at_least(std::mem::take(&mut least), failures);
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = self.asked_anew(&mut taps) => failures = 0,
                }
                continue;
            }
            tokio::select! {
                tapped = taps.changed() => {
                    if tapped.is_err() {
                        return;
                    }
                    tokio::time::sleep(GATHER).await;
                }
                news = self.wait_for_news() => {
                    if news.is_err() {
                        let wait = wait_at_least(self.heard.reconnect(), 1);
                        // Whoever taps is not kept waiting by what a relay wishes for the rest.
                        tokio::select! {
                            () = tokio::time::sleep(wait) => {}
                            _tapped = taps.changed() => tokio::time::sleep(GATHER).await,
                        }
                    }
                }
                () = self.requests_are_due() => {}
            }
        }
    }

    async fn wait_for_news(&self) -> Result<(), Error> {
        let read = self
            .with(|device| {
                let spaces = device.spaces()?;
                spaces
                    .into_iter()
                    .map(|space| Ok((space, device.pulled(space)?)))
                    .collect::<Result<Vec<_>, Error>>()
            })
            .await?;
        let (relay, asker) = self.relay().await?;
        relay.wait_for_news(&asker, &read).await
    }
}

//! Entering a campaign by a link.

use palier_core::{
    invitation::InvitationRecord,
    refusal::Refusal,
    wire::{self, PushAnswer},
};

use crate::{
    api::Api,
    device::{Joining, check_record, must_ask, read_link},
    error::Error,
    relay::{Asker, Relay},
};

impl Api {
    /// Enters a campaign by its link.
    pub(crate) async fn join(&self, link: &str, pseudonym: &str) -> Result<(), Error> {
        let link = read_link(link)?;
        let key = link.secret.secret().device();
        let began = self.with(move |device| device.began_joining(key)).await?;
        let relay = self.relay_at(&link.relay);
        let record = match began {
            Some(record) => record,
            None => relay.invitation(link.campaign, key).await?,
        };
        let pseudonym = pseudonym.to_owned();
        let checked = self.with(|device| Ok(device.now())).await?;
        if must_ask(&check_record(&link, &record, checked)?) {
            self.with(move |device| device.begin_asking(&link, &record, &pseudonym))
                .await?;
            let _one_at_a_time = self.syncing.lock().await;
            return match self.ask_to_join().await {
                // It is kept, and asked again.
                Ok(())
                | Err(Error::Offline(_) | Error::Busy(_) | Error::Refused(Refusal::Waiting)) => {
                    Ok(())
                }
                Err(reason) => Err(reason),
            };
        }
        let joining = self
            .with(move |device| device.begin_joining(&link, &record, &pseudonym))
            .await?;
        let asker = self.asker(joining.campaign()).await?;
        let answer = introduce(&relay, &asker, &joining).await?;
        self.with(move |device| device.finish_joining(joining, &answer))
            .await?;
        self.keep_time().await
    }

    /// What a link opens, before anything is done with it.
    pub(crate) async fn read_invitation(&self, link: &str) -> Result<InvitationRecord, Error> {
        let link = read_link(link)?;
        let key = link.secret.secret().device();
        let relay = self.relay_at(&link.relay);
        let record = relay.invitation(link.campaign, key).await?;
        let now = self.with(|device| Ok(device.now())).await?;
        check_record(&link, &record, now)
    }
}

pub(super) async fn introduce(
    relay: &Relay,
    asker: &Asker,
    joining: &Joining,
) -> Result<PushAnswer, Error> {
    let body = wire::write_push([joining.introduction()]);
    relay.push(asker, body).await
}

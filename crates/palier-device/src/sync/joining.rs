//! Entering a campaign by a link.

use palier_core::{
    envelope::Envelope,
    id::{SpaceId, TeamId},
    invitation::{InvitationRecord, Link},
    key::TeamKey,
    refusal::Refusal,
    wire::{self, PushAnswer, Pushed},
};

use crate::{
    api::Api,
    device::{Joining, check_record, must_ask, read_link},
    error::Error,
    relay::{Asker, Relay},
};

/// How many pages of a log are looked through for this device's own introduction.
const MAX_PAGES: u32 = 1_000;

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
        let checked = self.with(|device| Ok(device.now())).await?;
        let pseudonym = pseudonym.to_owned();
        if must_ask(&check_record(&link, &record, checked)?) {
            return self.join_by_asking(link, record, pseudonym).await;
        }
        let (same, name) = (link.clone(), pseudonym.clone());
        let joining = self
            .with(move |device| device.begin_joining(&same, &record, &name))
            .await?;
        let asker = self.asker(joining.campaign()).await?;
        let answer = introduce(&relay, &asker, &joining).await?;
        match answer.pushed.as_slice() {
            [Pushed::Refused(Refusal::Fork)] => {
                let (space, keys) = (joining.space(), joining.into_keys());
                self.join_again(link, space, pseudonym, keys).await?;
            }
            // Since the record was read, who uses the link must be accepted.
            [Pushed::Refused(Refusal::Waiting)] => {
                self.with(|device| device.forget_joining()).await?;
                let record = relay.invitation(link.campaign, key).await?;
                return self.join_by_asking(link, record, pseudonym).await;
            }
            _ => {
                self.with(move |device| device.finish_joining(joining, &answer))
                    .await?;
            }
        }
        self.keep_time().await
    }

    async fn join_by_asking(
        &self,
        link: Link,
        record: Vec<u8>,
        pseudonym: String,
    ) -> Result<(), Error> {
        let space = InvitationRecord::decode(&record)?.space();
        let (same, name) = (link.clone(), pseudonym.clone());
        self.with(move |device| device.begin_asking(&same, &record, &name))
            .await?;
        let _one_at_a_time = self.syncing.lock().await;
        match self.ask_to_join().await {
            // It is kept, and asked again.
            Err(Error::Offline(_) | Error::Busy(_) | Error::Refused(Refusal::Waiting)) => Ok(()),
            // Who is a member already asks for nothing.
            Err(Error::Refused(Refusal::NotAllowed)) => {
                let again = self.join_again(link, space, pseudonym, Vec::new()).await;
                again.map_err(|reason| match reason {
                    Error::Refused(_) => Error::Refused(Refusal::NotAllowed),
                    reason => reason,
                })
            }
            asked => asked,
        }
    }

    /// Enters as this device was let in before, where the answer was lost.
    async fn join_again(
        &self,
        link: Link,
        space: SpaceId,
        pseudonym: String,
        keys: Vec<(TeamId, TeamKey)>,
    ) -> Result<(), Error> {
        let asker = self.asker(link.campaign).await?;
        let (answer, first) = find_first(&self.relay_at(&link.relay), &asker, space).await?;
        self.with(move |device| {
            let joining = device.joining_again(&link, &pseudonym, first, keys)?;
            device.finish_joining(joining, &answer)
        })
        .await
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

/// The first envelope of the device that asks in the log of a space, and what the relay says
/// to it.
async fn find_first(
    relay: &Relay,
    asker: &Asker,
    space: SpaceId,
) -> Result<(PushAnswer, Vec<u8>), Error> {
    let me = asker.secret.device();
    let is_first = |bytes: &[u8]| {
        Envelope::decode(bytes)
            .is_ok_and(|envelope| envelope.header.device == me && envelope.header.device_seq == 1)
    };
    let mut after = 0;
    for _ in 0..MAX_PAGES {
        let page = relay.pull(asker, space, after).await?;
        let read = page.entries.last().map_or(after, |(place, _)| *place);
        if let Some((place, bytes)) = page.entries.into_iter().find(|(_, bytes)| is_first(bytes)) {
            let answer = PushAnswer {
                incarnation: page.incarnation.to_string(),
                pushed: vec![Pushed::Duplicate(place)],
            };
            return Ok((answer, bytes));
        }
        if read <= after || read >= page.head {
            break;
        }
        after = read;
    }
    Err(Error::Refused(Refusal::Fork))
}

pub(super) async fn introduce(
    relay: &Relay,
    asker: &Asker,
    joining: &Joining,
) -> Result<PushAnswer, Error> {
    let body = wire::write_push([joining.introduction()]);
    relay.push(asker, body).await
}

//! How a demonstration's devices reach each other: through a relay, or through a post office
//! in this process.

mod office;

use std::sync::{Arc, Mutex, PoisonError};

use palier_core::{
    id::{CampaignId, SpaceId},
    invitation::{InvitationSecret, Link},
    refusal::Refusal,
};
use palier_device::{
    Clock, Device, Error,
    api::{Api, Request},
    device::read_link,
};

use self::office::Office;
use super::cast::Person;
use crate::failure::Failure;

/// The relay's address in a campaign without one: a name that never resolves (RFC 2606, §2).
const NOWHERE: &str = "https://relais.invalid";

/// What carries envelopes.
#[derive(Debug)]
pub(super) enum Post {
    /// A relay that answers at an address.
    Relay(String),
    /// Nothing but this process.
    Office(Arc<Mutex<Office>>),
}

impl Post {
    /// The relay where there is one, otherwise a post office.
    pub(super) fn new(relay: Option<String>) -> Self {
        relay.map_or_else(|| Self::Office(Arc::default()), Self::Relay)
    }

    /// The relay's address in the campaign.
    pub(super) fn relay(&self) -> &str {
        match self {
            Self::Relay(url) => url,
            Self::Office(_) => NOWHERE,
        }
    }

    /// Asks the relay something harmless, so that nothing is made where none answers.
    ///
    /// # Errors
    /// No relay answers there.
    pub(super) async fn check(&self) -> Result<(), Failure> {
        let Self::Relay(url) = self else {
            return Ok(());
        };
        let link = Link {
            relay: url.clone(),
            campaign: CampaignId([0; 32]),
            secret: InvitationSecret([0; 16]),
        };
        let nobody = Api::new(Device::in_memory(Clock::System)?)?;
        let asked = nobody
            .ask(Request::ReadInvitation { link: link.text() })
            .await;
        match asked {
            Ok(_) | Err(Error::Refused(Refusal::InvitationUnknown)) => Ok(()),
            Err(reason) => Err(reason.into()),
        }
    }

    /// Enters the campaign by a link.
    ///
    /// # Errors
    /// The relay refused or is away.
    pub(super) async fn join(&self, person: &Person, link: &str) -> Result<(), Failure> {
        let (link, name) = (link.to_owned(), person.name.clone());
        match self {
            Self::Relay(_) => {
                person.api.ask(Request::Join { link, name }).await?;
            }
            Self::Office(office) => {
                let office = Arc::clone(office);
                person
                    .api
                    .with(move |device| {
                        let mut office = office.lock().unwrap_or_else(PoisonError::into_inner);
                        join(device, &mut office, &link, &name)
                    })
                    .await?;
            }
        }
        Ok(())
    }

    /// Sends what waits and fetches what is new.
    ///
    /// # Errors
    /// The relay refused something, or is away.
    pub(super) async fn sync(&self, person: &Person) -> Result<(), Failure> {
        match self {
            Self::Relay(_) => {
                let report = person.api.sync().await?;
                match report.refused.first() {
                    Some(why) => Err(Failure::Said(format!("the relay refused: {why}"))),
                    None => Ok(()),
                }
            }
            Self::Office(office) => {
                let office = Arc::clone(office);
                person
                    .api
                    .with(move |device| {
                        let mut office = office.lock().unwrap_or_else(PoisonError::into_inner);
                        exchange(device, &mut office)
                    })
                    .await?;
                Ok(())
            }
        }
    }
}

fn join(device: &mut Device, office: &mut Office, text: &str, name: &str) -> Result<(), Error> {
    let link = read_link(text)?;
    let key = link.secret.secret().device();
    let record = match device.began_joining(key)? {
        Some(record) => record,
        None => office
            .invitation(key)
            .ok_or(Error::Refused(Refusal::InvitationUnknown))?,
    };
    let joining = device.begin_joining(&link, &record, name)?;
    let answer = office.take([joining.introduction()]);
    device.finish_joining(joining, &answer)
}

fn exchange(device: &mut Device, office: &mut Office) -> Result<(), Error> {
    send(device, office)?;
    if let Some((hash, packed)) = device.unsent_territory()? {
        office.keep_pack(&hash, packed);
        device.note_territory_sent(&hash)?;
    }
    for space in device.spaces()? {
        while fetch(device, office, space)? {}
    }
    if let Some(hash) = device.missing_territory()?
        && let Some(packed) = office.pack(&hash)
    {
        device.take_territory(&hash, packed)?;
    }
    send(device, office)?;
    device.note_sync(true)
}

fn send(device: &mut Device, office: &mut Office) -> Result<(), Error> {
    loop {
        device.seal_outbox()?;
        let outgoing = device.outgoing()?;
        if outgoing.envelopes.is_empty() {
            return Ok(());
        }
        let answer = office.take(outgoing.envelopes.iter().map(|(_, bytes)| &**bytes));
        let note = device.note_pushed(&outgoing, &answer)?;
        if let Some(refusal) = note.refused.first() {
            return Err(Error::Refused(*refusal));
        }
    }
}

/// Reads one page; whether there is more.
fn fetch(device: &mut Device, office: &Office, space: SpaceId) -> Result<bool, Error> {
    let page = office.page(space, device.pulled(space)?);
    Ok(device.receive(space, &page)?.more)
}

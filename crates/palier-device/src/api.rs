//! One question in, one answer out: the whole of a device, for a window, a browser or a
//! terminal.

mod answer;
mod building;
pub mod look;
mod maps;
mod people;
pub mod reply;
pub mod request;
mod visits_file;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use answer::{answer_here, invitation_reply};
pub use reply::Reply;
pub use request::Request;

use crate::{
    basemap::Atlas,
    device::Device,
    error::Error,
    relay::{self, Carrier},
};

/// A device that can be asked from several places at once.
#[derive(Clone, Debug)]
pub struct Api {
    /// Nothing once it was closed.
    device: Arc<Mutex<Option<Device>>>,
    maps: Arc<Atlas>,
    pub(crate) client: relay::Client,
    pub(crate) heard: Arc<relay::Heard>,
    pub(crate) syncing: Arc<tokio::sync::Mutex<()>>,
    /// Counts what a person did, which is to be sent.
    tapped: watch::Sender<u64>,
    /// Counts what may have changed on a screen.
    shown: watch::Sender<u64>,
}

impl Api {
    /// Takes a device in charge.
    ///
    /// # Errors
    /// The system allows no connections.
    pub fn new(device: Device) -> Result<Self, Error> {
        let maps = Arc::new(Atlas::beside(device.folder()));
        Ok(Self {
            device: Arc::new(Mutex::new(Some(device))),
            maps,
            client: relay::client()?,
            heard: Arc::default(),
            syncing: Arc::default(),
            tapped: watch::Sender::new(0),
            shown: watch::Sender::new(0),
        })
    }

    /// The same, with requests that something else than the network carries.
    #[must_use]
    pub fn carried_by(mut self, carrier: Arc<dyn Carrier>) -> Self {
        self.client = self.client.carried_by(carrier);
        self
    }

    /// The same, which wakes who already waits for changes of another.
    pub(crate) fn showing_on(mut self, shown: &watch::Sender<u64>) -> Self {
        self.shown = shown.clone();
        self
    }

    /// Takes the device out, if `may` allows it: whatever is asked from then on is refused.
    ///
    /// # Errors
    /// Those of `may`, and the device stays; or it was taken out before ([`Error::Closed`]).
    pub(crate) async fn close(
        &self,
        may: impl FnOnce(&mut Device) -> Result<(), Error> + Send + 'static,
    ) -> Result<Device, Error> {
        let device = Arc::clone(&self.device);
        tokio::task::spawn_blocking(move || {
            let mut held = device.lock().unwrap_or_else(PoisonError::into_inner);
            may(held.as_mut().ok_or(Error::Closed)?)?;
            held.take().ok_or(Error::Closed)
        })
        .await
        .unwrap_or(Err(Error::Document))
    }

    /// Wakes whenever something may have changed on a screen.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shown.subscribe()
    }

    pub(crate) fn taps(&self) -> watch::Receiver<u64> {
        self.tapped.subscribe()
    }

    pub(crate) fn note_shown(&self) {
        self.shown.send_modify(|count| *count += 1);
    }

    /// Answers one question. A visit is on disk when its answer comes.
    ///
    /// # Errors
    /// See [`Error`]; nothing is half-done.
    pub async fn ask(&self, request: Request) -> Result<Reply, Error> {
        let writes = writes(&request);
        let reply = self.answer(request).await?;
        if writes {
            self.tapped.send_modify(|count| *count += 1);
            self.note_shown();
        }
        Ok(reply)
    }

    /// Lends the device to `work`, for programs that need more than a question and an answer.
    ///
    /// # Errors
    /// The work fell.
    pub async fn lend<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Device) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.with(move |device| Ok(work(device))).await
    }

    async fn answer(&self, request: Request) -> Result<Reply, Error> {
        match request {
            Request::ReadInvitation { link } => {
                Ok(invitation_reply(&self.read_invitation(&link).await?))
            }
            Request::Join { link, name } => {
                self.join(&link, &name).await?;
                self.sync_if_possible().await?;
                self.with(people::joined).await
            }
            Request::Invite { .. }
            | Request::AcceptRequest { .. }
            | Request::DeclineRequest { .. }
            | Request::RenewMember { .. }
            | Request::RemoveMember { .. } => {
                let reply = self.with(|device| answer_here(device, request)).await?;
                // It works once the relay knows it.
                self.sync_if_possible().await?;
                Ok(reply)
            }
            Request::Packs
            | Request::AddPack { .. }
            | Request::RemovePack { .. }
            | Request::FetchPack { .. }
            | Request::OfferPack { .. }
            | Request::WithdrawPack { .. }
            | Request::Map { .. } => self.answer_about_maps(request).await,
            Request::Sync => Ok(Reply::Synced(self.sync().await?)),
            Request::SyncWithPeer { address, code } => {
                Ok(Reply::Synced(self.sync_with_peer(&address, &code).await?))
            }
            request => self.with(|device| answer_here(device, request)).await,
        }
    }

    /// Syncs; that the relay is away is no failure.
    async fn sync_if_possible(&self) -> Result<(), Error> {
        match self.sync().await {
            Ok(_)
            | Err(Error::Offline(_) | Error::Busy(_) | Error::Nonsense(_) | Error::Refused(_)) => {
                Ok(())
            }
            Err(reason) => Err(reason),
        }
    }

    /// Does `work` with the device on this thread, which may wait for the disk.
    pub(crate) fn at_once<T>(
        &self,
        work: impl FnOnce(&mut Device) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut held = self.device.lock().unwrap_or_else(PoisonError::into_inner);
        work(held.as_mut().ok_or(Error::Closed)?)
    }

    /// Does `work` with the device, on a thread where it may wait for the disk.
    ///
    /// # Errors
    /// Those of `work`; and [`Error::Document`] where it panicked, with its transaction undone.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Device) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let api = self.clone();
        // Work that fell left its transaction undone; the device is whole.
        tokio::task::spawn_blocking(move || api.at_once(work))
            .await
            .unwrap_or(Err(Error::Document))
    }
}

const fn writes(request: &Request) -> bool {
    !matches!(
        request,
        Request::Stations
            | Request::Turfs
            | Request::Doors { .. }
            | Request::Sheet { .. }
            | Request::Walk { .. }
            | Request::Addresses { .. }
            | Request::NextDoor { .. }
            | Request::ComeBackOffers
            | Request::Revisits
            | Request::CheckKit { .. }
            | Request::Kits
            | Request::ReadKit { .. }
            | Request::FindCards { .. }
            | Request::Building { .. }
            | Request::Visits { .. }
            | Request::Map { .. }
            | Request::Packs
            | Request::AddPack { .. }
            | Request::RemovePack { .. }
            | Request::FetchPack { .. }
            | Request::Rounds
            | Request::Round { .. }
            | Request::ReadInvitation { .. }
            | Request::Requests
            | Request::ReadRequestCode { .. }
            | Request::LookAtCode { .. }
            | Request::DrawQr { .. }
            | Request::Members { .. }
            | Request::Sync
            | Request::Status
            | Request::Totals { .. }
            | Request::Export { .. }
            | Request::SyncWithPeer { .. }
            | Request::SetPlace { .. }
            | Request::SetLanguage { .. }
            | Request::Campaigns
    )
}

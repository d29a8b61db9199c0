//! One SQLite file: one writer with group commit, and readers that never wait for it.

mod invitations;
mod known;
mod load;
pub(crate) mod open;
mod opening;
mod packs;
mod pull;
mod readers;
mod reports;
mod requests;
pub(crate) mod rows;
mod save;
mod totals;
mod writer;

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};
use palier_core::{
    id::{CampaignId, DeviceId, Incarnation, SpaceId},
    moment::Moment,
    wire::{Page, Pushed, TotalsLine},
};
use rusqlite::Connection;

pub(crate) use load::facts as load;
pub(crate) use save::changes as save;

use self::{readers::Readers, writer::Writer};
use super::{
    Answer, Batch, NewPack, OpenInvitation, PageAsked, RequestAsked, RequestState, Store, TotalsBy,
};
use crate::{accept::Standing, error::StoreError, wakeups::Wakeups};

/// The relay's store in one SQLite file.
#[derive(Debug)]
pub(crate) struct Sqlite {
    incarnation: Incarnation,
    readers: Arc<Readers>,
    writer: Writer,
}

impl Sqlite {
    /// Opens the file, makes it where there is none, and brings its schema up to date.
    pub(crate) fn open(
        path: &Path,
        wakeups: Arc<Wakeups>,
        now: Moment,
    ) -> Result<Self, StoreError> {
        let connection = open::to_write(path, now)?;
        let incarnation = open::incarnation(&connection)?;
        Ok(Self {
            incarnation,
            readers: Arc::new(Readers::new(path)),
            writer: Writer::start(connection, wakeups)?,
        })
    }

    fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'_, T> {
        self.readers.read(query).boxed()
    }
}

impl Store for Sqlite {
    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn push(&self, batch: Batch) -> Answer<'_, Vec<Pushed>> {
        self.writer.push(batch).boxed()
    }

    fn standing(&self, campaign: CampaignId, device: DeviceId) -> Answer<'_, Standing> {
        self.read(move |db| known::standing(db, &campaign, &device))
    }

    fn page(&self, asked: PageAsked) -> Answer<'_, Page> {
        let incarnation = self.incarnation;
        self.read(move |db| pull::page(db, incarnation, &asked))
    }

    fn heads(&self, campaign: CampaignId, spaces: Vec<SpaceId>) -> Answer<'_, Vec<(SpaceId, u64)>> {
        self.read(move |db| pull::heads(db, &campaign, &spaces))
    }

    fn totals(&self, campaign: CampaignId, by: TotalsBy) -> Answer<'_, Vec<TotalsLine>> {
        self.read(move |db| totals::totals(db, &campaign, by))
    }

    fn invitation(
        &self,
        campaign: CampaignId,
        key: DeviceId,
    ) -> Answer<'_, Option<OpenInvitation>> {
        self.read(move |db| invitations::open(db, &campaign, &key))
    }

    fn requests(
        &self,
        campaign: CampaignId,
        space: SpaceId,
        now: Moment,
    ) -> Answer<'_, Vec<Vec<u8>>> {
        self.read(move |db| requests::waiting(db, &campaign, &space, now))
    }

    fn request(&self, asked: RequestAsked) -> Answer<'_, RequestState> {
        self.read(move |db| requests::state(db, &asked))
    }

    fn decline(&self, campaign: CampaignId, space: SpaceId, device: DeviceId) -> Answer<'_, bool> {
        self.writer.decline((campaign, device, space)).boxed()
    }

    fn keep_pack(&self, pack: NewPack) -> Answer<'_, ()> {
        self.writer.keep_pack(pack).boxed()
    }

    fn pack_size(&self, campaign: CampaignId, hash: [u8; 32]) -> Answer<'_, Option<u64>> {
        self.read(move |db| packs::size(db, &campaign, &hash))
    }

    fn pack_part(&self, campaign: CampaignId, hash: [u8; 32], part: u64) -> Answer<'_, Vec<u8>> {
        self.read(move |db| packs::part(db, &campaign, &hash, part))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.writer.close().boxed()
    }
}

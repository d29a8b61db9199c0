//! One SQLite file: one writer with group commit, and readers that never wait for it.

mod append;
mod invitations;
mod known;
pub(crate) mod open;
mod packs;
mod pull;
mod readers;
mod reports;
mod rows;
mod totals;
mod writer;

#[cfg(test)]
mod tests;

use std::{path::Path, sync::Arc};

use palier_core::{
    id::{CampaignId, DeviceId, Incarnation, SpaceId},
    moment::Moment,
    wire::{Page, Pushed, TotalsLine},
};

pub(crate) use append::append;
pub(crate) use packs::PART_BYTES;

use self::{readers::Readers, writer::Writer};
use super::{Batch, NewPack, OpenInvitation, PageAsked, TotalsBy};
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

    /// The life of this store.
    pub(crate) fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    /// Decides about a push and answers after the commit.
    pub(crate) async fn push(&self, batch: Batch) -> Result<Vec<Pushed>, StoreError> {
        self.writer.push(batch).await
    }

    /// Keeps a pack; one that is there already stays as it is.
    pub(crate) async fn keep_pack(&self, pack: NewPack) -> Result<(), StoreError> {
        self.writer.keep_pack(pack).await
    }

    /// What a device may do in a campaign.
    pub(crate) async fn standing(
        &self,
        campaign: CampaignId,
        device: DeviceId,
    ) -> Result<Standing, StoreError> {
        self.readers
            .read(move |db| known::standing(db, &campaign, &device))
            .await
    }

    /// One page of a log.
    pub(crate) async fn page(&self, asked: PageAsked) -> Result<Page, StoreError> {
        let incarnation = self.incarnation;
        self.readers
            .read(move |db| pull::page(db, incarnation, &asked))
            .await
    }

    /// The last place of each of these spaces.
    pub(crate) async fn heads(
        &self,
        campaign: CampaignId,
        spaces: Vec<SpaceId>,
    ) -> Result<Vec<(SpaceId, u64)>, StoreError> {
        self.readers
            .read(move |db| pull::heads(db, &campaign, &spaces))
            .await
    }

    /// What the reports of a campaign add up to.
    pub(crate) async fn totals(
        &self,
        campaign: CampaignId,
        by: TotalsBy,
    ) -> Result<Vec<TotalsLine>, StoreError> {
        self.readers
            .read(move |db| totals::totals(db, &campaign, by))
            .await
    }

    /// An invitation by its name.
    pub(crate) async fn invitation(
        &self,
        campaign: CampaignId,
        key: DeviceId,
    ) -> Result<Option<OpenInvitation>, StoreError> {
        self.readers
            .read(move |db| invitations::open(db, &campaign, &key))
            .await
    }

    /// Bytes of a pack, where it is there.
    pub(crate) async fn pack_size(
        &self,
        campaign: CampaignId,
        hash: [u8; 32],
    ) -> Result<Option<u64>, StoreError> {
        self.readers
            .read(move |db| packs::size(db, &campaign, &hash))
            .await
    }

    /// One part of a pack.
    pub(crate) async fn pack_part(
        &self,
        campaign: CampaignId,
        hash: [u8; 32],
        part: u64,
    ) -> Result<Vec<u8>, StoreError> {
        self.readers
            .read(move |db| packs::part(db, &campaign, &hash, part))
            .await
    }

    /// Finishes what was begun, and takes no more.
    pub(crate) async fn close(&self) {
        self.writer.close().await;
    }
}

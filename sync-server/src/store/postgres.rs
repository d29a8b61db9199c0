//! A PostgreSQL database: any number of relay processes on it, and nothing in any of them
//! that matters.

mod address;
mod bell;
mod check;
mod fault;
mod invitations;
mod known;
mod load;
mod news;
mod open;
mod packs;
mod patience;
mod pull;
mod rebuild;
mod reports;
mod requests;
mod rows;
mod save;
mod tls;
mod totals;
mod turns;
pub(crate) mod upkeep;
mod write;
mod writer;

#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::{FutureExt, future::BoxFuture};
use palier_core::{
    id::{CampaignId, DeviceId, Incarnation, SpaceId},
    moment::Moment,
    wire::{Page, Pushed, TotalsLine},
};

pub use address::PostgresUrl;
pub(crate) use check::check;
pub use fault::PostgresFault;
pub(crate) use rebuild::rebuild;

use self::{bell::Bell, patience::Patience, writer::Writer};
use super::{
    Answer, Batch, NewPack, OpenInvitation, PageAsked, RequestAsked, RequestState, Store, TotalsBy,
};
use crate::{accept::Standing, error::StoreError, wakeups::Wakeups};

/// The most connections of a process, beside the one that listens.
const CONNECTIONS: usize = 16;
/// How long a request waits for a connection to come free.
const TURN: Duration = Duration::from_secs(10);

/// A connection, in the hand of one request.
type Connection = Object;

/// The relay's store in a PostgreSQL database.
#[derive(Debug)]
pub(crate) struct Postgres {
    desk: Arc<Desk>,
    writer: Writer,
}

/// What those who read and those who write share.
#[derive(Debug)]
struct Desk {
    connections: Pool,
    /// The life of the store, as this process last heard of it.
    incarnation: Arc<RwLock<Incarnation>>,
    bell: Bell,
}

impl Postgres {
    /// Connects, and brings the schema up to date.
    pub(crate) async fn open(
        url: &PostgresUrl,
        wakeups: Arc<Wakeups>,
        now: Moment,
    ) -> Result<Self, StoreError> {
        let connections = pool(url, CONNECTIONS)?;
        let mut connection = connections.get().await?;
        let incarnation = open::migrate(&mut connection, now).await?;
        drop(connection);
        let incarnation = Arc::new(RwLock::new(incarnation));
        let bell = Bell::hang(url, wakeups, Arc::clone(&incarnation)).await?;
        let desk = Arc::new(Desk {
            connections,
            incarnation,
            bell,
        });
        Ok(Self {
            writer: Writer::start(&desk),
            desk,
        })
    }
}

/// Connections, each made when it is first needed.
fn pool(url: &PostgresUrl, most: usize) -> Result<Pool, StoreError> {
    let how = ManagerConfig {
        // A connection that is gone shows it; asking each time would cost a round trip.
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(url.settings()?, url.connector()?, how);
    Pool::builder(manager)
        .max_size(most)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(TURN))
        .create_timeout(Some(TURN))
        .build()
        .map_err(|_never| StoreError::Broken("a pool without a clock"))
}

/// Gives the database a new life, and tells every process that uses it.
pub(crate) async fn begin_life(url: &PostgresUrl, now: Moment) -> Result<Incarnation, StoreError> {
    let mut connection = pool(url, 1)?.get().await?;
    open::migrate(&mut connection, now).await?;
    open::begin_life(&**connection, now).await?;
    bell::tell_new_life(&connection).await?;
    open::incarnation(&**connection).await
}

/// The life of the database.
pub(crate) async fn life(url: &PostgresUrl, now: Moment) -> Result<Incarnation, StoreError> {
    let mut connection = pool(url, 1)?.get().await?;
    open::migrate(&mut connection, now).await
}

/// Does something in a thread of its own, for who asks without waiting in a runtime, or stands
/// in one already. What is done stays in that thread.
fn in_a_thread<T: Send>(
    work: impl AsyncFnOnce() -> Result<T, StoreError> + Send,
) -> Result<T, StoreError> {
    let run = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_reason| StoreError::Broken("no thread for a command"))?
            .block_on(work())
    };
    std::thread::scope(|scope| scope.spawn(run).join())
        .map_err(|_fell| StoreError::Broken("a command fell"))?
}

impl Desk {
    /// Has something done over a connection, and again where what was in its way passes.
    async fn with<T>(
        &self,
        work: impl for<'a> Fn(&'a mut Connection) -> BoxFuture<'a, Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut patience = Patience::new();
        loop {
            match self.once(&work).await {
                Err(cause) if cause.passes() && patience.again().await => {
                    tracing::debug!(%cause, "again");
                }
                done => return done,
            }
        }
    }

    async fn once<T>(
        &self,
        work: impl for<'a> Fn(&'a mut Connection) -> BoxFuture<'a, Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connections.get().await?;
        let done = work(&mut connection).await;
        if done.is_err() {
            // Whatever state it is in, nobody else gets it.
            drop(Object::take(connection));
        }
        done
    }
}

impl Store for Postgres {
    fn incarnation(&self) -> Incarnation {
        *self
            .desk
            .incarnation
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, batch: Batch) -> Answer<'_, Vec<Pushed>> {
        self.writer.push(batch).boxed()
    }

    fn standing(&self, campaign: CampaignId, device: DeviceId) -> Answer<'_, Standing> {
        self.desk
            .with(move |db| async move { known::standing(db, &campaign, &device).await }.boxed())
            .boxed()
    }

    fn page(&self, asked: PageAsked) -> Answer<'_, Page> {
        self.desk
            .with(move |db| async move { pull::page(db, &asked).await }.boxed())
            .boxed()
    }

    fn heads(&self, campaign: CampaignId, spaces: Vec<SpaceId>) -> Answer<'_, Vec<(SpaceId, u64)>> {
        let spaces = Arc::new(spaces);
        self.desk
            .with(move |db| {
                let spaces = Arc::clone(&spaces);
                async move { pull::heads(db, &campaign, &spaces).await }.boxed()
            })
            .boxed()
    }

    fn totals(&self, campaign: CampaignId, by: TotalsBy) -> Answer<'_, Vec<TotalsLine>> {
        self.desk
            .with(move |db| async move { totals::totals(db, &campaign, by).await }.boxed())
            .boxed()
    }

    fn invitation(
        &self,
        campaign: CampaignId,
        key: DeviceId,
    ) -> Answer<'_, Option<OpenInvitation>> {
        self.desk
            .with(move |db| async move { invitations::open(db, &campaign, &key).await }.boxed())
            .boxed()
    }

    fn requests(
        &self,
        campaign: CampaignId,
        space: SpaceId,
        now: Moment,
    ) -> Answer<'_, Vec<Vec<u8>>> {
        self.desk
            .with(move |db| {
                async move { requests::waiting(db, &campaign, &space, now).await }.boxed()
            })
            .boxed()
    }

    fn request(&self, asked: RequestAsked) -> Answer<'_, RequestState> {
        self.desk
            .with(move |db| async move { requests::state(db, &asked).await }.boxed())
            .boxed()
    }

    fn decline(&self, campaign: CampaignId, space: SpaceId, device: DeviceId) -> Answer<'_, bool> {
        self.desk
            .with(move |db| {
                async move { requests::decline(db, &(campaign, device, space)).await }.boxed()
            })
            .boxed()
    }

    fn keep_pack(&self, pack: NewPack) -> Answer<'_, ()> {
        let pack = Arc::new(pack);
        self.desk
            .with(move |db| {
                let pack = Arc::clone(&pack);
                async move { packs::keep(db, &pack).await }.boxed()
            })
            .boxed()
    }

    fn pack_size(&self, campaign: CampaignId, hash: [u8; 32]) -> Answer<'_, Option<u64>> {
        self.desk
            .with(move |db| async move { packs::size(db, &campaign, &hash).await }.boxed())
            .boxed()
    }

    fn pack_part(&self, campaign: CampaignId, hash: [u8; 32], part: u64) -> Answer<'_, Vec<u8>> {
        self.desk
            .with(move |db| async move { packs::part(db, &campaign, &hash, part).await }.boxed())
            .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            self.writer.close().await;
            self.desk.bell.still().await;
            self.desk.connections.close();
        }
        .boxed()
    }
}

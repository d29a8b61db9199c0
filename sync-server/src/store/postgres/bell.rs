//! Wake-ups between processes: one connection that listens, and says what this process wrote,
//! after its commit and outside of it. A notification lost is harmless, since devices also ask
//! by themselves; after a broken connection, everybody is woken.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use futures_util::{StreamExt, stream::poll_fn};
use palier_core::id::{CampaignId, Incarnation, SpaceId};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use tokio_postgres::{AsyncMessage, Client, Config, Notification};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Connection, PostgresUrl, news::News, open, patience::chance, pull, rows};
use crate::{error::StoreError, wakeups::Wakeups};

/// The channel that every process listens to.
const CHANNEL: &str = "palier";
/// What is said when the store begins another life.
const NEW_LIFE: &str = "another life";
/// The longest wait before the next connection, in milliseconds.
const AGAIN_MS: u64 = 2_000;

/// What rings in every process.
#[derive(Debug)]
pub(super) struct Bell {
    wakeups: Arc<Wakeups>,
    waiting: Arc<Waiting>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// News that were not told yet.
#[derive(Debug, Default)]
struct Waiting {
    news: Mutex<News>,
    more: Notify,
}

impl Bell {
    /// Listens, and says so by returning: nobody comes in before.
    pub(super) async fn hang(
        url: &PostgresUrl,
        wakeups: Arc<Wakeups>,
        incarnation: Arc<RwLock<Incarnation>>,
    ) -> Result<Self, StoreError> {
        let waiting = Arc::new(Waiting::default());
        let post = Post {
            settings: url.settings()?,
            connector: url.connector()?,
            wakeups: Arc::clone(&wakeups),
            incarnation,
            waiting: Arc::clone(&waiting),
        };
        let (listens, hung) = oneshot::channel();
        let task = tokio::spawn(post.attend(listens));
        // An error says that the first connection broke: the next one catches up.
        let _broke = hung.await.is_err();
        Ok(Self {
            wakeups,
            waiting,
            task: Mutex::new(Some(task)),
        })
    }

    /// Wakes those who wait here, and has the other processes told: what waits to be told
    /// already is told with it.
    pub(super) fn ring(&self, news: News) {
        if !news.is_empty() {
            news.tell(&self.wakeups);
            self.waiting.add(news);
        }
    }

    /// Ends it.
    pub(super) async fn still(&self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            task.abort();
            let _ended = task.await.is_ok();
        }
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task {
            task.abort();
        }
    }
}

impl Waiting {
    fn add(&self, news: News) {
        let mut waiting = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.add(news);
        self.more.notify_one();
    }

    fn take(&self) -> News {
        let mut waiting = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut waiting)
    }
}

/// Who hears and rings.
struct Post {
    settings: Config,
    connector: MakeRustlsConnect,
    wakeups: Arc<Wakeups>,
    incarnation: Arc<RwLock<Incarnation>>,
    waiting: Arc<Waiting>,
}

impl Post {
    async fn attend(self, listens: oneshot::Sender<()>) {
        let mut first = Some(listens);
        loop {
            if let Err(cause) = self.listen(first.take()).await {
                tracing::warn!(%cause, "other processes are not heard for a moment");
            }
            tokio::time::sleep(chance(AGAIN_MS)).await;
        }
    }

    /// One connection, until it breaks.
    async fn listen(&self, first: Option<oneshot::Sender<()>>) -> Result<(), StoreError> {
        let (client, mut connection) = self.settings.connect(self.connector.clone()).await?;
        let (heard, mut hears) = mpsc::unbounded_channel();
        let carrying = async move {
            let mut messages = poll_fn(|context| connection.poll_message(context));
            while let Some(Ok(message)) = messages.next().await {
                if let AsyncMessage::Notification(notification) = message
                    && heard.send(notification).is_err()
                {
                    break;
                }
            }
        };
        let talking = async {
            // What is said need not wait for any disk.
            let begin = format!("SET synchronous_commit = off; LISTEN {CHANNEL}");
            client.batch_execute(&begin).await?;
            let own = own_number(&client).await?;
            self.learn_life(&client).await?;
            match first {
                Some(listens) => {
                    let _gone = listens.send(()).is_err();
                }
                None => self.catch_up(&client).await?,
            }
            loop {
                tokio::select! {
                    notification = hears.recv() => match notification {
                        Some(notification) => self.hear(&client, own, &notification).await?,
                        None => return Ok(()),
                    },
                    () = self.waiting.more.notified() => say(&client, &self.waiting.take()).await?,
                }
            }
        };
        tokio::select! {
            () = carrying => Ok(()),
            ended = talking => ended,
        }
    }

    async fn hear(
        &self,
        client: &Client,
        own: i32,
        notification: &Notification,
    ) -> Result<(), StoreError> {
        // Our own listeners were woken at the commit.
        if notification.process_id() == own || notification.channel() != CHANNEL {
            return Ok(());
        }
        if notification.payload() == NEW_LIFE {
            return self.learn_life(client).await;
        }
        News::read(notification.payload()).tell(&self.wakeups);
        Ok(())
    }

    async fn learn_life(&self, client: &Client) -> Result<(), StoreError> {
        let found = open::incarnation(client).await?;
        *self
            .incarnation
            .write()
            .unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// Tells everybody who waits where things are: what was said meanwhile was not heard.
    async fn catch_up(&self, client: &Client) -> Result<(), StoreError> {
        let mut news = News::default();
        for campaign in self.wakeups.campaigns() {
            news.add_revoked(campaign);
        }
        let mut spaces: BTreeMap<CampaignId, Vec<SpaceId>> = BTreeMap::new();
        for (campaign, space) in self.wakeups.spaces() {
            spaces.entry(campaign).or_default().push(space);
        }
        for (campaign, spaces) in spaces {
            let asked: Vec<&[u8]> = spaces.iter().map(|space| space.0.as_slice()).collect();
            let found = client
                .query(pull::HEADS, &[&campaign.0.as_slice(), &asked])
                .await?;
            for (space, row) in spaces.iter().zip(&found) {
                news.add_head((campaign, *space), rows::count(row.try_get("head")?)?);
            }
        }
        news.tell(&self.wakeups);
        Ok(())
    }
}

/// The number by which the server knows a connection.
async fn own_number(client: &Client) -> Result<i32, StoreError> {
    let row = client
        .query_one("SELECT pg_backend_pid() AS own", &[])
        .await?;
    Ok(row.try_get("own")?)
}

async fn say(client: &Client, news: &News) -> Result<(), StoreError> {
    if news.is_empty() {
        return Ok(());
    }
    client
        .execute(
            "SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message",
            &[&CHANNEL, &news.written()],
        )
        .await?;
    Ok(())
}

/// Tells every process that the store begins another life.
pub(super) async fn tell_new_life(db: &Connection) -> Result<(), StoreError> {
    db.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &NEW_LIFE])
        .await?;
    Ok(())
}

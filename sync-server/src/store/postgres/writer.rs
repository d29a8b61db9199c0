//! Takes what waits, commits it together, and only then answers.

use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::FutureExt;
use palier_core::wire::Pushed;
use tokio::{
    sync::{Mutex as Turn, mpsc, oneshot},
    task::JoinSet,
};

use super::{
    Desk,
    write::{Written, write},
};
use crate::{error::StoreError, store::Batch};

/// The most pushes that wait; beyond it, requests wait in turn.
const WAITING: usize = 1_024;
/// The most pushes in one commit.
const TOGETHER: usize = 128;
/// How many commits are under way at once: while one waits for the disk, or for the counter
/// of a space, others go on.
const AT_ONCE: usize = 3;

/// Who waits for an answer.
type To = oneshot::Sender<Result<Vec<Pushed>, StoreError>>;

/// A push and who waits for its answer.
struct Work {
    batch: Batch,
    to: To,
}

/// Those who write.
#[derive(Debug)]
pub(super) struct Writer {
    work: Mutex<Option<mpsc::Sender<Work>>>,
    tasks: Turn<JoinSet<()>>,
}

impl Writer {
    /// Begins to write what comes.
    pub(super) fn start(desk: &Arc<Desk>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let receiver = Arc::new(Turn::new(receiver));
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            tasks.spawn(run(Arc::clone(desk), Arc::clone(&receiver)));
        }
        Self {
            work: Mutex::new(Some(sender)),
            tasks: Turn::new(tasks),
        }
    }

    /// Answers after the commit.
    pub(super) async fn push(&self, batch: Batch) -> Result<Vec<Pushed>, StoreError> {
        let (to, answered) = oneshot::channel();
        let sender = self.lock_work().clone().ok_or(StoreError::Closed)?;
        let sent = sender.send(Work { batch, to }).await;
        sent.map_err(|_gone| StoreError::Closed)?;
        answered.await.map_err(|_gone| StoreError::Closed)?
    }

    /// Finishes what waits, and takes no more.
    pub(super) async fn close(&self) {
        drop(self.lock_work().take());
        while self.tasks.lock().await.join_next().await.is_some() {}
    }

    fn lock_work(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Work>>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn run(desk: Arc<Desk>, work: Arc<Turn<mpsc::Receiver<Work>>>) {
    loop {
        let mut taken = Vec::new();
        let mut waits = work.lock().await;
        if waits.recv_many(&mut taken, TOGETHER).await == 0 {
            return;
        }
        drop(waits);
        write_group(&desk, taken).await;
    }
}

/// One transaction for all of it. Where something of it cannot be written, each is written
/// alone: one push that the database refuses stops no other.
async fn write_group(desk: &Desk, taken: Vec<Work>) {
    let (batches, to): (Vec<_>, Vec<_>) = (taken.into_iter())
        .map(|work| (work.batch, work.to))
        .unzip();
    let batches = Arc::new(batches);
    match write_some(desk, &batches, 0..to.len()).await {
        Err(cause) if to.len() > 1 && !cause.passes() => {
            tracing::error!(%cause, "a commit failed; each push is tried alone");
            for (place, to) in to.into_iter().enumerate() {
                let written = write_some(desk, &batches, place..place + 1).await;
                answer(desk, vec![to], written);
            }
        }
        written => answer(desk, to, written),
    }
}

async fn write_some(
    desk: &Desk,
    batches: &Arc<Vec<Batch>>,
    some: Range<usize>,
) -> Result<Written, StoreError> {
    desk.with(|db| {
        let (batches, some) = (Arc::clone(batches), some.clone());
        async move { write(db, batches.get(some).unwrap_or_default()).await }.boxed()
    })
    .await
}

/// Tells each what became of it, and others what there is to read. Who asked may have gone
/// meanwhile; what was committed stays committed.
fn answer(desk: &Desk, to: Vec<To>, written: Result<Written, StoreError>) {
    match written {
        Ok(written) => {
            for (to, pushed) in to.into_iter().zip(written.pushed) {
                let _gone = to.send(Ok(pushed)).is_err();
            }
            desk.bell.ring(written.news);
        }
        Err(cause) => {
            tracing::error!(%cause, "a commit failed");
            for to in to {
                let _gone = to.send(Err(told(&cause))).is_err();
            }
        }
    }
}

/// The same cause for one more who waits.
fn told(cause: &StoreError) -> StoreError {
    match cause {
        StoreError::Postgres(fault) => StoreError::Postgres(fault.clone()),
        _ => StoreError::Broken("a commit failed"),
    }
}

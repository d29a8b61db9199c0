//! Takes what waits, commits it together, and only then answers.

use std::{
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use palier_core::wire::Pushed;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
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

/// Who waits for an answer.
type To = oneshot::Sender<Result<Vec<Pushed>, StoreError>>;

/// A push and who waits for its answer.
struct Work {
    batch: Batch,
    to: To,
}

/// One commit at a time: what comes meanwhile waits for the next, and shares its cost.
#[derive(Debug)]
pub(super) struct Writer {
    work: Mutex<Option<mpsc::Sender<Work>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Begins to write what comes.
    pub(super) fn start(desk: &Arc<Desk>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let task = tokio::spawn(run(Arc::clone(desk), receiver));
        Self {
            work: Mutex::new(Some(sender)),
            task: Mutex::new(Some(task)),
        }
    }

    /// Answers after the commit.
    pub(super) async fn push(&self, batch: Batch) -> Result<Vec<Pushed>, StoreError> {
        let (to, answered) = oneshot::channel();
        let sender = held(&self.work).clone().ok_or(StoreError::Closed)?;
        let sent = sender.send(Work { batch, to }).await;
        sent.map_err(|_gone| StoreError::Closed)?;
        answered.await.map_err(|_gone| StoreError::Closed)?
    }

    /// Finishes what waits, and takes no more.
    pub(super) async fn close(&self) {
        drop(held(&self.work).take());
        let task = held(&self.task).take();
        if let Some(task) = task
            && let Err(fault) = task.await
        {
            tracing::error!(%fault, "the writer fell");
        }
    }
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn run(desk: Arc<Desk>, mut work: mpsc::Receiver<Work>) {
    loop {
        let mut taken = Vec::new();
        if work.recv_many(&mut taken, TOGETHER).await == 0 {
            return;
        }
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

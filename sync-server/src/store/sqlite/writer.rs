//! The one writer: takes what waits, commits it together, and only then answers.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use palier_core::{
    id::{CampaignId, SpaceId},
    refusal::Refusal,
    wire::Pushed,
};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{
    append::{Appended, append},
    packs,
};
use crate::{
    error::StoreError,
    store::{Batch, NewPack},
    wakeups::Wakeups,
};

/// The most work that waits for the writer; beyond it, requests wait in turn.
const WAITING: usize = 64;
/// The most work in one commit.
const TOGETHER: usize = 64;

enum Work {
    Push(Batch, oneshot::Sender<Result<Vec<Pushed>, StoreError>>),
    Pack(NewPack, oneshot::Sender<Result<(), StoreError>>),
}

/// Work that was done and waits for the commit to be answered.
enum Answer {
    Push(
        Vec<Pushed>,
        oneshot::Sender<Result<Vec<Pushed>, StoreError>>,
    ),
    Pack(oneshot::Sender<Result<(), StoreError>>),
}

/// The thread that writes.
#[derive(Debug)]
pub(super) struct Writer {
    work: Mutex<Option<mpsc::Sender<Work>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(db: Connection, wakeups: Arc<Wakeups>) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let thread = thread::Builder::new()
            .name("palier-writer".into())
            .spawn(move || run(db, receiver, &wakeups))
            .map_err(|_reason| StoreError::Broken("no thread for the writer"))?;
        Ok(Self {
            work: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    pub(super) async fn push(&self, batch: Batch) -> Result<Vec<Pushed>, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Work::Push(batch, answer)).await?;
        answered.await.map_err(|_gone| StoreError::Closed)?
    }

    pub(super) async fn keep_pack(&self, pack: NewPack) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.send(Work::Pack(pack, answer)).await?;
        answered.await.map_err(|_gone| StoreError::Closed)?
    }

    /// Finishes what waits and ends the thread.
    pub(super) async fn close(&self) {
        drop(self.lock_work().take());
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && tokio::task::spawn_blocking(move || thread.join().is_ok())
                .await
                .is_ok_and(|whole| whole)
        {
            tracing::debug!("the writer is done");
        }
    }

    async fn send(&self, work: Work) -> Result<(), StoreError> {
        let sender = self.lock_work().clone().ok_or(StoreError::Closed)?;
        sender.send(work).await.map_err(|_gone| StoreError::Closed)
    }

    fn lock_work(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Work>>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(mut db: Connection, mut work: mpsc::Receiver<Work>, wakeups: &Wakeups) {
    while let Some(first) = work.blocking_recv() {
        let mut taken = vec![first];
        while taken.len() < TOGETHER
            && let Ok(more) = work.try_recv()
        {
            taken.push(more);
        }
        commit_together(&mut db, taken, wakeups);
    }
    if let Err(reason) = db.close() {
        tracing::error!(reason = %reason.1, "the store did not close well");
    }
}

/// One transaction for all of it. When that fails, nothing of it was done, and each is told.
fn commit_together(db: &mut Connection, taken: Vec<Work>, wakeups: &Wakeups) {
    let mut grown = Grown::default();
    let (answers, committed) = match do_all(db, taken, &mut grown) {
        Ok(answers) => (answers, true),
        Err((answers, cause)) => {
            tracing::error!(%cause, "a commit failed");
            (answers, false)
        }
    };
    if committed {
        grown.tell(wakeups);
    }
    let failed = || StoreError::Broken("a commit failed");
    for answer in answers {
        // Who asked may have gone meanwhile; what was committed stays committed.
        let _gone = match answer {
            Answer::Push(pushed, to) => to
                .send(committed.then_some(pushed).ok_or_else(failed))
                .is_err(),
            Answer::Pack(to) => to.send(committed.then_some(()).ok_or_else(failed)).is_err(),
        };
    }
}

fn do_all(
    db: &mut Connection,
    taken: Vec<Work>,
    grown: &mut Grown,
) -> Result<Vec<Answer>, (Vec<Answer>, StoreError)> {
    let mut answers = Vec::with_capacity(taken.len());
    let mut result = Ok(());
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate);
    match transaction {
        Err(reason) => {
            result = Err(reason.into());
            answers.extend(taken.into_iter().map(|work| match work {
                Work::Push(_, to) => Answer::Push(Vec::new(), to),
                Work::Pack(_, to) => Answer::Pack(to),
            }));
        }
        Ok(transaction) => {
            for work in taken {
                let (answer, done) = do_one(&transaction, work, grown);
                answers.push(answer);
                result = result.and(done);
            }
            result = result.and_then(|()| Ok(transaction.commit()?));
        }
    }
    match result {
        Ok(()) => Ok(answers),
        Err(cause) => Err((answers, cause)),
    }
}

fn do_one(db: &Connection, work: Work, grown: &mut Grown) -> (Answer, Result<(), StoreError>) {
    match work {
        Work::Push(batch, to) => {
            let mut pushed = Vec::with_capacity(batch.candidates.len());
            let mut result = Ok(());
            for candidate in &batch.candidates {
                let one = candidate.as_ref().map_err(|refusal| *refusal);
                match one.map(|candidate| append_guarded(db, candidate, batch.at)) {
                    Err(refusal) => pushed.push(Pushed::Refused(refusal)),
                    Ok(Ok(appended)) => {
                        grown.note(&appended);
                        pushed.push(appended.pushed);
                    }
                    Ok(Err(cause)) => {
                        result = Err(cause);
                        break;
                    }
                }
            }
            (Answer::Push(pushed, to), result)
        }
        Work::Pack(pack, to) => {
            let done = packs::keep(db, &pack);
            (Answer::Pack(to), done)
        }
    }
}

/// One envelope in a savepoint of its own: whatever becomes of it, the others are untouched.
fn append_guarded(
    db: &Connection,
    candidate: &crate::accept::Candidate,
    at: palier_core::moment::Moment,
) -> Result<Appended, StoreError> {
    db.prepare_cached("SAVEPOINT envelope")?.execute([])?;
    let appended = catch_unwind(AssertUnwindSafe(|| append(db, candidate, at)));
    let appended = appended.unwrap_or_else(|_fell| {
        tracing::error!(id = %candidate.id, "an envelope made the writer fall");
        Ok(Appended::refused(Refusal::BadChanges))
    })?;
    if matches!(appended.pushed, Pushed::Refused(_)) {
        db.prepare_cached("ROLLBACK TO envelope")?.execute([])?;
    }
    db.prepare_cached("RELEASE envelope")?.execute([])?;
    Ok(appended)
}

/// What is told after a commit.
#[derive(Default)]
struct Grown {
    heads: BTreeMap<(CampaignId, SpaceId), u64>,
    revoked: Vec<CampaignId>,
}

impl Grown {
    fn note(&mut self, appended: &Appended) {
        if let Some((campaign, space)) = appended.space
            && let Pushed::Stored(seq) = appended.pushed
        {
            self.heads.insert((campaign, space), seq);
            if appended.revokes {
                self.revoked.push(campaign);
            }
        }
    }

    fn tell(self, wakeups: &Wakeups) {
        for ((campaign, space), head) in self.heads {
            wakeups.grown(campaign, space, head);
        }
        for campaign in self.revoked {
            wakeups.revoked(campaign);
        }
    }
}

#[cfg(test)]
mod tests;

//! The one writer: takes what waits, commits it together, and only then answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use palier_core::{id::CampaignId, moment::Moment, wire::Pushed};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{load, packs, requests, save};
use crate::{
    accept::{Changes, Facts, Ledger, RequestKey, SpaceKey},
    error::StoreError,
    store::{Batch, NewPack},
    wakeups::Wakeups,
};

/// The most work that waits for the writer; beyond it, requests wait in turn.
const WAITING: usize = 1_024;
/// No more is added to a commit of so many envelopes: who is answered after it waits for all
/// of them.
const TOGETHER: usize = 2_000;

/// Who waits for an answer.
type To<T> = oneshot::Sender<Result<T, StoreError>>;

enum Work {
    Push(Batch, To<Vec<Pushed>>),
    Decline(RequestKey, To<bool>),
    Pack(NewPack, To<()>),
}

impl Work {
    /// How many envelopes' worth of a commit it takes.
    fn envelopes(&self) -> usize {
        match self {
            Self::Push(batch, _) => batch.candidates.len().max(1),
            Self::Decline(..) => 1,
            Self::Pack(..) => TOGETHER,
        }
    }
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
        self.ask(|answer| Work::Push(batch, answer)).await
    }

    pub(super) async fn decline(&self, request: RequestKey) -> Result<bool, StoreError> {
        self.ask(|answer| Work::Decline(request, answer)).await
    }

    pub(super) async fn keep_pack(&self, pack: NewPack) -> Result<(), StoreError> {
        self.ask(|answer| Work::Pack(pack, answer)).await
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

    async fn ask<T>(&self, work: impl FnOnce(To<T>) -> Work) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let sender = self.lock_work().clone().ok_or(StoreError::Closed)?;
        let sent = sender.send(work(answer)).await;
        sent.map_err(|_gone| StoreError::Closed)?;
        answered.await.map_err(|_gone| StoreError::Closed)?
    }

    fn lock_work(&self) -> std::sync::MutexGuard<'_, Option<mpsc::Sender<Work>>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn run(db: Connection, mut work: mpsc::Receiver<Work>, wakeups: &Wakeups) {
    let mut desk = Desk::new(db);
    while let Some(first) = work.blocking_recv() {
        // What came while the commit before was written to the disk.
        let mut envelopes = first.envelopes();
        let mut taken = vec![first];
        while envelopes < TOGETHER
            && let Ok(more) = work.try_recv()
        {
            envelopes += more.envelopes();
            taken.push(more);
        }
        desk.commit_together(taken, wakeups);
    }
    if let Err(reason) = desk.db.close() {
        tracing::error!(reason = %reason.1, "the store did not close well");
    }
}

/// Work that shares a commit, and who waits for it.
#[derive(Default)]
struct Taken {
    batches: Vec<Batch>,
    pushers: Vec<To<Vec<Pushed>>>,
    declined: Vec<(RequestKey, To<bool>)>,
    packs: Vec<(NewPack, To<()>)>,
}

impl Taken {
    fn sort(work: Vec<Work>) -> Self {
        let mut taken = Self::default();
        for one in work {
            match one {
                Work::Push(batch, to) => {
                    taken.batches.push(batch);
                    taken.pushers.push(to);
                }
                Work::Decline(request, to) => taken.declined.push((request, to)),
                Work::Pack(pack, to) => taken.packs.push((pack, to)),
            }
        }
        taken
    }

    /// Tells each what became of it.
    fn answer(self, written: Result<Written, StoreError>) {
        let declined = self.declined.into_iter().map(|(_, to)| to);
        let packs = self.packs.into_iter().map(|(_, to)| to);
        match written {
            Ok(written) => {
                tell(self.pushers.into_iter().zip(written.pushed));
                tell(declined.zip(written.declined));
                tell(packs.map(|to| (to, ())));
            }
            Err(cause) => {
                tracing::error!(%cause, "a commit failed");
                tell_failed(self.pushers);
                tell_failed(declined);
                tell_failed(packs);
            }
        }
    }
}

/// Who asked may have gone meanwhile; what was committed stays committed.
fn tell<T>(answers: impl IntoIterator<Item = (To<T>, T)>) {
    for (to, answer) in answers {
        let _gone = to.send(Ok(answer)).is_err();
    }
}

fn tell_failed<T>(waiting: impl IntoIterator<Item = To<T>>) {
    for to in waiting {
        let failed = StoreError::Broken("a commit failed");
        let _gone = to.send(Err(failed)).is_err();
    }
}

/// What a commit did.
struct Written {
    pushed: Vec<Vec<Pushed>>,
    declined: Vec<bool>,
    grown: Grown,
}

/// Where the writer works: the connection, and what it knows of what stands there.
struct Desk {
    db: Connection,
    /// What was true after the last commit: nothing is kept when one fails.
    facts: Facts,
    /// Another number when another connection has written (`PRAGMA data_version`).
    version: i64,
}

impl Desk {
    fn new(db: Connection) -> Self {
        Self {
            db,
            facts: Facts::default(),
            version: 0,
        }
    }

    /// One transaction for all of it. When that fails, nothing of it was done, and each is
    /// told.
    fn commit_together(&mut self, work: Vec<Work>, wakeups: &Wakeups) {
        let taken = Taken::sort(work);
        let written = self.write(&taken);
        if let Ok(written) = &written {
            written.grown.tell(wakeups);
        }
        taken.answer(written);
    }

    fn write(&mut self, taken: &Taken) -> Result<Written, StoreError> {
        let mut facts = std::mem::take(&mut self.facts);
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.db.transaction_with_behavior(behavior)?;
        let version = transaction
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if self.version != version {
            facts = Facts::default();
            self.version = version;
        }
        load::facts(&transaction, taken.batches.iter(), &mut facts)?;
        let mut ledger = Ledger::new(facts);
        let enter = |batch| ledger.enter(batch);
        let pushed = taken.batches.iter().map(enter).collect();
        let (changes, mut facts) = ledger.done();
        let now = taken.batches.iter().map(|batch| batch.at).max();
        save::changes(&transaction, &changes, now.unwrap_or(Moment(0)))?;
        let declined = (taken.declined.iter())
            .map(|(request, _)| requests::decline(&transaction, request))
            .collect::<Result<_, _>>()?;
        for (pack, _) in &taken.packs {
            packs::keep(&transaction, pack)?;
        }
        let nothing = changes.is_empty() && taken.declined.is_empty() && taken.packs.is_empty();
        if nothing {
            transaction.rollback()?;
        } else {
            transaction.commit()?;
        }
        facts.keep_what_serves_again();
        self.facts = facts;
        Ok(Written {
            pushed,
            declined,
            grown: Grown::of(&changes),
        })
    }
}

/// What is told after a commit.
struct Grown {
    heads: BTreeMap<SpaceKey, u64>,
    revoked: BTreeSet<CampaignId>,
}

impl Grown {
    fn of(changes: &Changes<'_>) -> Self {
        let revoked = changes.revocations.keys();
        Self {
            heads: changes.heads.clone(),
            revoked: revoked.map(|(campaign, _device)| *campaign).collect(),
        }
    }

    fn tell(&self, wakeups: &Wakeups) {
        for ((campaign, space), head) in &self.heads {
            wakeups.grown(*campaign, *space, *head);
        }
        for campaign in &self.revoked {
            wakeups.revoked(*campaign);
        }
    }
}

#[cfg(test)]
mod grouping;
#[cfg(test)]
mod tests;

//! Room in memory for what has not been answered yet, counted in bytes.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// What one permit stands for: a semaphore counts to 2³² only.
const UNIT_BYTES: usize = 1_024;

/// Room in memory.
#[derive(Debug)]
pub(crate) struct Room {
    units: Arc<Semaphore>,
    all: usize,
}

/// A part of it, free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Reserved(OwnedSemaphorePermit);

impl Reserved {
    /// More of the same room.
    pub(crate) fn add(held: &mut Option<Self>, more: Self) {
        match held {
            Some(held) => held.0.merge(more.0),
            None => *held = Some(more),
        }
    }
}

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        let all = units(bytes).min(Semaphore::MAX_PERMITS);
        Self {
            units: Arc::new(Semaphore::new(all)),
            all,
        }
    }

    /// Room for so many bytes more. Nothing where none comes free in time: those who hold a part
    /// and wait for another do not wait for each other for ever.
    pub(crate) async fn reserve(&self, bytes: usize, patience: Duration) -> Option<Reserved> {
        // What is larger than everything waits for everything.
        let units = u32::try_from(units(bytes).min(self.all)).ok()?;
        let reserving = Arc::clone(&self.units).acquire_many_owned(units);
        let reserved = timeout(patience, reserving).await.ok()?;
        reserved.ok().map(Reserved)
    }

    /// Bytes that are in use.
    pub(crate) fn used_bytes(&self) -> usize {
        (self.all - self.units.available_permits().min(self.all)) * UNIT_BYTES
    }
}

const fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT_BYTES)
}

//! The device's clock and its source of chance: the two things that tests replace.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use palier_core::moment::{Millis, Moment};

use crate::error::Error;

/// A clock.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// One that a test sets.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at a moment until it is moved.
    #[must_use]
    pub fn at(moment: Moment) -> Self {
        Self::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// The moment that it shows.
    #[must_use]
    pub fn now(&self) -> Moment {
        match self {
            Self::System => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Set(millis) => Moment(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a set clock on; the machine's is left alone.
    pub fn advance(&self, by: Millis) {
        if let Self::Set(millis) = self {
            millis.fetch_add(by.0, Ordering::SeqCst);
        }
    }
}

/// Random bytes from the operating system.
///
/// # Errors
/// It has none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_reason| Error::NoChance)?;
    Ok(bytes)
}

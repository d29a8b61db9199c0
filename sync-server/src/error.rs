//! What goes wrong: at the start, in the store, and in answer to a request.

use std::{io, path::PathBuf};

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use palier_core::{refusal::Refusal, wire::Fault};

use crate::{limits::Spent, store::postgres::PostgresFault};

/// Seconds to wait for a relay that has too much to do; devices add chance to it.
const BUSY_S: u32 = 5;

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite says so. The line holds what it says, so that the log does: it is no source,
    /// which whoever prints both would print twice.
    #[error("the store failed: {0}")]
    Sqlite(rusqlite::Error),
    /// PostgreSQL says so.
    #[error("the store failed: {0}")]
    Postgres(PostgresFault),
    /// What stands in the store is not what was written there.
    #[error("the store holds what it cannot hold: {0}")]
    Broken(&'static str),
    /// The file is no store of a relay.
    #[error("{} is not the store of a relay, or is damaged: {reason}; it was left as it is", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// A newer version of this program wrote it.
    #[error("{} was written by a newer version (schema {found}, this one knows {known}); start that version", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// The store is no file, and copying is about files.
    #[error(
        "a PostgreSQL database is copied with PostgreSQL's own tools, pg_basebackup or pg_dump: \
         docs/operations.md says how"
    )]
    NoFile,
    /// A relay, or somebody else, has it open.
    #[error("the store is in use: stop the relay first")]
    InUse,
    /// A file could not be written.
    #[error("{} was not written: {reason}", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// The relay is stopping.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether the same may well succeed a moment later.
    pub(crate) fn passes(&self) -> bool {
        matches!(self, Self::Postgres(fault) if fault.passes())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<PostgresFault> for StoreError {
    fn from(fault: PostgresFault) -> Self {
        Self::Postgres(fault)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error.into())
    }
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Postgres(error.into())
    }
}

/// A relay that could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its address.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Where it should listen.
        address: std::net::SocketAddr,
        /// Why it cannot.
        reason: io::Error,
    },
}

/// The answer to a request that is not granted.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// Refused, with the status that fits the request.
    Refused(StatusCode, Refusal),
    /// There is nothing of that name.
    NotFound,
    /// The method does not go with the path.
    WrongMethod,
    /// The part asked for lies outside.
    OutOfRange,
    /// Too much at once, or stopping.
    Busy,
    /// The asking device, or all that are not introduced, asked for too much.
    SlowDown(Spent),
    /// The request did not come in time.
    Late,
    /// Our fault: the cause is logged, not told.
    Internal(StoreError),
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::Malformed => StatusCode::BAD_REQUEST,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::BadTime | Refusal::BadSignature => StatusCode::UNAUTHORIZED,
            Refusal::InvitationUnknown => StatusCode::NOT_FOUND,
            Refusal::InvitationExpired | Refusal::InvitationUsed => StatusCode::GONE,
            _ => StatusCode::FORBIDDEN,
        };
        Self::Refused(status, refusal)
    }
}

impl From<Spent> for ApiError {
    fn from(spent: Spent) -> Self {
        Self::SlowDown(spent)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Closed => Self::Busy,
            // A database that is away or changes: the device comes again by itself.
            error if error.passes() => {
                tracing::warn!(cause = %error, "the store cannot do it now");
                Self::Busy
            }
            error => Self::Internal(error),
        }
    }
}

impl ApiError {
    /// When to try again, where that helps.
    const fn wait_s(&self) -> Option<u32> {
        match self {
            Self::SlowDown(spent) => Some(spent.wait_s),
            Self::Busy => Some(BUSY_S),
            _ => None,
        }
    }

    fn told(&self) -> (StatusCode, String, &'static str) {
        match self {
            Self::Refused(status, refusal) => (*status, refusal.to_string(), sentence(*refusal)),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "not_found".into(),
                "there is nothing of that name here",
            ),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "not_found".into(),
                "this address does not answer that method",
            ),
            Self::OutOfRange => (
                StatusCode::RANGE_NOT_SATISFIABLE,
                "not_found".into(),
                "the pack has no such part",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy".into(),
                "the relay has too much to do; try again shortly",
            ),
            Self::SlowDown(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "slow_down".into(),
                "too many requests; try again after a while",
            ),
            Self::Late => (
                StatusCode::REQUEST_TIMEOUT,
                "late".into(),
                "the request did not come in time",
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal".into(),
                "the relay failed; nothing was changed",
            ),
        }
    }
}

/// One line for a person.
const fn sentence(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed => "the request does not follow the layout",
        Refusal::TooLarge => "the request is larger than allowed",
        Refusal::BadTime => "the device's clock is more than two days off",
        Refusal::BadSignature => "the request is not signed by the device that it names",
        Refusal::UnknownDevice => "this device has not introduced itself in this campaign",
        Refusal::WrongSpace => "this relay does not serve that campaign",
        Refusal::Revoked => "this device's rights were taken back",
        Refusal::Expired => "this device's rights have ended",
        Refusal::InvitationUnknown => "this invitation is not known here",
        Refusal::InvitationExpired => "this invitation has ended",
        Refusal::InvitationUsed => "this invitation was used as often as it may be",
        _ => "this device may not do that",
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Internal(cause) = &self {
            tracing::error!(%cause, "a request failed");
        }
        let (status, code, message) = self.told();
        let fault = Fault {
            code: code.clone(),
            message: message.to_owned(),
        };
        let mut response = (status, Json(fault)).into_response();
        if let Some(wait_s) = self.wait_s() {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, wait_s.into());
        }
        let of = match self {
            Self::SlowDown(spent) => Some(spent.of),
            _ => None,
        };
        response.extensions_mut().insert(Faulted { code, of });
        response
    }
}

/// Rides on the answer to a request that is not granted, for the metrics.
#[derive(Clone, Debug)]
pub(crate) struct Faulted {
    /// The word of the fault.
    pub(crate) code: String,
    /// The budget that was spent, where one was.
    pub(crate) of: Option<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_printed_once() {
        let cause = rusqlite::Error::InvalidQuery;
        let expected = format!("the store failed: {cause}");
        let error = anyhow::Error::from(StoreError::from(cause));
        assert_eq!(format!("{error:#}"), expected);
        let fault = PostgresFault::said("no room");
        let error = anyhow::Error::from(StoreError::from(fault));
        assert_eq!(
            format!("{error:#}"),
            "the store failed: PostgreSQL: no room"
        );
    }
}

//! What PostgreSQL says when it does not do what it was asked: its code and its words, without
//! the details, which repeat values.

use std::fmt;

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// PostgreSQL did not do what it was asked.
#[derive(Clone, Debug)]
pub struct PostgresFault {
    code: Option<SqlState>,
    said: String,
    /// Whether the connection is gone.
    lost: bool,
}

impl PostgresFault {
    /// A fault of ours.
    pub(crate) fn said(text: &str) -> Self {
        Self {
            code: None,
            said: text.to_owned(),
            lost: false,
        }
    }

    /// Whether the same may well succeed a moment later: another transaction was in the way,
    /// or the server is away or changes.
    pub(crate) fn passes(&self) -> bool {
        self.lost
            || self.code.as_ref().is_some_and(|code| {
                // 08: the connection; 40: two transactions in each other's way; 53: no room;
                // 55P03: a lock that was waited for too long; 57P: the server stops or starts;
                // 25006: it has become a replica.
                ["08", "40", "53", "55P03", "57P", "25006"]
                    .iter()
                    .any(|class| code.code().starts_with(class))
            })
    }
}

impl fmt::Display for PostgresFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "PostgreSQL {}: {}", code.code(), self.said),
            None => write!(f, "PostgreSQL: {}", self.said),
        }
    }
}

impl std::error::Error for PostgresFault {}

impl From<tokio_postgres::Error> for PostgresFault {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => Self {
                code: Some(said.code().clone()),
                said: said.message().to_owned(),
                lost: false,
            },
            None => Self {
                code: None,
                lost: error.is_closed() || is_of_the_network(&error),
                said: said(&error),
            },
        }
    }
}

/// What the driver says. Why there is no TLS is what whoever asked for it has to know; other
/// causes may repeat values.
fn said(error: &tokio_postgres::Error) -> String {
    let said = error.to_string();
    match std::error::Error::source(error) {
        Some(cause) if said.contains("TLS") => format!("{said}: {cause}"),
        _ => said,
    }
}

impl From<PoolError> for PostgresFault {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            error => Self {
                code: None,
                said: error.to_string(),
                // Every connection is in use, or the server does not answer.
                lost: matches!(error, PoolError::Timeout(_)),
            },
        }
    }
}

fn is_of_the_network(error: &tokio_postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.is::<std::io::Error>() {
            return true;
        }
        source = cause.source();
    }
    // "connection timed out" and "no server that takes writes" have no cause of their own.
    error.to_string().contains("connect")
}

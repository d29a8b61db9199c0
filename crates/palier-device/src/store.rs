//! The device's database: one file per table or family of tables, literals beside the rows
//! they fill.

pub(crate) mod asking;
pub(crate) mod batches;
pub(crate) mod buildings;
pub(crate) mod documents;
pub(crate) mod envelopes;
pub(crate) mod given;
pub(crate) mod handed;
pub(crate) mod line;
pub(crate) mod membership;
pub(crate) mod mine;
pub(crate) mod offers;
pub(crate) mod open;
pub(crate) mod peers;
pub(crate) mod projections;
pub(crate) mod removals;
pub(crate) mod requests;
pub(crate) mod settings;
pub(crate) mod territory;
pub(crate) mod visits;
pub(crate) mod waiting;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::Error;

/// The one writing connection of a device.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    /// Does all of `work` in one transaction, or nothing of it.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.write_or(work)
    }

    /// As [`Store::write`], for work that fails in its own words.
    pub(crate) fn write_or<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::from)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(Error::from)?;
        Ok(done)
    }

    /// As [`Store::write`], for what no trace may tell the order of: once it is done, the log that
    /// held it is emptied.
    pub(crate) fn write_untraced<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let done = self.write(work)?;
        // It is on disk whether the log can be emptied now or not.
        let _later = open::forget_log(&self.connection);
        Ok(done)
    }

    /// The connection, to read from.
    pub(crate) const fn read(&self) -> &Connection {
        &self.connection
    }
}

/// The steps of a query's plan, for tests.
#[cfg(test)]
pub(crate) fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut query = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let mut rows = query.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get(3).unwrap());
    }
    steps
}

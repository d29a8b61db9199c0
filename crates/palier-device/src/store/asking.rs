//! The request of this device to join a team that accepts its members.

use palier_core::id::CampaignId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Error;

/// Words for how far a request has come. Any other is why the relay did not let the device in
/// once it was accepted.
pub(crate) mod state {
    pub(crate) const UNSENT: &str = "unsent";
    pub(crate) const WAITING: &str = "waiting";
    pub(crate) const DECLINED: &str = "declined";
}

/// A request that was made.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    pub(crate) campaign: CampaignId,
    pub(crate) relay: String,
    pub(crate) pseudonym: String,
    /// The invitation's record.
    pub(crate) record: Vec<u8>,
    /// The request, signed.
    pub(crate) envelope: Vec<u8>,
    /// One of [`state`], or the word of a refusal.
    pub(crate) state: String,
}

pub(crate) fn get(connection: &Connection) -> Result<Option<Asking>, Error> {
    Ok(connection
        .query_row(
            "SELECT campaign, relay, pseudonym, record, envelope, state FROM asking",
            [],
            |row| {
                Ok(Asking {
                    campaign: CampaignId(row.get(0)?),
                    relay: row.get(1)?,
                    pseudonym: row.get(2)?,
                    record: row.get(3)?,
                    envelope: row.get(4)?,
                    state: row.get(5)?,
                })
            },
        )
        .optional()?)
}

/// Keeps a request, in the place of an older one.
pub(crate) fn set(connection: &Connection, asking: &Asking) -> Result<(), Error> {
    connection.execute(
        "INSERT OR REPLACE INTO asking (one, campaign, relay, pseudonym, record, envelope, state)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            asking.campaign.0,
            asking.relay,
            asking.pseudonym,
            asking.record,
            asking.envelope,
            asking.state
        ],
    )?;
    Ok(())
}

pub(crate) fn set_state(connection: &Connection, state: &str) -> Result<(), Error> {
    connection.execute("UPDATE asking SET state = ?1", [state])?;
    Ok(())
}

pub(crate) fn delete(connection: &Connection) -> Result<(), Error> {
    connection.execute("DELETE FROM asking", [])?;
    Ok(())
}

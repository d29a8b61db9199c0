//! What somebody can open with everything that stands in their store, were they handed every
//! byte that the relay has.

use std::path::Path;

use anyhow::Result;
use palier_core::{
    envelope::{Envelope, Kind},
    id::TeamId,
    invitation::{InvitationRecord, Link},
    key::{Secret, TeamKey},
    seal,
    team_key::TeamKeyRecord,
};
use rusqlite::{Connection, OpenFlags};

/// The secrets of one device, and of a link that its person kept.
pub(crate) struct Loot {
    secrets: Vec<Secret>,
    keys: Vec<(TeamId, TeamKey)>,
}

impl Loot {
    /// Reads a device's real store.
    pub(crate) fn of(store: &Path, link: &str) -> Result<Self> {
        let store = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let seed: [u8; 32] = store.query_row("SELECT seed FROM device", [], |row| row.get(0))?;
        let keys = store
            .prepare("SELECT team, epoch, key FROM team_key")?
            .query_map([], |row| {
                let key = TeamKey {
                    epoch: row.get(1)?,
                    bytes: row.get(2)?,
                };
                Ok((TeamId(row.get(0)?), key))
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            secrets: vec![Secret::from_seed(&seed), Link::parse(link)?.secret.secret()],
            keys,
        })
    }

    /// Whether a sealed body opens, or a key that is handed out.
    pub(crate) fn opens(&self, envelope: &Envelope) -> bool {
        let space = envelope.header.space.0;
        let handed = match envelope.header.kind {
            Kind::TeamKey => TeamKeyRecord::decode(&envelope.body).unwrap().keys,
            Kind::Invitation => InvitationRecord::decode(&envelope.body).unwrap().keys,
            _ => Vec::new(),
        };
        let a_key = handed
            .iter()
            .any(|key| self.secrets.iter().any(|it| key.open(it, &space).is_ok()));
        let header = envelope.header.encode();
        let a_body = envelope.header.kind.is_sealed()
            && self.keys.iter().any(|(team, key)| {
                team.0 == space && seal::open_body(key, &header, &envelope.body).is_ok()
            });
        a_key || a_body
    }
}

/// Every envelope of the relay's log that is about a team, in order.
pub(crate) fn team_log(relay: &Path) -> Result<Vec<Envelope>> {
    let store = Connection::open_with_flags(relay, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let log: Vec<Vec<u8>> = store
        .prepare("SELECT bytes FROM log ORDER BY space, seq")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut envelopes = Vec::new();
    for bytes in log {
        let envelope = Envelope::decode(&bytes)?;
        let campaign = envelope.header.campaign;
        let space = envelope.header.space;
        if space != campaign.space() && space != campaign.reports_space() {
            envelopes.push(envelope);
        }
    }
    Ok(envelopes)
}

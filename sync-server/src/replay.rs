//! The log, played again into an empty store beside the one that keeps it.

use palier_core::{
    id::{CampaignId, DeviceId, EnvelopeId},
    moment::Moment,
    wire::Pushed,
};
use rusqlite::{Connection, Statement, params_from_iter, types::Value};

use crate::{
    accept::{Candidate, Facts, Ledger},
    error::StoreError,
    store::{
        Batch,
        sqlite::{self, open},
    },
};

/// Tables that follow from the log, and the columns that order them. A table stands after
/// those that it refers to.
pub(crate) const DERIVED: [(&str, &str); 8] = [
    ("introductions", "campaign, device, space"),
    ("revocations", "campaign, device"),
    ("invitations", "campaign, key"),
    ("redemptions", "campaign, key, device"),
    ("reports", "campaign, document"),
    ("tallies", "campaign, document, station"),
    ("sums", "campaign, along, key"),
    ("turnout", "campaign, document, station, hour"),
];

/// How many envelopes are decided about together.
pub(crate) const AT_A_TIME: usize = 500;

/// Where the log is played again: a store in a temporary file, whatever sort of store is
/// looked at. It is gone when this is dropped.
pub(crate) struct Replay(Connection);

impl Replay {
    /// An empty one.
    pub(crate) fn begin(now: Moment) -> Result<Self, StoreError> {
        let db = open::scratch(now)?;
        db.execute_batch("BEGIN")?;
        Ok(Self(db))
    }

    /// Offers envelopes in the order in which they were taken; how many they are.
    pub(crate) fn take(&self, kept: &[Batch]) -> Result<u64, StoreError> {
        let mut facts = Facts::default();
        sqlite::load(&self.0, kept.iter(), &mut facts)?;
        let mut ledger = Ledger::new(facts);
        let envelopes = enter(&mut ledger, kept)?;
        let (mut changes, _facts) = ledger.done();
        // The log itself stays where it is.
        changes.log.clear();
        sqlite::save(&self.0, &changes, Moment(0))?;
        Ok(envelopes)
    }

    /// That a lead had accepted a request stands in no log: this is one line of
    /// [`ASKED`].
    pub(crate) fn take_asked(&self, redemption: Vec<Value>) -> Result<(), StoreError> {
        self.0
            .prepare_cached(
                "INSERT INTO redemptions (campaign, key, device, redeemed_at, asked)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params_from_iter(redemption))?;
        Ok(())
    }

    /// The lines of a table, as they follow from what was offered.
    pub(crate) fn lines(&self, table: &str, key: &str) -> Result<Statement<'_>, StoreError> {
        Ok(self
            .0
            .prepare(&format!("SELECT * FROM {table} ORDER BY {key}"))?)
    }
}

/// Redemptions of requests that a lead accepted, in both sorts of store.
pub(crate) const ASKED: &str =
    "SELECT campaign, key, device, redeemed_at, asked FROM redemptions WHERE asked";

/// An envelope of the log, as it is offered again.
pub(crate) struct Kept {
    /// The campaign.
    pub(crate) campaign: CampaignId,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Its id.
    pub(crate) id: EnvelopeId,
    /// Who wrote it.
    pub(crate) device: DeviceId,
    /// When it was taken.
    pub(crate) at: Moment,
}

impl Kept {
    /// A push of this envelope alone.
    pub(crate) fn batch(self) -> Result<Batch, StoreError> {
        let candidate = Candidate::read(self.bytes.into(), &self.campaign)
            .map_err(|_refusal| StoreError::Broken("an envelope of the log does not read"))?;
        if candidate.id != self.id {
            return Err(StoreError::Broken("an envelope of the log was changed"));
        }
        Ok(Batch {
            device: self.device,
            candidates: vec![Ok(candidate)],
            at: self.at,
        })
    }
}

/// Enters what was taken once, and must be taken again.
pub(crate) fn enter<'a>(ledger: &mut Ledger<'a>, kept: &'a [Batch]) -> Result<u64, StoreError> {
    let mut envelopes = 0;
    for batch in kept {
        for candidate in batch.candidates.iter().flatten() {
            match ledger.replay(candidate, batch.at) {
                Pushed::Stored(_) => envelopes += 1,
                Pushed::Duplicate(_) => return Err(StoreError::Broken("an envelope stands twice")),
                Pushed::Refused(refusal) => {
                    tracing::error!(id = %candidate.id, %refusal, "the log holds what is refused");
                    return Err(StoreError::Broken("an envelope of the log is refused"));
                }
            }
        }
    }
    Ok(envelopes)
}

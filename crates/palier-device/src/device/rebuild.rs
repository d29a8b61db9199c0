//! Making every projection again from the envelopes, to show that they are only caches.

use palier_core::{
    envelope::Envelope,
    id::{CampaignId, DocumentId, EnvelopeId},
    key::Secret,
    moment::Moment,
};
use rusqlite::Connection;

use super::{
    Device,
    documents::{Address, Writer},
    reception::Reception,
    redemption::show_handed,
};
use crate::{
    error::Error,
    store::{buildings, documents, envelopes, projections},
};

/// What a rebuild found.
#[derive(Clone, Copy, Debug)]
pub struct Rebuilt {
    /// Whether any row differed from before.
    pub differed: bool,
    /// How many envelopes were read.
    pub envelopes: u32,
}

impl Device {
    /// Empties every projection and makes it again from the envelopes that are kept and the
    /// changes that wait for one.
    ///
    /// # Errors
    /// The store failed, and everything is as it was.
    pub fn rebuild(&mut self) -> Result<Rebuilt, Error> {
        let campaign = self.member()?.place.campaign;
        let (now, writer, secret) = (self.now(), self.writer(), &self.secret);
        self.at_hand = None;
        self.store.write(|t| {
            buildings::forget_codes(t, now)?;
            let before = projections::picture(t)?;
            let envelopes = rebuild(t, secret, campaign, writer, now)?;
            Ok(Rebuilt {
                differed: projections::picture(t)? != before,
                envelopes,
            })
        })
    }
}

/// Makes every projection again; from how many envelopes.
pub(super) fn rebuild(
    connection: &Connection,
    secret: &Secret,
    campaign: CampaignId,
    writer: Writer,
    now: Moment,
) -> Result<u32, Error> {
    let waiting = waiting_changes(connection, writer.actor)?;
    projections::clear(connection)?;
    show_handed(connection)?;
    let mut reception = Reception::new(connection, secret, campaign, writer);
    let envelopes = envelopes::for_each(connection, |bytes, kept_at| {
        // What was set aside then is set aside again.
        if let Ok(envelope) = Envelope::decode(bytes) {
            let id = EnvelopeId::of(bytes);
            let _again = reception.absorb(&envelope, id, kept_at)?;
        }
        Ok(())
    })?;
    reception.settle_all(now)?;
    for (at, change) in &waiting {
        reception.apply_pending(*at, writer.device, writer.actor, change, now)?;
    }
    reception.save()?;
    buildings::forget_codes(connection, now)?;
    Ok(envelopes)
}

fn waiting_changes(
    connection: &Connection,
    actor: palier_core::document::Actor,
) -> Result<Vec<(Address, Vec<u8>)>, Error> {
    let place = |id: DocumentId| -> Result<Address, Error> {
        let kept = documents::load(connection, id, actor)?.ok_or(Error::Document)?;
        Ok(Address {
            id,
            kind: kept.kind,
            space: kept.space,
        })
    };
    envelopes::all_pending(connection)?
        .into_iter()
        .map(|(document, change)| Ok((place(document)?, change)))
        .collect()
}

//! Writing documents: the change, its rows and its place in the outbox, in one transaction.

use palier_core::{
    document::{self, Actor, Broken, Document, campaign, rewrite::Rewriting, shift, team, turf},
    envelope::Kind,
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
};
use rusqlite::Connection;

use crate::{
    error::Error,
    store::{
        buildings,
        documents::{self, Kept},
        envelopes, projections,
    },
};

/// A document and where it belongs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address {
    pub(super) id: DocumentId,
    pub(super) kind: Kind,
    pub(super) space: SpaceId,
}

impl Address {
    pub(super) fn campaign(campaign: &CampaignId) -> Self {
        Self {
            id: campaign.document(),
            kind: Kind::Campaign,
            space: campaign.space(),
        }
    }

    pub(super) fn team(team: TeamId) -> Self {
        Self {
            id: team.document(),
            kind: Kind::Team,
            space: team.space(),
        }
    }
}

/// Who writes, and as which actor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer {
    pub(super) device: DeviceId,
    pub(super) actor: Actor,
}

impl Writer {
    /// The document from disk, or as everybody has it before the first change.
    pub(super) fn open(self, connection: &Connection, at: Address) -> Result<Kept, Error> {
        match documents::load(connection, at.id, self.actor)? {
            Some(kept) => Ok(kept),
            None => Kept::new(at.id, at.kind, at.space, self.device, self.actor),
        }
    }

    /// Opens a document, writes one change, and keeps all of it.
    pub(super) fn edit(
        self,
        connection: &Connection,
        at: Address,
        records: u32,
        write: impl FnOnce(&mut Document) -> Result<Option<Vec<u8>>, Broken>,
    ) -> Result<(), Error> {
        let mut kept = self.open(connection, at)?;
        write_change(connection, &mut kept, records, write)
    }
}

/// Writes one change into an open document, and keeps all of it.
pub(super) fn write_change(
    connection: &Connection,
    kept: &mut Kept,
    records: u32,
    write: impl FnOnce(&mut Document) -> Result<Option<Vec<u8>>, Broken>,
) -> Result<(), Error> {
    let Some(change) = write(&mut kept.document)? else {
        return Ok(());
    };
    envelopes::insert_pending(connection, kept.id, records, &change)?;
    keep(connection, kept)
}

/// Writes changes of a document that waited, each with its records, in another way; they wait
/// again.
pub(super) fn write_again(
    connection: &Connection,
    kept: &mut Kept,
    waited: Vec<(u32, Vec<u8>)>,
    how: &Rewriting<'_>,
) -> Result<(), Error> {
    let (records, changes): (Vec<u32>, Vec<Vec<u8>>) = waited.into_iter().unzip();
    let again = kept.document.rewrite(&changes, how)?;
    for (records, change) in records.into_iter().zip(&again) {
        envelopes::insert_pending(connection, kept.id, records, change)?;
    }
    Ok(())
}

/// Keeps a document that was changed, and the rows that follow from it.
pub(super) fn keep(connection: &Connection, kept: &mut Kept) -> Result<(), Error> {
    documents::save(connection, kept)?;
    project(connection, kept, None)
}

/// Writes the rows that follow from a document; `envelope` brought its latest change.
pub(super) fn project(
    connection: &Connection,
    kept: &Kept,
    envelope: Option<EnvelopeId>,
) -> Result<(), Error> {
    let team = TeamId(kept.space.0);
    match kept.kind {
        Kind::Shift => {
            let read = shift::read(&kept.document);
            projections::set_shift(connection, kept.id, kept.device, team, &read, envelope)
        }
        Kind::Turf => {
            if let Some(read) = turf::read(&kept.document) {
                projections::set_turf(connection, kept.id, team, &read)?;
            }
            buildings::set(connection, kept.id, &turf::buildings(&kept.document))
        }
        Kind::Team => projections::set_members(connection, team, &team::members(&kept.document)),
        Kind::Campaign => match campaign::read(&kept.document) {
            Some(read) => projections::set_campaign(connection, &read),
            None => Ok(()),
        },
        Kind::Report => match document::report::read(&kept.document) {
            Ok(read) => projections::set_turnout(connection, kept.id, &read),
            Err(_) => Ok(()),
        },
        Kind::Kit => match document::kit::read(&kept.document, kept.id) {
            Some((version, bytes)) => {
                projections::insert_kit(connection, kept.id, &version, &bytes)
            }
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

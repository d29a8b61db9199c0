//! The document of a shift that is only followed, made from its changes.

use palier_core::{
    document::{
        Actor, Document, batch,
        shift::{Changes, Trail},
    },
    envelope::{Envelope, Kind},
    id::TeamId,
    moment::Moment,
    seal,
};
use rusqlite::Connection;

use super::Followed;
use crate::{
    error::Error,
    store::{envelopes, membership},
};

/// Makes the document from the envelopes that are kept, then from the changes that wait for
/// one, up to where the shift was followed. What was refused then is passed over now.
pub(super) fn document(
    connection: &Connection,
    shift: &Followed,
    actor: Actor,
) -> Result<Document, Error> {
    let mut making = Making {
        document: Document::new(Kind::Shift, actor)?,
        trail: Trail::new(actor),
        shift,
    };
    for bytes in envelopes::of_document(connection, shift.space, shift.device, shift.id)? {
        let Ok(envelope) = Envelope::decode(&bytes) else {
            continue;
        };
        if let Some(body) = opened(connection, &envelope)? {
            making.take(&body)?;
        }
    }
    for change in envelopes::pending_of(connection, shift.id)? {
        making.take(&batch::pack([change.as_slice()])?)?;
    }
    Ok(making.document)
}

/// The body in clear, where a key opens it.
fn opened(connection: &Connection, envelope: &Envelope) -> Result<Option<Vec<u8>>, Error> {
    let header = &envelope.header;
    let keys = membership::keys_of_epoch(connection, TeamId(header.space.0), header.key_epoch)?;
    let bound = header.encode();
    Ok(keys
        .iter()
        .find_map(|key| seal::open_body(key, &bound, &envelope.body).ok()))
}

struct Making<'a> {
    document: Document,
    trail: Trail,
    shift: &'a Followed,
}

impl Making<'_> {
    fn take(&mut self, body: &[u8]) -> Result<(), Error> {
        if self.trail.end() == self.shift.trail.end() {
            return Ok(());
        }
        // Whether a moment was too far ahead was looked at when it came.
        let Some(changes) = Changes::read(&self.shift.device, body, Moment(i64::MAX)) else {
            return Ok(());
        };
        if let Some((trail, _added)) = self.trail.follow(&changes) {
            changes.apply(&mut self.document)?;
            self.trail = trail;
        }
        Ok(())
    }
}

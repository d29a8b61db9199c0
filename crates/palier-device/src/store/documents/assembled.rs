//! The document of a shift that is only followed, made from its changes.

use palier_core::{
    document::{
        Actor, Document,
        batch::{self, Unpacker},
        shift::{Changes, Trail},
    },
    envelope::{Envelope, Kind},
    moment::Moment,
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
        unpacker: Unpacker::default(),
        shift,
    };
    for bytes in envelopes::of_document(connection, shift.space, shift.device, shift.id)? {
        let Ok(envelope) = Envelope::decode(&bytes) else {
            continue;
        };
        if let Ok(body) = membership::clear_body(connection, &envelope)? {
            making.take(&body)?;
        }
    }
    for change in envelopes::pending_of(connection, shift.id)? {
        making.take(&batch::pack([change.as_slice()])?)?;
    }
    Ok(making.document)
}

struct Making<'a> {
    document: Document,
    trail: Trail,
    unpacker: Unpacker,
    shift: &'a Followed,
}

impl Making<'_> {
    fn take(&mut self, body: &[u8]) -> Result<(), Error> {
        if self.trail.end() == self.shift.trail.end() {
            return Ok(());
        }
        // Whether a moment was too far ahead was looked at when it came.
        let (device, ever) = (&self.shift.device, Moment(i64::MAX));
        let Some(changes) = Changes::read_next(&mut self.unpacker, device, body, ever) else {
            return Ok(());
        };
        if let Some((trail, _added)) = self.trail.follow(&changes) {
            changes.apply(&mut self.document)?;
            self.trail = trail;
        }
        Ok(())
    }
}

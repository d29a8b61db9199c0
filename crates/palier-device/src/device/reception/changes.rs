//! Changes of documents: opened, checked, applied and projected.

use std::collections::btree_map::Entry;

use palier_core::{
    document::{Actor, batch, check, shift},
    envelope::{Envelope, Header, Kind},
    id::{DeviceId, EnvelopeId},
    moment::Moment,
    refusal::Refusal,
};

use super::Reception;
use crate::{
    device::documents::{Address, Writer, project},
    error::Error,
    store::{documents::Kept, membership},
};

impl Reception<'_> {
    pub(super) fn take_changes(
        &mut self,
        envelope: &Envelope,
        id: EnvelopeId,
        now: Moment,
    ) -> Result<Result<(), Refusal>, Error> {
        let header = &envelope.header;
        let body = match membership::clear_body(self.connection, envelope)? {
            Ok(body) => body,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if header.kind == Kind::Shift && self.follow_shift(header, &body, id, now)? {
            return Ok(Ok(()));
        }
        let connection = self.connection;
        let kept = match self.open_document(header)? {
            Ok(kept) => kept,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let changes = match check::check(&kept.document, header.kind, &header.device, &body, now) {
            Ok(changes) => changes,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if kept.document.apply(changes).is_err() {
            // The copy in memory may be broken; what stands on disk is whole.
            self.open.remove(&header.document);
            return Ok(Err(Refusal::BadSchema));
        }
        project(connection, kept, Some(id))?;
        Ok(Ok(()))
    }

    /// The document of a header; a document with one writer takes no other.
    fn open_document(&mut self, header: &Header) -> Result<Result<&mut Kept, Refusal>, Error> {
        let at = Address {
            id: header.document,
            kind: header.kind,
            space: header.space,
        };
        let owner = Writer {
            device: header.device,
            actor: self.writer.actor,
        };
        let kept = self.opened(at, owner)?;
        let one_writer = matches!(header.kind, Kind::Shift | Kind::Report);
        let fits = kept.kind == header.kind
            && kept.space == header.space
            && (!one_writer || kept.device == header.device);
        Ok(if fits {
            Ok(kept)
        } else {
            Err(Refusal::WrongSpace)
        })
    }

    /// A document, opened once.
    fn opened(&mut self, at: Address, writer: Writer) -> Result<&mut Kept, Error> {
        if let Some(mut shift) = self.followed.remove(&at.id) {
            shift.keep(self.connection)?;
        }
        match self.open.entry(at.id) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => Ok(entry.insert(writer.open(self.connection, at)?)),
        }
    }

    /// Applies changes of this device that wait for an envelope.
    pub(in crate::device) fn apply_pending(
        &mut self,
        at: Address,
        me: DeviceId,
        actor: Actor,
        change: &[u8],
        now: Moment,
    ) -> Result<(), Error> {
        let body = batch::pack([change])?;
        if at.kind == Kind::Shift {
            let read = shift::Changes::read(&me, &body, now);
            if self.follow_changes(at, me, read, None)? {
                return Ok(());
            }
        }
        let writer = Writer { device: me, actor };
        let connection = self.connection;
        let kept = self.opened(at, writer)?;
        let changes = check::check(&kept.document, at.kind, &me, &body, now)?;
        kept.document.apply(changes)?;
        project(connection, kept, None)
    }
}

//! Taking in what shifts add, without their documents.

use palier_core::{
    document::shift::{Changes, Trail},
    envelope::Header,
    id::{DeviceId, EnvelopeId},
    moment::Moment,
};

use super::Reception;
use crate::{
    device::documents::Address,
    error::Error,
    store::{
        documents::{self, Followed, Standing},
        projections,
    },
};

impl Reception<'_> {
    /// Follows an envelope of a shift; `false` where the document has to look at it.
    pub(super) fn follow_shift(
        &mut self,
        header: &Header,
        body: &[u8],
        id: EnvelopeId,
        now: Moment,
    ) -> Result<bool, Error> {
        let at = Address {
            id: header.document,
            kind: header.kind,
            space: header.space,
        };
        let changes = match self.ahead.take_changes(id) {
            None => Changes::read(&header.device, body, now),
            read => read,
        };
        self.follow_changes(at, header.device, changes, Some(id))
    }

    pub(super) fn follow_changes(
        &mut self,
        at: Address,
        device: DeviceId,
        changes: Option<Changes>,
        envelope: Option<EnvelopeId>,
    ) -> Result<bool, Error> {
        let Some(mut shift) = self.take_followed(at, device)? else {
            return Ok(false);
        };
        let step = changes.and_then(|changes| shift.trail.follow(&changes));
        let followed = match step {
            None => false,
            Some((trail, added)) => {
                let is_new = shift.is_new();
                let rows =
                    projections::add_to_shift(self.connection, &shift, is_new, &added, envelope)?;
                if rows {
                    shift.trail = trail;
                }
                rows
            }
        };
        // A shift of which nothing was followed yet is none.
        if followed || !shift.is_new() {
            self.followed.insert(at.id, shift);
        }
        Ok(followed)
    }

    /// The shift as far as it was followed; `None` where its document is kept whole, or where
    /// it is another device's.
    fn take_followed(&mut self, at: Address, device: DeviceId) -> Result<Option<Followed>, Error> {
        if self.open.contains_key(&at.id) {
            return Ok(None);
        }
        let shift = match self.followed.remove(&at.id) {
            Some(shift) => shift,
            None => match documents::standing(self.connection, at.id)? {
                Standing::Whole => return Ok(None),
                Standing::Followed(shift) => shift,
                Standing::New => Followed {
                    id: at.id,
                    space: at.space,
                    device,
                    version: 0,
                    trail: Trail::new(self.writer.actor),
                },
            },
        };
        if shift.space == at.space && shift.device == device {
            return Ok(Some(shift));
        }
        self.followed.insert(at.id, shift);
        Ok(None)
    }
}

//! Who may write in a space, and the next place in a device's line.

use std::{cmp::Ordering, collections::btree_map::Entry};

use palier_core::{
    certificate::Chain,
    envelope::{Envelope, Header},
    id::{DeviceId, EnvelopeId},
    moment::Moment,
    refusal::Refusal,
    rights::Rights,
};

use super::Reception;
use crate::{
    error::Error,
    store::{peers, removals},
};

impl Reception<'_> {
    pub(super) fn check_introduction(
        &self,
        envelope: &Envelope,
        now: Moment,
    ) -> Result<Chain, Refusal> {
        let chain = Chain::decode(&envelope.body)?;
        let rights = chain.verify(
            &self.campaign,
            if self.vouched { Moment::default() } else { now },
        )?;
        if rights.device != envelope.header.device {
            return Err(Refusal::BadCertificate);
        }
        envelope.verify()?;
        Ok(chain)
    }

    pub(super) fn check_writer(
        &mut self,
        envelope: &Envelope,
        id: EnvelopeId,
    ) -> Result<Result<(), Refusal>, Error> {
        let header = &envelope.header;
        let Some(line) = peers::line(self.connection, header.space, header.device)? else {
            return Ok(Err(Refusal::UnknownDevice));
        };
        let (last_seq, last_id) = (line.last_seq, line.last_id);
        if line.revoked && !self.counts(header)? {
            return Ok(Err(Refusal::Revoked));
        }
        let campaign = self.campaign;
        let rights = self.rights_of(header.device, line.chain)?;
        if !rights.may_write(&campaign, header.kind, header.space) {
            return Ok(Err(Refusal::NotAllowed));
        }
        if let Err(refusal) = self.ahead.signature(envelope, id) {
            return Ok(Err(refusal));
        }
        let next = last_seq + 1;
        Ok(match header.device_seq.cmp(&next) {
            Ordering::Equal if header.previous == last_id => Ok(()),
            Ordering::Greater => Err(Refusal::Gap),
            _ if last_id == id => Ok(()),
            _ => Err(Refusal::Fork),
        })
    }

    /// Whether an envelope of a device that was removed still counts: as far as somebody who may
    /// remove it said, and as far as it stands in the relay's log before the removal.
    fn counts(&self, header: &Header) -> Result<bool, Error> {
        let removal = removals::get(self.connection, header.space, header.device)?;
        Ok(header.device == self.writer.device
            || removal.is_some_and(|removal| {
                header.device_seq <= removal.until || (self.vouched && !removal.closed)
            }))
    }

    /// The rights that a chain gives. It was verified before it was kept; whether it had ended
    /// when the relay took an envelope, only the relay can tell.
    fn rights_of(&mut self, device: DeviceId, chain: Vec<u8>) -> Result<&Rights, Error> {
        let known = match self.rights.entry(device) {
            Entry::Occupied(known) if known.get().0 == chain => known.into_mut(),
            Entry::Occupied(mut other) => {
                let rights = granted(&chain)?;
                other.insert((chain, rights));
                other.into_mut()
            }
            Entry::Vacant(vacant) => {
                let rights = granted(&chain)?;
                vacant.insert((chain, rights))
            }
        };
        Ok(&known.1)
    }
}

/// Whether an envelope holds the chain of another device than the one that wrote it.
pub(super) fn is_of_another(envelope: &Envelope) -> bool {
    Chain::decode(&envelope.body)
        .is_ok_and(|chain| chain.devices().last() != Some(envelope.header.device))
}

/// The rights that a chain gives which was verified before it was kept.
fn granted(chain: &[u8]) -> Result<Rights, Error> {
    Ok(Chain::decode(chain)?
        .granted()
        .ok_or(Refusal::BadCertificate)?)
}

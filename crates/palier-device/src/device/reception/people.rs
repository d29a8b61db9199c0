//! What envelopes say about people: certificates, keys of teams, revocations.

use palier_core::{
    certificate::Chain,
    envelope::Header,
    id::{DeviceId, SpaceId, TeamId},
    moment::Moment,
    refusal::Refusal,
    revocation::Revocation,
    rights::Rights,
    team_key::TeamKeyRecord,
};

use super::Reception;
use crate::{
    error::Error,
    store::{membership, peers, removals},
};

impl Reception<'_> {
    /// Checks the chain that a lead made for a device that asked to join. It changes nothing
    /// until that device introduces itself with it.
    pub(super) fn take_certificate(
        &self,
        header: &Header,
        body: &[u8],
        now: Moment,
    ) -> Result<Result<(), Refusal>, Error> {
        let given = match Chain::decode(body) {
            Ok(chain) => chain.verify(&self.campaign, now),
            Err(reason) => return Ok(Err(reason.into())),
        };
        let by = self.rights(header.space, header.device)?;
        Ok(match (given, by) {
            (Ok(given), _) if given.device == header.device => Ok(()),
            (Ok(given), Some(by)) if by.may_issue(given.role, &given.scope) => Ok(()),
            (Ok(_), _) => Err(Refusal::NotAllowed),
            (Err(refusal), _) => Err(refusal),
        })
    }

    pub(super) fn take_key(
        &self,
        header: &Header,
        body: &[u8],
    ) -> Result<Result<(), Refusal>, Error> {
        let record = match TeamKeyRecord::decode(body) {
            Ok(record) => record,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let team = TeamId(header.space.0);
        let mine = self.secret.receive_key();
        for key in record.keys.iter().filter(|key| key.to == mine) {
            if let Ok(key) = key.open(self.secret, &team.0) {
                membership::insert_key(self.connection, team, &key)?;
            }
        }
        Ok(Ok(()))
    }

    pub(super) fn take_revocation(
        &mut self,
        header: &Header,
        body: &[u8],
    ) -> Result<Result<(), Refusal>, Error> {
        let revocation = match Revocation::decode(body) {
            Ok(revocation) => revocation,
            Err(reason) => return Ok(Err(reason.into())),
        };
        let by = self.rights(header.space, header.device)?;
        let held = self.rights(header.space, revocation.device)?;
        let allowed =
            by.is_some_and(|by| revocation.may_be_said_by(&by, &self.campaign, held.as_slice()));
        if !allowed {
            return Ok(Err(Refusal::NotAllowed));
        }
        let Revocation { device, until } = revocation;
        peers::revoke(self.connection, header.space, device)?;
        if removals::say(self.connection, header.space, device, until)? {
            self.note_more_counts(header.space, device);
        }
        Ok(Ok(()))
    }

    /// What a device that introduced itself in a space may do.
    fn rights(&self, space: SpaceId, device: DeviceId) -> Result<Option<Rights>, Error> {
        Ok(peers::get(self.connection, space, device)?.and_then(|peer| peer.chain.granted()))
    }
}

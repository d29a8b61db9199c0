//! Base maps that the campaign offers.

use palier_core::{
    document::campaign::{self, MAX_OFFERED, OfferedPack},
    rights::Role,
};

use super::{Device, documents::Address};
use crate::{
    error::{Error, Thing},
    reason::BadCampaign,
};

impl Device {
    /// The base maps that the campaign offers, by name; none for a device in no campaign.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn offered_packs(&self) -> Result<Vec<OfferedPack>, Error> {
        let Ok(member) = self.member() else {
            return Ok(Vec::new());
        };
        let at = Address::campaign(&member.place.campaign);
        let kept = self.writer().open(self.connection(), at)?;
        Ok(campaign::offered(&kept.document))
    }

    /// The base map of this hash or name that the campaign offers.
    ///
    /// # Errors
    /// It offers none, or several of this name.
    pub fn offered_pack(&self, pack: &str) -> Result<OfferedPack, Error> {
        let mut packs = self.offered_packs()?;
        if packs.iter().any(|offered| offered.pack == pack) {
            packs.retain(|offered| offered.pack == pack);
        } else {
            packs.retain(|offered| offered.name == pack);
        }
        match packs.pop() {
            None => Err(Error::Unknown(Thing::MapPack)),
            Some(offered) if packs.is_empty() => Ok(offered),
            Some(_) => Err(Error::Ambiguous(Thing::MapPack)),
        }
    }

    /// Whether this device may say what the campaign offers.
    ///
    /// # Errors
    /// Its role does not allow it ([`Error::NotAllowed`]).
    pub fn may_offer_packs(&self) -> Result<(), Error> {
        self.member_as(&[Role::Organiser]).map(|_| ())
    }

    /// Says that the campaign offers a base map. The relay has it already.
    ///
    /// # Errors
    /// The role does not allow it, or the campaign offers as many as it may.
    pub fn offer_pack(&mut self, offered: &OfferedPack) -> Result<(), Error> {
        let at = Address::campaign(&self.member_as(&[Role::Organiser])?.place.campaign);
        if self.offered_packs()?.len() >= MAX_OFFERED {
            let most = MAX_OFFERED;
            return Err(Error::bad_input(BadCampaign::TooManyPacks { most }));
        }
        let (writer, now) = (self.writer(), self.now());
        self.store
            .write(|t| writer.edit(t, at, 1, |document| campaign::offer(document, offered, now)))
    }

    /// Says that the campaign offers a base map no longer.
    ///
    /// # Errors
    /// The role does not allow it, or the campaign does not offer it.
    pub fn withdraw_pack(&mut self, pack: &str) -> Result<(), Error> {
        let at = Address::campaign(&self.member_as(&[Role::Organiser])?.place.campaign);
        let offered = self.offered_pack(pack)?;
        let (writer, now) = (self.writer(), self.now());
        self.store.write(|t| {
            writer.edit(t, at, 1, |document| {
                campaign::withdraw(document, &offered.pack, now)
            })
        })
    }
}

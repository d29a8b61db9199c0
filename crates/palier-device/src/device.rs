//! A device: its store, its secret and its clock, and what a person does with them.
//!
//! Each file below is one thing that a person does. None of them waits for a network; what is
//! about the network stands in [`crate::sync`].

mod answers;
mod asking;
mod building;
mod bundle;
mod campaign;
mod demo;
mod documents;
mod export;
mod faces;
mod given;
mod invite;
mod join;
mod kit;
mod line;
mod map;
mod mine;
mod offered;
mod outbox;
mod overruled;
mod rebuild;
mod receive;
mod reception;
mod redemption;
mod removal;
mod renewal;
mod report;
mod requests;
mod revisits;
mod rotation;
mod round;
mod shift;
mod status;
mod territory;
mod time;
mod totals;
mod turf;
mod turnout;
mod visit;
mod walk;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use palier_core::{
    document::{Actor, batch::Packer},
    id::{DeviceId, SpaceId, TeamId},
    key::Secret,
    moment::{Moment, TimeZone},
    rights::{Rights, Role, Scope},
};
use rusqlite::Connection;

pub(crate) use asking::must_ask;
pub use building::NewAccess;
pub use demo::DemoWords;
pub(crate) use demo::is_nowhere;
use faces::Faces;
pub use given::Handed;
pub use invite::{Invited, Wanted};
pub use join::{Joining, check_record, read_link};
pub use kit::read as read_kit;
pub use outbox::{Outgoing, PushNote};
pub use rebuild::Rebuilt;
pub use receive::{PageNote, Patience};
pub use redemption::Stranger;
pub use totals::grouping_word;
pub use turf::Doors;
use visit::AtHand;
pub use visit::{Failed, NewVisit};

use crate::{
    clock::{Clock, Skew},
    error::{Error, Thing},
    reason::BadCampaign,
    store::{
        Store, buildings,
        membership::{self, Membership},
        open::DatabaseKey,
        projections,
    },
};

/// The file of a device's database in its folder.
pub(crate) const DATABASE: &str = "device.sqlite3";

/// One device.
#[derive(Debug)]
pub struct Device {
    store: Store,
    /// Where its files are; none for a device in memory.
    folder: Option<PathBuf>,
    secret: Arc<Secret>,
    /// Which of its lives this is; it grows when a device comes back from a backup.
    life: u32,
    clock: Clock,
    skew: Skew,
    member: Option<Member>,
    /// The outing that was written last, so that a tap need not look for it again.
    at_hand: Option<AtHand>,
    /// When reports were last written.
    reported: Option<Moment>,
    /// What packs changes: to make another costs more than to pack a visit.
    packer: Packer,
    /// Spaces that were read again from the start because of a gap, and not once more.
    reread: BTreeSet<SpaceId>,
    /// Block faces of turfs.
    faces: Faces,
}

/// This device's place in its campaign, its chain verified.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) place: Membership,
    pub(crate) rights: Rights,
}

impl Device {
    /// Opens the device in a folder, or makes one there.
    ///
    /// # Errors
    /// The folder or the database cannot be used; see [`Error`].
    pub fn open(folder: &Path, key: Option<&DatabaseKey>, clock: Clock) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|reason| Error::Folder(reason.kind()))?;
        let mut device = Self::on(Store::open(Some(&folder.join(DATABASE)), key)?, clock)?;
        device.folder = Some(folder.to_owned());
        Ok(device)
    }

    /// A device that is gone when it is dropped.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn in_memory(clock: Clock) -> Result<Self, Error> {
        Self::on(Store::open(None, None)?, clock)
    }

    fn on(mut store: Store, clock: Clock) -> Result<Self, Error> {
        let now = clock.now();
        let (seed, life) = store.write(|t| {
            buildings::forget_codes(t, now)?;
            membership::device_seed(t, now)
        })?;
        let skew = time::kept(store.read())?;
        let member = membership::get(store.read())?
            .map(Member::verified)
            .transpose()?;
        Ok(Self {
            store,
            folder: None,
            secret: Arc::new(Secret::from_seed(&seed)),
            life,
            clock,
            skew,
            member,
            at_hand: None,
            reported: None,
            packer: Packer::default(),
            reread: BTreeSet::new(),
            faces: Faces::default(),
        })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.secret.device()
    }

    /// The moment on its clock, corrected where the relay said that it is far off.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.skew.correct(self.clock.now())
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// What signs this device's requests.
    pub(crate) fn secret(&self) -> Arc<Secret> {
        Arc::clone(&self.secret)
    }

    pub(crate) const fn connection(&self) -> &Connection {
        self.store.read()
    }

    pub(crate) fn member(&self) -> Result<&Member, Error> {
        self.member.as_ref().ok_or(Error::NotInCampaign)
    }

    /// The member, where the role is one of those.
    fn member_as(&self, roles: &[Role]) -> Result<&Member, Error> {
        let member = self.member()?;
        if roles.contains(&member.rights.role) {
            Ok(member)
        } else {
            Err(Error::NotAllowed)
        }
    }

    fn actor(&self) -> Actor {
        Actor::of(&self.id(), self.life)
    }

    /// The campaign's clock.
    fn time_zone(&self) -> Result<TimeZone, Error> {
        Ok(projections::campaign(self.connection())?
            .map_or(TimeZone::PARIS, |campaign| campaign.time_zone))
    }
}

impl Member {
    /// Checks what is kept, but not its end: a device whose rights have ended still opens.
    pub(crate) fn verified(place: Membership) -> Result<Self, Error> {
        let rights = place.chain.verify(&place.campaign, Moment::default())?;
        Ok(Self { place, rights })
    }

    /// The team of a volunteer or a lead.
    pub(crate) const fn team(&self) -> Option<TeamId> {
        match &self.rights.scope {
            Scope::Team(team) => Some(*team),
            Scope::Campaign | Scope::Station(_) => None,
        }
    }
}

/// The one of `rows` whose id or name is `text`.
fn named<T: Clone>(
    thing: Thing,
    rows: &[T],
    text: &str,
    id: impl Fn(&T) -> String,
    name: impl Fn(&T) -> &str,
) -> Result<T, Error> {
    if let Some(row) = rows.iter().find(|row| id(row) == text) {
        return Ok(row.clone());
    }
    let mut found = rows.iter().filter(|row| name(row) == text);
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row.clone()),
        (Some(_), Some(_)) => Err(Error::Ambiguous(thing)),
        (None, _) => Err(Error::Unknown(thing)),
    }
}

/// A name as a person may give it: trimmed, not empty, at most `most` characters, and no
/// control characters.
fn clean_name(text: &str, most: usize) -> Result<String, Error> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > most || name.chars().any(char::is_control) {
        return Err(Error::bad_input(BadCampaign::BadName { most }));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests;

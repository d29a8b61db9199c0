//! Keeping a team's key with its members and with nobody else.
//!
//! Whoever leads a team keeps its keys: gives them to who is let in, changes them when
//! somebody leaves, and, whenever something about people came in, sets right what two leads
//! who did not know of each other left undone. All of it follows from the log and can be done
//! twice without harm:
//!
//! - a key that was given to somebody who has left since is changed;
//! - a member who was not given the key in use is given every key; who came by a link and was
//!   only handed over waits for the relay's log, once somebody was removed;
//! - an own open invitation that somebody who left may know asks from then on; another is made
//!   again with the keys as they are now.

use std::collections::{BTreeMap, BTreeSet};

use palier_core::{
    certificate::Chain,
    envelope::{Envelope, Kind},
    id::{DeviceId, SpaceId, TeamId},
    invitation::{InvitationRecord, Offer, Policy},
    key::{ReceiveKey, Secret, TeamKey},
    moment::Moment,
    refusal::Refusal,
    rights::{Place, Rights, Role, Scope},
    seal::SealedKey,
    team_key::TeamKeyRecord,
};
use rusqlite::Connection;

use super::{
    Member,
    outbox::{self, Draft},
    renewal::Renewing,
};
use crate::{
    clock::random,
    error::Error,
    store::{envelopes, membership, peers, removals},
};

/// One team, in the hands of a device that leads it.
pub(super) struct Keeper<'a> {
    pub(super) connection: &'a Connection,
    pub(super) secret: &'a Secret,
    pub(super) member: &'a Member,
    pub(super) team: TeamId,
    pub(super) now: Moment,
}

/// One device that stands in the team's space.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) device: DeviceId,
    pub(super) rights: Rights,
    pub(super) chain: Chain,
    pub(super) revoked: bool,
}

impl<'a> Keeper<'a> {
    pub(super) const fn new(
        connection: &'a Connection,
        secret: &'a Secret,
        member: &'a Member,
        team: TeamId,
        now: Moment,
    ) -> Self {
        Self {
            connection,
            secret,
            member,
            team,
            now,
        }
    }

    /// The keeper of a team's space; none for the campaign's own two spaces.
    pub(super) fn of_space(
        connection: &'a Connection,
        secret: &'a Secret,
        member: &'a Member,
        space: SpaceId,
        now: Moment,
    ) -> Option<Self> {
        match Place::of(&member.place.campaign, space) {
            Place::Team(team) => Some(Self::new(connection, secret, member, team, now)),
            Place::Campaign | Place::Reports => None,
        }
    }

    /// Whether this device may write the team's keys, and holds one.
    pub(super) fn keeps(&self) -> Result<bool, Error> {
        let campaign = &self.member.place.campaign;
        let may = self
            .member
            .rights
            .may_write(campaign, Kind::TeamKey, self.team.space());
        Ok(may && !self.keys()?.is_empty())
    }

    /// Every device that ever stood in the team's space.
    pub(super) fn standings(&self) -> Result<Vec<Standing>, Error> {
        let campaign = &self.member.place.campaign;
        Ok(peers::all(self.connection, self.team.space())?
            .into_iter()
            .filter_map(|(device, peer)| {
                let rights = peer.chain.verify(campaign, Moment::default()).ok()?;
                Some(Standing {
                    device,
                    rights,
                    chain: peer.chain,
                    revoked: peer.revoked,
                })
            })
            .collect())
    }

    /// Those of the team who count against its limit.
    pub(super) fn members(&self) -> Result<Vec<Standing>, Error> {
        let mut members = self.standings()?;
        members.retain(|it| !it.revoked && it.rights.scope == Scope::Team(self.team));
        Ok(members)
    }

    /// Lets a device in: its chain and every key of the team, sealed to it.
    pub(super) fn let_in(&self, chain: &Chain, receive: ReceiveKey) -> Result<(), Error> {
        self.post(Kind::Certificate, chain.encode())?;
        self.give_keys(receive)
    }

    /// Makes the team's next key, and gives it to everybody who stays.
    pub(super) fn rotate(&self) -> Result<(), Error> {
        let last = self.keys()?.last().map_or(0, |key| key.epoch);
        let key = TeamKey {
            epoch: last
                .checked_add(1)
                .ok_or(Error::Refused(Refusal::KeyUnknown))?,
            bytes: random()?,
        };
        membership::insert_key(self.connection, self.team, &key)?;
        let keys = self
            .staying()?
            .iter()
            .map(|it| self.seal(&key, it.rights.receive))
            .collect::<Result<_, _>>()?;
        self.post(Kind::TeamKey, TeamKeyRecord { keys }.encode())
    }

    /// Sets right what is undone.
    pub(super) fn tend(&self) -> Result<(), Error> {
        if !self.keeps()? {
            return Ok(());
        }
        self.tend_removals()?;
        Renewing::of(self).tend()?;
        self.tend_key()?;
        self.tend_invitations()
    }

    fn tend_key(&self) -> Result<(), Error> {
        let given = Given::read(self)?;
        let keys = self.keys()?;
        let Some(epoch) = keys.last().map(|key| key.epoch) else {
            return Ok(());
        };
        let gone = |it: &Standing| it.revoked && given.count(it.rights.receive, epoch) > 0;
        if self.standings()?.iter().any(gone) {
            return self.rotate();
        }
        let in_use = keys.iter().filter(|key| key.epoch == epoch).count();
        for member in self.staying()? {
            // The first key was made by an organiser, and given by nobody.
            let made = epoch == 1 && member.rights.role == Role::Organiser;
            if !made && given.count(member.rights.receive, epoch) < in_use {
                self.give_keys(member.rights.receive)?;
            }
        }
        Ok(())
    }

    /// The others to whom the key in use belongs.
    fn staying(&self) -> Result<Vec<Standing>, Error> {
        let me = self.secret.device();
        let by_hand = self.introduced_by_hand()?;
        let mut staying = self.standings()?;
        staying.retain(|it| {
            let may_be_late = it.chain.invitation().is_some() && by_hand.contains(&it.device);
            let ended = it.revoked || it.rights.not_after < self.now;
            it.device != me && !ended && !may_be_late
        });
        Ok(staying)
    }

    /// Who introduced themselves by hand alone, once somebody was removed. Of those who came by a
    /// link nobody can tell whether that was before: a link asks since, and whoever was removed
    /// may know it. The relay's log says who is in.
    fn introduced_by_hand(&self) -> Result<BTreeSet<DeviceId>, Error> {
        let space = self.team.space();
        if !removals::is_any(self.connection, space)? {
            return Ok(BTreeSet::new());
        }
        removals::unread_introductions(self.connection, space)
    }

    /// Who was removed may know any link that was there, and the relay shows the record of a
    /// link to whoever knows it: from then on it holds no key, and who uses it must be accepted.
    fn tend_invitations(&self) -> Result<(), Error> {
        let keys = self.keys()?;
        let last_removal = self.removals()?.values().map(|it| it.first).max();
        for (n, record) in self.own_invitations()? {
            let offer = &record.invitation.offer;
            if offer.policy == Policy::Approved || offer.expires < self.now {
                continue;
            }
            if last_removal.is_some_and(|removal| n < removal) {
                self.must_be_accepted(&record)?;
            } else if record.keys.len() != keys.len() && !record.keys.is_empty() {
                let receive = record.invitation.receive;
                let keys = self.seal_all(receive)?;
                self.post(
                    Kind::Invitation,
                    InvitationRecord { keys, ..record }.encode(),
                )?;
            }
        }
        Ok(())
    }

    /// Makes an open invitation again as one whose users must be accepted.
    fn must_be_accepted(&self, record: &InvitationRecord) -> Result<(), Error> {
        let offer = Offer {
            policy: Policy::Approved,
            ..record.invitation.offer.clone()
        };
        let again = InvitationRecord {
            invitation: record.invitation.offering(offer, self.secret),
            keys: Vec::new(),
            ..record.clone()
        };
        self.post(Kind::Invitation, again.encode())
    }

    /// Own invitations into the team, each as it was made last, with its place in what came.
    fn own_invitations(&self) -> Result<Vec<(i64, InvitationRecord)>, Error> {
        let me = self.secret.device();
        let mut latest = BTreeMap::new();
        for (n, device, record) in self.invitations()? {
            if device == me {
                latest.insert(record.invitation.key, (n, record));
            }
        }
        Ok(latest.into_values().collect())
    }

    /// Every invitation of the team's log, in its order, with who wrote it.
    fn invitations(&self) -> Result<Vec<(i64, DeviceId, InvitationRecord)>, Error> {
        let mut found = Vec::new();
        self.for_each(Kind::Invitation, |n, device, body| {
            if let Ok(record) = InvitationRecord::decode(body) {
                found.push((n, device, record));
            }
        })?;
        Ok(found)
    }

    /// Every envelope of a kind in the order in which they came here, with its place in it, who
    /// wrote it, and its body.
    pub(super) fn for_each(
        &self,
        kind: Kind,
        mut each: impl FnMut(i64, DeviceId, &[u8]),
    ) -> Result<(), Error> {
        for (n, bytes) in envelopes::of_kind(self.connection, self.team.space(), kind)? {
            if let Ok(envelope) = Envelope::decode(&bytes) {
                each(n, envelope.header.device, &envelope.body);
            }
        }
        Ok(())
    }

    fn give_keys(&self, receive: ReceiveKey) -> Result<(), Error> {
        let keys = self.seal_all(receive)?;
        self.post(Kind::TeamKey, TeamKeyRecord { keys }.encode())
    }

    pub(super) fn seal_all(&self, to: ReceiveKey) -> Result<Vec<SealedKey>, Error> {
        let keys = self.keys()?;
        keys.iter().map(|key| self.seal(key, to)).collect()
    }

    fn seal(&self, key: &TeamKey, to: ReceiveKey) -> Result<SealedKey, Error> {
        Ok(SealedKey::seal(key, to, &self.team.0, random()?)?)
    }

    fn keys(&self) -> Result<Vec<TeamKey>, Error> {
        membership::keys(self.connection, self.team)
    }

    /// Puts an open envelope into the team's log.
    pub(super) fn post(&self, kind: Kind, body: Vec<u8>) -> Result<(), Error> {
        let place = &self.member.place;
        let space = self.team.space();
        outbox::introduce(self.connection, self.secret, place, space, self.now)?;
        let draft = Draft::open(kind, space, body);
        outbox::post(
            self.connection,
            self.secret,
            place.campaign,
            draft,
            self.now,
        )?;
        Ok(())
    }
}

/// How many keys of each epoch each receiver was given.
///
/// Two keys of one epoch cannot be told apart where they are sealed to others; they are
/// counted. Of an invitation the first record counts: who used it later may hold more than
/// this says, and is given the same again at worst.
struct Given(BTreeMap<(ReceiveKey, u32), usize>);

impl Given {
    fn read(keeper: &Keeper<'_>) -> Result<Self, Error> {
        let mut given = Self(BTreeMap::new());
        keeper.for_each(Kind::TeamKey, |_, _, body| {
            if let Ok(record) = TeamKeyRecord::decode(body) {
                for key in &record.keys {
                    given.add(key.to, key.epoch);
                }
            }
        })?;
        let mut first = BTreeMap::new();
        for (_, _, record) in keeper.invitations()? {
            first
                .entry(record.invitation.key)
                .or_insert_with(|| record.keys.iter().map(|key| key.epoch).collect::<Vec<_>>());
        }
        for it in keeper.standings()? {
            let used = it.chain.invitation().and_then(|used| first.get(&used.key));
            for epoch in used.into_iter().flatten() {
                given.add(it.rights.receive, *epoch);
            }
        }
        Ok(given)
    }

    fn add(&mut self, to: ReceiveKey, epoch: u32) {
        *self.0.entry((to, epoch)).or_default() += 1;
    }

    fn count(&self, to: ReceiveKey, epoch: u32) -> usize {
        self.0.get(&(to, epoch)).copied().unwrap_or_default()
    }
}

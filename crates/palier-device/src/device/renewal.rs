//! Rights that come to their end, given again by who may give them.
//!
//! A lead's device gives members of its team rights as long as its own, once theirs end soon;
//! so does an organiser's for leads, trainers and observers, and the device that made the
//! campaign, for itself. The new chain goes through the team's log, or the campaign's for who
//! stands in no team. Their device takes it and introduces itself with it, wherever it did
//! before.

use palier_core::{
    certificate::{Certificate, Chain, Grant, Issued},
    envelope::{Envelope, Kind},
    id::{DeviceId, SpaceId},
    key::Secret,
    moment::{Millis, Moment},
    rights::{Rights, Role},
};
use rusqlite::Connection;

use super::{
    Device, Member,
    campaign::organiser_chain,
    outbox::{self, Draft},
    rotation::Keeper,
};
use crate::{
    error::Error,
    store::{envelopes, membership, membership::Membership, peers},
};

/// How long before their end rights are given again.
const EARLY: Millis = Millis::days(60);

impl Member {
    /// A chain that gives somebody rights, for no longer than this member's own.
    pub(super) fn certify(&self, secret: &Secret, rights: &Rights) -> Chain {
        let grant = Grant {
            campaign: self.place.campaign,
            subject: rights.device,
            receive: rights.receive,
            role: rights.role,
            scope: rights.scope.clone(),
            not_after: rights.not_after.min(self.rights.not_after),
            issued: Issued::By(secret.device()),
        };
        self.place.chain.with(Certificate::sign(grant, secret))
    }
}

/// The devices of one log, whose rights this one may give again.
pub(super) struct Renewing<'a> {
    connection: &'a Connection,
    secret: &'a Secret,
    member: &'a Member,
    space: SpaceId,
    now: Moment,
}

impl<'a> Renewing<'a> {
    pub(super) const fn of(keeper: &Keeper<'a>) -> Self {
        Self {
            connection: keeper.connection,
            secret: keeper.secret,
            member: keeper.member,
            space: keeper.team.space(),
            now: keeper.now,
        }
    }

    /// Gives longer rights to those who belong to this log and whose rights end soon.
    pub(super) fn tend(&self) -> Result<(), Error> {
        let (soon, campaign) = (self.now.after(EARLY), self.member.place.campaign);
        for (_, peer) in peers::all(self.connection, self.space)? {
            let ends = peer.chain.granted().filter(|rights| {
                rights.not_after <= soon && rights.scope.home(&campaign) == self.space
            });
            if let Some(rights) = ends.filter(|_| !peer.revoked) {
                self.renew(&rights)?;
            }
        }
        Ok(())
    }

    /// Whether somebody's rights end soon, and this device may give them longer ones.
    pub(super) fn would_help_soon(&self, rights: &Rights) -> Result<bool, Error> {
        Ok(rights.not_after <= self.now.after(EARLY) && self.helps(rights)?)
    }

    /// Whether this device may give somebody rights that last longer than all they were given.
    fn helps(&self, rights: &Rights) -> Result<bool, Error> {
        let own = &self.member.rights;
        Ok(own.may_issue(rights.role, &rights.scope)
            && rights.device != self.secret.device()
            && own.not_after > rights.not_after.max(self.given_until(rights.device)?))
    }

    /// Gives somebody the same rights for as long as this device's own; whether that is longer
    /// than before.
    fn renew(&self, rights: &Rights) -> Result<bool, Error> {
        let own = &self.member.rights;
        let helps = self.helps(rights)?;
        if helps {
            let longer = Rights {
                not_after: own.not_after,
                ..rights.clone()
            };
            let chain = self.member.certify(self.secret, &longer).encode();
            let place = &self.member.place;
            outbox::introduce(self.connection, self.secret, place, self.space, self.now)?;
            let draft = Draft::open(Kind::Certificate, self.space, chain);
            outbox::post(
                self.connection,
                self.secret,
                place.campaign,
                draft,
                self.now,
            )?;
        }
        Ok(helps)
    }

    /// Until when the log gives a device rights that it may not have taken yet.
    fn given_until(&self, device: DeviceId) -> Result<Moment, Error> {
        let mut until = Moment::default();
        for (_, bytes) in envelopes::of_kind(self.connection, self.space, Kind::Certificate)? {
            let given = Envelope::decode(&bytes).ok();
            let given = given.and_then(|given| Chain::decode(&given.body).ok()?.granted());
            if let Some(rights) = given.filter(|rights| rights.device == device) {
                until = until.max(rights.not_after);
            }
        }
        Ok(until)
    }
}

impl Device {
    /// Gives somebody of a team the same rights for as long as this device's own.
    ///
    /// # Errors
    /// Nobody is called so, the role does not allow it, or their rights last as long already.
    pub fn renew_member(&mut self, team: Option<&str>, who: &str) -> Result<(), Error> {
        let team = self.own_team(team)?.id;
        let target = self.find_member(team, who)?;
        let member = self.member()?.clone();
        let (secret, now) = (&self.secret, self.now());
        self.store.write(|t| {
            let keeper = Keeper::new(t, secret, &member, team, now);
            if Renewing::of(&keeper).renew(&target.rights)? {
                Ok(())
            } else {
                Err(Error::NotAllowed)
            }
        })
    }

    /// Gives again what ends soon: to members of the teams that this device leads, to trainers
    /// and observers where it is an organiser's, and to itself where it has the campaign's root
    /// key.
    pub(crate) fn tend_rights(&mut self) -> Result<(), Error> {
        let member = self.member()?.clone();
        let (secret, now, teams) = (&self.secret, self.now(), self.own_teams()?);
        let renewed = self.store.write(|t| {
            let renewed = renew_organiser(t, secret, &member, now)?;
            let member = renewed.as_ref().unwrap_or(&member);
            for team in teams {
                let keeper = Keeper::new(t, secret, member, team, now);
                if keeper.keeps()? {
                    Renewing::of(&keeper).tend()?;
                }
            }
            if member.rights.role == Role::Organiser {
                let space = member.place.campaign.space();
                Renewing {
                    connection: t,
                    secret,
                    member,
                    space,
                    now,
                }
                .tend()?;
            }
            Ok(renewed)
        })?;
        self.be(renewed);
        Ok(())
    }

    /// Goes on with other rights, where there are some.
    pub(super) fn be(&mut self, renewed: Option<Member>) {
        if renewed.is_some() {
            self.member = renewed;
        }
    }
}

/// Gives the organiser who has the root key rights again that end soon.
fn renew_organiser(
    connection: &Connection,
    secret: &Secret,
    member: &Member,
    now: Moment,
) -> Result<Option<Member>, Error> {
    if member.rights.role != Role::Organiser || member.rights.not_after > now.after(EARLY) {
        return Ok(None);
    }
    let Some(root) = membership::root(connection)? else {
        return Ok(None);
    };
    let chain = organiser_chain(&Secret::from_seed(&root), secret, now);
    take(connection, secret, member, chain, now).map(Some)
}

/// Takes the longest rights that the log of this device's own space gives it, where they are
/// longer than those that it has.
pub(super) fn take_longest(
    connection: &Connection,
    secret: &Secret,
    member: &Member,
    now: Moment,
) -> Result<Option<Member>, Error> {
    let (campaign, own) = (member.place.campaign, &member.rights);
    let home = own.scope.home(&campaign);
    let mut longest: Option<(Moment, Chain)> = None;
    for (_, bytes) in envelopes::of_kind(connection, home, Kind::Certificate)? {
        let Ok(chain) = Chain::decode(&Envelope::decode(&bytes)?.body) else {
            continue;
        };
        let Some(rights) = chain.granted().filter(|rights| rights.device == own.device) else {
            continue;
        };
        let same =
            (&rights.role, &rights.scope, &rights.receive) == (&own.role, &own.scope, &own.receive);
        let until = longest.as_ref().map_or(own.not_after, |(until, _)| *until);
        let of_removed = is_of_removed(connection, home, own.device, &chain)?;
        if same && rights.not_after > until && !of_removed && chain.verify(&campaign, now).is_ok() {
            longest = Some((rights.not_after, chain));
        }
    }
    longest
        .map(|(_, chain)| take(connection, secret, member, chain, now))
        .transpose()
}

/// Whether somebody signed a chain for this device who was removed.
fn is_of_removed(
    connection: &Connection,
    space: SpaceId,
    me: DeviceId,
    chain: &Chain,
) -> Result<bool, Error> {
    for device in chain.devices().filter(|device| *device != me) {
        if peers::line(connection, space, device)?.is_some_and(|line| line.revoked) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes a chain in the place of the own one, and shows it wherever this device is known.
fn take(
    connection: &Connection,
    secret: &Secret,
    member: &Member,
    chain: Chain,
    now: Moment,
) -> Result<Member, Error> {
    membership::set_chain(connection, &chain)?;
    for space in peers::spaces(connection, secret.device())? {
        peers::introduce(connection, space, secret.device(), &chain)?;
        let draft = Draft::open(Kind::Certificate, space, chain.encode());
        outbox::post(connection, secret, member.place.campaign, draft, now)?;
    }
    Member::verified(Membership {
        chain,
        ..member.place.clone()
    })
}

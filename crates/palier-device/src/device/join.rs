//! Joining a campaign by a link.
//!
//! The relay is asked twice: for the invitation's record, and to take this device's
//! introduction. Both can be tried again without using the invitation twice: the record is
//! kept before the introduction is sent, and the introduction is the same bytes each time.

use palier_core::{
    certificate::Chain,
    document::team::{self, MAX_PSEUDONYM},
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DeviceId, DocumentId, EnvelopeId, SpaceId, TeamId},
    invitation::{InvitationRecord, Link},
    key::TeamKey,
    refusal::Refusal,
    wire::{PushAnswer, Pushed},
};

use super::{Device, Member, clean_name, documents::Address};
use crate::{
    error::Error,
    store::{
        envelopes::{self, State},
        membership::{self, Membership},
        peers, settings,
    },
};

/// A joining under way: the link was read, and the relay is to take the introduction.
#[derive(Debug)]
pub struct Joining {
    place: Membership,
    keys: Vec<(TeamId, TeamKey)>,
    envelope: Envelope,
    bytes: Vec<u8>,
}

impl Joining {
    /// The introduction, to be pushed.
    #[must_use]
    pub fn introduction(&self) -> &[u8] {
        &self.bytes
    }

    /// Where the relay answers.
    #[must_use]
    pub fn relay(&self) -> &str {
        &self.place.relay
    }

    /// The campaign.
    #[must_use]
    pub const fn campaign(&self) -> CampaignId {
        self.place.campaign
    }

    /// Where this device introduces itself.
    pub(crate) const fn space(&self) -> SpaceId {
        self.envelope.header.space
    }

    /// The keys that the link gave.
    pub(crate) fn into_keys(self) -> Vec<(TeamId, TeamKey)> {
        self.keys
    }
}

/// Reads a link.
///
/// # Errors
/// It is none, or a cut one.
pub fn read_link(text: &str) -> Result<Link, Error> {
    Link::parse(text).map_err(|_reason| Error::BadLink)
}

/// Checks that a record is the one that a link means.
///
/// # Errors
/// It is another's, or its issuer may not invite so, or something is past its end.
pub fn check_record(
    link: &Link,
    bytes: &[u8],
    now: palier_core::moment::Moment,
) -> Result<InvitationRecord, Error> {
    let record = InvitationRecord::decode(bytes)
        .map_err(|_reason| Error::Nonsense("an invitation that cannot be read"))?;
    if record.invitation.key != link.secret.secret().device() {
        return Err(Error::Refused(Refusal::BadCertificate));
    }
    record.verify(&link.campaign, now)?;
    Ok(record)
}

impl Device {
    /// The record of an invitation that this device began to use before.
    ///
    /// # Errors
    /// The device is in a campaign already.
    pub fn began_joining(&self, invitation: DeviceId) -> Result<Option<Vec<u8>>, Error> {
        if self.member.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        membership::joining(self.connection(), invitation)
    }

    /// Forgets the record of an invitation that this device began to use: its issuer made it
    /// again.
    pub(crate) fn forget_joining(&mut self) -> Result<(), Error> {
        self.store.write(|t| membership::forget_joining(t))
    }

    /// Begins to join: keeps the record, and makes the introduction.
    ///
    /// # Errors
    /// The device is in a campaign already, the pseudonym is none, or the link's invitation
    /// does not hold.
    pub fn begin_joining(
        &mut self,
        link: &Link,
        record: &[u8],
        pseudonym: &str,
    ) -> Result<Joining, Error> {
        if self.member.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        let pseudonym = clean_name(pseudonym, MAX_PSEUDONYM)?;
        let checked = check_record(link, record, self.now())?;
        let certificate = checked.invitation.accept(&link.secret, &self.secret);
        let place = Membership {
            campaign: link.campaign,
            relay: link.relay.clone(),
            chain: checked.issuer.with(certificate),
            pseudonym,
        };
        let keys = match checked.invitation.offer.scope.team() {
            Some(team) => checked
                .keys
                .iter()
                .map(|key| Ok((team, key.open(&link.secret.secret(), &team.0)?)))
                .collect::<Result<Vec<_>, Error>>()?,
            None => Vec::new(),
        };
        let invitation = checked.invitation.key;
        self.store
            .write(|t| membership::set_joining(t, invitation, record))?;
        self.introduction(place, keys)
    }

    /// The introduction of this device with a chain that it was given.
    pub(super) fn introduction(
        &self,
        place: Membership,
        keys: Vec<(TeamId, TeamKey)>,
    ) -> Result<Joining, Error> {
        let rights = Member::verified(place.clone())?.rights;
        let header = Header {
            kind: Kind::Certificate,
            campaign: place.campaign,
            space: rights.scope.home(&place.campaign),
            document: DocumentId::NONE,
            key_epoch: 0,
            device: self.id(),
            device_seq: 1,
            previous: EnvelopeId::NONE,
        };
        let envelope = Envelope::sign(header, place.chain.encode(), &self.secret);
        Ok(Joining {
            bytes: envelope.encode(),
            place,
            keys,
            envelope,
        })
    }

    /// Joins as this device had introduced itself before, in these bytes of the relay's log: the
    /// answer to them was lost.
    ///
    /// # Errors
    /// What they show does not hold.
    pub(crate) fn joining_again(
        &self,
        link: &Link,
        pseudonym: &str,
        bytes: Vec<u8>,
        keys: Vec<(TeamId, TeamKey)>,
    ) -> Result<Joining, Error> {
        let envelope = Envelope::decode(&bytes)?;
        envelope.verify()?;
        let place = Membership {
            campaign: link.campaign,
            relay: link.relay.clone(),
            chain: Chain::decode(&envelope.body)?,
            pseudonym: clean_name(pseudonym, MAX_PSEUDONYM)?,
        };
        if Member::verified(place.clone())?.rights.device != self.id() {
            return Err(Error::Refused(Refusal::BadCertificate));
        }
        Ok(Joining {
            place,
            keys,
            envelope,
            bytes,
        })
    }

    /// Ends joining, once the relay took the introduction.
    ///
    /// # Errors
    /// The relay refused, or answered nonsense; the device is then in no campaign.
    pub fn finish_joining(&mut self, joining: Joining, answer: &PushAnswer) -> Result<(), Error> {
        match answer.pushed.as_slice() {
            [Pushed::Stored(_) | Pushed::Duplicate(_)] => {}
            [Pushed::Refused(refusal)] => return Err(Error::Refused(*refusal)),
            _ => return Err(Error::Nonsense("another number of answers")),
        }
        self.enter(joining, Some(&answer.incarnation))
    }

    /// Enters the campaign: the relay took the introduction in this life of its store, or has
    /// yet to be reached.
    pub(super) fn enter(&mut self, joining: Joining, taken: Option<&str>) -> Result<(), Error> {
        let member = Member::verified(joining.place.clone())?;
        let (me, now, writer) = (self.id(), self.now(), self.writer());
        let header = joining.envelope.header;
        self.store.write(|t| {
            membership::insert(t, &joining.place, now)?;
            for (team, key) in &joining.keys {
                membership::insert_key(t, *team, key)?;
            }
            peers::introduce(t, header.space, me, &joining.place.chain)?;
            let id =
                envelopes::insert(t, &joining.envelope, &joining.bytes, 0, State::Queued, now)?;
            if let Some(incarnation) = taken {
                envelopes::set_sent(t, id)?;
                settings::set(t, settings::name::INCARNATION, Some(incarnation))?;
            }
            peers::advance(t, header.space, me, 1, id)?;
            if let Some(team) = member.team() {
                writer.edit(t, Address::team(team), 0, |document| {
                    team::set_pseudonym(document, &me, &joining.place.pseudonym, now)
                })?;
            }
            Ok(())
        })?;
        self.member = Some(member);
        Ok(())
    }
}

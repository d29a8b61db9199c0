//! Asking to join a team that accepts its members.
//!
//! The request is kept before it is sent and is the same bytes each time. What comes back is
//! a chain that somebody who may accept signed for this device; with it the device introduces
//! itself, as who holds an open link does at once.

use palier_core::{
    certificate::Chain,
    document::team::MAX_PSEUDONYM,
    envelope::{Envelope, Header, Kind},
    id::{CampaignId, DocumentId, EnvelopeId},
    invitation::{InvitationRecord, Link, Policy},
    refusal::Refusal,
    request::{JoinRequest, device_code},
    seal::SealedName,
    wire::{PushAnswer, Pushed},
};

use super::{Device, Joining, check_record, clean_name};
use crate::{
    api::reply::{Waiting, WaitingState},
    clock::random,
    error::Error,
    store::{
        asking::{self, Asking, state},
        membership::Membership,
    },
};

/// What to ask the relay about a request.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// Where it answers.
    pub(crate) relay: String,
    pub(crate) campaign: CampaignId,
    /// The request, where the relay does not have it yet.
    pub(crate) unsent: Option<Vec<u8>>,
}

impl Device {
    /// Makes and keeps a request to join, in the place of one that was made before.
    ///
    /// # Errors
    /// The device is in a campaign already, the pseudonym is none, or the link's invitation
    /// does not hold.
    pub fn begin_asking(
        &mut self,
        link: &Link,
        record: &[u8],
        pseudonym: &str,
    ) -> Result<(), Error> {
        if self.member.is_some() {
            return Err(Error::AlreadyInCampaign);
        }
        let pseudonym = clean_name(pseudonym, MAX_PSEUDONYM)?;
        let checked = check_record(link, record, self.now())?;
        let device = self.id();
        let names = checked
            .issuer
            .receivers()
            .map(|to| Ok(SealedName::seal(&pseudonym, &device, to, random()?)?))
            .collect::<Result<_, Error>>()?;
        let certificate = checked.invitation.accept(&link.secret, &self.secret);
        let request = JoinRequest {
            chain: checked.issuer.with(certificate),
            names,
        };
        let header = Header {
            kind: Kind::Request,
            campaign: link.campaign,
            space: checked.space(),
            document: DocumentId::NONE,
            key_epoch: 0,
            device,
            device_seq: 1,
            previous: EnvelopeId::NONE,
        };
        request.verify(&header, self.now())?;
        let asking = Asking {
            campaign: link.campaign,
            relay: link.relay.clone(),
            pseudonym,
            record: record.to_vec(),
            envelope: Envelope::sign(header, request.encode(), &self.secret).encode(),
            state: state::UNSENT.into(),
        };
        self.store.write(|t| asking::set(t, &asking))
    }

    /// What is to be asked about this device's request; nothing where none waits.
    pub(crate) fn to_ask(&self) -> Result<Option<Ask>, Error> {
        let asking = asking::get(self.connection())?;
        Ok(asking
            .filter(|asking| asking.state != state::DECLINED)
            .map(|asking| Ask {
                unsent: (asking.state == state::UNSENT).then_some(asking.envelope),
                relay: asking.relay,
                campaign: asking.campaign,
            }))
    }

    /// Keeps what the relay said of the request.
    ///
    /// # Errors
    /// The relay refused it; it is then forgotten.
    pub(crate) fn note_asked(&mut self, answer: &PushAnswer) -> Result<(), Error> {
        match answer.pushed.as_slice() {
            [Pushed::Refused(Refusal::Waiting) | Pushed::Stored(_) | Pushed::Duplicate(_)] => {
                self.store.write(|t| asking::set_state(t, state::WAITING))
            }
            [Pushed::Refused(refusal)] => {
                self.store.write(|t| asking::delete(t))?;
                Err(Error::Refused(*refusal))
            }
            _ => Err(Error::Nonsense("another number of answers")),
        }
    }

    /// Keeps that the request was declined, or that the relay does not have it.
    pub(crate) fn note_declined(&mut self) -> Result<(), Error> {
        self.store.write(|t| asking::set_state(t, state::DECLINED))
    }

    /// Begins to join with the chain that was given to this device.
    ///
    /// # Errors
    /// It is another's, or gives other rights than were asked for, or does not hold.
    pub(crate) fn begin_accepted(&self, chain: &[u8]) -> Result<Joining, Error> {
        let asking = asking::get(self.connection())?.ok_or(Error::NotInCampaign)?;
        let chain = Chain::decode(chain)
            .map_err(|_reason| Error::Nonsense("a certificate that cannot be read"))?;
        let rights = chain.verify(&asking.campaign, self.now())?;
        let offer = InvitationRecord::decode(&asking.record)?.invitation.offer;
        let as_asked = rights.device == self.id()
            && rights.receive == self.secret.receive_key()
            && rights.role == offer.role
            && rights.scope == offer.scope;
        if !as_asked {
            return Err(Error::Refused(Refusal::BadCertificate));
        }
        let place = Membership {
            campaign: asking.campaign,
            relay: asking.relay,
            chain,
            pseudonym: asking.pseudonym,
        };
        self.introduction(place, Vec::new())
    }

    /// Keeps why the relay did not let the device in although it was accepted: a team that is
    /// full today may have a place tomorrow.
    pub(crate) fn note_not_let_in(&mut self, refusal: Refusal) -> Result<(), Error> {
        self.store
            .write(|t| asking::set_state(t, &refusal.to_string()))
    }

    /// Takes the request back; the relay's copy gives no rights and ends with its invitation.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn stop_asking(&mut self) -> Result<(), Error> {
        self.store.write(|t| asking::delete(t))
    }

    /// This device's request, as a screen shows it.
    pub(super) fn waiting(&self) -> Result<Option<Waiting>, Error> {
        let Some(asking) = asking::get(self.connection())? else {
            return Ok(None);
        };
        let record = InvitationRecord::decode(&asking.record)?;
        Ok(Some(Waiting {
            campaign: record.campaign_name,
            team: Some(record.team_name).filter(|name| !name.is_empty()),
            role: record.invitation.offer.role,
            name: asking.pseudonym,
            code: device_code(&self.id()),
            state: match asking.state.as_str() {
                state::UNSENT => WaitingState::Unsent,
                state::WAITING => WaitingState::Waiting,
                state::DECLINED => WaitingState::Declined,
                _ => WaitingState::NotLetIn,
            },
            refusal: Some(asking.state).filter(|word| {
                ![state::UNSENT, state::WAITING, state::DECLINED].contains(&word.as_str())
            }),
        }))
    }
}

/// Whether who holds the link must be accepted.
pub(crate) fn must_ask(record: &InvitationRecord) -> bool {
    record.invitation.offer.policy == Policy::Approved
}

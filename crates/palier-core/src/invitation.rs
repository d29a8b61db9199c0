//! Invitations: a signed offer, a link that holds its secret, and its redemption.
//!
//! ```text
//! invitation = version u8 = 1 · campaign 32 · key 32 · receive key 32 · role u8 · scope
//!              · policy u8 · uses u16 · limit u16 · expires i64 · rights until i64
//!              · issuer 32 · signature 64
//! link       = RELAY "/join#" base64url(version u8 = 1 · secret 16 · campaign 32)
//! ```
//!
//! The link's fragment is never sent to a server. From the secret follow the invitation's two
//! keys; the public one names it on the relay, and the joining device signs its own
//! certificate with the private one. The campaign's root key stands in the link too, so that a
//! relay cannot put another campaign in its place.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    bytes::{Malformed, Reader, Writer},
    certificate::{Certificate, Chain, Grant, Issued},
    id::{CampaignId, DeviceId, SpaceId},
    key::{ReceiveKey, Secret, SignatureBytes, verify},
    moment::Moment,
    refusal::Refusal,
    rights::{Role, Scope},
    seal::{self, SealedKey},
};

/// The layout's version.
const VERSION: u8 = 1;
/// What a signature over an invitation begins with.
const SIGNED_AS: &[u8] = b"palier invitation 1";
/// What stands between the relay's address and the secret.
const LINK_PATH: &str = "/join#";
/// The app's own scheme, which stands for https: a link that opens the app, and no browser.
const APP_SCHEME: &str = "palier";
/// The most people that one invitation lets in.
pub const MAX_USES: u16 = 1_000;

/// The secret of an invitation: 16 random bytes.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct InvitationSecret(pub [u8; 16]);

impl fmt::Debug for InvitationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationSecret(…)")
    }
}

impl InvitationSecret {
    /// The keys that follow from it.
    #[must_use]
    pub fn secret(&self) -> Secret {
        let seed = Sha256::new()
            .chain_update(b"palier invitation secret 1")
            .chain_update(self.0)
            .finalize();
        Secret::from_seed(&seed.into())
    }
}

/// Who lets people in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// The link is enough, until the team is full.
    Open,
    /// A lead accepts each request.
    Approved,
}

impl Policy {
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Approved => 1,
        }
    }

    pub(crate) const fn from_byte(byte: u8) -> Result<Self, Malformed> {
        match byte {
            0 => Ok(Self::Open),
            1 => Ok(Self::Approved),
            _ => Err(Malformed),
        }
    }
}

/// What an invitation offers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What the person will be.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// Who lets people in.
    pub policy: Policy,
    /// How many people may use it.
    pub uses: u16,
    /// How many members the team may have in all; 0 where there is no team.
    pub limit: u16,
    /// Until when it may be used.
    pub expires: Moment,
    /// Until when the rights hold that it gives.
    pub rights_until: Moment,
}

/// A signed [`Offer`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// In which campaign.
    pub campaign: CampaignId,
    /// Its own public key, which is also its name.
    pub key: DeviceId,
    /// Where the team's keys are sealed to it.
    pub receive: ReceiveKey,
    /// What it offers.
    pub offer: Offer,
    /// Who invites.
    pub issuer: DeviceId,
    signature: SignatureBytes,
}

impl Invitation {
    /// Signs an offer.
    #[must_use]
    pub fn sign(
        campaign: CampaignId,
        secret: &InvitationSecret,
        offer: Offer,
        issuer: &Secret,
    ) -> Self {
        let keys = secret.secret();
        let mut invitation = Self {
            campaign,
            key: keys.device(),
            receive: keys.receive_key(),
            offer,
            issuer: issuer.device(),
            signature: [0; 64],
        };
        invitation.signature = issuer.sign(&invitation.signed_bytes());
        invitation
    }

    /// The same invitation with another offer, to stand in its place; the link stays the same.
    #[must_use]
    pub fn offering(&self, offer: Offer, issuer: &Secret) -> Self {
        let mut invitation = Self {
            offer,
            issuer: issuer.device(),
            signature: [0; 64],
            ..self.clone()
        };
        invitation.signature = issuer.sign(&invitation.signed_bytes());
        invitation
    }

    /// The certificate that the invitation gives to a device, signed with its secret.
    #[must_use]
    pub fn accept(&self, secret: &InvitationSecret, device: &Secret) -> Certificate {
        let grant = Grant {
            campaign: self.campaign,
            subject: device.device(),
            receive: device.receive_key(),
            role: self.offer.role,
            scope: self.offer.scope.clone(),
            not_after: self.offer.rights_until,
            issued: Issued::Through(Box::new(self.clone())),
        };
        Certificate::sign(grant, &secret.secret())
    }

    /// Checks that it is signed by its issuer.
    ///
    /// # Errors
    /// [`Refusal::BadCertificate`].
    pub fn verify(&self) -> Result<(), Refusal> {
        verify(&self.issuer, &self.signed_bytes(), &self.signature)
            .map_err(|_reason| Refusal::BadCertificate)
    }

    /// Checks that it gives what a certificate says, no more.
    pub(crate) fn check_gives(&self, grant: &Grant) -> Result<(), Refusal> {
        self.verify()?;
        let gives = self.campaign == grant.campaign
            && self.offer.role == grant.role
            && self.offer.scope == grant.scope
            && grant.not_after <= self.offer.rights_until;
        if gives {
            Ok(())
        } else {
            Err(Refusal::BadCertificate)
        }
    }

    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        self.write_unsigned(&mut writer);
        writer.put(&self.signature).done()
    }

    /// Reads bytes; nothing is checked yet but their layout.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let invitation = Self {
            campaign: CampaignId(reader.array()?),
            key: DeviceId(reader.array()?),
            receive: ReceiveKey(reader.array()?),
            offer: Offer {
                role: Role::from_byte(reader.u8()?)?,
                scope: Scope::read(&mut reader)?,
                policy: Policy::from_byte(reader.u8()?)?,
                uses: reader.u16()?,
                limit: reader.u16()?,
                expires: Moment(reader.i64()?),
                rights_until: Moment(reader.i64()?),
            },
            issuer: DeviceId(reader.array()?),
            signature: reader.array()?,
        };
        reader.end()?;
        Ok(invitation)
    }

    fn write_unsigned(&self, writer: &mut Writer) {
        writer
            .u8(VERSION)
            .put(&self.campaign.0)
            .put(&self.key.0)
            .put(&self.receive.0)
            .u8(self.offer.role.byte());
        self.offer.scope.write(writer);
        writer
            .u8(self.offer.policy.byte())
            .u16(self.offer.uses)
            .u16(self.offer.limit)
            .i64(self.offer.expires.0)
            .i64(self.offer.rights_until.0)
            .put(&self.issuer.0);
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::starting(SIGNED_AS);
        self.write_unsigned(&mut writer);
        writer.done()
    }
}

/// What the relay keeps for those who hold the link: the body of an envelope of kind
/// `invitation`. A later one with the same key stands in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvitationRecord {
    /// The invitation.
    pub invitation: Invitation,
    /// The chain of its issuer.
    pub issuer: Chain,
    /// What the campaign is called.
    pub campaign_name: String,
    /// What the team is called, empty where there is none.
    pub team_name: String,
    /// The team's keys, sealed to the invitation.
    pub keys: Vec<SealedKey>,
}

impl InvitationRecord {
    /// Where who uses it introduces themselves, or asks to.
    #[must_use]
    pub fn space(&self) -> SpaceId {
        self.invitation.offer.scope.home(&self.invitation.campaign)
    }

    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer
            .u8(VERSION)
            .piece(&self.invitation.encode())
            .piece(&self.issuer.encode())
            .piece(self.campaign_name.as_bytes())
            .piece(self.team_name.as_bytes());
        seal::write_keys(&self.keys, &mut writer);
        writer.done()
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They do not follow the layout.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let record = Self {
            invitation: Invitation::decode(reader.piece()?)?,
            issuer: Chain::decode(reader.piece()?)?,
            campaign_name: reader.text()?.to_owned(),
            team_name: reader.text()?.to_owned(),
            keys: seal::read_keys(&mut reader)?,
        };
        reader.end()?;
        Ok(record)
    }

    /// Checks that its issuer may invite so, now.
    ///
    /// # Errors
    /// A signature or a right is missing, or something is past its end.
    pub fn verify(&self, campaign: &CampaignId, now: Moment) -> Result<(), Refusal> {
        let issuer = self.issuer.verify(campaign, now)?;
        let offer = &self.invitation.offer;
        let allowed = self.invitation.campaign == *campaign
            && self.invitation.issuer == issuer.device
            && issuer.may_issue(offer.role, &offer.scope)
            && offer.rights_until <= issuer.not_after
            && (1..=MAX_USES).contains(&offer.uses);
        if !allowed {
            return Err(Refusal::BadCertificate);
        }
        self.invitation.verify()?;
        if offer.expires < now {
            return Err(Refusal::InvitationExpired);
        }
        Ok(())
    }
}

/// What an invitation link holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Where the relay answers.
    pub relay: String,
    /// The campaign, by its root key.
    pub campaign: CampaignId,
    /// The invitation's secret.
    pub secret: InvitationSecret,
}

/// A text that is no invitation link.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an invitation link, or only a part of one")]
pub struct NotALink;

impl Link {
    /// The link as it is handed over.
    #[must_use]
    pub fn text(&self) -> String {
        let payload = Writer::default()
            .u8(VERSION)
            .put(&self.secret.0)
            .put(&self.campaign.0)
            .done();
        format!(
            "{}{LINK_PATH}{}",
            self.relay.trim_end_matches('/'),
            BASE64URL_NOPAD.encode(&payload)
        )
    }

    /// Reads a link; white space around it, which copying adds, is nothing.
    ///
    /// # Errors
    /// It is no link, or a cut one.
    pub fn parse(text: &str) -> Result<Self, NotALink> {
        let (relay, fragment) = text.trim().split_once(LINK_PATH).ok_or(NotALink)?;
        let (scheme, address) = match relay.split_once("://").ok_or(NotALink)? {
            (APP_SCHEME, address) => ("https", address),
            (scheme @ ("https" | "http"), address) => (scheme, address),
            _ => return Err(NotALink),
        };
        let address = address.trim_end_matches('/');
        let odd = |letter: char| letter.is_whitespace() || letter.is_control();
        if address.is_empty() || address.starts_with('/') || address.contains(odd) {
            return Err(NotALink);
        }
        let relay = format!("{scheme}://{address}");
        let payload = BASE64URL_NOPAD
            .decode(fragment.as_bytes())
            .map_err(|_reason| NotALink)?;
        Self::read(&relay, &payload).map_err(|_reason| NotALink)
    }

    fn read(relay: &str, payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let link = Self {
            relay: relay.to_owned(),
            secret: InvitationSecret(reader.array()?),
            campaign: CampaignId(reader.array()?),
        };
        reader.end()?;
        Ok(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_back_with_white_space_and_not_when_cut() {
        let link = Link {
            relay: "https://relais.example".into(),
            campaign: CampaignId([3; 32]),
            secret: InvitationSecret([4; 16]),
        };
        let text = link.text();
        assert_eq!(Link::parse(&format!(" {text}\n")), Ok(link));
        for kept in 0..text.len() {
            assert_eq!(
                Link::parse(text.get(..kept).unwrap()),
                Err(NotALink),
                "{kept}"
            );
        }
        assert_eq!(Link::parse(&text.replace("https", "ftp")), Err(NotALink));
        // What opens the app without a browser is the same link.
        assert_eq!(
            Link::parse(&text.replace("https", "palier")),
            Link::parse(&text)
        );
        assert_eq!(Link::parse(&format!("{text}AA")), Err(NotALink));
    }

    #[test]
    fn a_link_names_a_relay() {
        let link = |relay: &str| {
            let campaign = CampaignId([3; 32]);
            let secret = InvitationSecret([4; 16]);
            let relay = relay.to_owned();
            Link::parse(
                &Link {
                    relay,
                    campaign,
                    secret,
                }
                .text(),
            )
        };
        for nowhere in [
            "https://",
            "http:///",
            "palier://",
            "https:",
            "",
            "https:///a",
            "https://a b",
            "https://a\n",
        ] {
            assert_eq!(link(nowhere), Err(NotALink), "{nowhere:?}");
        }
        for somewhere in ["https://a/b", "http://127.0.0.1:8787", "palier://a"] {
            let link = link(somewhere).unwrap();
            assert_eq!(Link::parse(&link.text()), Ok(link));
        }
        let slashes = link("https://a")
            .unwrap()
            .text()
            .replace("/join", "///join");
        assert_eq!(Link::parse(&slashes), link("https://a"));
    }

    #[test]
    fn the_secret_of_a_link_does_not_print() {
        let secret = InvitationSecret([4; 16]);
        assert_eq!(format!("{secret:?}"), "InvitationSecret(…)");
    }
}

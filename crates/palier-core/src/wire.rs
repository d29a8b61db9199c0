//! What travels between a device and a relay, beside envelopes.
//!
//! A request that needs a device is signed: the header `authorization: Palier
//! CAMPAIGN.DEVICE.MOMENT.SIGNATURE` (hexadecimal, hexadecimal, milliseconds, hexadecimal)
//! signs the method, the path with its query, the moment and the SHA-256 of the body. Nothing
//! about it is kept in a session, so that any relay process answers any request.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    answers::Answers,
    bytes::{Malformed, Reader, Writer},
    id::{CampaignId, DeviceId},
    key::{Secret, SignatureBytes, verify},
    moment::{Millis, Moment},
    refusal::Refusal,
    tally::Tally,
};

/// The most envelopes in one push or one page.
pub const MAX_BATCH: usize = 1_000;
/// The most bytes in one push or one page.
pub const MAX_BATCH_BYTES: usize = 4 << 20;
/// How far a clock may be off, either way, before a request is refused.
pub const CLOCK_TOLERANCE: Millis = Millis::hours(48);
/// The word before a signed request's proof.
pub const SCHEME: &str = "Palier ";
/// What a signature over a request begins with.
const SIGNED_AS: &[u8] = b"palier request 1";

/// Writes the body of a push: each envelope after its length (u32).
#[must_use]
pub fn write_push<'a>(envelopes: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut writer = Writer::default();
    for envelope in envelopes {
        writer.long_piece(envelope);
    }
    writer.done()
}

/// Reads the body of a push.
///
/// # Errors
/// It is cut ([`Refusal::Malformed`]) or too large ([`Refusal::TooLarge`]).
pub fn read_push(bytes: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    if bytes.len() > MAX_BATCH_BYTES {
        return Err(Refusal::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    let mut envelopes = Vec::new();
    while !reader.is_done() {
        if envelopes.len() == MAX_BATCH {
            return Err(Refusal::TooLarge);
        }
        envelopes.push(reader.long_piece()?);
    }
    Ok(envelopes)
}

/// What became of one envelope of a push.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pushed {
    /// It stands at this place of the space's log.
    Stored(u64),
    /// It stood there already.
    Duplicate(u64),
    /// It was not taken.
    Refused(Refusal),
}

/// The answer to a push: one line for each envelope, in order, after the commit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushAnswer {
    /// The life of the relay's store, in hexadecimal.
    pub incarnation: String,
    /// What became of each envelope.
    pub pushed: Vec<Pushed>,
}

/// One page of a space's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// The life of the relay's store.
    pub incarnation: crate::id::Incarnation,
    /// The last place of the log when the page was read.
    pub head: u64,
    /// Envelopes with their places, in order.
    pub entries: Vec<(u64, Vec<u8>)>,
}

impl Page {
    /// Its bytes: incarnation 16 · head u64 · then u64 place and u32 length before each.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.put(&self.incarnation.0).u64(self.head);
        for (seq, envelope) in &self.entries {
            writer.u64(*seq).long_piece(envelope);
        }
        writer.done()
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// They do not follow the layout, or places do not grow.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        let mut page = Self {
            incarnation: crate::id::Incarnation(reader.array()?),
            head: reader.u64()?,
            entries: Vec::new(),
        };
        let mut last = 0;
        while !reader.is_done() {
            let seq = reader.u64()?;
            if seq <= last || page.entries.len() == MAX_BATCH {
                return Err(Malformed);
            }
            last = seq;
            page.entries.push((seq, reader.long_piece()?.to_vec()));
        }
        Ok(page)
    }
}

/// Counts of one group, as the relay answers them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TotalsLine {
    /// The station, the day or the team, by which the lines are grouped; empty for the
    /// station of addresses that stand in none.
    pub key: String,
    /// Counts in the order of [`Tally::WORDS`].
    pub counts: [u32; 8],
    /// Ballots cast so far: day, hour, votes. Only when grouped by station.
    #[serde(default)]
    pub turnout: Vec<(String, String, u32)>,
    /// What was answered, in the order of [`Answers::WORDS`]; nothing where there is too little
    /// to be shown, and from a relay that knows of none.
    #[serde(default)]
    pub answers: [u32; 8],
}

impl TotalsLine {
    /// Its counts as a tally.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        Tally::from_counts(self.counts)
    }

    /// What was answered, where it may be shown.
    #[must_use]
    pub const fn answered(&self) -> Option<Answers> {
        Answers::from_numbers(self.answers).shown()
    }
}

/// The relay's answer about totals.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TotalsAnswer {
    /// When they were read, in milliseconds since 1970.
    pub at: Moment,
    /// One line a group.
    pub lines: Vec<TotalsLine>,
}

/// Where the logs of several spaces have come to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Heads {
    /// The life of the store, in hexadecimal.
    pub incarnation: String,
    /// The last place of each space that was asked for, in that order; 0 where there is none.
    pub heads: Vec<u64>,
}

/// The relay's word about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Health {
    /// Always true where it answers.
    pub ok: bool,
    /// The life of its store, in hexadecimal.
    pub incarnation: String,
    /// The program's version.
    pub version: String,
}

/// An error that a relay answers outside a push.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// A word: that of a [`Refusal`], or `not_found`, `clock`, `busy`, `internal`.
    pub code: String,
    /// One line for a person.
    pub message: String,
}

/// Who asks, proved by a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proof {
    /// In which campaign.
    pub campaign: CampaignId,
    /// Which device.
    pub device: DeviceId,
    /// When it asked, by its own clock.
    pub at: Moment,
    signature: SignatureBytes,
}

impl Proof {
    /// Signs a request.
    #[must_use]
    pub fn sign(campaign: CampaignId, secret: &Secret, at: Moment, request: Asked<'_>) -> Self {
        Self {
            campaign,
            device: secret.device(),
            at,
            signature: secret.sign(&request.signed_bytes(&campaign, at)),
        }
    }

    /// The value of the `authorization` header.
    #[must_use]
    pub fn header(&self) -> String {
        let signature = data_encoding::HEXLOWER.encode(&self.signature);
        format!(
            "{SCHEME}{}.{}.{}.{signature}",
            self.campaign, self.device, self.at.0
        )
    }

    /// Reads an `authorization` header.
    ///
    /// # Errors
    /// It is none of ours.
    pub fn parse(header: &str) -> Result<Self, Malformed> {
        let proof = header.strip_prefix(SCHEME).ok_or(Malformed)?;
        let mut parts = proof.split('.');
        let mut next = || parts.next().ok_or(Malformed);
        let parsed = Self {
            campaign: next()?.parse().map_err(|_reason| Malformed)?,
            device: next()?.parse().map_err(|_reason| Malformed)?,
            at: Moment(next()?.parse().map_err(|_reason| Malformed)?),
            signature: data_encoding::HEXLOWER
                .decode(next()?.as_bytes())
                .ok()
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or(Malformed)?,
        };
        match parts.next() {
            None => Ok(parsed),
            Some(_) => Err(Malformed),
        }
    }

    /// Checks the signature and that the clocks are not too far apart.
    ///
    /// # Errors
    /// [`Refusal::BadTime`] or [`Refusal::BadSignature`].
    pub fn verify(&self, request: Asked<'_>, now: Moment) -> Result<(), Refusal> {
        if self.at.0.abs_diff(now.0) > CLOCK_TOLERANCE.0.unsigned_abs() {
            return Err(Refusal::BadTime);
        }
        let bytes = request.signed_bytes(&self.campaign, self.at);
        verify(&self.device, &bytes, &self.signature).map_err(Refusal::from)
    }
}

/// What of a request is signed.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `GET`, `POST` or `PUT`.
    pub method: &'a str,
    /// Path and query, from the first slash.
    pub path_and_query: &'a str,
    /// The body, empty where there is none.
    pub body: &'a [u8],
}

impl Asked<'_> {
    fn signed_bytes(&self, campaign: &CampaignId, at: Moment) -> Vec<u8> {
        Writer::starting(SIGNED_AS)
            .put(&campaign.0)
            .i64(at.0)
            .piece(self.method.as_bytes())
            .piece(self.path_and_query.as_bytes())
            .put(&Sha256::digest(self.body))
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_reads_back_and_a_cut_one_does_not() {
        let body = write_push([b"un".as_slice(), b"deux"]);
        assert_eq!(read_push(&body).unwrap(), [b"un".as_slice(), b"deux"]);
        assert_eq!(read_push(&body[..body.len() - 1]), Err(Refusal::Malformed));
        assert_eq!(read_push(&[0; 4 * (MAX_BATCH + 1)]), Err(Refusal::TooLarge));
    }

    #[test]
    fn a_page_reads_back_and_must_grow() {
        let page = |seqs: [u64; 2]| Page {
            incarnation: crate::id::Incarnation([1; 16]),
            head: 9,
            entries: seqs.map(|seq| (seq, vec![7; 3])).to_vec(),
        };
        assert_eq!(Page::decode(&page([3, 4]).encode()), Ok(page([3, 4])));
        assert_eq!(Page::decode(&page([4, 4]).encode()), Err(Malformed));
    }

    #[test]
    fn a_proof_is_for_one_request_at_one_time() {
        let secret = Secret::from_seed(&[1; 32]);
        let campaign = Secret::from_seed(&[2; 32]).campaign();
        let asked = Asked {
            method: "GET",
            path_and_query: "/v1/pull?after=3",
            body: b"",
        };
        let now = Moment(5_000);
        let proof = Proof::sign(campaign, &secret, now, asked);
        assert_eq!(Proof::parse(&proof.header()), Ok(proof));
        assert_eq!(proof.verify(asked, now), Ok(()));
        let other = Asked {
            path_and_query: "/v1/pull?after=0",
            ..asked
        };
        assert_eq!(proof.verify(other, now), Err(Refusal::BadSignature));
        let late = now.after(CLOCK_TOLERANCE).after(Millis(1));
        assert_eq!(proof.verify(asked, late), Err(Refusal::BadTime));
    }
}

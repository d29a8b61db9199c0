//! Syncing with another device directly: the relay's own protocol, answered by a device.

use std::sync::Arc;

use palier_core::{
    id::{Incarnation, SpaceId},
    refusal::Refusal,
    wire::{self, Asked, Fault, Health, Proof, PushAnswer, Pushed},
};

use super::asker_in;
use crate::{
    api::{Api, reply::SyncReport},
    device::Device,
    error::Error,
    pairing::{Code, Door, WRONG_CODE},
    relay::{Asker, Relay},
};

/// The most pages of one space that are read of another device in one go.
const MAX_PAGES: u32 = 5_000;

/// What another device asks.
#[derive(Debug)]
pub struct PeerAsks {
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query, from the first slash.
    pub path_and_query: String,
    /// The `authorization` header.
    pub authorization: String,
    /// The header with the proof of the code.
    pub proof: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What it is answered.
#[derive(Debug)]
pub struct PeerAnswer {
    /// An HTTP status.
    pub status: u16,
    /// Whether the body is JSON; otherwise it is bytes.
    pub is_json: bool,
    /// The body.
    pub body: Vec<u8>,
}

impl PeerAnswer {
    fn json(status: u16, value: &impl serde::Serialize) -> Self {
        Self {
            status,
            is_json: true,
            body: serde_json::to_vec(value).unwrap_or_default(),
        }
    }

    fn no(status: u16, code: String) -> Self {
        let message = "this device does not do that".into();
        Self::json(status, &Fault { code, message })
    }
}

impl Api {
    /// Syncs with a device that listens at an address, and shows a code.
    ///
    /// # Errors
    /// It does not answer, or the code is another's; what was done until then stays done.
    pub async fn sync_with_peer(&self, address: &str, code: &str) -> Result<SyncReport, Error> {
        let _one_at_a_time = self.syncing.lock().await;
        let code = Arc::new(Code::parse(code)?);
        let base = format!("http://{}", address.trim().trim_start_matches("http://"));
        let relay = Relay::new(self.client.clone(), &base).knowing(code);
        let mut report = SyncReport::default();
        self.with(Device::seal_outbox).await?;
        let peer = relay.health(&self.own_asker().await?).await?;
        let peer = read_incarnation(&peer)?;
        self.hand_over(&relay, peer, &mut report).await?;
        for space in self.with(|device| device.spaces()).await? {
            self.read_of(&relay, peer, space, &mut report).await?;
        }
        self.note_shown();
        Ok(report)
    }

    async fn hand_over(
        &self,
        relay: &Relay,
        peer: Incarnation,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        loop {
            let batch = self.with(move |device| device.to_hand(peer)).await?;
            let Some((last, _)) = batch.last() else {
                return Ok(());
            };
            let last = *last;
            let body = wire::write_push(batch.iter().map(|(_, bytes)| bytes.as_slice()));
            let answer = relay.push(&self.own_asker().await?, body).await?;
            if answer.pushed.len() != batch.len() {
                return Err(Error::Nonsense("another number of answers"));
            }
            for pushed in answer.pushed {
                match pushed {
                    Pushed::Stored(_) => report.sent += 1,
                    Pushed::Duplicate(_) => report.already_there += 1,
                    // It waits there, or is of another team.
                    Pushed::Refused(
                        Refusal::Gap | Refusal::UnknownDevice | Refusal::WrongSpace,
                    ) => {}
                    Pushed::Refused(refusal) => report.refused.push(refusal.to_string()),
                }
            }
            self.with(move |device| device.note_handed(peer, last))
                .await?;
        }
    }

    async fn read_of(
        &self,
        relay: &Relay,
        peer: Incarnation,
        space: SpaceId,
        report: &mut SyncReport,
    ) -> Result<(), Error> {
        for _ in 0..MAX_PAGES {
            let after = self.with(move |device| device.read_of(peer, space)).await?;
            let page = match relay.pull(&self.own_asker().await?, space, after).await {
                Err(Error::Refused(_)) => return Ok(()),
                page => page?,
            };
            let Some((last, _)) = page.entries.last() else {
                return Ok(());
            };
            let (last, head) = (*last, page.head);
            if last <= after || page.incarnation != peer {
                return Err(Error::Nonsense("a page of another log"));
            }
            let entries = page.entries.into_iter().map(|(_, bytes)| bytes).collect();
            let note = self
                .with(move |device| take_page(device, peer, space, last, entries))
                .await?;
            report.received += note.0;
            report.set_aside += note.1;
            if last >= head {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn own_asker(&self) -> Result<Asker, Error> {
        self.with(|device| Ok(asker_in(device.member()?.place.campaign, device)))
            .await
    }

    /// Answers what another device asks of this one.
    pub async fn answer_peer(&self, door: &Door, asks: PeerAsks) -> PeerAnswer {
        if !door.lets_in(&asks.authorization, &asks.proof) {
            return PeerAnswer::no(401, WRONG_CODE.into());
        }
        let answered = self
            .with(move |device| Ok(answer(device, &asks).unwrap_or_else(refused)))
            .await;
        self.note_shown();
        answered.unwrap_or_else(refused)
    }
}

fn refused(reason: Error) -> PeerAnswer {
    match reason {
        Error::Refused(refusal) => PeerAnswer::no(403, refusal.to_string()),
        _ => PeerAnswer::no(500, "internal".into()),
    }
}

fn answer(device: &mut Device, asks: &PeerAsks) -> Result<PeerAnswer, Error> {
    let campaign = device.member()?.place.campaign;
    let malformed = || Error::Refused(Refusal::Malformed);
    let proof = Proof::parse(&asks.authorization).map_err(|_reason| malformed())?;
    if proof.campaign != campaign {
        return Err(Error::Refused(Refusal::WrongSpace));
    }
    let asked = Asked {
        method: &asks.method,
        path_and_query: &asks.path_and_query,
        body: &asks.body,
    };
    // Two phones on a landing need not agree on the time: the code is of today.
    proof.verify(asked, proof.at)?;
    let (path, query) = asks
        .path_and_query
        .split_once('?')
        .unwrap_or((&asks.path_and_query, ""));
    match (asks.method.as_str(), path) {
        ("GET", "/v1/health") => Ok(PeerAnswer::json(
            200,
            &Health {
                ok: true,
                incarnation: device.incarnation().to_string(),
                version: env!("CARGO_PKG_VERSION").into(),
            },
        )),
        ("POST", "/v1/push") => {
            let envelopes = wire::read_push(&asks.body)?;
            let envelopes: Vec<Vec<u8>> = envelopes.into_iter().map(<[u8]>::to_vec).collect();
            let handed = device.take_handed(&envelopes)?;
            Ok(PeerAnswer::json(
                200,
                &PushAnswer {
                    incarnation: device.incarnation().to_string(),
                    pushed: handed.answers,
                },
            ))
        }
        ("GET", "/v1/pull") => {
            device.seal_outbox()?;
            let (space, after) = read_query(query).ok_or_else(malformed)?;
            let page = device.hand_page(proof.device, space, after)?;
            Ok(PeerAnswer {
                status: 200,
                is_json: false,
                body: page.encode(),
            })
        }
        _ => Ok(PeerAnswer::no(404, "not_found".into())),
    }
}

fn read_query(query: &str) -> Option<(SpaceId, u64)> {
    let value = |name: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    };
    let after = value("after").map_or(Some(0), |after| after.parse().ok())?;
    Some((value("space")?.parse().ok()?, after))
}

fn take_page(
    device: &mut Device,
    peer: Incarnation,
    space: SpaceId,
    last: u64,
    entries: Vec<Vec<u8>>,
) -> Result<(u32, u32), Error> {
    let note = device.take_handed(&entries)?.note;
    device.note_read_of(peer, space, last)?;
    Ok((note.received, note.set_aside))
}

fn read_incarnation(health: &Health) -> Result<Incarnation, Error> {
    health
        .incarnation
        .parse()
        .map_err(|_reason| Error::Nonsense("a name that is none"))
}

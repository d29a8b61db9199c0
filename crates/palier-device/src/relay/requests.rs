//! Requests to join, as the relay keeps them.

use palier_core::{
    id::{DeviceId, SpaceId},
    wire,
};
use reqwest::{Method, StatusCode};

use super::{Asker, MAX_ANSWER_BYTES, Relay};
use crate::error::Error;

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Acceptance {
    /// Nobody answered it yet.
    Waiting,
    /// It was declined, or the relay does not have it.
    Declined,
    /// It was accepted: the chain for this device.
    Accepted(Vec<u8>),
}

impl Relay {
    /// What became of this device's request.
    pub(crate) async fn acceptance(&self, asker: &Asker) -> Result<Acceptance, Error> {
        let path = "/v1/requests/mine";
        let answer = self.ask(Some(asker), Method::GET, path, Vec::new()).await;
        let answer = match answer {
            Err(Error::NotThere) => return Ok(Acceptance::Declined),
            answer => answer?,
        };
        if answer.status() == StatusCode::ACCEPTED {
            return Ok(Acceptance::Waiting);
        }
        Ok(Acceptance::Accepted(
            self.read(answer, MAX_ANSWER_BYTES).await?,
        ))
    }

    /// The requests that wait in a space.
    pub(crate) async fn requests(
        &self,
        asker: &Asker,
        space: SpaceId,
    ) -> Result<Vec<Vec<u8>>, Error> {
        let path = format!("/v1/requests?space={space}");
        let answer = self.ask(Some(asker), Method::GET, &path, Vec::new()).await;
        let bytes = match answer {
            // A relay of before there were requests.
            Err(Error::NotThere) => return Ok(Vec::new()),
            answer => self.read(answer?, MAX_ANSWER_BYTES).await?,
        };
        let envelopes = wire::read_push(&bytes)
            .map_err(|_reason| Error::Nonsense("requests that cannot be read"))?;
        Ok(envelopes.into_iter().map(<[u8]>::to_vec).collect())
    }

    /// Has the relay forget a request.
    pub(crate) async fn decline_request(
        &self,
        asker: &Asker,
        space: SpaceId,
        device: DeviceId,
    ) -> Result<(), Error> {
        let path = format!("/v1/requests/{device}?space={space}");
        let answer = self.ask(Some(asker), Method::DELETE, &path, Vec::new());
        match answer.await {
            Ok(_) | Err(Error::NotThere) => Ok(()),
            Err(reason) => Err(reason),
        }
    }
}

//! A part of a pack, as it comes.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode, header};

use super::{Asker, Relay};
use crate::error::Error;

/// An answer that is being read.
#[derive(Debug)]
pub(crate) struct Part {
    answer: Response,
    at: u64,
    patience: Duration,
}

impl Part {
    /// The byte of the pack that it begins with.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }

    /// The next bytes; nothing at its end.
    ///
    /// # Errors
    /// The connection was cut: what came before is right.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let piece = tokio::time::timeout(self.patience, self.answer.chunk())
            .await
            .map_err(|_elapsed| Error::Offline("it took too long"))?
            .map_err(|_reason| Error::Offline("the connection was cut"))?;
        Ok(piece.map(|piece| piece.to_vec()))
    }
}

impl Relay {
    /// Asks for the bytes `first` to `last` of a pack. A relay may give all of it instead.
    pub(crate) async fn part_of_pack(
        &self,
        asker: &Asker,
        pack: &str,
        first: u64,
        last: u64,
    ) -> Result<Part, Error> {
        let path = format!("/v1/packs/{pack}");
        let range = format!("bytes={first}-{last}");
        let answer = self
            .send(Some(asker), &Method::GET, &path, &[], |request| {
                request.header(header::RANGE, range.as_str())
            })
            .await?;
        Ok(Part {
            at: match answer.status() {
                StatusCode::PARTIAL_CONTENT => first,
                _ => 0,
            },
            answer,
            patience: self.patience,
        })
    }
}

//! Base maps over the relay: sent whole, fetched part by part, so that a cut loses little.

use palier_core::document::campaign::OfferedPack;

use crate::{
    api::{Api, reply::PackRow},
    basemap::PackFault,
    error::Error,
};

/// How much is fetched for one question: half a minute over a very bad network.
const PART_BYTES: u64 = 512 << 10;

impl Api {
    /// Fetches the next part of a base map, from where the part before ended; once all of it is
    /// here, looks whether it is what the campaign offers. Gives how much is here.
    pub(crate) async fn fetch_pack(
        &self,
        offered: OfferedPack,
    ) -> Result<(u64, Option<PackRow>), Error> {
        let pack = offered.pack.clone();
        let mut at = self.with_atlas(move |atlas| atlas.arrived(&pack)).await?;
        if at > offered.bytes {
            at = 0;
        }
        if at < offered.bytes {
            at = self.fetch_part(&offered, at).await?;
        }
        if at < offered.bytes {
            return Ok((at, None));
        }
        let row = self.with_atlas(move |atlas| atlas.arrive(&offered)).await?;
        Ok((at, Some(row)))
    }

    /// Fetches a part from `at` on, and gives where it ends. A relay that knows no parts gives
    /// all of it. Each piece is on disk before the next is waited for.
    async fn fetch_part(&self, offered: &OfferedPack, at: u64) -> Result<u64, Error> {
        let (relay, asker) = self.relay().await?;
        let last = at.saturating_add(PART_BYTES).min(offered.bytes) - 1;
        let part = relay.part_of_pack(&asker, &offered.pack, at, last).await;
        let mut part = part.map_err(|reason| match reason {
            Error::NotThere => Error::MapPack(PackFault::Gone),
            reason => reason,
        })?;
        let mut at = part.at();
        let began = at;
        while let Some(piece) = part.next().await? {
            let end = u64::try_from(piece.len()).map_or(u64::MAX, |length| at + length);
            let offered = offered.clone();
            self.with_atlas(move |atlas| atlas.go_on(&offered, at, &piece))
                .await?;
            at = end;
        }
        if at == began {
            return Err(Error::Nonsense("a part of a pack without a byte"));
        }
        Ok(at)
    }

    /// Sends a base map to the relay.
    pub(crate) async fn send_pack(&self, pack: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let (relay, asker) = self.relay().await?;
        relay.put_pack(&asker, pack, bytes).await
    }
}

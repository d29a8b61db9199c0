//! Base maps. They stand in files of their own: what is asked of them waits for no tap, and the
//! other way round.

use data_encoding::BASE64;

use super::{Api, Reply, Request};
use crate::{
    basemap::{Atlas, Tile},
    error::Error,
};

impl Api {
    /// One tile of a base map, unfolded; nothing where the pack has none there.
    ///
    /// # Errors
    /// There is no such pack, or it is broken.
    pub async fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, Error> {
        self.with_atlas(move |atlas| atlas.tile(&tile)).await
    }

    pub(super) async fn answer_about_maps(&self, request: Request) -> Result<Reply, Error> {
        match request {
            Request::AddPack(part) => {
                let bytes = BASE64
                    .decode(part.content.as_bytes())
                    .map_err(|_reason| Error::NotWhole)?;
                let take = move |atlas: &Atlas| atlas.take(&part.file, part.at, &bytes, part.last);
                let pack = self.with_atlas(take).await?;
                Ok(Reply::PackTaken { pack })
            }
            Request::RemovePack { pack } => {
                self.with_atlas(move |atlas| atlas.remove(&pack)).await?;
                Ok(Reply::Kept)
            }
            Request::FetchPack { pack } => {
                let offered = self.with(move |device| device.offered_pack(&pack)).await?;
                let bytes = offered.bytes;
                let (arrived, pack) = self.fetch_pack(offered).await?;
                Ok(Reply::PackFetched {
                    arrived,
                    bytes,
                    pack,
                })
            }
            Request::OfferPack { pack } => self.offer_pack(pack).await,
            Request::WithdrawPack { pack } => {
                self.with(move |device| device.withdraw_pack(&pack)).await?;
                Ok(Reply::Kept)
            }
            Request::Map { turf } => {
                let mut map = self.with(move |device| device.map(turf.as_deref())).await?;
                if let Some(bounds) = map.bounds {
                    map.pack = self.with_atlas(move |atlas| atlas.covering(bounds)).await?;
                }
                if map.pack.is_none() {
                    map.damaged = self.with_atlas(Atlas::damaged).await?;
                }
                Ok(Reply::Map(map))
            }
            _ => {
                let offered = self.with(|device| device.offered_packs()).await?;
                let packs = self.with_atlas(move |atlas| atlas.list(&offered)).await?;
                Ok(Reply::Packs { packs })
            }
        }
    }

    /// Offers a base map to the campaign, once the relay has it.
    async fn offer_pack(&self, pack: String) -> Result<Reply, Error> {
        self.with(|device| device.may_offer_packs()).await?;
        let found = self.with_atlas(move |atlas| atlas.to_offer(&pack)).await?;
        let (offered, bytes) = found;
        self.send_pack(&offered.pack, bytes).await?;
        self.with(move |device| device.offer_pack(&offered)).await?;
        Ok(Reply::Kept)
    }

    pub(crate) async fn with_atlas<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Atlas) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let maps = std::sync::Arc::clone(&self.maps);
        tokio::task::spawn_blocking(move || work(&maps))
            .await
            .unwrap_or(Err(Error::Document))
    }
}

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
            Request::AddPack {
                file,
                at,
                content,
                last,
            } => {
                let part = BASE64
                    .decode(content.as_bytes())
                    .map_err(|_reason| Error::NotWhole)?;
                let take = move |atlas: &Atlas| atlas.take(&file, at, &part, last);
                let pack = self.with_atlas(take).await?;
                Ok(Reply::PackTaken { pack })
            }
            Request::RemovePack { pack } => {
                self.with_atlas(move |atlas| atlas.remove(&pack)).await?;
                Ok(Reply::Kept)
            }
            Request::Map { turf } => {
                let mut map = self.with(move |device| device.map(turf.as_deref())).await?;
                if let Some(bounds) = map.bounds {
                    map.pack = self.with_atlas(move |atlas| atlas.covering(bounds)).await?;
                }
                Ok(Reply::Map(map))
            }
            _ => Ok(Reply::Packs {
                packs: self.with_atlas(Atlas::list).await?,
            }),
        }
    }

    async fn with_atlas<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Atlas) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let maps = std::sync::Arc::clone(&self.maps);
        tokio::task::spawn_blocking(move || work(&maps))
            .await
            .unwrap_or(Err(Error::Document))
    }
}

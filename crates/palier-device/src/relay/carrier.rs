//! What carries a request to a relay and its answer back.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, future::BoxFuture};
use reqwest::{Method, Request, RequestBuilder, Response};

use crate::error::Error;

/// What carries a request to a relay and its answer back: the network, or what a test puts in
/// its place.
pub trait Carrier: std::fmt::Debug + Send + Sync {
    /// Carries one request.
    ///
    /// # Errors
    /// [`Error::Offline`]: it did not arrive, or no answer came.
    fn carry(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>>;
}

impl Carrier for reqwest::Client {
    fn carry(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        self.execute(request)
            .map(|answer| answer.map_err(|reason| Error::Offline(why(&reason))))
            .boxed()
    }
}

fn why(reason: &reqwest::Error) -> &'static str {
    if reason.is_timeout() {
        "it took too long"
    } else if reason.is_connect() {
        "no connection"
    } else {
        "the connection was cut"
    }
}

/// What makes requests, and what carries them.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    maker: reqwest::Client,
    carrier: Arc<dyn Carrier>,
}

impl Client {
    /// Requests that the network carries.
    pub(super) fn of_the_network() -> Result<Self, Error> {
        // Another part of the program may have set the provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let maker = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(45))
            .redirect(reqwest::redirect::Policy::none());
        #[cfg(target_os = "android")]
        let maker = maker.tls_certs_only(super::roots::of_this_phone());
        let maker = maker
            .build()
            .map_err(|_reason| Error::Offline("no connection can be made"))?;
        Ok(Self {
            carrier: Arc::new(maker.clone()),
            maker,
        })
    }

    /// Requests that something else than the network carries.
    pub(crate) fn carried_by(mut self, carrier: Arc<dyn Carrier>) -> Self {
        self.carrier = carrier;
        self
    }

    pub(super) fn request(&self, method: Method, url: String) -> RequestBuilder {
        self.maker.request(method, url)
    }

    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let request = request
            .build()
            .map_err(|_reason| Error::Offline("no request can be made"))?;
        self.carrier.carry(request).await
    }
}

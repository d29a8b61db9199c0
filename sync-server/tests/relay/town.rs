//! A relay without a port: its routes, a store in a temporary folder, and a clock that is set.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use palier_core::{
    id::SpaceId,
    moment::{Millis, Moment},
    refusal::Refusal,
    rights::{Role, Scope},
    wire::{Asked, Fault, Page, Proof, PushAnswer, Pushed, TotalsAnswer, write_push},
};
use palier_relay::{AppState, Clock, Config, Limits, StoreAt, admin_router, router};
use serde::de::DeserializeOwned;
use tower::ServiceExt;

use crate::{
    actors::{Device, NOW, TEAM, campaign},
    place::Place,
};

/// What a route answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The status and the word of a fault.
    pub(crate) fn fault(&self) -> (u16, String) {
        (self.status.as_u16(), self.json::<Fault>().code)
    }
}

pub(crate) struct Town {
    pub(crate) place: Arc<Place>,
    now: Arc<AtomicI64>,
    limits: Limits,
    pub(crate) router: Router,
    /// What whoever runs the relay asks.
    pub(crate) admin: Router,
    state: Option<AppState>,
}

impl Town {
    /// An empty relay.
    pub(crate) async fn empty() -> Self {
        Self::limited(Limits::default()).await
    }

    /// An empty relay with limits of its own.
    pub(crate) async fn limited(limits: Limits) -> Self {
        Self::at(Place::empty().await, limits).await
    }

    async fn at(place: Place, limits: Limits) -> Self {
        let mut town = Self {
            place: Arc::new(place),
            now: Arc::new(AtomicI64::new(NOW.0)),
            limits,
            router: Router::new(),
            admin: Router::new(),
            state: None,
        };
        town.open().await;
        town
    }

    /// Another relay on the same store, as another process would be.
    pub(crate) async fn neighbour(&self) -> Self {
        let mut town = Self {
            place: Arc::clone(&self.place),
            now: Arc::clone(&self.now),
            limits: self.limits,
            router: Router::new(),
            admin: Router::new(),
            state: None,
        };
        town.open().await;
        town
    }

    /// A relay where an organiser has begun the campaign.
    pub(crate) async fn begun() -> (Self, Device) {
        Self::begun_with(Limits::default()).await
    }

    /// The same, with limits of its own.
    pub(crate) async fn begun_with(limits: Limits) -> (Self, Device) {
        Self::limited(limits).await.with_organiser().await
    }

    /// The same, where the store is told.
    pub(crate) async fn begun_at(place: Place) -> (Self, Device) {
        Self::at(place, Limits::default())
            .await
            .with_organiser()
            .await
    }

    async fn with_organiser(self) -> (Self, Device) {
        let town = self;
        let mut organiser = Device::organiser(1);
        let introductions = [campaign().space(), TEAM.space(), campaign().reports_space()]
            .map(|space| organiser.introduction(space));
        town.push_all(&organiser, introductions).await;
        (town, organiser)
    }

    /// A device of a role, appointed by the organiser and introduced where it belongs.
    pub(crate) async fn appoint(
        &self,
        organiser: &Device,
        seed: u16,
        role: Role,
        scope: Scope,
    ) -> Device {
        let mut device = organiser.appoint(seed, role, scope.clone());
        let home = scope.home(&campaign());
        let introductions =
            [home, campaign().reports_space()].map(|space| device.introduction(space));
        self.push_all(&device, introductions).await;
        device
    }

    /// The same store, opened again.
    pub(crate) async fn restart(&mut self) {
        self.close().await;
        self.open().await;
    }

    /// Nobody has the store open any more.
    pub(crate) async fn close(&mut self) {
        (self.router, self.admin) = (Router::new(), Router::new());
        if let Some(state) = self.state.take() {
            state.close().await;
        }
    }

    /// Begins again with a copy of the store.
    pub(crate) async fn restore(&mut self, copy: &Path) {
        self.close().await;
        let path = self.place.folder().join("relay.db");
        for suffix in ["", "-wal", "-shm"] {
            let gone = path.with_file_name(format!("relay.db{suffix}"));
            assert!(std::fs::remove_file(&gone).is_ok() || !gone.exists());
        }
        std::fs::copy(copy, path).unwrap();
        self.open().await;
    }

    async fn open(&mut self) {
        let now = Arc::clone(&self.now);
        let config = Config {
            clock: Clock::from_fn(move || Moment(now.load(Ordering::SeqCst))),
            limits: self.limits,
            ..Config::new(([127, 0, 0, 1], 0).into(), self.store())
        };
        let state = AppState::open(&config).await.unwrap();
        (self.router, self.admin) = (router(state.clone()), admin_router(state.clone()));
        self.state = Some(state);
    }

    pub(crate) fn store(&self) -> StoreAt {
        self.place.store()
    }

    pub(crate) fn wait(&self, span: Millis) {
        self.now.fetch_add(span.0, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.now.load(Ordering::SeqCst))
    }

    /// A signed request.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        device: Option<&Device>,
        body: Vec<u8>,
    ) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(device) = device {
            let asked = Asked {
                method,
                path_and_query: path,
                body: &body,
            };
            let proof = Proof::sign(campaign(), &device.secret, self.now(), asked);
            request = request.header(header::AUTHORIZATION, proof.header());
        }
        request.body(Body::from(body)).unwrap()
    }

    pub(crate) async fn answer(&self, request: Request<Body>) -> Answer {
        Self::answer_of(&self.router, request).await
    }

    /// The head of an answer whose body has no end.
    pub(crate) async fn begin(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = match parts.status.is_success() {
            true => Vec::new(),
            false => to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// What whoever runs the relay reads.
    pub(crate) async fn admin(&self, path: &str) -> (u16, String) {
        let request = self.request("GET", path, None, Vec::new());
        let answer = Self::answer_of(&self.admin, request).await;
        (
            answer.status.as_u16(),
            String::from_utf8(answer.body).unwrap(),
        )
    }

    async fn answer_of(router: &Router, request: Request<Body>) -> Answer {
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str, device: Option<&Device>) -> Answer {
        self.answer(self.request("GET", path, device, Vec::new()))
            .await
    }

    pub(crate) async fn post(&self, device: Option<&Device>, body: Vec<u8>) -> Answer {
        self.answer(self.request("POST", "/v1/push", device, body))
            .await
    }

    /// Pushes envelopes and says what became of each.
    pub(crate) async fn push(
        &self,
        device: &Device,
        envelopes: impl IntoIterator<Item = Vec<u8>>,
    ) -> Vec<Pushed> {
        let envelopes: Vec<_> = envelopes.into_iter().collect();
        let body = write_push(envelopes.iter().map(Vec::as_slice));
        let answer = self.post(Some(device), body).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.fault());
        answer.json::<PushAnswer>().pushed
    }

    /// Pushes envelopes that are all stored.
    pub(crate) async fn push_all(
        &self,
        device: &Device,
        envelopes: impl IntoIterator<Item = Vec<u8>>,
    ) {
        let pushed = self.push(device, envelopes).await;
        let stored = |one: &Pushed| matches!(one, Pushed::Stored(_));
        assert!(pushed.iter().all(stored), "{pushed:?}");
    }

    /// Pushes one envelope that is refused.
    pub(crate) async fn refused(&self, device: &Device, envelope: Vec<u8>) -> Refusal {
        match self.push(device, [envelope]).await.as_slice() {
            [Pushed::Refused(refusal)] => *refusal,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn pull(&self, device: &Device, space: SpaceId, after: u64) -> Page {
        let path = format!("/v1/pull?space={space}&after={after}");
        let answer = self.get(&path, Some(device)).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.fault());
        Page::decode(&answer.body).unwrap()
    }

    pub(crate) async fn totals(&self, device: &Device, by: &str) -> TotalsAnswer {
        let path = format!("/v1/totals?by={by}");
        self.get(&path, Some(device)).await.json()
    }
}

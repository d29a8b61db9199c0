//! What a relay is sent in an evening: a team that a link opens, and one that accepts its
//! members; doors, corrections, reports; somebody who is declined, and somebody who is removed.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use futures_util::{FutureExt, future::BoxFuture};
use palier_core::{
    invitation::Policy,
    outcome::Outcome,
    wire::{PushAnswer, Pushed},
};
use palier_device::{
    Carrier, Clock, Device, Error,
    api::{Api, Request},
    device::NewVisit,
};

use crate::{
    carried::{Answered, Sent, as_response, as_sent},
    disk::Disk,
    relay::Relay,
    template::{BEGINS, READY, device_of, wanted_in},
    town::{TEAM, TURF},
};

const CHOSEN: &str = "Choisie";

/// What is answered, as far as it must be the same again.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: StatusCode,
    pushed: Vec<Pushed>,
}

impl Answer {
    /// Whether this is the other, or what is said to who asks again because nobody heard it.
    pub(super) fn is_as_good_as(&self, other: &Self) -> bool {
        let done = self.status == other.status
            || (self.status.is_success() && other.status.is_success())
            || (self.status, other.status) == (StatusCode::NOT_FOUND, StatusCode::NO_CONTENT);
        let same = |(found, expected): (&Pushed, &Pushed)| match (found, expected) {
            (Pushed::Duplicate(found), Pushed::Stored(expected)) => found == expected,
            _ => found == expected,
        };
        done && self.pushed.len() == other.pushed.len()
            && self.pushed.iter().zip(&other.pushed).all(same)
    }
}

pub(super) fn answer(answered: &Answered) -> Answer {
    let pushed = serde_json::from_slice::<PushAnswer>(&answered.body);
    Answer {
        status: answered.status,
        pushed: pushed.map_or_else(|_other| Vec::new(), |answer| answer.pushed),
    }
}

/// Requests in order, each with what a relay on a sound disk answered.
pub(super) struct Evening(Vec<(Sent, Answer)>);

impl Evening {
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Sent, Answer)> {
        self.0.iter()
    }
}

/// Carries requests to a relay, and keeps those that write.
struct Recorder {
    relay: Relay,
    kept: Mutex<Vec<(Sent, Answer)>>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}

impl Carrier for Recorder {
    fn carry(&self, request: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, Error>> {
        let sent = as_sent(&request);
        async move {
            let answered = self.relay.ask(&sent).await;
            if sent.method != "GET" {
                let kept = (sent, answer(&answered));
                self.kept.lock().unwrap().push(kept);
            }
            Ok(as_response(answered))
        }
        .boxed()
    }
}

/// Lets the evening happen.
pub(super) async fn record() -> Evening {
    let folder = tempfile::tempdir().unwrap().keep();
    let mut relay = Relay::new(Disk::default(), &folder, BEGINS);
    relay.open().await.unwrap();
    let recorder = Arc::new(Recorder {
        relay,
        kept: Mutex::default(),
    });
    let on = |device: Device| {
        let carrier: Arc<dyn Carrier> = Arc::clone(&recorder) as Arc<dyn Carrier>;
        Api::new(device).unwrap().carried_by(carrier)
    };
    let new = || on(Device::in_memory(Clock::at(BEGINS)).unwrap());
    let organiser = on(device_of(&READY.copy, "evening"));
    let (merle, pinson, lise) = (new(), new(), new());
    sync(&organiser).await;
    join(&merle, READY.link.clone(), "Merle").await;
    knock(&[&merle, &organiser]).await;
    ask_to_join(&organiser, &pinson, &lise).await;
    let remove = |device: &mut Device| device.remove_member(Some(TEAM), "Merle");
    organiser.with(remove).await.unwrap();
    sync(&organiser).await;
    Evening(std::mem::take(&mut recorder.kept.lock().unwrap()))
}

async fn sync(api: &Api) {
    api.ask(Request::Sync).await.unwrap();
}

async fn join(api: &Api, link: String, name: &str) {
    let name = name.to_owned();
    api.ask(Request::Join { link, name }).await.unwrap();
}

/// Each knocks at a few doors, sends them one by one, and takes one back.
async fn knock(people: &[&Api]) {
    for api in people {
        sync(api).await;
    }
    for (tap, door) in READY.doors.iter().take(3).enumerate() {
        for api in people {
            let visit = NewVisit {
                door: door.clone(),
                outcome: Outcome::ALL[tap],
                at: None,
                leaflet: true,
            };
            let (id, _) = api.with(|device| device.record(visit)).await.unwrap();
            if tap == 1 {
                let id = id.to_string();
                api.with(move |device| device.undo(&id)).await.unwrap();
                api.with(|device| device.close_shift(TURF)).await.unwrap();
            }
            sync(api).await;
        }
    }
}

/// One is accepted, one is declined.
async fn ask_to_join(organiser: &Api, accepted: &Api, declined: &Api) {
    let prepare = |device: &mut Device| {
        device.create_team(CHOSEN, Policy::Approved, None)?;
        Ok(device.invite(&wanted_in(CHOSEN))?.link)
    };
    let link = organiser.with(prepare).await.unwrap();
    sync(organiser).await;
    join(accepted, link.clone(), "Pinson").await;
    join(declined, link, "Lise").await;
    sync(organiser).await;
    let device = "Pinson".to_owned();
    organiser
        .ask(Request::AcceptRequest { device })
        .await
        .unwrap();
    let device = "Lise".to_owned();
    organiser
        .ask(Request::DeclineRequest { device })
        .await
        .unwrap();
    sync(organiser).await;
    sync(accepted).await;
}

//! A relay that takes a team's evening in, on a disk that does harm.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{FutureExt, future::BoxFuture};
use palier_core::{
    outcome::Outcome,
    wire::{PushAnswer, Pushed},
};
use palier_device::{
    Carrier, Clock, Device, Error,
    api::{Api, Request},
    device::NewVisit,
};

use super::{
    picture::{is_whole, picture},
    points::{Point, at_every_point},
};
use crate::{
    carried::{Sent, as_response, as_sent},
    chance::Chance,
    disk::{Disk, Harm},
    relay::Relay,
    template::{BEGINS, READY, device_of},
    town::TURF,
};

/// Carries requests to a relay, and keeps those that write.
struct Recorder {
    relay: tokio::sync::Mutex<Relay>,
    kept: Mutex<Vec<Sent>>,
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
            if sent.method != "GET" {
                self.kept.lock().unwrap().push(sent.clone());
            }
            Ok(as_response(self.relay.lock().await.ask(&sent).await))
        }
        .boxed()
    }
}

/// What devices send in an evening, as it was answered by a relay on a sound disk.
struct Evening {
    sent: Vec<Sent>,
    answers: Vec<Vec<Pushed>>,
    operations: usize,
    picture: Vec<String>,
}

async fn begin(disk: Disk) -> Result<Relay, Relay> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = std::env::temp_dir().join(format!(
        "palier-faults-{}-relay-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ));
    Relay::on(disk, &folder, BEGINS).await
}

/// What is answered about each envelope; `None` where the request failed.
async fn ask(relay: &Relay, sent: &Sent) -> Option<Vec<Pushed>> {
    let answered = relay.ask(sent).await;
    answered.status.is_success().then(|| {
        let answer = serde_json::from_slice::<PushAnswer>(&answered.body);
        answer.map_or_else(|_pack| Vec::new(), |answer| answer.pushed)
    })
}

async fn record() -> Vec<Sent> {
    let Ok(relay) = begin(Disk::default()).await else {
        panic!("a sound disk");
    };
    let recorder = Arc::new(Recorder {
        relay: tokio::sync::Mutex::new(relay),
        kept: Mutex::default(),
    });
    let on = |device: Device| {
        let carrier: Arc<dyn Carrier> = Arc::clone(&recorder) as Arc<dyn Carrier>;
        Api::new(device).unwrap().carried_by(carrier)
    };
    let organiser = on(device_of(&READY.copy, "evening"));
    let merle = on(Device::in_memory(Clock::at(BEGINS)).unwrap());
    organiser.ask(Request::Sync).await.unwrap();
    let (link, name) = (READY.link.clone(), "Merle".to_owned());
    merle.ask(Request::Join { link, name }).await.unwrap();
    for (tap, door) in READY.doors.iter().take(4).enumerate() {
        for api in [&merle, &organiser] {
            let visit = NewVisit {
                door: door.clone(),
                outcome: Outcome::ALL[tap],
                at: None,
                leaflet: true,
            };
            let id = api.with(|device| device.record(visit)).await.unwrap().0;
            if tap == 2 {
                let id = id.to_string();
                api.with(move |device| device.undo(&id)).await.unwrap();
                api.with(|device| device.close_shift(TURF)).await.unwrap();
            }
            api.ask(Request::Sync).await.unwrap();
        }
    }
    std::mem::take(&mut recorder.kept.lock().unwrap())
}

async fn evening() -> Evening {
    let sent = record().await;
    let Ok(relay) = begin(Disk::default()).await else {
        panic!("a sound disk");
    };
    let mut answers = Vec::new();
    for one in &sent {
        answers.push(ask(&relay, one).await.unwrap());
    }
    Evening {
        operations: relay.operations(),
        picture: count(&relay),
        sent,
        answers,
    }
}

fn count(relay: &Relay) -> Vec<String> {
    picture(
        &relay.path(),
        &[
            "SELECT 'heads ' || sum(head) FROM spaces",
            "SELECT 'counted ' || sum(absent + spoke + refused + come_back + inaccessible
                 + vacant + do_not_contact) || ' ' || sum(leaflets) FROM tallies",
        ],
    )
}

async fn check(point: Point, evening: &Evening) {
    let mut chance = Chance::from_seed(point.seed);
    let mut relay = match begin(Disk::harmed(point.at, point.harm)).await {
        Ok(relay) => relay,
        Err(mut relay) => {
            relay.restart(&mut chance).await;
            relay
        }
    };
    for (sent, expected) in evening.sent.iter().zip(&evening.answers) {
        let answered = match ask(&relay, sent).await {
            Some(answered) => answered,
            None => {
                assert!(relay.was_harmed(), "refused for nothing");
                if point.harm == Harm::Crash || chance.one_in(2) {
                    relay.restart(&mut chance).await;
                }
                relay.make_room();
                ask(&relay, sent).await.expect_answer()
            }
        };
        assert_eq!(answered.len(), expected.len());
        for (found, expected) in answered.iter().zip(expected) {
            let same = match (found, expected) {
                // It was stored, and nobody heard it.
                (Pushed::Duplicate(found), Pushed::Stored(expected)) => found == expected,
                _ => found == expected,
            };
            assert!(same, "{found:?}, not {expected:?}");
        }
    }
    relay.restart(&mut chance).await;
    assert!(is_whole(&relay.path()));
    assert_eq!(count(&relay), evening.picture);
}

/// What a second try gives.
trait Again {
    fn expect_answer(self) -> Vec<Pushed>;
}

impl Again for Option<Vec<Pushed>> {
    fn expect_answer(self) -> Vec<Pushed> {
        self.unwrap_or_else(|| panic!("the relay does not go on"))
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}

#[test]
fn a_relay_survives_every_harm_of_its_disk() {
    let evening = runtime().block_on(evening());
    let points = at_every_point(evening.operations, |point| {
        let runtime = runtime();
        runtime.block_on(check(point, &evening));
        runtime.shutdown_background();
    });
    println!("{} operations, {points} points", evening.operations);
}

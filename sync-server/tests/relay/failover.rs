//! What was answered stays, whatever dies: a relay process under load, and the database itself.

use std::{
    collections::HashSet,
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use palier_cluster::{Cluster, DURABLE};
use palier_core::{
    id::EnvelopeId,
    rights::{Role, Scope},
    wire::{PushAnswer, Pushed, write_push},
};
use palier_relay::{Clock, Config, Relay, rebuild};

use crate::{
    actors::{Device, NOW, TEAM},
    place::Place,
    town::Town,
    wire::signed,
};

/// How many push at once.
const DEVICES: u16 = 8;
/// How many answers come before something dies, and how many after.
const ANSWERS: usize = 160;
/// Longer than a promotion takes; a load that waits for longer hangs.
const HANGS: Duration = Duration::from_secs(60);

/// An envelope that the relay said it keeps, and on which place.
type Kept = (EnvelopeId, u64);

/// Pushes one envelope after the other, each until it is answered for, through one relay and
/// then the other, until all devices together had enough answers.
fn load(
    device: &mut Device,
    relays: &[SocketAddr],
    answered: &AtomicUsize,
    enough: usize,
) -> Vec<Kept> {
    let mut kept = Vec::new();
    let mut relays = relays.iter().cycle();
    while answered.load(Ordering::SeqCst) < enough {
        let shift = device.shift(TEAM.space(), 200);
        let began = Instant::now();
        let seq = loop {
            assert!(began.elapsed() < HANGS, "nobody answers");
            match push(*relays.next().unwrap(), device, &shift) {
                Some(Pushed::Stored(seq) | Pushed::Duplicate(seq)) => break seq,
                Some(Pushed::Refused(refusal)) => panic!("{refusal}"),
                // The same bytes go out again.
                None => thread::yield_now(),
            }
        };
        kept.push((EnvelopeId::of(&shift), seq));
        answered.fetch_add(1, Ordering::SeqCst);
    }
    kept
}

/// What became of an envelope, where the relay answered at all.
fn push(relay: SocketAddr, device: &Device, envelope: &[u8]) -> Option<Pushed> {
    let request = signed("POST", "/v1/push", device, &write_push([envelope]));
    let mut stream = TcpStream::connect(relay).ok()?;
    stream.set_read_timeout(Some(HANGS)).unwrap();
    stream.write_all(&request).ok()?;
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    if !head.starts_with("HTTP/1.1 200 ") {
        return None;
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    let answer: PushAnswer = serde_json::from_slice(&body).unwrap();
    answer.pushed.into_iter().next()
}

/// All of these devices push; `dies` is called once half of the answers have come.
fn push_while(devices: &mut [Device], relays: &[SocketAddr], dies: impl FnOnce()) -> Vec<Kept> {
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        let answered = &answered;
        let loads: Vec<_> = devices
            .iter_mut()
            .map(|device| scope.spawn(move || load(device, relays, answered, 2 * ANSWERS)))
            .collect();
        while answered.load(Ordering::SeqCst) < ANSWERS
            && loads.iter().all(|one| !one.is_finished())
        {
            thread::yield_now();
        }
        dies();
        loads
            .into_iter()
            .flat_map(|one| one.join().unwrap())
            .collect()
    })
}

/// Every envelope that was answered for stands on the place that was said, once, and places
/// have no gap.
async fn check(town: &Town, organiser: &Device, kept: &[Kept]) {
    let mut found = Vec::new();
    loop {
        let after = u64::try_from(found.len()).unwrap();
        let page = town.pull(organiser, TEAM.space(), after).await;
        if page.entries.is_empty() {
            assert_eq!(page.head, after);
            break;
        }
        for (seq, bytes) in page.entries {
            found.push(EnvelopeId::of(&bytes));
            assert_eq!(seq, u64::try_from(found.len()).unwrap());
        }
    }
    assert!(kept.len() >= 2 * ANSWERS);
    for (id, seq) in kept {
        let place = usize::try_from(*seq).unwrap() - 1;
        assert_eq!(found.get(place), Some(id), "lost");
    }
    assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len());
    let rebuilt = rebuild(&town.store(), &Clock::machine()).unwrap();
    assert_eq!(rebuilt.differed, [""; 0]);
}

async fn crowd(town: &Town, organiser: &Device) -> Vec<Device> {
    let mut devices = Vec::new();
    for seed in 0..DEVICES {
        let team = Scope::Team(TEAM);
        let device = town.appoint(organiser, 100 + seed, Role::Volunteer, team);
        devices.push(device.await);
    }
    devices
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promoted_replica_holds_everything_that_was_answered() {
    let cluster = Cluster::start(DURABLE).unwrap();
    let database = cluster.database().unwrap();
    let (_, database) = database.rsplit_once('/').unwrap();
    let replica = cluster.synchronous_replica("second").unwrap();
    let url = Cluster::url_of_writable(&[cluster.primary(), &replica], database);
    let (town, organiser) = Town::begun_at(Place::at(url)).await;
    let devices = crowd(&town, &organiser).await;
    let relay = Relay::start(Config {
        clock: Clock::from_fn(|| NOW),
        ..Config::new(([127, 0, 0, 1], 0).into(), town.store())
    })
    .await
    .unwrap();
    let address = relay.address();
    // Looking writes nothing, so that it can be done where nothing may be written.
    let follower = replica.url(database).parse().unwrap();
    let looked = palier_relay::check(&follower, &Clock::machine()).unwrap();
    assert_eq!(looked.problems, []);
    assert!(looked.envelopes > 0);
    let loading = tokio::task::spawn_blocking(move || {
        let mut devices = devices;
        let kept = push_while(&mut devices, &[address], || {
            cluster.primary().kill().unwrap();
            replica.promote().unwrap();
        });
        (kept, cluster)
    });
    let (kept, _cluster) = loading.await.unwrap();
    relay.stop().await;
    check(&town, &organiser, &kept).await;
}

/// Names the store of a relay that is a process of its own.
const LIFE: &str = "PALIER_LIFE_STORE";
/// What it says begins with this, since the test harness speaks as well.
const MARK: &str = "life: ";

#[ignore = "one life of a relay, which the test below starts and ends"]
#[tokio::test(flavor = "multi_thread")]
async fn one_life_of_a_relay() {
    let Ok(store) = env::var(LIFE) else {
        return;
    };
    let relay = Relay::start(Config {
        clock: Clock::from_fn(|| NOW),
        ..Config::new(([127, 0, 0, 1], 0).into(), store.parse().unwrap())
    })
    .await
    .unwrap();
    println!("{MARK}{}", relay.address());
    // Where the test that started it is gone, its standard input ends.
    let waiting = || std::io::stdin().read_to_end(&mut Vec::new());
    tokio::task::spawn_blocking(waiting).await.unwrap().unwrap();
}

/// A relay that is a process of its own, and is killed when this is dropped.
struct Life(Child);

impl Life {
    fn begin(store: &str) -> (Self, SocketAddr) {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["failover::one_life_of_a_relay", "--exact", "--ignored"])
            .arg("--nocapture")
            .env(LIFE, store)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let life = Self(child);
        let address = said
            .lines()
            .find_map(|line| Some(line.unwrap().split_once(MARK)?.1.to_owned()));
        (life, address.unwrap().parse().unwrap())
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_takes_nothing_with_it_and_others_go_on() {
    let cluster = Cluster::start(DURABLE).unwrap();
    let url = cluster.database().unwrap();
    let (town, organiser) = Town::begun_at(Place::at(url.clone())).await;
    let mut devices = crowd(&town, &organiser).await;
    let loading = tokio::task::spawn_blocking(move || {
        let (first, one) = Life::begin(&url);
        let (_second, two) = Life::begin(&url);
        push_while(&mut devices, &[one, two], || drop(first))
    });
    let kept = loading.await.unwrap();
    check(&town, &organiser, &kept).await;
    drop(cluster);
}

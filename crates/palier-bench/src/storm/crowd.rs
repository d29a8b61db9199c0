//! Everybody: who they are, what they read, and what was answered to those who wrote.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, bail};
use palier_core::{
    id::{CampaignId, EnvelopeId, TeamId},
    key::Secret,
    wire::{Page, PushAnswer, Pushed, write_push},
};
use tokio::{task::JoinSet, time::sleep};

use super::{
    http::{Asker, Line, SentAway, now},
    person::{Person, key},
};

/// Devices in a team.
pub(super) const TEAM: usize = 10;
/// Envelopes that each of those who write sends.
const WRITTEN: usize = 20;
/// Connections on which everybody comes in.
const DOORS: usize = 32;
/// The longest that anybody stays away before asking once more.
const LONGEST: Duration = Duration::from_secs(30);

/// Everybody.
pub(super) struct Crowd {
    campaign: CampaignId,
    organiser: Mutex<Person>,
    members: Vec<Member>,
    /// What was answered to be in each team's log: place and id.
    answered: Vec<Mutex<Vec<(u64, EnvelopeId)>>>,
    written: AtomicUsize,
    pub(super) reconnections: AtomicUsize,
    pub(super) sent_away: AtomicUsize,
}

/// One device.
struct Member {
    person: Mutex<Person>,
    secret: Secret,
    space: String,
    /// Whether its stream is open.
    listens: AtomicBool,
    /// To where it has read.
    read: AtomicU64,
    entries: Mutex<Vec<(u64, EnvelopeId)>>,
}

impl Crowd {
    pub(super) fn new(devices: usize) -> Result<Self> {
        let root = Secret::from_seed(&[200; 32]);
        let organiser = Person::organiser(&root, now());
        let mut members = Vec::with_capacity(devices);
        for number in 1..=u32::try_from(devices)? {
            let team = TeamId(team_bytes(number)?);
            let person = organiser.volunteer(number, team, now());
            members.push(Member {
                secret: key(number),
                space: person.space().to_string(),
                person: Mutex::new(person),
                listens: AtomicBool::new(false),
                read: AtomicU64::new(0),
                entries: Mutex::default(),
            });
        }
        let answered = std::iter::repeat_with(Mutex::default);
        Ok(Self {
            campaign: root.campaign(),
            organiser: Mutex::new(organiser),
            members,
            answered: answered.take(devices.div_ceil(TEAM)).collect(),
            written: AtomicUsize::new(0),
            reconnections: AtomicUsize::new(0),
            sent_away: AtomicUsize::new(0),
        })
    }

    /// Introduces everybody, each by its own request.
    pub(super) async fn come_in(self: &Arc<Self>, address: SocketAddr) -> Result<()> {
        let mut line = Line::open(0, address).await?;
        let secret = key(0);
        let introduction = lock(&self.organiser).introduction();
        let asker = self.asker(&secret);
        let body = write_push([introduction.as_slice()]);
        line.ask(asker, "POST", "/v1/push", &body).await?;
        let mut doors = JoinSet::new();
        for door in 0..DOORS {
            let crowd = Arc::clone(self);
            doors.spawn(async move {
                let mut line = Line::open(door, address).await?;
                for place in (door..crowd.members.len()).step_by(DOORS) {
                    let member = crowd.member(place)?;
                    let introduction = lock(&member.person).introduction();
                    crowd.push(&mut line, place, &introduction).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(door) = doors.join_next().await {
            door??;
        }
        Ok(())
    }

    /// A few requests, so that what every relay allocates once is there.
    pub(super) async fn warm_up(&self, address: SocketAddr) -> Result<()> {
        for place in 0..self.members.len().min(16) {
            let member = self.member(place)?;
            let mut line = Line::open(place, address).await?;
            let path = format!("/v1/pull?space={}", member.space);
            line.ask(self.asker(&member.secret), "GET", &path, &[])
                .await?;
        }
        Ok(())
    }

    /// Reads what is there and listens, for ever: a connection that ends is opened again, after a
    /// while that chance draws between nothing and twice as much each time.
    pub(super) async fn listen(self: Arc<Self>, place: usize, address: SocketAddr) -> Result<()> {
        let member = self.member(place)?;
        let mut failures = 0;
        loop {
            let ended = self.listen_once(member, place, address).await;
            if member.listens.swap(false, Ordering::SeqCst) {
                failures = 0;
            }
            match ended {
                // News: a stream is for one word, as a device uses it.
                Ok(()) => continue,
                Err(reason) => failures = self.stay_away(&reason, failures).await?,
            }
        }
    }

    async fn listen_once(&self, member: &Member, place: usize, address: SocketAddr) -> Result<()> {
        let mut line = Line::open(place, address).await?;
        let asker = self.asker(&member.secret);
        let read = member.pull(&mut line, asker).await?;
        let path = format!("/v1/events?spaces={}.{read}", member.space);
        line.listen(asker, &path).await?;
        member.listens.store(true, Ordering::SeqCst);
        line.news().await
    }

    /// Writes shifts, each sent again until it is answered.
    pub(super) async fn write(self: Arc<Self>, place: usize, address: SocketAddr) -> Result<()> {
        let member = self.member(place)?;
        let mut line = None;
        for _ in 0..WRITTEN {
            let shift = lock(&member.person).shift();
            let mut failures = 0;
            loop {
                match self.try_push(&mut line, place, address, &shift).await {
                    Ok(()) => break,
                    Err(reason) => {
                        line = None;
                        failures = self.stay_away(&reason, failures).await?;
                    }
                }
            }
            self.written.fetch_add(1, Ordering::SeqCst);
            sleep(Duration::from_millis(chance(100))).await;
        }
        Ok(())
    }

    async fn try_push(
        &self,
        line: &mut Option<Line>,
        place: usize,
        address: SocketAddr,
        shift: &[u8],
    ) -> Result<()> {
        let line = match line {
            Some(line) => line,
            None => line.insert(Line::open(place, address).await?),
        };
        self.push(line, place, shift).await
    }

    /// Pushes one envelope, and notes where it was answered to stand.
    async fn push(&self, line: &mut Line, place: usize, envelope: &[u8]) -> Result<()> {
        let asker = self.asker(&self.member(place)?.secret);
        let body = write_push([envelope]);
        let answer = line.ask(asker, "POST", "/v1/push", &body).await?;
        let answer: PushAnswer = serde_json::from_slice(&answer)?;
        match answer.pushed.as_slice() {
            [Pushed::Stored(seq) | Pushed::Duplicate(seq)] => {
                if let Some(answered) = self.answered.get(place / TEAM) {
                    lock(answered).push((*seq, EnvelopeId::of(envelope)));
                }
                Ok(())
            }
            other => bail!("a push was answered {other:?}"),
        }
    }

    /// Full jitter, and what the relay asks for. An error that is not the network's ends it.
    async fn stay_away(&self, reason: &anyhow::Error, failures: u32) -> Result<u32> {
        let least = if let Some(away) = reason.downcast_ref::<SentAway>() {
            self.sent_away.fetch_add(1, Ordering::Relaxed);
            away.wait
        } else if reason.downcast_ref::<io::Error>().is_some() {
            Duration::ZERO
        } else {
            bail!("a device gave up: {reason:#}")
        };
        let most = Duration::from_secs(2)
            .saturating_mul(1 << failures.min(5))
            .min(LONGEST);
        let most_ms = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        sleep(least + Duration::from_millis(chance(most_ms))).await;
        self.reconnections.fetch_add(1, Ordering::Relaxed);
        Ok(failures + 1)
    }

    /// Devices whose streams are open.
    pub(super) fn listening(&self) -> usize {
        let listens = |member: &&Member| member.listens.load(Ordering::SeqCst);
        self.members.iter().filter(listens).count()
    }

    /// Envelopes of those who write that were answered.
    pub(super) fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    /// Envelopes that are to be written in all.
    pub(super) fn to_be_written(&self) -> usize {
        self.members.len().div_ceil(TEAM * 10) * WRITTEN
    }

    /// Whether everything is written, everybody listens, and everybody has read all.
    pub(super) fn has_caught_up(&self) -> bool {
        let teams = self.members.chunks(TEAM).zip(&self.answered);
        self.written() == self.to_be_written()
            && teams.into_iter().all(|(members, answered)| {
                let head = lock(answered).iter().map(|(seq, _)| *seq).max();
                members.iter().all(|member| {
                    member.listens.load(Ordering::SeqCst)
                        && Some(member.read.load(Ordering::SeqCst)) >= head
                })
            })
    }

    /// Answered envelopes that some member of the team did not read at that place, or read twice.
    pub(super) fn lost(&self) -> usize {
        let teams = self.members.chunks(TEAM).zip(&self.answered);
        teams
            .map(|(members, answered)| {
                let answered = lock(answered);
                let lost_by = |member: &Member| {
                    let entries = lock(&member.entries);
                    let times = |entry: &(u64, EnvelopeId)| {
                        entries.iter().filter(|read| *read == entry).count()
                    };
                    answered.iter().filter(|entry| times(entry) != 1).count()
                };
                members.iter().map(lost_by).sum::<usize>()
            })
            .sum()
    }

    fn member(&self, place: usize) -> Result<&Member> {
        match self.members.get(place) {
            Some(member) => Ok(member),
            None => bail!("there is no device {place}"),
        }
    }

    const fn asker<'a>(&self, secret: &'a Secret) -> Asker<'a> {
        Asker {
            campaign: self.campaign,
            secret,
        }
    }
}

impl Member {
    /// Reads to the end of the log, and says where that is.
    async fn pull(&self, line: &mut Line, asker: Asker<'_>) -> Result<u64> {
        loop {
            let after = self.read.load(Ordering::SeqCst);
            let path = format!("/v1/pull?space={}&after={after}", self.space);
            let page = line.ask(asker, "GET", &path, &[]).await?;
            let Ok(page) = Page::decode(&page) else {
                bail!("a page that cannot be read");
            };
            let Some((last, _)) = page.entries.last() else {
                return Ok(after);
            };
            let read = *last;
            let entries = page.entries.iter();
            let entries = entries.map(|(seq, bytes)| (*seq, EnvelopeId::of(bytes)));
            lock(&self.entries).extend(entries);
            self.read.store(read, Ordering::SeqCst);
            if read >= page.head {
                return Ok(read);
            }
        }
    }
}

fn team_bytes(number: u32) -> Result<[u8; 16]> {
    let team = (number - 1) / u32::try_from(TEAM)?;
    let mut bytes = [3; 16];
    let (first, _rest) = bytes.split_at_mut(4);
    first.copy_from_slice(&team.to_be_bytes());
    Ok(bytes)
}

/// A number below `most`, by chance.
fn chance(most: u64) -> u64 {
    getrandom::u64().unwrap_or_default() % most.max(1)
}

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

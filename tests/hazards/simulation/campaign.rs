//! Everybody, the relay, and what lies between them.

use std::{collections::VecDeque, path::PathBuf, sync::Mutex, time::Duration};

use palier_core::{moment::Millis, refusal::Refusal};
use palier_device::{
    Error,
    api::{Reply, Request},
};
use tokio::sync::mpsc;

use super::{
    landing,
    network::{Event, Letter, addressee},
    person::Person,
    scenario::Scenario,
};
use crate::{
    carried::{Answered, Sent},
    relay::Relay,
    template::{BEGINS, CHOOSING, NEW, READY},
};

/// The most requests of one sync, where nothing goes wrong.
const LETTERS: usize = 500;
/// Rounds in which everybody syncs, at most, until nothing moves.
const CALM_ROUNDS: usize = 40;

pub(super) struct Campaign<'a> {
    pub(super) scenario: Scenario,
    pub(super) people: Vec<Person>,
    pub(super) relay: Relay,
    pub(super) relay_is_on: bool,
    /// Requests that somebody waits for.
    pub(super) letters: Vec<Letter>,
    /// Requests that may still arrive, or arrive once more.
    pub(super) strays: VecDeque<Sent>,
    pub(super) link: String,
    pub(super) doors: Vec<String>,
    /// Files that somebody carries.
    pub(super) bundles: Vec<Vec<u8>>,
    /// Whether the relay has heard that somebody was removed.
    removal_is_heard: bool,
    /// Whether nobody sent or received anything for a while.
    quiet: bool,
    events: mpsc::UnboundedReceiver<Event>,
    folder: PathBuf,
    story: &'a Mutex<Vec<String>>,
}

impl<'a> Campaign<'a> {
    /// A campaign with a team and a turf; only its organiser is there.
    pub(super) async fn begin(scenario: Scenario, story: &'a Mutex<Vec<String>>) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let (sender, events) = mpsc::unbounded_channel();
        let ready = if scenario.members_are_chosen {
            &*CHOOSING
        } else {
            &*READY
        };
        let people: Vec<_> = (0..scenario.devices)
            .map(|number| {
                let store = if number == 0 { &ready.copy } else { &*NEW };
                Person::new(number, &folder, store, &sender)
            })
            .collect();
        let mut campaign = Self {
            relay: Relay::begin(&folder, BEGINS).await,
            relay_is_on: true,
            scenario,
            people,
            letters: Vec::new(),
            strays: VecDeque::new(),
            link: ready.link.clone(),
            doors: ready.doors.clone(),
            bundles: Vec::new(),
            removal_is_heard: false,
            quiet: false,
            events,
            folder,
            story,
        };
        campaign.people[0].joined = true;
        campaign
    }

    /// A line of the story.
    pub(super) fn tell(&self, line: String) {
        if std::env::var_os("SEED").is_some() {
            println!("{line}");
        }
        self.story.lock().unwrap().push(line);
    }

    /// Waits until everybody who does something waits for the network.
    pub(super) async fn settle(&mut self) {
        loop {
            self.letters.retain(|letter| !letter.is_forgotten());
            let busy = self.people.iter().filter(|person| person.busy.is_some());
            if busy.count() <= self.letters.len() {
                return;
            }
            let event = tokio::time::timeout(Duration::from_secs(60), self.events.recv());
            let Ok(Some(event)) = event.await else {
                panic!("something hangs");
            };
            match event {
                Event::Letter(letter) => self.letters.push(letter),
                Event::Ended(who, done) => {
                    self.people[who].busy = None;
                    self.note_ended(who, &done);
                }
            }
        }
    }

    fn note_ended(&mut self, who: usize, done: &Result<String, Error>) {
        let word = match done {
            Ok(word) => word.clone(),
            Err(reason) => reason.code(),
        };
        self.tell(format!("  {who} ends: {word}"));
        self.quiet &= self.people[who].removed || word.starts_with("synced 0 0 ");
        match done {
            Ok(word) if word == "joined" => self.people[who].joined = true,
            Ok(word) if word == "asked" => self.people[who].asked = true,
            Err(Error::Declined | Error::NotInCampaign) => self.people[who].asked = false,
            Err(Error::AlreadyInCampaign) => self.people[who].joined = true,
            Err(Error::Refused(Refusal::InvitationUsed)) => self.people[who].link = None,
            _ => {}
        }
    }

    /// Begins a sync, or to join where the device is in no campaign yet.
    pub(super) async fn begin_sync(&mut self, who: usize) {
        let api = self.people[who].api();
        // Who began with a link goes on with it: the relay may have let them in already.
        let link = self.people[who]
            .link
            .get_or_insert_with(|| self.link.clone())
            .clone();
        let person = &self.people[who];
        let (joined, asked, name) = (person.joined, person.asked, person.name.clone());
        let leads = who == 0 && !self.scenario.members_are_chosen;
        self.people[who].begin(async move {
            if !joined && !asked {
                api.ask(Request::Join { link, name }).await?;
            } else {
                // A link of before a removal asks; the lead lets in whoever does.
                if leads && let Reply::Requests { requests } = api.ask(Request::Requests).await? {
                    for request in requests {
                        let device = request.device;
                        api.ask(Request::AcceptRequest { device }).await?;
                    }
                }
                let done = said(api.ask(Request::Sync).await?);
                if joined {
                    return done;
                }
            }
            let is_in = api.with(|device| Ok(device.status()?.campaign.is_some()));
            Ok(if is_in.await? { "joined" } else { "asked" }.into())
        });
        self.settle().await;
    }

    /// The relay answers a letter, and nothing goes wrong.
    pub(super) async fn deliver(&mut self, letter: Letter) {
        match self.answer(&letter.sent).await {
            Some(answered) => letter.answer(answered),
            None => letter.lose(),
        }
        self.settle().await;
    }

    /// What is answered by whom it is for. Nobody who was removed is met any more.
    pub(super) async fn answer(&self, sent: &Sent) -> Option<Answered> {
        match addressee(sent) {
            None => Some(self.relay.ask(sent).await),
            Some(to) if self.people[to].removed => None,
            Some(to) => Some(landing::answer(&self.people[to], sent).await),
        }
    }

    /// Whether somebody was removed, and the relay knows: nothing reaches them from then on.
    pub(super) fn is_removal_heard(&mut self) -> bool {
        if !self.removal_is_heard && self.people.iter().any(|person| person.removed) {
            let count = "SELECT '' || count(*) FROM revocations";
            self.removal_is_heard = super::truth::one(&self.relay.path(), count) != "0";
        }
        self.removal_is_heard
    }

    /// Nothing goes wrong yet, and everybody joins.
    pub(super) async fn gather(&mut self) {
        while self.people.iter().any(|person| !person.joined) {
            self.everybody_syncs().await;
        }
        self.tell("everybody is there".into());
    }

    async fn everybody_syncs(&mut self) {
        for who in 0..self.people.len() {
            self.sync_whole(who).await;
            self.accept_all().await;
        }
    }

    /// The storm is over: everybody syncs until nothing moves any more.
    pub(super) async fn calm(&mut self) {
        self.tell("it calms down".into());
        self.relay_is_on = true;
        while let Some(sent) = self.strays.pop_front() {
            self.answer(&sent).await;
        }
        for who in 0..self.people.len() {
            let wrong = self.relay.now().0 - self.people[who].clock.now().0;
            self.people[who].clock.advance(Millis(wrong));
        }
        for _ in 0..CALM_ROUNDS {
            let before = self.mark();
            self.quiet = true;
            self.everybody_syncs().await;
            if self.quiet && before == self.mark() {
                return;
            }
        }
        panic!("it never calms down");
    }

    async fn sync_whole(&mut self, who: usize) {
        if self.people[who].busy.is_none() {
            self.begin_sync(who).await;
        }
        let mut left = LETTERS;
        while self.people[who].busy.is_some() {
            left -= 1;
            assert!(left > 0, "a sync of {who} never ends");
            let at = self.letters.iter().position(|letter| letter.from == who);
            let letter = self.letters.swap_remove(at.unwrap());
            self.deliver(letter).await;
        }
    }

    /// What changes while something still moves.
    fn mark(&self) -> Vec<String> {
        let people = self.people.iter().map(|person| {
            super::truth::one(
                &person.path(),
                "SELECT (SELECT count(*) FROM envelope) || ' ' || (SELECT count(*) FROM visit)
                     || ' ' || (SELECT count(*) FROM pending_change)
                     || ' ' || (SELECT coalesce(sum(pulled), 0) FROM cursor)
                     || ' ' || (SELECT count(*) FROM envelope WHERE state = 'queued')
                     || ' ' || (SELECT count(*) FROM membership)",
            )
        });
        let log = super::truth::one(&self.relay.path(), "SELECT '' || count(*) FROM log");
        people.chain([log]).collect()
    }
}

/// What a sync did, in a line of the story.
fn said(reply: Reply) -> Result<String, Error> {
    match reply {
        Reply::Synced(report) => Ok(format!(
            "synced {} {} {} {:?} {}",
            report.sent, report.received, report.set_aside, report.refused, report.queued
        )),
        _ => Err(Error::Document),
    }
}

impl Drop for Campaign<'_> {
    fn drop(&mut self) {
        let _left = std::fs::remove_dir_all(&self.folder).is_err();
    }
}

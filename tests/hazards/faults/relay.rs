//! A relay that takes a team's evening in, is looked over and erases it, on a disk that does
//! harm.

use std::path::Path;

use palier_core::{envelope::Envelope, id::CampaignId, wire::read_push};
use palier_relay::{purge, rebuild};

use super::{
    evening::{self, Answer, Evening, answer},
    picture::{is_whole, picture},
    points::{Point, at_points},
};
use crate::{
    carried::Sent,
    chance::Chance,
    disk::{Disk, Harm},
    relay::Relay,
    template::BEGINS,
};

/// One point in so many is tried, unless all are asked for.
const ONE_IN: usize = 7;

/// A relay, and what goes wrong with its disk.
struct Session {
    relay: Relay,
    harm: Option<Harm>,
    chance: Chance,
}

impl Session {
    async fn begin(disk: Disk, harm: Option<Harm>, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let mut session = Self {
            relay: Relay::new(disk, &folder, BEGINS),
            harm,
            chance: Chance::from_seed(seed),
        };
        if session.relay.open().await.is_err() {
            session.go_on(true).await;
        }
        session
    }

    /// Goes on after the harm: as the same process, or as after a start.
    async fn go_on(&mut self, started: bool) {
        assert!(self.relay.was_harmed(), "it failed for nothing");
        if started || self.harm == Some(Harm::Crash) || self.chance.one_in(2) {
            self.relay.restart(&mut self.chance).await;
        }
        self.relay.make_room();
    }

    /// Asks until there is an answer: the harm is done once.
    async fn ask(&mut self, sent: &Sent) -> Answer {
        let answered = self.relay.ask(sent).await;
        if !answered.status.is_server_error() {
            return answer(&answered);
        }
        self.go_on(false).await;
        answer(&self.relay.ask(sent).await)
    }

    /// Does something with a store that is not served, again where the disk failed.
    fn tend<T, E: std::fmt::Display>(&mut self, work: impl Fn(&Relay) -> Result<T, E>) -> T {
        self.relay.stop(&mut self.chance);
        work(&self.relay).unwrap_or_else(|reason| {
            assert!(self.relay.was_harmed(), "it failed for nothing: {reason}");
            self.relay.stop(&mut self.chance);
            assert!(self.relay.look(is_whole));
            work(&self.relay).unwrap_or_else(|reason| panic!("it does not go on: {reason}"))
        })
    }

    /// What stands there after a cut of the power.
    fn picture(&mut self) -> Vec<String> {
        self.relay.stop(&mut self.chance);
        assert!(self.relay.look(is_whole));
        self.relay.look(counts)
    }
}

/// Counts of everything, and the log.
fn counts(path: &Path) -> Vec<String> {
    picture(
        path,
        &[
            "SELECT hex(space) || ' ' || seq || ' ' || hex(id) FROM log ORDER BY 1",
            "SELECT 'counted ' || total(absent + spoke + refused + come_back + inaccessible
                     + vacant + do_not_contact) || ' ' || total(leaflets) FROM tallies",
        ],
    )
}

/// What stands in the store at the end of the evening, and once it is erased.
struct Pictures {
    whole: Vec<String>,
    erased: Vec<String>,
}

/// The whole session: every request, a look over everything, and the end of the campaign.
async fn run(session: &mut Session, evening: &Evening, pictures: Option<&Pictures>) -> Pictures {
    for (sent, expected) in evening.iter() {
        let found = session.ask(sent).await;
        assert!(
            found.is_as_good_as(expected),
            "{}: {found:?}, not {expected:?}",
            sent.path
        );
    }
    let rebuilt = session.tend(|relay| rebuild(&relay.store(), &relay.clock()));
    assert_eq!(rebuilt.differed, Vec::<String>::new());
    // What was answered lasts.
    let whole = session.picture();
    if let Some(pictures) = pictures {
        assert_eq!(whole, pictures.whole);
    }
    let campaign = campaign(evening);
    session.tend(|relay| purge(&relay.store(), &campaign, &relay.clock()));
    let erased = session.picture();
    Pictures { whole, erased }
}

fn campaign(evening: &Evening) -> CampaignId {
    let pushed = evening.iter().find(|(sent, _)| sent.path == "/v1/push");
    let body = pushed.map(|(sent, _)| sent.body.clone()).unwrap();
    let first = read_push(&body).unwrap()[0].to_vec();
    Envelope::decode(&first).unwrap().header.campaign
}

async fn check(point: Point, evening: &Evening, pictures: &Pictures) {
    let disk = Disk::harmed(point.at, point.harm);
    let mut session = Session::begin(disk, Some(point.harm), point.seed).await;
    let found = run(&mut session, evening, Some(pictures)).await;
    assert_eq!(found.erased, pictures.erased);
}

fn alone<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}

#[test]
fn a_relay_survives_every_harm_of_its_disk() {
    let (evening, pictures, operations) = alone(async {
        let evening = evening::record().await;
        let mut session = Session::begin(Disk::default(), None, 0).await;
        let pictures = run(&mut session, &evening, None).await;
        (evening, pictures, session.relay.operations())
    });
    assert!(pictures.erased.iter().any(|line| line == "log 0"));
    let check = |point| alone(check(point, &evening, &pictures));
    let points = at_points(operations, ONE_IN, check);
    println!("{operations} operations, {points} points");
}

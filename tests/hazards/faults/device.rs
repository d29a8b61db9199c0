//! A volunteer's first outing on a disk that does harm.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use palier_core::{moment::Moment, outcome::Outcome};
use palier_device::{Clock, Device, Error, device::NewVisit};
use rusqlite::Connection;

use super::{
    picture::{is_whole, picture, texts},
    points::{Point, at_points},
    stage::{STAGE, taken},
};
use crate::{
    chance::Chance,
    disk::{Disk, Harm, Mounted, mount, unmount},
    town::TURF,
};

const DATABASE: &str = "device.sqlite3";
/// The moment of the first tap.
const FIRST: i64 = 1_773_500_000_000;

/// One thing that is done, and answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Open,
    Join,
    Pull(usize),
    TakeTerritory,
    Tap(usize),
    Undo(usize),
    CloseShift,
    Seal,
    NotePushed,
    PullMore,
    SetPlace,
    Shut,
}

use Step::{
    CloseShift, Join, NotePushed, Open, Pull, PullMore, Seal, SetPlace, Shut, TakeTerritory, Tap,
    Undo,
};

const SESSION: [Step; 22] = [
    Open,
    Join,
    Pull(0),
    Pull(1),
    TakeTerritory,
    Tap(0),
    Tap(1),
    Seal,
    NotePushed,
    Undo(0),
    Tap(2),
    PullMore,
    CloseShift,
    Tap(3),
    SetPlace,
    Seal,
    NotePushed,
    Shut,
    Open,
    Tap(4),
    Seal,
    Shut,
];

impl Step {
    /// Whether it is one transaction; the others may be done again.
    const fn is_one(self) -> bool {
        !matches!(self, Open | Join | Seal | Shut)
    }
}

/// A device on a disk that is mounted for it alone.
struct Session {
    folder: PathBuf,
    place: Arc<Mutex<Mounted>>,
    device: Option<Device>,
}

impl Session {
    fn on(disk: Disk) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("palier-faults-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let place = Mounted::new(disk);
        mount(&folder, &place);
        Self {
            folder,
            place,
            device: None,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(DATABASE)
    }

    fn device(&mut self) -> &mut Device {
        self.device.as_mut().unwrap()
    }

    fn take(&mut self, step: Step) -> Result<(), Error> {
        let stage = &*STAGE;
        match step {
            Open => {
                self.device = None;
                self.device = Some(Device::open(&self.folder, None, Clock::System)?);
            }
            Join if self.device().status()?.campaign.is_some() => {}
            Join => {
                let key = stage.link.secret.secret().device();
                let began = self.device().began_joining(key)?;
                let record = began.unwrap_or_else(|| stage.record.clone());
                let joining = self.device().begin_joining(&stage.link, &record, "Merle")?;
                self.device().finish_joining(joining, &taken(1))?;
            }
            Pull(which) => {
                let (space, page) = &stage.pages[which];
                let note = self.device().receive(*space, page)?;
                assert_eq!(note.set_aside, 0);
            }
            TakeTerritory => {
                let (hash, packed) = &stage.territory;
                self.device().take_territory(hash, packed)?;
            }
            Tap(number) => {
                let visit = NewVisit {
                    door: stage.doors[number % stage.doors.len()].clone(),
                    outcome: Outcome::Spoke,
                    at: Some(moment(number)),
                    leaflet: true,
                };
                self.device().record(visit)?;
            }
            Undo(number) => {
                let id = self.visit(number);
                self.device().undo(&id)?;
            }
            CloseShift => drop(self.device().close_shift(TURF)?),
            Seal => self.device().seal_outbox()?,
            NotePushed => {
                let outgoing = self.device().outgoing()?;
                let answer = taken(outgoing.envelopes.len());
                self.device().note_pushed(&outgoing, &answer)?;
            }
            PullMore => {
                let (space, page) = &stage.more;
                let note = self.device().receive(*space, page)?;
                assert_eq!(note.set_aside, 0);
            }
            SetPlace => {
                let door = stage.doors[0].clone();
                self.device().set_place(Some(TURF), Some(&door))?;
            }
            Shut => self.device = None,
        }
        Ok(())
    }

    /// The id of the visit of a tap.
    fn visit(&self, tap: usize) -> String {
        let connection = Connection::open(self.path()).unwrap();
        let query = format!(
            "SELECT lower(hex(id)) FROM visit WHERE at = {}",
            moment(tap).0
        );
        let ids = texts(&connection, &query);
        assert_eq!(ids.len(), 1, "tap {tap}");
        ids[0].clone()
    }

    fn picture(&self) -> Vec<String> {
        picture(
            &self.path(),
            &[
                "SELECT 'standing ' || count(*) FROM visit WHERE standing",
                "SELECT state || ' ' || count(*) FROM envelope GROUP BY state ORDER BY state",
                "SELECT 'open ' || count(*) FROM shift WHERE closed_at = 0",
                "SELECT 'pulled ' || coalesce(sum(pulled), 0) FROM cursor",
                "SELECT 'sent ' || count(*) FROM visit WHERE envelope <> x''",
            ],
        )
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.device = None;
        unmount(&self.folder);
        // What the device made of it on the real disk: an empty folder.
        let _left = std::fs::remove_dir(&self.folder).is_err();
    }
}

fn moment(tap: usize) -> Moment {
    Moment(FIRST + i64::try_from(tap).unwrap() * 1_000)
}

/// What stands in the store after each step, where nothing goes wrong.
fn pictures() -> Vec<Vec<String>> {
    let mut session = Session::on(Disk::default());
    SESSION
        .map(|step| {
            session.take(step).unwrap();
            session.picture()
        })
        .into()
}

fn operations() -> usize {
    let mut session = Session::on(Disk::default());
    for step in SESSION {
        session.take(step).unwrap();
    }
    let place = session.place.lock().unwrap();
    place.disk.operations()
}

/// One session with harm at one point.
fn check(point: Point, pictures: &[Vec<String>]) {
    let mut session = Session::on(Disk::harmed(point.at, point.harm));
    let mut chance = Chance::from_seed(point.seed);
    let mut next = 0;
    while let Some(step) = SESSION.get(next).copied() {
        match session.take(step) {
            Ok(()) if power(&session) => next += 1,
            // A device that is shut answers nothing: nobody hears that it could not tidy up.
            Ok(()) => {
                assert_eq!(step, Shut, "answered without power");
                next += usize::from(go_on_after_crash(&mut session, next, pictures, &mut chance));
            }
            Err(reason) => {
                assert!(was_harmed(&session), "{step:?}: {reason}");
                clear(&reason, point.harm);
                let done = match point.harm {
                    Harm::Crash => go_on_after_crash(&mut session, next, pictures, &mut chance),
                    Harm::Full | Harm::Fails => {
                        go_on_after_error(&mut session, next, pictures, &mut chance)
                    }
                };
                next += usize::from(done);
            }
        }
    }
    // Whatever failed before, what was answered lasts.
    session.device = None;
    session.place.lock().unwrap().restart(&mut chance);
    session.take(Open).unwrap();
    assert!(!session.device().rebuild().unwrap().differed);
    assert_eq!(session.picture(), pictures[pictures.len() - 1]);
    assert!(is_whole(&session.path()));
}

fn power(session: &Session) -> bool {
    session.place.lock().unwrap().disk.is_on()
}

fn was_harmed(session: &Session) -> bool {
    session.place.lock().unwrap().disk.was_harmed()
}

/// A person can tell from an error what is the matter.
fn clear(reason: &Error, harm: Harm) {
    let code = reason.code();
    match harm {
        Harm::Full => assert_eq!(code, "disk_full", "{reason}"),
        Harm::Fails | Harm::Crash => {
            assert!(["disk_full", "store"].contains(&code.as_str()), "{reason}");
        }
    }
}

/// Starts again after a crash; whether the step that was cut is there all the same.
fn go_on_after_crash(
    session: &mut Session,
    cut: usize,
    pictures: &[Vec<String>],
    chance: &mut Chance,
) -> bool {
    // Some crash with the process still there, some not: what is dead stays dead.
    let dead = session.device.take();
    session.place.lock().unwrap().restart(chance);
    drop(dead);
    reopened(session, cut, pictures)
}

/// Goes on with the same device, or as after a start of the program.
fn go_on_after_error(
    session: &mut Session,
    cut: usize,
    pictures: &[Vec<String>],
    chance: &mut Chance,
) -> bool {
    if chance.one_in(2) || session.device.is_none() {
        session.device = None;
        session.place.lock().unwrap().disk.empty();
        return reopened(session, cut, pictures);
    }
    if SESSION[cut].is_one() {
        assert_eq!(session.picture(), pictures[cut - 1], "half done");
    }
    session.place.lock().unwrap().disk.empty();
    false
}

/// Opens the device again: what was answered is there, and the step that was cut is there whole
/// or not at all; which of both.
fn reopened(session: &mut Session, cut: usize, pictures: &[Vec<String>]) -> bool {
    session.take(Open).unwrap();
    assert!(is_whole(&session.path()));
    let step = SESSION[cut];
    if !step.is_one() {
        // Opened already; the rest is done again.
        return step == Open;
    }
    let found = session.picture();
    let (before, after) = (&pictures[cut - 1], &pictures[cut]);
    assert!(
        found == *before || found == *after,
        "{step:?}: half done: {found:?}"
    );
    found == *after && before != after
}

#[test]
fn a_device_survives_every_harm_of_its_disk() {
    let pictures = pictures();
    let operations = operations();
    let points = at_points(operations, 1, |point| check(point, &pictures));
    println!("{operations} operations, {points} points");
}

#[test]
fn a_device_that_is_left_on_a_dead_disk_answers_nothing() {
    let mut session = Session::on(Disk::harmed(usize::MAX, Harm::Crash));
    for step in &SESSION[..6] {
        session.take(*step).unwrap();
    }
    let place = Arc::clone(&session.place);
    let mut chance = Chance::from_seed(1);
    place.lock().unwrap().restart(&mut chance);
    assert_eq!(session.take(Tap(1)).unwrap_err().code(), "store");
    session.take(Open).unwrap();
    assert!(is_whole(&session.path()));
}

//! A relay and people around it, each with a device of their own.

pub(crate) mod backup;
pub(crate) mod chance;
pub(crate) mod hostile;
pub(crate) mod keys;
pub(crate) mod packs;
pub(crate) mod paris;
pub(crate) mod peer;
pub(crate) mod town;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use palier_core::{
    envelope::Envelope,
    moment::{Millis, Moment},
    outcome::Outcome,
    rights::Role,
};
use palier_device::{
    Clock, Device, Error,
    api::{
        Api, Reply, Request,
        reply::{DoorRow, ImportReport, RequestRow, Status, SyncReport, Totals, Waiting},
        request::{ExportFormat, ExportWhat, Grouping, Subject},
    },
};
use palier_relay::{Config, Rebuilt, Relay, StoreAt};
use serde::Deserialize;

/// The relay's store, among those of the devices.
pub(crate) const RELAY: &str = "relay.sqlite3";

use keys::Loot;

/// A relay, a folder for every store, and a clock that all devices share.
pub(crate) struct World {
    folder: tempfile::TempDir,
    relay: Option<Relay>,
    address: SocketAddr,
    pub(crate) clock: Clock,
    /// How far the relay's clock is ahead of the machine's, in milliseconds.
    relay_ahead: Arc<AtomicI64>,
}

impl World {
    /// A world whose devices all stand three days back, further than the relay takes for the
    /// truth: every story shows that a wrong clock loses nothing.
    pub(crate) async fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let relay_ahead = Arc::default();
        let relay = start_relay(folder.path(), any, &relay_ahead).await?;
        let three_days_ago = Clock::System.now().0 - 3 * 86_400_000;
        Ok(Self {
            address: relay.address(),
            relay: Some(relay),
            folder,
            clock: Clock::at(Moment(three_days_ago)),
            relay_ahead,
        })
    }

    pub(crate) fn relay_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn stop_relay(&mut self) {
        if let Some(relay) = self.relay.take() {
            relay.stop().await;
        }
    }

    /// Starts the relay again, at its address and on its store.
    pub(crate) async fn start_relay(&mut self) -> Result<()> {
        self.relay = Some(start_relay(self.folder.path(), self.address, &self.relay_ahead).await?);
        Ok(())
    }

    /// Every envelope of teams that the relay has.
    pub(crate) fn team_log(&self) -> Result<Vec<Envelope>> {
        keys::team_log(&self.folder.path().join(RELAY))
    }

    /// What a person can open who kept their device's store and a link.
    pub(crate) fn loot(&self, name: &str, link: &str) -> Result<Loot> {
        let store = self.folder.path().join(name).join("device.sqlite3");
        Loot::of(&store, link)
    }

    /// Lets time pass on the relay alone.
    pub(crate) fn advance_relay(&self, by: Millis) {
        self.relay_ahead.fetch_add(by.0, Ordering::SeqCst);
    }

    /// Where a store stands.
    pub(crate) fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes what follows from the relay's log again; the relay is stopped.
    pub(crate) fn rebuild_relay(&self) -> Result<Rebuilt> {
        let store = StoreAt::Sqlite(self.home(RELAY));
        Ok(palier_relay::rebuild(
            &store,
            &palier_relay::Clock::machine(),
        )?)
    }

    /// A person with a device, in no campaign yet where it is new.
    pub(crate) fn person(&self, name: &str) -> Result<Person> {
        let device = Device::open(&self.home(name), None, self.clock.clone())?;
        Person::with(name, device)
    }

    /// An organiser with a campaign.
    pub(crate) async fn organiser(&self) -> Result<Person> {
        let organiser = self.person("Organisation")?;
        organiser.create_campaign(&self.relay_url()).await?;
        Ok(organiser)
    }
}

async fn start_relay(folder: &Path, address: SocketAddr, ahead: &Arc<AtomicI64>) -> Result<Relay> {
    let store = StoreAt::Sqlite(folder.join(RELAY));
    let ahead = Arc::clone(ahead);
    let clock = palier_relay::Clock::from_fn(move || {
        Clock::System
            .now()
            .after(Millis(ahead.load(Ordering::SeqCst)))
    });
    let config = Config {
        clock,
        ..Config::new(address, store)
    };
    Ok(Relay::start(config).await?)
}

/// A person and their device.
pub(crate) struct Person {
    pub(crate) name: String,
    api: Api,
}

/// A visit as an export gives it.
#[derive(Deserialize)]
pub(crate) struct Exported {
    pub(crate) visit: String,
    /// The pseudonym of who made it.
    pub(crate) by: String,
}

impl Person {
    fn with(name: &str, device: Device) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            api: Api::new(device)?,
        })
    }

    /// A person whose device is gone with them.
    pub(crate) fn in_memory(name: &str, clock: Clock) -> Result<Self> {
        Self::with(name, Device::in_memory(clock)?)
    }

    pub(crate) async fn create_campaign(&self, relay: &str) -> Result<()> {
        self.ask(Request::CreateCampaign {
            name: "Campagne".into(),
            relay: relay.to_owned(),
            time_zone: None,
            colour: None,
        })
        .await?;
        Ok(())
    }

    pub(crate) async fn ask(&self, request: Request) -> Result<Reply, Error> {
        self.api.ask(request).await
    }

    /// Lets the device sync by itself for the rest of the story.
    pub(crate) fn keep_synced(&self) {
        let api = self.api.clone();
        tokio::spawn(async move { api.keep_synced().await });
    }

    /// Wakes whenever a screen would have to be drawn again.
    pub(crate) fn changes(&self) -> tokio::sync::watch::Receiver<u64> {
        self.api.changes()
    }

    pub(crate) async fn sync(&self) -> Result<SyncReport, Error> {
        match self.ask(Request::Sync).await? {
            Reply::Synced(report) => Ok(report),
            _ => unreachable!("a sync answers a sync"),
        }
    }

    /// Sends what waits, and fetches nothing.
    pub(crate) async fn push(&self) -> Result<SyncReport, Error> {
        self.api.push().await
    }

    /// Every visit that stands and that this person's device knows.
    pub(crate) async fn visits(&self) -> Result<Vec<Exported>> {
        let request = Request::Export {
            what: ExportWhat::Visits,
            format: ExportFormat::Json,
        };
        match self.ask(request).await? {
            Reply::Exported { text, .. } => Ok(serde_json::from_str(&text)?),
            _ => bail!("an export answers an export"),
        }
    }

    pub(crate) async fn import(&self, subject: Subject, file: &Path) -> Result<ImportReport> {
        let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
        let name = file.file_name().and_then(|name| name.to_str());
        let request = Request::Import {
            subject,
            file: name.unwrap_or_default().to_owned(),
            content: BASE64.encode(&bytes),
            dry_run: false,
        };
        match self.ask(request).await? {
            Reply::Imported(report) => Ok(report),
            _ => bail!("an import answers an import"),
        }
    }

    pub(crate) async fn create_team(&self, name: &str) -> Result<()> {
        self.ask(Request::CreateTeam {
            name: name.into(),
            policy: None,
            limit: None,
        })
        .await?;
        Ok(())
    }

    pub(crate) async fn create_turf(&self, name: &str, team: &str, station: &str) -> Result<u32> {
        let request = Request::CreateTurf {
            name: name.into(),
            team: team.into(),
            station: Some(station.into()),
            addresses: None,
        };
        match self.ask(request).await? {
            Reply::TurfCreated { doors, .. } => Ok(doors),
            _ => bail!("a turf answers a turf"),
        }
    }

    pub(crate) async fn invite(&self, role: Role, team: Option<&str>, uses: u16) -> Result<String> {
        let request = Request::Invite {
            role,
            team: team.map(Into::into),
            station: None,
            expires_s: None,
            uses: Some(uses),
        };
        match self.ask(request).await? {
            Reply::Invited { link, .. } => Ok(link),
            _ => bail!("an invitation answers an invitation"),
        }
    }

    pub(crate) async fn join(&self, link: &str) -> Result<(), Error> {
        let (link, name) = (link.to_owned(), self.name.clone());
        self.ask(Request::Join { link, name }).await.map(drop)
    }

    /// What this device still waits for, before it is let in.
    pub(crate) async fn waiting(&self) -> Result<Option<Waiting>> {
        Ok(self.status().await?.waiting)
    }

    /// Who asks to join, once the relay was asked.
    pub(crate) async fn requests(&self) -> Result<Vec<RequestRow>> {
        self.sync().await?;
        match self.ask(Request::Requests).await? {
            Reply::Requests { requests } => Ok(requests),
            _ => bail!("requests answer requests"),
        }
    }

    pub(crate) async fn accept(&self, who: &str) -> Result<(), Error> {
        let device = who.to_owned();
        self.ask(Request::AcceptRequest { device }).await.map(drop)
    }

    pub(crate) async fn decline(&self, who: &str) -> Result<(), Error> {
        let device = who.to_owned();
        self.ask(Request::DeclineRequest { device }).await.map(drop)
    }

    /// The code by which this person asks a lead beside them to let them in.
    pub(crate) async fn request_code(&self) -> Result<String> {
        let (link, name) = (None, self.name.clone());
        match self.ask(Request::RequestCode { link, name }).await? {
            Reply::Code { code } => Ok(code),
            _ => bail!("a code answers a wish for one"),
        }
    }

    /// Lets somebody in by their code, and gives the code that answers it.
    pub(crate) async fn answer_code(&self, code: &str, turf: &str) -> Result<String> {
        let request = Request::AnswerCode {
            code: code.into(),
            team: None,
            turf: Some(turf.into()),
        };
        match self.ask(request).await? {
            Reply::Code { code } => Ok(code),
            _ => bail!("a code answers a code"),
        }
    }

    pub(crate) async fn enter_answer(&self, code: &str) -> Result<(), Error> {
        let code = code.to_owned();
        self.ask(Request::EnterAnswer { code }).await.map(drop)
    }

    pub(crate) async fn remove(&self, who: &str) -> Result<(), Error> {
        let member = who.to_owned();
        let team = None;
        self.ask(Request::RemoveMember { team, member })
            .await
            .map(drop)
    }

    /// The pseudonyms of this device's team, from its list of members.
    pub(crate) async fn team(&self) -> Result<Vec<String>> {
        match self.ask(Request::Members { team: None }).await? {
            Reply::Members(team) => {
                let names = team.members.into_iter().filter_map(|row| row.name);
                let mut names: Vec<String> = names.collect();
                names.sort();
                Ok(names)
            }
            _ => bail!("members answer members"),
        }
    }

    pub(crate) async fn doors(&self, turf: &str) -> Result<Vec<DoorRow>> {
        match self.ask(Request::Doors { turf: turf.into() }).await? {
            Reply::Doors { doors, .. } => Ok(doors),
            _ => bail!("doors answer doors"),
        }
    }

    /// Records one visit, and gives its id.
    pub(crate) async fn record(
        &self,
        door: &str,
        outcome: Outcome,
        leaflet: bool,
    ) -> Result<String, Error> {
        let request = Request::RecordVisit {
            door: door.into(),
            outcome,
            at: None,
            leaflet,
        };
        match self.ask(request).await? {
            Reply::Recorded { visit, .. } => Ok(visit),
            _ => unreachable!("a visit answers a visit"),
        }
    }

    pub(crate) async fn undo(&self, visit: &str) -> Result<DoorRow, Error> {
        let visit = visit.to_owned();
        match self.ask(Request::Undo { visit }).await? {
            Reply::Undone { door } => Ok(door),
            _ => unreachable!("an undo answers an undo"),
        }
    }

    pub(crate) async fn close_shift(&self, turf: &str) -> Result<(), Error> {
        let turf = turf.to_owned();
        self.ask(Request::CloseShift { turf }).await.map(drop)
    }

    pub(crate) async fn status(&self) -> Result<Status> {
        match self.ask(Request::Status).await? {
            Reply::Status(status) => Ok(status),
            _ => bail!("a status answers a status"),
        }
    }

    pub(crate) async fn totals(&self, by: Grouping) -> Result<Totals> {
        match self.ask(Request::Totals { by }).await? {
            Reply::Totals(totals) => Ok(totals),
            _ => bail!("totals answer totals"),
        }
    }

    /// Rebuilds, and says whether anything differed.
    pub(crate) async fn rebuild(&self) -> Result<bool> {
        match self.ask(Request::Rebuild).await? {
            Reply::Rebuilt { differed, .. } => Ok(differed),
            _ => bail!("a rebuild answers a rebuild"),
        }
    }
}

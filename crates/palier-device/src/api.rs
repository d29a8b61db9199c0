//! One question in, one answer out: the whole of a device, for a window, a browser or a
//! terminal.

mod building;
pub mod look;
mod maps;
mod people;
pub mod reply;
pub mod request;
mod visits_file;

use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::BASE64;
use palier_core::{
    invitation::{self, InvitationRecord},
    moment::{Millis, Moment, NotAMoment},
};
use tokio::sync::watch;

pub use reply::Reply;
use request::Policy;
pub use request::Request;

use crate::{
    basemap::Shelf,
    device::{Device, Doors, NewVisit, Wanted, read_kit},
    error::{Error, Thing},
    relay::{self, Carrier},
};

/// A device that can be asked from several places at once.
#[derive(Clone, Debug)]
pub struct Api {
    /// Nothing once it was closed.
    device: Arc<Mutex<Option<Device>>>,
    maps: Arc<Shelf>,
    pub(crate) client: relay::Client,
    pub(crate) heard: Arc<relay::Heard>,
    pub(crate) syncing: Arc<tokio::sync::Mutex<()>>,
    /// Counts what a person did, which is to be sent.
    tapped: watch::Sender<u64>,
    /// Counts what may have changed on a screen.
    shown: watch::Sender<u64>,
}

impl Api {
    /// Takes a device in charge.
    ///
    /// # Errors
    /// The system allows no connections.
    pub fn new(device: Device) -> Result<Self, Error> {
        let maps = Arc::new(Shelf::beside(device.folder()));
        Ok(Self {
            device: Arc::new(Mutex::new(Some(device))),
            maps,
            client: relay::client()?,
            heard: Arc::default(),
            syncing: Arc::default(),
            tapped: watch::Sender::new(0),
            shown: watch::Sender::new(0),
        })
    }

    /// The same, with requests that something else than the network carries.
    #[must_use]
    pub fn carried_by(mut self, carrier: Arc<dyn Carrier>) -> Self {
        self.client = self.client.carried_by(carrier);
        self
    }

    /// The same, which wakes who already waits for changes of another.
    pub(crate) fn showing_on(mut self, shown: &watch::Sender<u64>) -> Self {
        self.shown = shown.clone();
        self
    }

    /// Takes the device out, if `may` allows it: whatever is asked from then on is refused.
    ///
    /// # Errors
    /// Those of `may`, and the device stays; or it was taken out before ([`Error::Closed`]).
    pub(crate) async fn close(
        &self,
        may: impl FnOnce(&mut Device) -> Result<(), Error> + Send + 'static,
    ) -> Result<Device, Error> {
        let device = Arc::clone(&self.device);
        tokio::task::spawn_blocking(move || {
            let mut held = device.lock().unwrap_or_else(PoisonError::into_inner);
            may(held.as_mut().ok_or(Error::Closed)?)?;
            held.take().ok_or(Error::Closed)
        })
        .await
        .unwrap_or(Err(Error::Document))
    }

    /// Wakes whenever something may have changed on a screen.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shown.subscribe()
    }

    pub(crate) fn taps(&self) -> watch::Receiver<u64> {
        self.tapped.subscribe()
    }

    pub(crate) fn note_shown(&self) {
        self.shown.send_modify(|count| *count += 1);
    }

    /// Answers one question. A visit is on disk when its answer comes.
    ///
    /// # Errors
    /// See [`Error`]; nothing is half-done.
    pub async fn ask(&self, request: Request) -> Result<Reply, Error> {
        let writes = writes(&request);
        let reply = self.answer(request).await?;
        if writes {
            self.tapped.send_modify(|count| *count += 1);
            self.note_shown();
        }
        Ok(reply)
    }

    /// Lends the device to `work`, for programs that need more than a question and an answer.
    ///
    /// # Errors
    /// The work fell.
    pub async fn lend<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Device) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.with(move |device| Ok(work(device))).await
    }

    async fn answer(&self, request: Request) -> Result<Reply, Error> {
        match request {
            Request::ReadInvitation { link } => {
                Ok(invitation_reply(&self.read_invitation(&link).await?))
            }
            Request::Join { link, name } => {
                self.join(&link, &name).await?;
                self.sync_if_possible().await?;
                self.with(people::joined).await
            }
            Request::Invite { .. }
            | Request::AcceptRequest { .. }
            | Request::DeclineRequest { .. }
            | Request::RenewMember { .. }
            | Request::RemoveMember { .. } => {
                let reply = self.with(|device| answer_here(device, request)).await?;
                // It works once the relay knows it.
                self.sync_if_possible().await?;
                Ok(reply)
            }
            Request::Packs
            | Request::AddPack { .. }
            | Request::RemovePack { .. }
            | Request::Map { .. } => self.answer_about_maps(request).await,
            Request::Sync => Ok(Reply::Synced(self.sync().await?)),
            Request::SyncWithPeer { address, code } => {
                Ok(Reply::Synced(self.sync_with_peer(&address, &code).await?))
            }
            request => self.with(|device| answer_here(device, request)).await,
        }
    }

    /// Syncs; that the relay is away is no failure.
    async fn sync_if_possible(&self) -> Result<(), Error> {
        match self.sync().await {
            Ok(_)
            | Err(Error::Offline(_) | Error::Busy(_) | Error::Nonsense(_) | Error::Refused(_)) => {
                Ok(())
            }
            Err(reason) => Err(reason),
        }
    }

    /// Does `work` with the device on this thread, which may wait for the disk.
    pub(crate) fn at_once<T>(
        &self,
        work: impl FnOnce(&mut Device) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut held = self.device.lock().unwrap_or_else(PoisonError::into_inner);
        work(held.as_mut().ok_or(Error::Closed)?)
    }

    /// Does `work` with the device, on a thread where it may wait for the disk.
    ///
    /// # Errors
    /// Those of `work`; and [`Error::Document`] where it panicked, with its transaction undone.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Device) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let api = self.clone();
        // Work that fell left its transaction undone; the device is whole.
        tokio::task::spawn_blocking(move || api.at_once(work))
            .await
            .unwrap_or(Err(Error::Document))
    }
}

const fn writes(request: &Request) -> bool {
    !matches!(
        request,
        Request::Stations
            | Request::Turfs
            | Request::Doors { .. }
            | Request::Sheet { .. }
            | Request::Walk { .. }
            | Request::Addresses { .. }
            | Request::NextDoor { .. }
            | Request::ComeBackOffers
            | Request::Revisits
            | Request::CheckKit { .. }
            | Request::Kits
            | Request::ReadKit { .. }
            | Request::FindCards { .. }
            | Request::Building { .. }
            | Request::Visits { .. }
            | Request::Map { .. }
            | Request::Packs
            | Request::AddPack { .. }
            | Request::RemovePack { .. }
            | Request::Rounds
            | Request::Round { .. }
            | Request::ReadInvitation { .. }
            | Request::Requests
            | Request::ReadRequestCode { .. }
            | Request::LookAtCode { .. }
            | Request::DrawQr { .. }
            | Request::Members { .. }
            | Request::Sync
            | Request::Status
            | Request::Totals { .. }
            | Request::Export { .. }
            | Request::SyncWithPeer { .. }
            | Request::SetPlace { .. }
            | Request::SetLanguage { .. }
            | Request::Campaigns
    )
}

/// Answers what needs no network.
fn answer_here(device: &mut Device, request: Request) -> Result<Reply, Error> {
    Ok(match request {
        Request::CreateCampaign {
            name,
            relay,
            time_zone,
        } => Reply::CampaignCreated {
            campaign: device
                .create_campaign(&name, &relay, time_zone.as_deref())?
                .to_string(),
        },
        Request::CreateTeam {
            name,
            policy,
            limit,
        } => Reply::TeamCreated {
            team: device
                .create_team(&name, core_policy(policy), limit)?
                .to_string(),
        },
        Request::Import {
            subject,
            file,
            content,
            dry_run,
        } => {
            let bytes = BASE64
                .decode(content.as_bytes())
                .map_err(|_reason| Error::BadInput("the file did not arrive whole".into()))?;
            Reply::Imported(device.import(subject, &file, &bytes, dry_run)?)
        }
        Request::CreateTurf {
            name,
            team,
            station,
            addresses,
        } => {
            let doors = match (station, addresses) {
                (Some(station), None) => Doors::Station(station),
                (None, Some(addresses)) => Doors::Addresses(addresses),
                _ => {
                    return Err(Error::BadInput(
                        "a turf is made from a station or from addresses, one of them".into(),
                    ));
                }
            };
            let turf = device.create_turf(&name, &team, doors)?.to_string();
            let (_, doors) = device.doors(&turf)?;
            Reply::TurfCreated {
                turf,
                doors: u32::try_from(doors.len()).unwrap_or(u32::MAX),
            }
        }
        Request::Invite {
            role,
            team,
            station,
            expires_s,
            uses,
        } => {
            let invited = device.invite(&Wanted {
                role,
                team,
                station,
                expires: expires_s.map(Millis::seconds),
                uses,
            })?;
            Reply::Invited {
                link: invited.link,
                expires: invited.expires.to_string(),
                uses: invited.uses,
            }
        }
        request => match people::answer(device, &request)? {
            Some(reply) => reply,
            None => return answer_at_the_door(device, request),
        },
    })
}

/// Answers what is asked at the door and around it.
fn answer_at_the_door(device: &mut Device, request: Request) -> Result<Reply, Error> {
    Ok(match request {
        Request::OpenShift { turf } => Reply::ShiftOpened {
            shift: device.open_shift(&turf)?.to_string(),
        },
        Request::CloseShift { turf } => Reply::ShiftClosed(device.close_shift(&turf)?),
        Request::RecordVisit {
            door,
            outcome,
            at,
            leaflet,
        } => {
            let (visit, door) = device.record(NewVisit {
                door,
                outcome,
                at: at.as_deref().map(parse_moment).transpose()?,
                leaflet,
            })?;
            Reply::Recorded {
                visit: visit.to_string(),
                door,
            }
        }
        Request::CountAnswer {
            turf,
            station,
            before,
            after,
        } => {
            device.count_answer(&turf, station.as_deref(), before, after)?;
            Reply::Kept
        }
        Request::SetComeBack { visit, when } => {
            let (visit, door) = device.set_come_back(&visit, &when)?;
            Reply::Recorded {
                visit: visit.to_string(),
                door,
            }
        }
        Request::RecordVisits { csv } => Reply::RecordedMany {
            visits: visits_file::record(device, &csv)?
                .iter()
                .map(ToString::to_string)
                .collect(),
        },
        Request::Undo { visit } => Reply::Undone {
            door: device.undo(&visit)?,
        },
        Request::ReportTurnout {
            station,
            hour,
            votes,
        } => {
            device.report_turnout(&station, &hour, votes)?;
            Reply::TurnoutReported
        }
        Request::SetPlace { turf, door } => {
            device.set_place(turf.as_deref(), door.as_deref())?;
            Reply::Kept
        }
        Request::SetLanguage { language } => {
            device.set_language(language)?;
            Reply::Kept
        }
        Request::RecordTogether {
            doors,
            outcome,
            leaflet,
        } => Reply::RecordedMany {
            visits: device
                .record_together(&doors, outcome, leaflet)?
                .iter()
                .map(ToString::to_string)
                .collect(),
        },
        Request::CreateRound { turf, name } => {
            Reply::RoundCreated(device.create_round(&turf, &name)?)
        }
        Request::MarkBoxes { round, marks } => {
            Reply::Round(Box::new(device.mark_boxes(&round, &marks)?))
        }
        Request::UndoTogether { visits } => {
            device.undo_together(&visits)?;
            Reply::Kept
        }
        request => match building::answer(device, &request)? {
            Some(reply) => reply,
            None => return answer_reading(device, request),
        },
    })
}

/// Answers what only reads.
fn answer_reading(device: &mut Device, request: Request) -> Result<Reply, Error> {
    Ok(match request {
        Request::Stations => Reply::Stations {
            stations: device.stations()?,
        },
        Request::Turfs => Reply::Turfs {
            turfs: device.turfs()?,
        },
        Request::Doors { turf } => {
            let (turf, doors) = device.doors(&turf)?;
            Reply::Doors {
                turf: turf.to_string(),
                doors,
            }
        }
        Request::Sheet { turf } => {
            let (name, lines) = device.sheet(&turf)?;
            Reply::Sheet { name, lines }
        }
        Request::Walk { turf, find, door } => Reply::Walk(Box::new(device.walk(
            turf.as_deref(),
            &find,
            door.as_deref(),
        )?)),
        Request::Addresses {
            turf,
            find,
            from,
            to,
        } => Reply::Addresses {
            rows: device.addresses(&turf, &find, &(from..=to))?,
        },
        Request::NextDoor { turf, find, door } => Reply::NextDoor {
            hand: device.next_door(&turf, &find, &door)?,
        },
        Request::Rounds => Reply::Rounds {
            rounds: device.rounds()?,
        },
        Request::Round { round } => Reply::Round(Box::new(device.round(&round)?)),
        Request::ComeBackOffers => Reply::ComeBackOffers {
            offers: device.come_back_offers()?,
        },
        Request::Revisits => Reply::Revisits {
            revisits: device.revisits()?,
            hours: device.open_hours()?,
        },
        Request::Totals { by } => Reply::Totals(device.totals(by)?),
        Request::CheckKit { text } => {
            let kit = read_kit(&text)?;
            let length = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            Reply::KitChecked {
                steps: length(kit.steps.len()),
                cards: length(kit.cards.len()),
                title: kit.title,
            }
        }
        Request::PublishKit { text } => {
            let (kit, number) = device.publish_kit(&text)?;
            Reply::KitPublished {
                kit: kit.to_string(),
                number,
            }
        }
        Request::Kits => Reply::Kits {
            kits: device.kits()?,
        },
        Request::ReadKit { kit, language } => Reply::Kit {
            kit: device.read_kit(kit.as_deref(), language.word())?,
        },
        Request::FindCards { kit, find } => Reply::Cards {
            cards: device.find_cards(&kit, &find)?,
        },
        Request::Export { what, format } => {
            let (file, text) = device.export(what, format)?;
            Reply::Exported { file, text }
        }
        Request::ExportBundle { since } => {
            let since = since.as_deref().map(parse_moment).transpose()?;
            let mut bytes = Vec::new();
            let envelopes = device.write_bundle(since, &mut bytes)?;
            let day = device.now().to_string();
            Reply::Bundle {
                file: format!("{}.palier", day.get(..10).unwrap_or(&day)),
                content: BASE64.encode(&bytes),
                envelopes,
            }
        }
        Request::ImportBundle { content } => {
            let bytes = BASE64
                .decode(content.as_bytes())
                .map_err(|_reason| Error::BadInput("the file did not arrive whole".into()))?;
            Reply::BundleTaken(device.read_bundle(&mut bytes.as_slice())?)
        }
        Request::Rebuild => {
            let rebuilt = device.rebuild()?;
            Reply::Rebuilt {
                differed: rebuilt.differed,
                envelopes: rebuilt.envelopes,
            }
        }
        // A shelf answers these before they come here.
        Request::Campaigns
        | Request::NextCampaign
        | Request::OpenDemo { .. }
        | Request::SetLook { .. }
        | Request::SaveExport { .. }
        | Request::OpenCampaign { .. }
        | Request::LeaveCampaign { .. } => return Err(Error::Unknown(Thing::Campaign)),
        _ => Reply::Status(device.status()?),
    })
}

fn parse_moment(text: &str) -> Result<Moment, Error> {
    text.parse()
        .map_err(|reason: NotAMoment| Error::BadInput(reason.to_string()))
}

fn core_policy(policy: Option<Policy>) -> invitation::Policy {
    match policy {
        Some(Policy::Approved) => invitation::Policy::Approved,
        Some(Policy::Open) | None => invitation::Policy::Open,
    }
}

fn invitation_reply(record: &InvitationRecord) -> Reply {
    let offer = &record.invitation.offer;
    Reply::Invitation {
        campaign: record.campaign_name.clone(),
        team: Some(record.team_name.clone()).filter(|name| !name.is_empty()),
        role: offer.role,
        expires: offer.expires.to_string(),
        policy: match offer.policy {
            invitation::Policy::Open => Policy::Open,
            invitation::Policy::Approved => Policy::Approved,
        },
    }
}

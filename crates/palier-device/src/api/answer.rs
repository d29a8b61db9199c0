//! What a device answers of itself, without a network.

use data_encoding::BASE64;
use palier_core::{
    invitation::{self, InvitationRecord},
    moment::{Millis, Moment, NotAMoment},
};

use super::{Reply, Request, building, people, request::Policy, visits_file};
use crate::{
    device::{Device, Doors, NewVisit, Wanted, read_kit},
    error::{Error, Thing},
    reason::BadCampaign,
};

/// Answers what needs no network.
pub(super) fn answer_here(device: &mut Device, request: Request) -> Result<Reply, Error> {
    Ok(match request {
        Request::CreateCampaign {
            name,
            relay,
            time_zone,
            colour,
        } => Reply::CampaignCreated {
            campaign: device
                .create_campaign_in(&name, &relay, time_zone.as_deref(), colour)?
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
                .map_err(|_reason| Error::NotWhole)?;
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
                    return Err(Error::bad_input(BadCampaign::TurfOfWhat));
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
                .map_err(|_reason| Error::NotWhole)?;
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

pub(super) fn parse_moment(text: &str) -> Result<Moment, Error> {
    text.parse()
        .map_err(|_reason: NotAMoment| Error::bad_input(BadCampaign::NotADate))
}

fn core_policy(policy: Option<Policy>) -> invitation::Policy {
    match policy {
        Some(Policy::Approved) => invitation::Policy::Approved,
        Some(Policy::Open) | None => invitation::Policy::Open,
    }
}

pub(super) fn invitation_reply(record: &InvitationRecord) -> Reply {
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

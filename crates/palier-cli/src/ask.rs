//! From a command to the question that it asks the device.

use std::{fs, path::Path};

use data_encoding::BASE64;
use palier_device::api::{Request, request::Mark};

use crate::{
    args::{
        Building, Campaign, Command, Doors, Import, Join, Kit, Pack, Paint, Round, Shift, Team,
        Turf, Visit,
    },
    failure::Failure,
};

/// The question of a command that asks one.
///
/// # Errors
/// A file that it names cannot be read.
pub(crate) fn request(command: Command) -> Result<Request, Failure> {
    Ok(match command {
        Command::Campaign(campaign) => campaign_request(campaign),
        Command::Team(team) => team_request(team),
        Command::Import(import) => import_request(&import)?,
        Command::Stations => Request::Stations,
        Command::Turf(Turf::Create(turf)) => Request::CreateTurf {
            name: turf.name,
            team: turf.team,
            station: turf.doors.station,
            addresses: turf.doors.addresses,
        },
        Command::Turfs => Request::Turfs,
        Command::Doors { turf } => Request::Doors { turf },
        Command::Building(building) => building_request(building),
        Command::Invite(wanted) => Request::Invite {
            role: wanted.role,
            team: wanted.team,
            station: wanted.station,
            expires_s: Some(wanted.expires),
            uses: Some(wanted.uses),
        },
        Command::Join(join) => join_request(join)?,
        Command::Shift(Shift::Open { turf }) => Request::OpenShift { turf },
        Command::Shift(Shift::Close { turf }) => Request::CloseShift { turf },
        Command::Visit(visit) => visit_request(visit)?,
        Command::Kit(kit) => kit_request(kit)?,
        Command::Undo { visits } => undo_request(visits),
        Command::Turnout {
            station,
            hour,
            votes,
        } => Request::ReportTurnout {
            station,
            hour,
            votes,
        },
        Command::Sync {
            peer: Some(address),
            code: Some(code),
            ..
        } => Request::SyncWithPeer { address, code },
        Command::Sync { .. } => Request::Sync,
        Command::Totals { by } => Request::Totals { by: by.into() },
        Command::Export { what, format } => Request::Export {
            what: what.into(),
            format: format.into(),
        },
        Command::Rebuild => Request::Rebuild,
        Command::Round(round) => round_request(round),
        Command::Pack(Pack::List) => Request::Packs,
        Command::Pack(Pack::Offer { pack }) => Request::OfferPack { pack },
        Command::Pack(Pack::Withdraw { pack }) => Request::WithdrawPack { pack },
        Command::Pack(Pack::Remove { pack }) => Request::RemovePack { pack },
        // The others are not one question; the caller has dealt with them.
        Command::Status
        | Command::Peer(_)
        | Command::Bundle(_)
        | Command::Pack(Pack::Add { .. } | Pack::Fetch { .. })
        | Command::Serve(_)
        | Command::Demo(_) => Request::Status,
    })
}

fn campaign_request(campaign: Campaign) -> Request {
    match campaign {
        Campaign::Create {
            name,
            relay,
            colour,
        } => Request::CreateCampaign {
            name,
            relay,
            time_zone: None,
            colour: colour.map(Paint::number),
        },
        Campaign::List => Request::Campaigns,
        Campaign::Next => Request::NextCampaign,
        Campaign::Open { campaign } => Request::OpenCampaign { campaign },
        Campaign::Leave {
            campaign,
            lose,
            lose_root,
        } => Request::LeaveCampaign {
            campaign,
            unsent: Some(lose),
            root: lose_root,
        },
    }
}

fn team_request(team: Team) -> Request {
    match team {
        Team::Create {
            name,
            policy,
            limit,
        } => Request::CreateTeam {
            name,
            policy: Some(policy.into()),
            limit: Some(limit),
        },
        Team::Members { team } => Request::Members { team },
        Team::Requests => Request::Requests,
        Team::Accept { who } => Request::AcceptRequest { device: who },
        Team::Decline { who } => Request::DeclineRequest { device: who },
        Team::Answer {
            code,
            dry_run: true,
            ..
        } => Request::ReadRequestCode { code },
        Team::Answer {
            code, team, turf, ..
        } => Request::AnswerCode { code, team, turf },
        Team::Renew { who, team } => Request::RenewMember { team, member: who },
        Team::Remove { who, team } => Request::RemoveMember { team, member: who },
    }
}

fn join_request(join: Join) -> Result<Request, Failure> {
    match (join.answer, join.link, join.name) {
        (Some(code), ..) => Ok(Request::EnterAnswer { code }),
        _ if join.stop => Ok(Request::StopAsking),
        (None, link, Some(name)) if join.offline => Ok(Request::RequestCode { link, name }),
        (None, Some(link), Some(name)) => Ok(Request::Join { link, name }),
        _ => Err(Failure::Said("say the link and a pseudonym".into())),
    }
}

fn import_request(import: &Import) -> Result<Request, Failure> {
    let content = fs::read(&import.file).map_err(|reason| unreadable(&import.file, reason))?;
    Ok(Request::Import {
        subject: import.subject.into(),
        file: import
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        content: BASE64.encode(&content),
        dry_run: import.dry_run,
    })
}

fn kit_request(kit: Kit) -> Result<Request, Failure> {
    let text = |file: &Path| fs::read_to_string(file).map_err(|reason| unreadable(file, reason));
    Ok(match kit {
        Kit::Check { file } => Request::CheckKit { text: text(&file)? },
        Kit::Publish { file } => Request::PublishKit { text: text(&file)? },
        Kit::List => Request::Kits,
    })
}

fn visit_request(visit: Visit) -> Result<Request, Failure> {
    let mut doors = visit.doors.into_iter();
    match (visit.file, doors.next(), visit.outcome) {
        (Some(file), _, _) => {
            let csv = fs::read_to_string(&file).map_err(|reason| unreadable(&file, reason))?;
            Ok(Request::RecordVisits { csv })
        }
        (None, Some(first), Some(outcome)) if doors.len() > 0 => {
            if visit.at.is_some() {
                return Err(Failure::Said("several doors are visited now".into()));
            }
            Ok(Request::RecordTogether {
                doors: std::iter::once(first).chain(doors).collect(),
                outcome,
                leaflet: visit.leaflet,
            })
        }
        (None, Some(door), Some(outcome)) => Ok(Request::RecordVisit {
            door,
            outcome,
            at: visit.at,
            leaflet: visit.leaflet,
        }),
        _ => Err(Failure::Said(
            "say the door and the outcome, or a file of visits".into(),
        )),
    }
}

fn round_request(round: Round) -> Request {
    match round {
        Round::Create { turf, name } => Request::CreateRound { turf, name },
        Round::List => Request::Rounds,
        Round::Show { round } => Request::Round { round },
        Round::Mark {
            round,
            boxes,
            addresses,
        } => Request::MarkBoxes {
            round,
            marks: addresses
                .into_iter()
                .map(|address| Mark { address, boxes })
                .collect(),
        },
    }
}

fn undo_request(mut visits: Vec<String>) -> Request {
    match (visits.pop(), visits.is_empty()) {
        (Some(visit), true) => Request::Undo { visit },
        (last, _) => {
            visits.extend(last);
            Request::UndoTogether { visits }
        }
    }
}

fn building_request(building: Building) -> Request {
    match building {
        Building::Show(at) => Request::Building {
            turf: at.turf,
            address: at.address,
        },
        Building::Describe(told) => Request::DescribeBuilding {
            turf: told.place.turf,
            address: told.place.address,
            stairs: told.stairs,
            lowest: told.floors.0,
            highest: told.floors.1,
            doors: told.doors,
            ground: told.ground,
        },
        Building::Add(Doors { turf, doors }) => Request::AddDoors { turf, doors },
        Building::Remove(Doors { turf, doors }) => Request::RemoveDoors { turf, doors },
        Building::Rename { turf, place, name } => Request::RenamePlace { turf, place, name },
        Building::Access(noted) => Request::SetAccess {
            turf: noted.place.turf,
            address: noted.place.address,
            way: noted.way,
            code: noted.code,
            ends: noted.ends,
        },
        Building::Visits { door } => Request::Visits { door },
    }
}

fn unreadable(file: &Path, reason: std::io::Error) -> Failure {
    Failure::File {
        file: file.display().to_string(),
        reason,
    }
}

//! From a command to the question that it asks the device.

use std::{fs, path::Path};

use data_encoding::BASE64;
use palier_device::api::Request;

use crate::{
    args::{Campaign, Command, Import, Join, Shift, Team, Turf, Visit},
    failure::Failure,
};

/// The question of a command that asks one.
///
/// # Errors
/// A file that it names cannot be read.
pub(crate) fn request(command: Command) -> Result<Request, Failure> {
    Ok(match command {
        Command::Campaign(Campaign::Create { name, relay }) => Request::CreateCampaign {
            name,
            relay,
            time_zone: None,
        },
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
        Command::Doors { turf } => Request::Doors {
            turf,
            address: None,
        },
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
        Command::Undo { visit } => Request::Undo { visit },
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
        // The others are not one question; the caller has dealt with them.
        Command::Status
        | Command::Peer(_)
        | Command::Bundle(_)
        | Command::Serve(_)
        | Command::Demo(_) => Request::Status,
    })
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

fn visit_request(visit: Visit) -> Result<Request, Failure> {
    match (visit.file, visit.door, visit.outcome) {
        (Some(file), _, _) => {
            let csv = fs::read_to_string(&file).map_err(|reason| unreadable(&file, reason))?;
            Ok(Request::RecordVisits { csv })
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

fn unreadable(file: &Path, reason: std::io::Error) -> Failure {
    Failure::File {
        file: file.display().to_string(),
        reason,
    }
}

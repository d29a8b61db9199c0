//! Lines for a person.

use palier_device::api::{
    Reply, Request,
    reply::{BundleReport, DoorRow, Ended, ImportReport, Status, SyncReport, WaitingState},
};

use super::{building, rows};

/// What a person reads.
pub(super) fn of(request: &Request, reply: &Reply) -> String {
    match reply {
        Reply::CampaignCreated { campaign } => format!("campaign {campaign}"),
        Reply::Campaigns { campaigns } => rows::campaigns(campaigns),
        Reply::TeamCreated { team } => format!("team {team}"),
        Reply::Imported(report) => import(report),
        Reply::Stations { stations } => rows::stations(stations),
        Reply::TurfCreated { turf, doors } => format!("turf {turf}, {doors} doors"),
        Reply::Turfs { turfs } => rows::turfs(turfs),
        Reply::RoundCreated(round) => rows::rounds(std::slice::from_ref(round)),
        Reply::Rounds { rounds } => rows::rounds(rounds),
        Reply::Round(view) => rows::round(view),
        Reply::Packs { packs } => rows::packs(packs),
        Reply::PackTaken { pack } | Reply::PackFetched { pack, .. } => rows::packs(pack.as_slice()),
        Reply::Doors { doors, .. } => rows::doors(doors),
        Reply::Building(building) => building::text(building),
        Reply::Visits { visits } => building::visits(visits),
        Reply::Invited {
            link,
            expires,
            uses,
        } => format!("{link}\nworks {} until {expires}", times(*uses)),
        Reply::Joined {
            campaign,
            team,
            role,
            waiting,
        } => {
            let place = match team {
                Some(team) => format!("{campaign} as {role} of {team}"),
                None => format!("{campaign} as {role}"),
            };
            if *waiting {
                format!("asked to join {place}; a lead must accept it, then sync")
            } else {
                format!("joined {place}")
            }
        }
        Reply::Code { code } => code.clone(),
        Reply::Stranger { name, code } => format!("{name}, {code}"),
        Reply::Qr { rows } => rows.join("\n"),
        Reply::Requests { requests } => rows::requests(requests),
        Reply::Members(team) => rows::members(team),
        Reply::ShiftOpened { shift } => format!("shift {shift} is open"),
        Reply::ShiftClosed(shift) => format!(
            "shift {} is closed: {} knocks, {} conversations, {} leaflets, {} minutes",
            shift.shift, shift.knocked, shift.spoke, shift.leaflets, shift.minutes
        ),
        Reply::Recorded { visit, door } => format!("visit {visit}: {}", state(door)),
        Reply::RecordedMany { visits } => format!("{} visits recorded", visits.len()),
        Reply::Undone { door } => format!("taken back; {}", state(door)),
        Reply::Synced(report) => sync(report),
        Reply::Status(report) => status(report),
        Reply::Totals(totals) => rows::totals(totals),
        Reply::KitPublished { kit, number } => format!("kit {kit}, number {number}"),
        Reply::KitChecked {
            title,
            steps,
            cards,
        } => format!("{title}: {steps} steps, {cards} cards, nothing wrong"),
        Reply::Kits { kits } => rows::kits(kits),
        Reply::Rebuilt {
            differed,
            envelopes,
        } => format!(
            "{envelopes} envelopes read; {}",
            if *differed {
                "some rows differed and were made again"
            } else {
                "nothing differed"
            }
        ),
        Reply::TurnoutReported => match request {
            Request::ReportTurnout {
                station,
                hour,
                votes,
            } => format!("station {station}: {votes} votes at {hour}"),
            _ => String::new(),
        },
        Reply::Exported { text, .. } => text.clone(),
        Reply::BundleTaken(report) => bundle(report),
        Reply::Kept => kept(request),
        Reply::Saved { path } => path.clone(),
        // Only a screen asks for these.
        Reply::Map(_)
        | Reply::Walk(_)
        | Reply::Sheet { .. }
        | Reply::Addresses { .. }
        | Reply::NextDoor { .. }
        | Reply::ComeBackOffers { .. }
        | Reply::Revisits { .. }
        | Reply::Kit { .. }
        | Reply::Cards { .. }
        | Reply::Invitation { .. }
        | Reply::CodeLooked { .. }
        | Reply::Bundle { .. } => String::new(),
    }
}

/// What was done, where the answer is only that it was.
fn kept(request: &Request) -> String {
    match request {
        Request::AcceptRequest { device } => {
            format!("{device} is accepted, and enters once the relay knows it")
        }
        Request::DeclineRequest { device } => format!("{device} is declined"),
        Request::RemoveMember { member, .. } => {
            format!("{member} is removed, and the team's key has changed")
        }
        Request::StopAsking => "the request to join is taken back".into(),
        _ => String::new(),
    }
}

/// What a bundle brought, on one line.
pub(crate) fn bundle(report: &BundleReport) -> String {
    let mut line = format!(
        "{} envelopes taken in, {} were here",
        report.received, report.known
    );
    if report.waiting > 0 {
        line += &format!(", {} wait for others", report.waiting);
    }
    if report.set_aside > 0 {
        line += &format!(", {} set aside or of other teams", report.set_aside);
    }
    if !report.whole {
        line += "; the file was cut or changed: what was good in it is kept";
    }
    line
}

fn times(uses: u16) -> String {
    match uses {
        1 => "once".into(),
        uses => format!("{uses} times"),
    }
}

fn state(door: &DoorRow) -> String {
    let state = door
        .state
        .map_or_else(|| "not visited".to_owned(), |state| state.to_string());
    format!("{}, {state}", door.address)
}

fn import(report: &ImportReport) -> String {
    let mut lines = vec![format!(
        "{} ({}): {} of {} rows {}",
        report.format,
        report.encoding,
        report.accepted,
        report.rows,
        if report.dry_run {
            "would be kept (dry run: nothing was)"
        } else {
            "kept"
        }
    )];
    if !report.ballots.is_empty() {
        lines.push(format!("ballots: {}", report.ballots.join(", ")));
    }
    lines.extend(report.notes.iter().map(ToString::to_string));
    for row in &report.rejected {
        lines.push(format!("line {}: {}", row.line, row.reason));
    }
    for (what, addresses) in [
        ("in no perimeter", &report.in_no_perimeter),
        ("in several perimeters", &report.in_many_perimeters),
    ] {
        if !addresses.is_empty() {
            lines.push(format!("{} addresses {what}:", addresses.len()));
            lines.extend(addresses.iter().map(|address| format!("  {address}")));
        }
    }
    lines.join("\n")
}

fn sync(report: &SyncReport) -> String {
    let mut lines = vec![format!(
        "sent {}, received {}, still to send {}",
        report.sent, report.received, report.queued
    )];
    if report.already_there > 0 {
        lines.push(format!(
            "{} were on the relay already",
            report.already_there
        ));
    }
    if report.set_aside > 0 {
        lines.push(format!("{} that came in were set aside", report.set_aside));
    }
    lines.extend(report.refused.iter().map(|why| format!("refused: {why}")));
    lines.join("\n")
}

/// A device in no campaign, and its request where it made one.
fn outside(status: &Status) -> String {
    let Some(waiting) = &status.waiting else {
        return format!("device {}, in no campaign yet", status.device);
    };
    let state = match waiting.state {
        WaitingState::Unsent => "to be sent",
        WaitingState::Waiting => "waits for a lead to accept it",
        WaitingState::Declined => "was declined, or the relay no longer has it",
        WaitingState::NotLetIn => "was accepted, but the relay did not let this device in",
    };
    let refusal = waiting.refusal.as_ref().map(|why| format!(" ({why})"));
    format!(
        "request    {} as {}, {state}{}\ncode       {}\ndevice     {}",
        waiting.campaign,
        waiting.name,
        refusal.unwrap_or_default(),
        waiting.code,
        status.device
    )
}

fn status(status: &Status) -> String {
    let Some(campaign) = &status.campaign else {
        return outside(status);
    };
    let mut rows = vec![("campaign", campaign.clone())];
    rows.extend(status.ended.map(|ended| {
        let why = match ended {
            Ended::Removed => "this device was removed; it sends and fetches nothing any more",
            Ended::Expired => "this device's rights have ended; ask a lead for a new invitation",
        };
        ("ended", why.to_owned())
    }));
    let person = status.name.clone().unwrap_or_default();
    let role = status.role.map(|role| role.to_string());
    rows.push((
        "person",
        [person, role.unwrap_or_default()].join(" ").trim().into(),
    ));
    for team in &status.teams {
        rows.push((
            "team",
            format!("{}: {}", team.name, team.members.join(", ")),
        ));
    }
    rows.push((
        "records",
        format!(
            "{} to send, {} sent, {} refused",
            status.queued, status.sent, status.refused
        ),
    ));
    rows.extend(status.refusals.iter().map(|why| ("refused", why.clone())));
    let never = || "never".to_owned();
    rows.push(("last sync", status.last_sync.clone().unwrap_or_else(never)));
    rows.push(("relay", status.relay.clone().unwrap_or_default()));
    rows.push(("device", status.device.clone()));
    rows.iter()
        .map(|(what, text)| format!("{what:<9}  {text}\n"))
        .collect()
}

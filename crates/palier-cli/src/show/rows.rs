//! Tables of what the device lists.

use palier_device::api::{
    reply::{
        CampaignRow, DoorRow, KitRow, MemberRow, PackRow, PackState, RequestRow, RoundRow,
        RoundView, StationRow, TeamMembers, Totals, TotalsRow, TotalsSource, TurfRow,
    },
    request::Grouping,
};

use crate::table::{Table, maybe};

pub(super) fn stations(stations: &[StationRow]) -> String {
    let rows = stations.iter().map(|row| {
        let latest = row.history.last();
        [
            row.station.clone(),
            row.name.clone(),
            maybe(row.registered),
            row.addresses.to_string(),
            row.doors.to_string(),
            latest
                .map(|ballot| ballot.ballot.clone())
                .unwrap_or_default(),
            maybe(latest.and_then(|ballot| ballot.votes)),
        ]
    });
    let header = [
        "station",
        "name",
        "registered",
        "addresses",
        "doors",
        "latest ballot",
        "votes",
    ];
    Table::new(header, rows).text()
}

pub(super) fn turfs(turfs: &[TurfRow]) -> String {
    let rows = turfs.iter().map(|row| {
        [
            row.name.clone(),
            row.team_name.clone(),
            maybe(row.station.as_ref()),
            row.doors.to_string(),
            row.visited.to_string(),
            row.opened.to_string(),
            maybe(row.shift.as_ref().map(|_| "open")),
            row.turf.clone(),
        ]
    });
    let header = [
        "turf", "team", "station", "doors", "visited", "opened", "shift", "id",
    ];
    Table::new(header, rows).text()
}

pub(super) fn rounds(rounds: &[RoundRow]) -> String {
    let rows = rounds.iter().map(|row| {
        [
            row.name.clone(),
            row.turf_name.clone(),
            format!("{}/{}", row.faces_done, row.faces),
            row.boxes.to_string(),
            row.done.to_string(),
            row.unreached.to_string(),
            row.todo.to_string(),
            row.round.clone(),
        ]
    });
    let header = [
        "round",
        "turf",
        "faces",
        "boxes",
        "done",
        "unreached",
        "left",
        "id",
    ];
    Table::new(header, rows).text()
}

pub(super) fn round(view: &RoundView) -> String {
    let rows = (1..).zip(&view.faces).flat_map(|(nth, face): (u32, _)| {
        face.buildings.iter().map(move |row| {
            [
                nth.to_string(),
                row.address.clone(),
                row.count.to_string(),
                row.boxes.to_string(),
                maybe(row.by.as_ref()),
                maybe(row.access.as_ref()),
                row.address_id.clone(),
            ]
        })
    });
    let header = ["face", "address", "boxes", "state", "by", "access", "id"];
    Table::new(header, rows).text()
}

pub(super) fn packs(packs: &[PackRow]) -> String {
    let rows = packs.iter().map(|row| {
        let state = match row.state {
            PackState::Here if row.shared => "here, offered",
            PackState::Here => "here",
            PackState::Damaged => "damaged",
            PackState::Offered => "offered",
        };
        let zooms = match row.state {
            PackState::Here => format!("{}–{}", row.min_zoom, row.max_zoom),
            _ => String::new(),
        };
        [
            row.name.clone(),
            format!("{} kB", row.bytes.div_ceil(1000)),
            zooms,
            state.to_owned(),
            row.pack.clone(),
        ]
    });
    Table::new(["map", "size", "zooms", "state", "pack"], rows).text()
}

pub(super) fn doors(doors: &[DoorRow]) -> String {
    let rows = doors.iter().map(|row| {
        let last = row.last_visit.as_ref();
        [
            row.door.clone(),
            row.address.clone(),
            row.stair.clone(),
            maybe(row.floor),
            row.label.clone(),
            maybe(row.state),
            last.map(|visit| visit.at.clone()).unwrap_or_default(),
            last.map(|visit| visit.by.clone()).unwrap_or_default(),
        ]
    });
    let header = [
        "door", "address", "stair", "floor", "label", "state", "visited", "by",
    ];
    Table::new(header, rows).text()
}

pub(super) fn campaigns(campaigns: &[CampaignRow]) -> String {
    let rows = campaigns.iter().map(|row| {
        let state = match (row.open, row.waiting.is_some(), &row.fault) {
            (true, ..) => "open",
            (_, _, Some(fault)) => fault.as_str(),
            (_, true, _) => "asks to enter",
            _ => "",
        };
        [
            row.number.to_string(),
            maybe(row.name.as_ref()),
            maybe(row.pseudonym.as_ref()),
            maybe(row.role),
            row.queued.to_string(),
            state.to_owned(),
        ]
    });
    let header = ["number", "campaign", "as", "role", "to send", ""];
    Table::new(header, rows).text()
}

pub(super) fn requests(requests: &[RequestRow]) -> String {
    let rows = requests.iter().map(|row| {
        [
            row.code.clone(),
            maybe(row.name.as_ref()),
            row.role.to_string(),
            row.team_name.clone(),
        ]
    });
    Table::new(["code", "name", "role", "team"], rows).text()
}

pub(super) fn members(team: &TeamMembers) -> String {
    let until = |row: &MemberRow| {
        if row.ended {
            "ended".to_owned()
        } else {
            row.until.clone()
        }
    };
    let rows = team.members.iter().map(|row| {
        [
            row.code.clone(),
            maybe(row.name.as_ref()),
            row.role.to_string(),
            maybe(row.me.then_some("this device")),
            until(row),
        ]
    });
    let table = Table::new(["code", "name", "role", "", "until"], rows).text();
    format!("{}, at most {}\n{table}", team.name, team.limit)
}

/// A row a version, the current ones marked.
pub(super) fn kits(kits: &[KitRow]) -> String {
    let rows = kits.iter().map(|row| {
        [
            row.kit.clone(),
            row.number.to_string(),
            row.language.clone(),
            row.title.clone(),
            row.steps.to_string(),
            row.cards.to_string(),
            if row.current { "current" } else { "" }.into(),
        ]
    });
    let header = ["kit", "number", "language", "title", "steps", "cards", ""];
    Table::new(header, rows).text()
}

/// The table, after a line that says whose figures and of when.
pub(super) fn totals(totals: &Totals) -> String {
    let whose = match totals.source {
        TotalsSource::Relay => "The relay's figures",
        TotalsSource::Device => "This device's own visits",
    };
    let (group, name): (_, fn(&TotalsRow) -> &Option<String>) = match totals.by {
        Grouping::Station => ("station", |row| &row.station),
        Grouping::Day => ("day", |row| &row.day),
        Grouping::Team => ("team", |row| &row.team),
    };
    let rows = totals.rows.iter().map(|row| {
        let turnout = row.turnout.last();
        [
            name(row).clone().unwrap_or_default(),
            row.knocked.to_string(),
            row.spoke.to_string(),
            row.absent.to_string(),
            row.refused.to_string(),
            row.come_back.to_string(),
            row.inaccessible.to_string(),
            row.vacant.to_string(),
            row.do_not_contact.to_string(),
            row.leaflets.to_string(),
            row.doors.to_string(),
            maybe(row.registered),
            turnout
                .map(|count| format!("{} at {}", count.votes, count.hour))
                .unwrap_or_default(),
        ]
    });
    let header = [
        group,
        "knocked",
        "spoke",
        "absent",
        "refused",
        "come back",
        "inaccessible",
        "vacant",
        "no contact",
        "leaflets",
        "doors",
        "registered",
        "turnout",
    ];
    let answered: Vec<String> = totals
        .rows
        .iter()
        .filter_map(|row| answers(name, row))
        .collect();
    format!(
        "{whose}, {}\n{}{}",
        totals.at,
        Table::new(header, rows).text(),
        answered.concat()
    )
}

/// What was answered at the doors of a group, on a line of its own.
fn answers(name: fn(&TotalsRow) -> &Option<String>, row: &TotalsRow) -> Option<String> {
    let answers = row.answers.as_ref()?;
    let [one, two, three, four, five] = answers.support;
    let share = answers
        .favourable
        .map(|[seen, low, high]| format!(", {seen} % of them 4 or 5 (between {low} and {high} %)"));
    Some(format!(
        "\n{}: {} answers out of {} opened doors, support {one} {two} {three} {four} {five}{}; \
         {} registration, {} proxy",
        name(row).as_deref().unwrap_or("nowhere"),
        answers.answered,
        answers.doors,
        share.unwrap_or_default(),
        answers.registration,
        answers.proxy,
    ))
}

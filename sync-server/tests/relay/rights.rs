//! Who may what: every request, by everybody who may ask it, as the one table says.

mod askers;
mod page;
mod table;

use palier_core::{
    envelope::Kind,
    id::{DocumentId, SpaceId, TeamId},
    invitation::{Offer, Policy},
    rights::{Role, Scope},
    wire::{PushAnswer, Pushed, write_push},
};
use palier_relay::routes;

use self::{
    askers::{Asker, Village},
    table::{Ask, REQUESTS, Row, Space, What, rows},
};
use crate::{
    actors::{OTHER_TEAM, TEAM, campaign, open_offer},
    packs::pack_path,
    reports::{report, turnout},
};

#[tokio::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    let mut village = Village::settled().await;
    let (mut cells, mut wrong) = (0, Vec::new());
    for row in rows() {
        for place in 0..village.askers.len() {
            let expected = row.expected(village.askers[place].who());
            let found = ask(&mut village, place, &row).await;
            cells += 1;
            if found != expected {
                let who = village.askers[place].who();
                wrong.push(format!("{row} by {who}: {found}, not {expected}"));
            }
        }
        let found = ask_unsigned(&village, &row).await;
        cells += 1;
        if found != row.unsigned() {
            wrong.push(format!("{row} by nobody: {found}, not {}", row.unsigned()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // 23 askers and nobody, for each route and for each kind of envelope in each space.
    assert_eq!(cells, rows().len() * 24);
    assert!(cells > 1_000, "{cells}");
}

#[test]
fn every_route_and_every_kind_stands_in_the_table() {
    let rows = rows();
    for route in routes() {
        let stands = REQUESTS
            .iter()
            .any(|request| (request.method, request.path) == route);
        assert!(stands, "{route:?} stands in no row of rights/table.rs");
    }
    for request in REQUESTS {
        assert!(
            routes().contains(&(request.method, request.path)),
            "{}",
            request.path
        );
    }
    for kind in Kind::ALL {
        for space in Space::ALL {
            let stands = |row: &Row| matches!(row.ask, Ask::Push(what, there) if what.kind() == kind && there == space);
            assert!(rows.iter().any(stands), "{kind:?} in {space:?}");
        }
    }
}

#[test]
fn the_page_says_what_the_table_says() {
    page::check();
}

/// Asks, and says in a word what was answered.
async fn ask(village: &mut Village, place: usize, row: &Row) -> String {
    match &row.ask {
        Ask::Route(request) => {
            let path = concrete(request.target, village);
            let asker = &village.askers[place];
            let body = request.body();
            let asked = village
                .town
                .request(request.method, &path, Some(&asker.device), body);
            answer(village, asked).await
        }
        Ask::Push(what, space) => push(village, place, *what, *space).await,
    }
}

async fn ask_unsigned(village: &Village, row: &Row) -> String {
    let (method, path, body) = match &row.ask {
        Ask::Route(request) => (
            request.method,
            concrete(request.target, village),
            request.body(),
        ),
        Ask::Push(..) => ("POST", "/v1/push".into(), Vec::new()),
    };
    answer(village, village.town.request(method, &path, None, body)).await
}

/// A status where something was granted, and the word of the fault where not.
async fn answer(village: &Village, request: axum::http::Request<axum::body::Body>) -> String {
    let is_stream = request.uri().path() == "/v1/events";
    let response = if is_stream {
        village.town.begin(request).await
    } else {
        village.town.answer(request).await
    };
    match response.status.as_u16() {
        status @ 200..300 => status.to_string(),
        _ => response.fault().1,
    }
}

fn concrete(target: &str, village: &Village) -> String {
    let spaces = [
        ("{campaign}", campaign().to_string()),
        ("{open}", campaign().space().to_string()),
        ("{reports}", campaign().reports_space().to_string()),
        ("{team}", TEAM.space().to_string()),
        (
            "{pack}",
            pack_path(table::PACK).rsplit('/').next().unwrap().into(),
        ),
        ("{invitation}", village.invitation.to_string()),
        ("{device}", village.target.to_string()),
    ];
    let fill = |path: String, (name, value): &(&str, String)| path.replace(name, value);
    spaces.iter().fold(target.to_owned(), fill)
}

async fn push(village: &mut Village, place: usize, what: What, space: Space) -> String {
    let target = village.target;
    let asker = &village.askers[place];
    let id = space.id();
    let (document, body) = content(asker, what, target);
    let envelope = asker.device.next(id, what.kind(), document, body);
    let request = write_push([envelope.as_slice()]);
    let answer = village.town.post(Some(&asker.device), request).await;
    if answer.status.as_u16() != 200 {
        return answer.fault().1;
    }
    match answer.json::<PushAnswer>().pushed.as_slice() {
        [Pushed::Stored(_)] => {
            village.askers[place].device.took(id, &envelope);
            "stored".into()
        }
        [Pushed::Refused(refusal)] => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

/// What the asker writes: right in itself, so that only the right to write it counts.
fn content(asker: &Asker, what: What, target: palier_core::id::DeviceId) -> (DocumentId, Vec<u8>) {
    let device = &asker.device;
    let none = DocumentId::NONE;
    match what {
        What::OwnCertificate => (none, device.chain.encode()),
        What::Certificate => (none, device.appoints_briefly()),
        What::Revocation => (
            none,
            palier_core::revocation::Revocation::of(target).encode(),
        ),
        What::TeamKey => (none, vec![1]),
        What::Invitation(role) => (none, device.offers(asker.number, offer(role)).0.encode()),
        What::Request => (none, asker.device.request_body()),
        What::Sealed(_) | What::Kit | What::Campaign => (DocumentId([3; 16]), vec![7; 40]),
        What::Tally(team) => reported(asker, &report(team.of(asker), &[("1251", 3, 1)])),
        What::Turnout => reported(
            asker,
            &palier_core::document::report::Report {
                day: "2026-03-22".into(),
                team: asker.team(),
                ..turnout("1251", "12:00", 240, 0)
            },
        ),
    }
}

fn reported(
    asker: &Asker,
    report: &palier_core::document::report::Report,
) -> (DocumentId, Vec<u8>) {
    let body = asker.device.report_body(report);
    (
        DocumentId::report(&asker.device.id(), &report.day, report.team),
        body,
    )
}

fn offer(role: Role) -> Offer {
    Offer {
        role,
        scope: if role == Role::Volunteer {
            Scope::Team(TEAM)
        } else {
            Scope::Campaign
        },
        policy: Policy::Open,
        limit: if role == Role::Volunteer { 12 } else { 0 },
        ..open_offer(TEAM, 1, 12)
    }
}

impl Space {
    fn id(self) -> SpaceId {
        match self {
            Self::Open => campaign().space(),
            Self::Reports => campaign().reports_space(),
            Self::Team => TEAM.space(),
        }
    }
}

impl table::Whose {
    fn of(self, asker: &Asker) -> Option<TeamId> {
        match self {
            Self::Own => asker.team(),
            Self::Other if asker.team() == Some(OTHER_TEAM) => Some(TEAM),
            Self::Other => Some(OTHER_TEAM),
        }
    }
}

//! The one declaration of who may what. The letters are those of [`table letters`](LETTERS): who
//! is named may, and of whoever is not the sign says what is answered instead.

use std::fmt;

use palier_core::{envelope::Kind, rights::Role};

use super::askers::{Standing, Who};

/// Volunteer, lead, trainer, observer (*bureau*), organiser.
pub(crate) const LETTERS: [(Role, char); 5] = [
    (Role::Volunteer, 'V'),
    (Role::Lead, 'L'),
    (Role::Trainer, 'T'),
    (Role::Observer, 'B'),
    (Role::Organiser, 'O'),
];

/// What the bytes of the pack are.
pub(crate) const PACK: &[u8] = b"un quartier";

/// Who besides members.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Others {
    /// Everybody, without a signature.
    Anybody,
    /// Every device that signs.
    AnyDevice,
    /// Nobody: each is told why.
    Nobody,
    /// Nobody, but whose rights have ended is told the same as before.
    Ended,
    /// Nobody; but whoever asks to join is told why by what they show, member or not.
    Asking,
    /// Who has a chain and shows it now: so one comes in.
    Newcomers,
}

/// A route, asked for one thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// The path as the relay names it.
    pub(crate) path: &'static str,
    /// What is asked.
    pub(crate) target: &'static str,
    /// What is answered to those who may.
    granted: &'static str,
    /// Members of the team, or of the campaign where their role is not of a team.
    members: &'static str,
    /// Volunteers and leads of another team, and observers of another station.
    elsewhere: &'static str,
    others: Others,
}

/// Every route.
#[rustfmt::skip]
pub(crate) const REQUESTS: &[Request] = &[
    route("GET", "/join", "/join", "200", "VLTBO", "VLB", Others::Anybody),
    route("GET", "/v1/health", "/v1/health", "200", "VLTBO", "VLB", Others::Anybody),
    route("GET", "/v1/invitations/{key}", "/v1/invitations/{invitation}?campaign={campaign}", "200", "VLTBO", "VLB", Others::Anybody),
    route("POST", "/v1/push", "/v1/push", "200", "VLTBO", "VLB", Others::Ended),
    route("GET", "/v1/pull", "/v1/pull?space={open}", "200", "VLTBO", "VLB", Others::Nobody),
    route("GET", "/v1/pull", "/v1/pull?space={reports}", "200", "VLTBO", "VLB", Others::Nobody),
    route("GET", "/v1/pull", "/v1/pull?space={team}", "200", "VL--O", "---", Others::Nobody),
    route("GET", "/v1/heads", "/v1/heads?spaces={open}", "200", "VLTBO", "VLB", Others::Nobody),
    route("GET", "/v1/heads", "/v1/heads?spaces={open},{reports}", "200", "----O", "---", Others::Nobody),
    route("GET", "/v1/heads", "/v1/heads?spaces={open},{team}", "200", "VL--O", "---", Others::Nobody),
    route("GET", "/v1/events", "/v1/events?spaces={open},{reports}", "200", "VLTBO", "VLB", Others::Nobody),
    route("GET", "/v1/events", "/v1/events?spaces={team}", "200", "VL--O", "---", Others::Nobody),
    route("GET", "/v1/totals", "/v1/totals?by=station", "200", "-L--O", "-L-", Others::Nobody),
    route("GET", "/v1/packs/{hash}", "/v1/packs/{pack}", "200", "VLTBO", "VLB", Others::Nobody),
    route("PUT", "/v1/packs/{hash}", "/v1/packs/{pack}", "204", "----O", "---", Others::Nobody),
    route("GET", "/v1/requests", "/v1/requests?space={team}", "200", "-L--O", "---", Others::Nobody),
    route("DELETE", "/v1/requests/{device}", "/v1/requests/{device}?space={team}", "not_found", "-L--O", "---", Others::Nobody),
    route("GET", "/v1/requests/mine", "/v1/requests/mine", "not_found", "VLTBO", "VLB", Others::AnyDevice),
];

const fn route(
    method: &'static str,
    path: &'static str,
    target: &'static str,
    granted: &'static str,
    members: &'static str,
    elsewhere: &'static str,
    others: Others,
) -> Request {
    Request {
        method,
        path,
        target,
        granted,
        members,
        elsewhere,
        others,
    }
}

impl Request {
    pub(crate) fn body(&self) -> Vec<u8> {
        match self.method {
            "PUT" => PACK.to_vec(),
            _ => Vec::new(),
        }
    }
}

/// A kind of space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Space {
    Open,
    Reports,
    Team,
}

impl Space {
    pub(crate) const ALL: [Self; 3] = [Self::Open, Self::Reports, Self::Team];
}

/// Whose counts a report says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whose {
    Own,
    Other,
}

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    /// The own chain: an introduction, or rights renewed.
    OwnCertificate,
    /// The chain of a new volunteer of the team.
    Certificate,
    Revocation,
    TeamKey,
    Invitation(Role),
    Request,
    /// A shift, a turf or a team document.
    Sealed(Kind),
    /// A report that counts visits.
    Tally(Whose),
    /// A report that counts ballots at the station of the observer.
    Turnout,
    Kit,
    Campaign,
}

impl What {
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::OwnCertificate | Self::Certificate => Kind::Certificate,
            Self::Revocation => Kind::Revocation,
            Self::TeamKey => Kind::TeamKey,
            Self::Invitation(_) => Kind::Invitation,
            Self::Request => Kind::Request,
            Self::Sealed(kind) => kind,
            Self::Tally(_) | Self::Turnout => Kind::Report,
            Self::Kit => Kind::Kit,
            Self::Campaign => Kind::Campaign,
        }
    }
}

/// Who may write what where: in the open space, among the reports, in the team's space. Each
/// time members, and then volunteers and leads of another team and observers of another station.
///
/// `-` is not allowed, `?` is not introduced in that space, `i` names no invitation.
#[rustfmt::skip]
const WRITES: &[(What, [(&str, &str); 3])] = &[
    (What::Certificate,                  [("nLnnO", "nnn"), ("nLnnO", "nnn"), ("nL??O", "???")]),
    (What::Revocation,                   [("----O", "---"), ("-----", "---"), ("-L??O", "???")]),
    (What::TeamKey,                      [("-----", "---"), ("-----", "---"), ("-L??O", "???")]),
    (What::Invitation(Role::Volunteer),  [("----w", "---"), ("-----", "---"), ("-L??O", "???")]),
    (What::Invitation(Role::Trainer),    [("----O", "---"), ("-----", "---"), ("-n??w", "???")]),
    (What::Request,                      [("wwnnn", "wwn"), ("wwwwn", "www"), ("nnwwn", "www")]),
    (What::Sealed(Kind::Shift),          [("-----", "---"), ("-----", "---"), ("VL??O", "???")]),
    (What::Sealed(Kind::Turf),           [("-----", "---"), ("-----", "---"), ("VL??O", "???")]),
    (What::Sealed(Kind::Team),           [("-----", "---"), ("-----", "---"), ("VL??O", "???")]),
    (What::Tally(Whose::Own),            [("-----", "---"), ("VLTBO", "VLB"), ("--??-", "???")]),
    (What::Tally(Whose::Other),          [("-----", "---"), ("----O", "---"), ("--??-", "???")]),
    (What::Turnout,                      [("-----", "---"), ("---BO", "---"), ("--??-", "???")]),
    (What::Kit,                          [("--T-O", "---"), ("-----", "---"), ("--??-", "???")]),
    (What::Campaign,                     [("----O", "---"), ("-----", "---"), ("--??-", "???")]),
    // Last, since strangers are none afterwards.
    (What::OwnCertificate,               [("VLTBO", "VLB"), ("VLTBO", "VLB"), ("VL--O", "---")]),
];

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask {
    Route(Request),
    Push(What, Space),
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) ask: Ask,
    granted: &'static str,
    members: &'static str,
    elsewhere: &'static str,
    others: Others,
}

/// Every line of the table.
pub(crate) fn rows() -> Vec<Row> {
    let routes = REQUESTS.iter().map(|request| Row {
        ask: Ask::Route(*request),
        granted: request.granted,
        members: request.members,
        elsewhere: request.elsewhere,
        others: request.others,
    });
    let writes = WRITES.iter().flat_map(|(what, spaces)| {
        let spaces = Space::ALL.into_iter().zip(*spaces);
        spaces.map(|(space, (members, elsewhere))| Row {
            ask: Ask::Push(*what, space),
            granted: "stored",
            members,
            elsewhere,
            others: match what {
                What::OwnCertificate => Others::Newcomers,
                What::Request => Others::Asking,
                _ => Others::Nobody,
            },
        })
    });
    routes.chain(writes).collect()
}

impl Row {
    /// What is answered, in a word.
    pub(crate) fn expected(&self, who: Who) -> String {
        let sign = self.sign(who);
        let word = match sign {
            '-' => "not_allowed",
            '?' => "unknown_device",
            'i' => "invitation_unknown",
            'w' => "wrong_space",
            'n' => "bad_certificate",
            'e' => "expired",
            'r' => "revoked",
            _ => self.granted,
        };
        word.to_owned()
    }

    /// What stands in the table for somebody.
    pub(crate) fn sign(&self, who: Who) -> char {
        let letter = |(role, letter): &(Role, char)| (*role == who.role).then_some(*letter);
        let own = LETTERS.iter().find_map(letter).unwrap();
        match (who.standing, self.others) {
            (Standing::Elsewhere, _) => {
                let place = "VLB".find(own).unwrap();
                self.elsewhere.as_bytes()[place] as char
            }
            (Standing::Member, _)
            | (Standing::Stranger, Others::Newcomers | Others::Asking)
            | (Standing::Expired, Others::Ended | Others::Asking) => self.member_sign(who.role),
            // Who was never introduced there has no rights there that could end.
            (Standing::Expired, _) if self.member_sign(who.role) == '?' => '?',
            (_, Others::Anybody | Others::AnyDevice) => own,
            (Standing::Expired, _) => 'e',
            (Standing::Revoked, _) => 'r',
            (Standing::Stranger, _) => '?',
        }
    }

    fn member_sign(&self, role: Role) -> char {
        let place = LETTERS.iter().position(|(of, _)| *of == role);
        self.members.as_bytes()[place.unwrap()] as char
    }

    /// What is answered to a request that nobody signed.
    pub(crate) fn unsigned(&self) -> &'static str {
        match self.others {
            Others::Anybody => self.granted,
            _ => "bad_signature",
        }
    }

    pub(crate) const fn others(&self) -> Others {
        self.others
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ask {
            Ask::Route(request) => write!(f, "{} {}", request.method, request.target),
            Ask::Push(what, space) => write!(f, "push {what} {space}"),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnCertificate => "the own certificate",
            Self::Certificate => "the certificate of a new volunteer",
            Self::Revocation => "a revocation of a volunteer",
            Self::TeamKey => "a team key",
            Self::Invitation(Role::Volunteer) => "an invitation of volunteers",
            Self::Invitation(_) => "an invitation of trainers",
            Self::Request => "a request to join, without an invitation",
            Self::Sealed(Kind::Shift) => "a shift",
            Self::Sealed(Kind::Turf) => "a turf",
            Self::Sealed(_) => "a team document",
            Self::Tally(Whose::Own) => "a report of the own visits",
            Self::Tally(Whose::Other) => "a report of visits of another team",
            Self::Turnout => "a report of the turnout at a station",
            Self::Kit => "a kit",
            Self::Campaign => "the campaign document",
        })
    }
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "into the campaign's space",
            Self::Reports => "into the space of the reports",
            Self::Team => "into the team's space",
        })
    }
}

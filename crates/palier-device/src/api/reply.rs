//! Everything that a device answers.

use palier_core::{outcome::Outcome, rights::Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::request::{Grouping, Language, Policy, Subject};

/// The answer to one [`Request`](super::Request).
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Reply {
    /// A campaign was made.
    CampaignCreated {
        /// Its id.
        campaign: String,
    },
    /// A team was made.
    TeamCreated {
        /// Its id.
        team: String,
    },
    /// A file was read.
    Imported(ImportReport),
    /// The polling stations, by code.
    Stations {
        /// One row a station.
        stations: Vec<StationRow>,
    },
    /// A turf was made.
    TurfCreated {
        /// Its id.
        turf: String,
        /// How many doors it has.
        doors: u32,
    },
    /// The turfs.
    Turfs {
        /// One row a turf.
        turfs: Vec<TurfRow>,
    },
    /// The doors of a turf, in walking order.
    Doors {
        /// The turf's id.
        turf: String,
        /// One row a door.
        doors: Vec<DoorRow>,
    },
    /// What a map shows.
    Map(MapView),
    /// An invitation was made.
    Invited {
        /// The link to hand over.
        link: String,
        /// Until when it works.
        expires: String,
        /// How many people may use it.
        uses: u16,
    },
    /// What a link opens.
    Invitation {
        /// The campaign's name.
        campaign: String,
        /// The team's name.
        team: Option<String>,
        /// What the person will be.
        role: Role,
        /// Until when the link works.
        expires: String,
        /// Whether the link is enough.
        policy: Policy,
    },
    /// This device is in a campaign.
    Joined {
        /// The campaign's name.
        campaign: String,
        /// The team's name.
        team: Option<String>,
        /// What the person is.
        role: Role,
        /// Whether a lead must still accept the request.
        waiting: bool,
    },
    /// An outing was opened.
    ShiftOpened {
        /// Its id.
        shift: String,
    },
    /// An outing was closed.
    ShiftClosed(ShiftSummary),
    /// A visit is on disk.
    Recorded {
        /// Its id.
        visit: String,
        /// The door as it is now.
        door: DoorRow,
    },
    /// A file of visits is on disk.
    RecordedMany {
        /// Ids, in the file's order.
        visits: Vec<String>,
    },
    /// A visit was taken back.
    Undone {
        /// The door as it is now.
        door: DoorRow,
    },
    /// A count of ballots is on disk.
    TurnoutReported,
    /// What a sync did.
    Synced(SyncReport),
    /// Who this device is, and what waits.
    Status(Status),
    /// Counts.
    Totals(Totals),
    /// A file.
    Exported {
        /// A name for the file.
        file: String,
        /// Its text.
        text: String,
    },
    /// Projections were made again.
    Rebuilt {
        /// Whether anything differed from before.
        differed: bool,
        /// How many envelopes were read.
        envelopes: u32,
    },
    /// It was kept.
    Kept,
}

/// What an importer understood of a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ImportReport {
    /// What the file was read as.
    pub subject: Subject,
    /// The layout that was recognised, for instance `ban-csv`.
    pub format: String,
    /// The encoding that was recognised, for instance `utf-8`.
    pub encoding: String,
    /// Rows or features in the file.
    pub rows: u32,
    /// Rows that are kept.
    pub accepted: u32,
    /// Every row that is not, with its line and the reason.
    pub rejected: Vec<RejectedRow>,
    /// What a reader should know, one line each.
    pub notes: Vec<String>,
    /// Ballots that were found, for results.
    pub ballots: Vec<String>,
    /// Addresses that stand in no perimeter.
    pub in_no_perimeter: Vec<String>,
    /// Addresses that stand in two perimeters or more.
    pub in_many_perimeters: Vec<String>,
    /// Whether nothing was kept because this was only a trial.
    pub dry_run: bool,
}

/// One row of a file that was not understood.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RejectedRow {
    /// Line in the file, from 1; for GeoJSON and JSON, number of the feature, from 1.
    pub line: u32,
    /// Why, in one line.
    pub reason: String,
}

/// One polling station.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StationRow {
    /// Its code.
    pub station: String,
    /// Its name, empty where the file had none.
    pub name: String,
    /// Registered voters at the latest ballot known.
    pub registered: Option<u32>,
    /// Addresses in its perimeter.
    pub addresses: u32,
    /// Doors in its perimeter.
    pub doors: u32,
    /// Past ballots, oldest first.
    pub history: Vec<PastBallot>,
}

/// One past ballot at one station.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PastBallot {
    /// Name of the ballot, for instance `2017_legi_t1`.
    pub ballot: String,
    /// Registered voters; absent where the file gives none.
    pub registered: Option<u32>,
    /// Ballots cast; absent where the file gives none.
    pub votes: Option<u32>,
}

/// One turf.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TurfRow {
    /// Its id.
    pub turf: String,
    /// What it is called.
    pub name: String,
    /// Its team's id.
    pub team: String,
    /// Its team's name.
    pub team_name: String,
    /// The station it covers, where it covers one.
    pub station: Option<String>,
    /// How many doors it has.
    pub doors: u32,
    /// How many of them were visited.
    pub visited: u32,
    /// How many of them opened (spoke, refused, come back, do not contact).
    pub opened: u32,
    /// This device's open outing there.
    pub shift: Option<String>,
}

/// One door, with its latest visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DoorRow {
    /// Its id.
    pub door: String,
    /// Its address's id.
    pub address_id: String,
    /// Its address: number and street.
    pub address: String,
    /// The street alone.
    pub street: String,
    /// The house number with its repetition, for instance `12 bis`.
    pub number: String,
    /// The polling station of its address.
    pub station: Option<String>,
    /// Its stair, empty until the building is described.
    pub stair: String,
    /// Its floor, absent until the building is described.
    pub floor: Option<i16>,
    /// Its label on the landing, empty until the building is described.
    pub label: String,
    /// Outcome of its latest visit.
    pub state: Option<Outcome>,
    /// Its latest visit.
    pub last_visit: Option<LastVisit>,
    /// Longitude, degrees, WGS 84.
    pub lon: f64,
    /// Latitude, degrees, WGS 84.
    pub lat: f64,
}

/// The latest visit at a door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LastVisit {
    /// Its id.
    pub visit: String,
    /// When it was, RFC 3339.
    pub at: String,
    /// The pseudonym of who knocked.
    pub by: String,
    /// Whether it was this device.
    pub mine: bool,
    /// Whether a leaflet was left.
    pub leaflet: bool,
    /// How far it has travelled.
    pub sending: Sending,
}

/// How far a record has travelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Sending {
    /// On this device's disk.
    Saved,
    /// In an envelope, ready to go.
    Queued,
    /// The relay has it.
    Sent,
    /// The relay refused it.
    Refused,
}

/// What a closed outing held.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ShiftSummary {
    /// The outing.
    pub shift: String,
    /// Knocks.
    pub knocked: u32,
    /// Conversations.
    pub spoke: u32,
    /// Leaflets left.
    pub leaflets: u32,
    /// Minutes from its opening to its close.
    pub minutes: u32,
}

/// What one sync did.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SyncReport {
    /// Envelopes that the relay took.
    pub sent: u32,
    /// Envelopes that the relay had already.
    pub already_there: u32,
    /// Envelopes that the relay refused, each with its code.
    pub refused: Vec<String>,
    /// Envelopes that came in.
    pub received: u32,
    /// Envelopes that came in and were set aside.
    pub set_aside: u32,
    /// Records still to be sent.
    pub queued: u32,
}

/// Who this device is, and what waits to be sent.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Status {
    /// The campaign's name, absent before joining.
    pub campaign: Option<String>,
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// This device's id.
    pub device: String,
    /// This person's pseudonym.
    pub name: Option<String>,
    /// What this person may do.
    pub role: Option<Role>,
    /// The teams of this device.
    pub teams: Vec<TeamRow>,
    /// Records to be sent.
    pub queued: u32,
    /// Records that the relay has.
    pub sent: u32,
    /// Records that the relay refused.
    pub refused: u32,
    /// Why, one line for each reason.
    pub refusals: Vec<String>,
    /// When a sync last succeeded, RFC 3339.
    pub last_sync: Option<String>,
    /// Whether the last attempt reached the relay; absent before the first.
    pub online: Option<bool>,
    /// The relay's address.
    pub relay: Option<String>,
    /// The relay's incarnation, as last seen.
    pub incarnation: Option<String>,
    /// Where the hand was.
    pub place: Place,
    /// The interface's language, absent until chosen.
    pub language: Option<Language>,
}

/// One team of this device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TeamRow {
    /// Its id.
    pub team: String,
    /// What it is called.
    pub name: String,
    /// Pseudonyms of its members.
    pub members: Vec<String>,
}

/// Where the hand was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Place {
    /// The turf that was open.
    pub turf: Option<String>,
    /// The door that was open.
    pub door: Option<String>,
}

/// Counts, with where they come from and when.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Totals {
    /// Whose counts these are.
    pub source: TotalsSource,
    /// When they were counted, RFC 3339.
    pub at: String,
    /// How they are grouped.
    pub by: Grouping,
    /// One row a group that has any count, or any past.
    pub rows: Vec<TotalsRow>,
}

/// Whose counts are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TotalsSource {
    /// The relay's last known figures, of the whole campaign.
    Relay,
    /// This device's own visits.
    Device,
}

/// Counts of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TotalsRow {
    /// The polling station, when grouped by station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub station: Option<String>,
    /// The day on the campaign's clock, `YYYY-MM-DD`, when grouped by day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub day: Option<String>,
    /// The team's name, when grouped by team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub team: Option<String>,
    /// Knocks: the sum of the seven outcomes.
    pub knocked: u32,
    /// Conversations.
    pub spoke: u32,
    /// Nobody there.
    pub absent: u32,
    /// Somebody declined.
    pub refused: u32,
    /// Somebody asked to come back.
    pub come_back: u32,
    /// The door could not be reached.
    pub inaccessible: u32,
    /// Nobody lives there.
    pub vacant: u32,
    /// Somebody asked never to be contacted.
    pub do_not_contact: u32,
    /// Leaflets left.
    pub leaflets: u32,
    /// Doors known there.
    pub doors: u32,
    /// Registered voters at the latest ballot known.
    pub registered: Option<u32>,
    /// Ballots cast so far, by hour.
    pub turnout: Vec<HourVotes>,
}

/// Ballots cast at an hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HourVotes {
    /// The hour on the campaign's clock, `HH:MM`.
    pub hour: String,
    /// Ballots cast since the opening.
    pub votes: u32,
}

/// What a map shows.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct MapView {
    /// Perimeters: a GeoJSON feature collection; properties `station`, `name`, `in_turf`.
    #[ts(type = "unknown")]
    pub perimeters: Value,
    /// Doors: a GeoJSON feature collection of points; properties `door`, `address`, `state`.
    #[ts(type = "unknown")]
    pub doors: Value,
    /// West, south, east, north of what matters, degrees.
    pub bounds: Option<[f64; 4]>,
}

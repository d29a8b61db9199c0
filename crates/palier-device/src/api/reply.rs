//! Everything that a device answers.

mod building;
mod campaigns;
mod doors;
mod kit;
mod revisits;
mod round;
mod status;
mod team;
mod territory;
mod totals;
mod walk;

use palier_core::rights::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use building::{AccessRow, BuildingView, FloorRow, NextStop, StairRow};
pub use campaigns::CampaignRow;
pub use doors::{DoorRow, LastVisit, PastVisit, Sending, SheetLine, ShiftSummary, TurfRow};
pub use kit::{BranchRow, CardRow, KitRow, KitView, StepRow};
pub use revisits::{OpenHour, Revisit};
pub use round::{FaceRow, LetterBoxes, RoundRow, RoundView};
pub use status::{BundleReport, Ended, Place, Status, SyncReport, TeamRow};
pub use team::{MemberRow, RequestRow, TeamMembers, Waiting, WaitingState, WrongLetter};
pub use territory::{
    ImportReport, MapView, PackRow, PackState, PastBallot, RejectedRow, StationRow,
};
pub use totals::{AnswersRow, HourVotes, Totals, TotalsRow, TotalsSource};
pub use walk::{AddressRow, Hand, WalkView};

use super::request::Policy;

/// The answer to one [`Request`](super::Request).
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Reply {
    /// A kit was published.
    KitPublished {
        /// Its id.
        kit: String,
        /// Its number.
        number: u32,
    },
    /// What a trainer's file holds, where it breaks no rule.
    KitChecked {
        /// What it is called.
        title: String,
        /// How many sentences it has.
        steps: u32,
        /// How many cards.
        cards: u32,
    },
    /// Published versions.
    Kits {
        /// One row each.
        kits: Vec<KitRow>,
    },
    /// A version to be read at the door.
    Kit {
        /// Absent where none is published.
        kit: Option<KitView>,
    },
    /// Cards of a version.
    Cards {
        /// Those that were found.
        cards: Vec<CardRow>,
    },
    /// A campaign was made.
    CampaignCreated {
        /// Its id.
        campaign: String,
    },
    /// The campaigns of this device.
    Campaigns {
        /// One row a campaign, in the order in which they came.
        campaigns: Vec<CampaignRow>,
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
    /// A turf as it is walked.
    Walk(Box<WalkView>),
    /// The addresses of a stretch of a walk.
    Addresses {
        /// One row an address.
        rows: Vec<AddressRow>,
    },
    /// The door that comes next.
    NextDoor {
        /// Nothing where none is left.
        hand: Option<Hand>,
    },
    /// The doors of a turf, in walking order.
    Doors {
        /// The turf's id.
        turf: String,
        /// One row a door.
        doors: Vec<DoorRow>,
    },
    /// The lines of a sheet, in walking order.
    Sheet {
        /// The turf's name.
        name: String,
        /// One line a door.
        lines: Vec<SheetLine>,
    },
    /// One building.
    Building(BuildingView),
    /// The latest visits at one door.
    Visits {
        /// The latest first.
        visits: Vec<PastVisit>,
    },
    /// What a map shows.
    Map(MapView),
    /// A leaflet round was made.
    RoundCreated(RoundRow),
    /// The leaflet rounds.
    Rounds {
        /// The latest first.
        rounds: Vec<RoundRow>,
    },
    /// One leaflet round.
    Round(Box<RoundView>),
    /// The base maps of this device, and those that the campaign offers.
    Packs {
        /// By name.
        packs: Vec<PackRow>,
    },
    /// A part of a base map is on disk.
    PackTaken {
        /// The pack, once its last part has come.
        pack: Option<PackRow>,
    },
    /// A part of a base map has come from the relay.
    PackFetched {
        /// How much of it is here, in bytes.
        #[ts(type = "number")]
        arrived: u64,
        /// How large it is.
        #[ts(type = "number")]
        bytes: u64,
        /// The pack, once all of it has come.
        pack: Option<PackRow>,
    },
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
    /// This device is in a campaign, or waits to be let in.
    Joined {
        /// The campaign's name.
        campaign: String,
        /// The team's name, where it is known here.
        team: Option<String>,
        /// What the person is, or is to be.
        role: Role,
        /// Whether a lead must still accept the request.
        waiting: bool,
    },
    /// A code to hand to the other device.
    Code {
        /// Its text.
        code: String,
    },
    /// What can be said of a code that is being typed.
    CodeLooked {
        /// Its letters in groups, as they are taken.
        text: String,
        /// How many letters it has.
        letters: u32,
        /// Letters that no code has.
        wrong: Vec<WrongLetter>,
        /// Whether nothing is missing and nothing is mistyped.
        whole: bool,
    },
    /// Who asks by a code.
    Stranger {
        /// The pseudonym.
        name: String,
        /// Twelve digits that stand for the device, to compare aloud.
        code: String,
    },
    /// A QR code.
    Qr {
        /// One text a row, `#` for each dark square; the quiet zone is the drawer's.
        rows: Vec<String>,
    },
    /// Who asks to join this device's teams.
    Requests {
        /// One row a request.
        requests: Vec<RequestRow>,
    },
    /// The people of a team.
    Members(TeamMembers),
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
    /// What may be said at the door of when to come back.
    ComeBackOffers {
        /// `2026-11-28 18-20` and the like, the nearest first.
        offers: Vec<String>,
    },
    /// The doors to come back to, and when doors open.
    Revisits {
        /// Those that are due first.
        revisits: Vec<Revisit>,
        /// By kind of building, the surest hour first; only where there are enough knocks.
        hours: Vec<OpenHour>,
    },
    /// Many visits are on disk.
    RecordedMany {
        /// Their ids; for a file, in its order.
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
    /// A file stands in the folder of the device.
    Saved {
        /// Where.
        path: String,
    },
    /// A file for another device.
    Bundle {
        /// A name for the file.
        file: String,
        /// Its bytes, in base64.
        content: String,
        /// How many envelopes it holds.
        envelopes: u32,
    },
    /// A file of another device was taken in.
    BundleTaken(BundleReport),
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
